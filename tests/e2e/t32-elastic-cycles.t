#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='a program of two threads grows and shrinks a thousand times: no lost signal, killed job, leaked CPU

Beside it, in the same job, somebody listens to the signal. Neighbours come and end, one after the
other. How quickly the job is on both CPUs again, and how much faster it then is, is said at the end.'
. "${0%/*}/lib.sh"

if test "$(nproc)" -lt 2; then
	skip_all='this machine has one CPU: nothing can grow'
	test_done
fi

cycles=${ELASTIC_CYCLES:-1000}

# After each change: which generation it was told.
cat >listen.py <<\EOF
import os, signal

changed, wake = os.pipe()
os.set_blocking(wake, False)
signal.set_wakeup_fd(wake)
signal.signal(signal.SIGUSR1, lambda number, frame: None)
open("listens", "w").close()
while os.read(changed, 4096):
    with open(os.environ["MINI_SLURM_CONTROL_FILE"]) as f:
        generation = f.read().splitlines()[1].split()[0]
    with open("heard.new", "w") as f:
        f.write(generation)
    os.rename("heard.new", "heard")
EOF

# cycle.py JOB CYCLES: a neighbour reads from a FIFO; it runs once that can be opened for writing, and
# ends when that is closed.
cat >cycle.py <<\EOF
import mmap, os, statistics, struct, subprocess, sys, time

job, cycles = sys.argv[1], int(sys.argv[2])
control = os.environ["HOME"] + "/.mini_slurm_logs/job_%s.control" % job
pids = [int(pid) for pid in open("pids").read().split()]
counters = mmap.mmap(os.open("counters", os.O_RDONLY), 128, prot=mmap.PROT_READ)

def masks():
    found = set()
    for pid in pids:
        for task in os.listdir("/proc/%d/task" % pid):
            for line in open("/proc/%d/task/%s/status" % (pid, task)):
                if line.startswith("Cpus_allowed:"):
                    found.add(int(line.split()[1].replace(",", ""), 16))
    return found

def has(cpus):
    found = masks()
    return len(found) == 1 and bin(found.pop()).count("1") == cpus

def generation():
    return int(open(control).read().splitlines()[1].split()[0])

def wait(what, condition):
    until = time.monotonic() + 30
    while not condition():
        if time.monotonic() > until:
            sys.exit("cycle %d: never came true: %s; threads on %s; %s" %
                     (cycle, what, masks(), open(control).read()))
        time.sleep(0.0005)

def has_heard():
    try:
        return int(open("heard").read()) >= generation()
    except FileNotFoundError:
        return False

def count():
    return struct.unpack_from("Q", counters, 0)[0] + struct.unpack_from("Q", counters, 64)[0]

class Speed:
    counted = seconds = 0

    def measure(self):
        began, before = time.monotonic(), count()
        time.sleep(0.004)
        self.counted += count() - before
        self.seconds += time.monotonic() - began

    def mean(self):
        return self.counted / self.seconds

def try_open(opened):
    try:
        opened.append(os.open("neighbour", os.O_WRONLY | os.O_NONBLOCK))
    except OSError: # nobody reads yet
        pass
    return opened

def neighbour():
    subprocess.run(["mini-slurm", "submit", "--parsable", "--mem", "10M", "read line <neighbour || :"],
                   check=True, stdout=subprocess.DEVNULL)
    opened = []
    wait("the neighbour", lambda: try_open(opened))
    return opened[0]

def busy(): # seconds of CPU time, of all CPUs
    user, nice, system, idle, iowait, irq, softirq, steal = map(int, open("/proc/stat").readline().split()[1:9])
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")

def own():
    return sum(sum(map(int, open("/proc/%d/stat" % pid).read().rsplit(")")[1].split()[11:13]))
               for pid in pids) / os.sysconf("SC_CLK_TCK")

delays, one, both = [], Speed(), Speed()
began, began_busy, began_own = time.monotonic(), busy(), own()
for cycle in range(cycles):
    wait("both CPUs", lambda: has(2))
    if cycle > 0: # the first growth may have come before it listened
        wait("the signal", has_heard)
    both.measure()
    fifo = neighbour()
    if not has(1):
        sys.exit("cycle %d: its neighbour runs, and it is still on %s" % (cycle, masks()))
    one.measure()
    ended = time.monotonic()
    os.close(fifo)
    wait("both CPUs again", lambda: has(2))
    delays.append(time.monotonic() - ended)
delays.sort()
print("%d cycles in %.0f s" % (cycles, time.monotonic() - began))
print("both CPUs after the neighbour's end: median %.1f ms, longest %.1f ms, %d took more than 100 ms" %
      (statistics.median(delays) * 1000, delays[-1] * 1000, sum(d > 0.1 for d in delays)))
print("on both it is %.2f times as fast as on one" % (both.mean() / one.mean()))
if statistics.median(delays) > 0.1:
    sys.exit("it takes too long until it is on both CPUs")
# Who else is at work takes his share of both.
others = (busy() - began_busy - (own() - began_own)) / (time.monotonic() - began)
if others > 0.7:
    print("%.1f CPUs of the machine were busy with other things: that says little" % others)
elif both.mean() < 1.4 * one.mean():
    sys.exit("it is hardly faster on both CPUs")
EOF

# resizes ID: how many there were.
resizes() {
	mini-slurm show --json $1 | json "j[\"job\"][\"elastic\"][\"resizes\"]"
}

# The best this machine can do, and for a shorter time what every machine can.
for how in auto watched; do
	test $how = auto || cycles=$(((cycles + 4) / 5))
	test_expect_success "--enforce $how: $cycles cycles" '
		rm -f listens heard counters && { test -p neighbour || mkfifo neighbour; } &&
		start_scheduler --total-cpus 2 --total-mem 200M --elastic-cooldown 0 --enforce $how &&
		job=$(submit --elastic --resize-grace 0 --mem 100M "python3 listen.py & echo \$! \$\$ >pids
			exec \"$MINI_SLURM_BUILD/tests/e2e/e2e_spin\" counters") &&
		wait_for_file listens counters &&
		timeout 300 python3 cycle.py $job $cycles >measured &&
		while read line; do say "--enforce $how: $line"; done <measured
	'
	test_expect_success "--enforce $how: the job is still there, and was resized so often" '
		is_in_state $job RUNNING && test "$(resizes $job)" -ge $((2 * cycles)) &&
		for pid in $(cat pids); do kill -0 $pid || return 1; done
	'
	test_expect_success "--enforce $how: no CPU is lost: when it has ended, both are there" '
		mini-slurm cancel --now $job && ends_as $job CANCELLED &&
		mini-slurm stats --json >out &&
		test "$(json "j[\"cpus_used\"]" <out)" = 0 &&
		both=$(submit --cpus 2 --mem 10M true) && ends_as $both COMPLETED && kill_scheduler
	'
done

test_done
