#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='elastic jobs grow into what nobody uses, and give it back, in every process and thread'
. "${0%/*}/lib.sh"

if test "$(nproc)" -lt 2; then
	skip_all='this machine has one CPU: nothing can grow'
	test_done
fi

logs=$HOME/.mini_slurm_logs
run=$HOME/.mini_slurm_run

# elastic [OPTION]... COMMAND...: an elastic job that starts with one CPU.
elastic() {
	submit --elastic --mem 50M "$@"
}

# rigid FILE: a job on one CPU that ends when the file is there.
rigid() {
	submit --mem 50M ./await "$1"
}

# has ID CURRENT/MAX: as `queue` shows it.
has() {
	test "$(mini-slurm queue | awk "\$1 == $1 { print \$8 }")" = "$2"
}

alloc_mb() {
	mini-slurm show --json $1 | json "j[\"job\"][\"alloc\"][\"mem_mb\"]"
}

# last_reason ID: of the last order to resize it.
last_reason() {
	mini-slurm show --json $1 | json "j[\"resizes\"][-1][\"reason\"]"
}

# control ID LINE FIELD: of its control file.
control() {
	awk "NR == $2 { print \$$3 }" "$logs/job_$1.control"
}

is_told() {
	test "$(control $1 1 5)" = "$2"
}

cancel_all() {
	for id in $(mini-slurm queue --status PENDING,RUNNING 2>/dev/null | awk "NR > 1 { print \$1 }"); do
		mini-slurm cancel --now $id >/dev/null && wait_until has_ended $id || return 1
	done
}

no_files_of() {
	! ls "$run" "$logs" | grep -E "^$1\.[0-9]+\.|^job_$1\.(control|ack)"
}

# spread NAME: two threads more, a child with threads, one in a session of its own, and one that gave
# itself a single CPU. It does not know of being elastic.
cat >spread.py <<\EOF
import os, subprocess, sys, threading, time

def threads():
    for i in range(2):
        threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()

name = sys.argv[1]
threads()
for child in "plain", "session":
    if os.fork() == 0:
        if child == "session":
            os.setsid()
        threads()
        open("ready.%s.%s" % (name, child), "w").close()
        time.sleep(1000)
open("ready.%s" % name, "w").close()
while not os.path.exists("go.%s" % name):
    time.sleep(0.05)
EOF

# listen.py: answers what it is told, and writes down what that was.
cat >listen.py <<\EOF
import os, signal

changed, wake = os.pipe()
os.set_blocking(wake, False)
signal.set_wakeup_fd(wake)
signal.signal(signal.SIGUSR1, lambda number, frame: None)
open("ready.listen", "w").close()
while os.read(changed, 4096):
    with open(os.environ["MINI_SLURM_CONTROL_FILE"]) as f:
        first, second = f.read().splitlines()
    with open("heard", "a") as f:
        f.write(first + "\n")
    with open(os.environ["MINI_SLURM_ACK_FILE"], "w") as f:
        f.write(second.split()[0] + "\n")
EOF
write_await

omp=$MINI_SLURM_BUILD/tests/e2e/e2e_omp
test ! -x "$omp" || test_set_prereq OPENMP
test_have_prereq OPENMP || say '# no OpenMP where this was built: its program is left out'

for how in auto watched; do
	start() {
		start_scheduler --total-cpus 2 --total-mem 400M --elastic-cooldown 0 --enforce $how "$@"
	}

	test_expect_success "$how: alone it grows to all there is, in every thread" '
		rm -f go.* ready.* heard && start &&
		job=$(elastic --resize-grace 0 python3 spread.py a) &&
		wait_for_file ready.a ready.a.plain ready.a.session &&
		wait_until has $job 2/2 && wait_until is_on $job 2 &&
		test "$(last_reason $job)" = "nobody else can use them" &&
		test "$(control $job 1 1) $(control $job 1 5)" = "2 RUNNING" &&
		grep "Job $job grown from 1 to 2 CPUs ($(cpus $job)): nobody else can use them" "$logs/scheduler.log"
	'
	test_expect_success "$how: who can start with the loan gets it, and shares no CPU with it" '
		other=$(rigid go.other) && wait_for_state $other RUNNING &&
		has $job 1/2 && is_on $job 1 &&
		wait_until is_on $other 1 && test "$(cpus $job)" != "$(cpus $other)" &&
		test "$(last_reason $job)" = "job $other starts with what was on loan"
	'
	test_expect_success "$how: after its neighbour it has both again" '
		: >go.other && ends_as $other COMPLETED &&
		wait_until is_on $job 2 && is_in_state $job RUNNING
	'
	test_expect_success "$how: show has the history, stats the number" '
		test "$(field $job CPUs)" = "1 (current: 2, min: 1, max: 2)" &&
		mini-slurm show $job | sed "1,/^  RESIZED/d" | awk "{ print \$3, \$4 }" >got &&
		printf "%s\n" "1 2" "2 1" "1 2" >want && test_cmp want got &&
		mini-slurm stats | grep "^Elastic: *1 running, resized 3 times$"
	'
	test_expect_success "$how: it ends well, and leaves no file but its output" '
		: >go.a && ends_as $job COMPLETED && wait_until no_files_of $job
	'

	test_expect_success OPENMP "$how: an OpenMP program, and the scheduler restarted under it" '
		rm -f go.omp && job=$(elastic --resize-grace 0 "$omp" go.omp) && wait_until is_on $job 2 &&
		wait_until grep -qx "2 threads" "$(field $job Stdout)" &&
		other=$(rigid go.beside) && wait_for_state $other RUNNING && is_on $job 1 &&
		kill_scheduler -9 && start && is_on $job 1 && : >go.beside && ends_as $other COMPLETED &&
		wait_until is_on $job 2 && : >go.omp && ends_as $job COMPLETED
	'

	test_expect_success "$how: one that does not listen keeps its CPUs for the grace, and no longer" '
		job=$(elastic --resize-grace 1s "trap \"\" USR1; ./await go.deaf") &&
		wait_until is_on $job 2 &&
		other=$(rigid go.other2) && wait_until is_told $job SHRINKING &&
		has $job 2/2 && is_in_state $other PENDING &&
		test "$(control $job 1 1)" = 1 &&
		wait_for_state $other RUNNING && is_on $job 1 && is_told $job RUNNING &&
		mini-slurm show --json $other >out &&
		test "$(json "1 <= j[\"job\"][\"wait_time\"] < 15" <out)" = True &&
		is_in_state $job RUNNING && cancel_all
	'
	test_expect_success "$how: who waits for that is told so" '
		job=$(elastic --resize-grace 10m "trap \"\" USR1; ./await go.never") &&
		wait_until is_on $job 2 &&
		other=$(rigid go.never) && wait_until is_told $job SHRINKING &&
		mini-slurm why $other >out &&
		grep -x "Job $other is about to start: job $job gives back 1 CPU first" out &&
		cancel_all
	'
	test_expect_success "$how: one that answers need not wait for the end of it" '
		job=$(elastic --resize-grace 10m python3 listen.py) && wait_for_file ready.listen &&
		wait_until is_on $job 2 &&
		other=$(rigid go.other3) && wait_for_state $other RUNNING && is_on $job 1 &&
		grep "^1 50 1 2 SHRINKING shrink$" heard &&
		: >go.other3 && ends_as $other COMPLETED && wait_until is_on $job 2 &&
		wait_until grep "^2 50 1 2 RUNNING grow$" heard &&
		cancel_all && wait_until no_files_of $job
	'
	test_expect_success "$how: its owner asks for fewer, and for as many as there are" '
		job=$(elastic --resize-grace 0 ./await go.never) && wait_until is_on $job 2 &&
		mini-slurm resize $job --cpus 1 && wait_until is_on $job 1 &&
		test "$(last_reason $job)" = "asked for" &&
		mini-slurm resize $job --cpus auto && wait_until is_on $job 2 &&
		cancel_all
	'
	test_expect_success "$how: it asks itself" '
		job=$(elastic --resize-grace 0 "./await go.less; mini-slurm resize --cpus -1 &&
			./await go.more; mini-slurm resize --cpus +1 && ./await go.never") &&
		wait_until is_on $job 2 &&
		: >go.less && wait_until is_on $job 1 &&
		: >go.more && wait_until is_on $job 2 &&
		cancel_all
	'
	test_expect_success "$how: its memory follows, if it was asked for by the CPU" '
		job=$(submit --elastic --resize-grace 0 --mem-per-cpu 40M ./await go.never) &&
		wait_until is_on $job 2 && test $(alloc_mb $job) = 80 &&
		test "$(control $job 1 2)" = 80 &&
		mini-slurm resize $job --cpus 1 && wait_until is_on $job 1 &&
		test $(alloc_mb $job) = 40 && wait_until is_told $job RUNNING &&
		test "$(control $job 1 2)" = 40 && cancel_all
	'

	# --- killed ---

	test_expect_success "$how: the scheduler is killed while it is grown" '
		job=$(elastic --resize-grace 0 ./await go.never) && wait_until is_on $job 2 &&
		kill_scheduler -9 && is_on $job 2 && start &&
		is_on $job 2 && is_in_state $job RUNNING &&
		other=$(rigid go.other4) && wait_for_state $other RUNNING && is_on $job 1 &&
		wait_until is_on $other 1 && test "$(cpus $job)" != "$(cpus $other)"
	'
	test_expect_success "$how: and while it is shrunk: then the neighbour ends with nobody there" '
		shepherd=$(shepherd $other) &&
		kill_scheduler -9 && : >go.other4 && wait_until grep -qx "phase 2" "$run/$other.1.status" &&
		start && ends_as $other COMPLETED &&
		wait_until is_on $job 2 && cancel_all
	'
	test_expect_success "$how: while it is to shrink: nothing is taken, lost or kept" '
		job=$(elastic --resize-grace 2s ./await go.never) && wait_until is_on $job 2 &&
		other=$(rigid go.other5) && wait_until is_told $job SHRINKING &&
		kill_scheduler -9 && start &&
		wait_for_state $other RUNNING && is_on $job 1 &&
		wait_until is_on $other 1 && test "$(cpus $job)" != "$(cpus $other)" &&
		: >go.other5 && ends_as $other COMPLETED && wait_until is_on $job 2 && cancel_all
	'
	test_expect_success "$how: the next one takes back what was ordered, if it is not to resize" '
		job=$(elastic --resize-grace 1h ./await go.never) && wait_until is_on $job 2 &&
		other=$(rigid go.never) && wait_until is_told $job SHRINKING &&
		generation=$(control $job 2 1) &&
		kill_scheduler -9 && start --disable-elastic &&
		wait_until is_told $job RUNNING && is_on $job 2 &&
		test "$(control $job 1 1)" = 2 && test "$(control $job 2 1)" -gt $generation &&
		is_in_state $other PENDING && cancel_all
	'
	test_expect_success "$how: and a wish is refused then" '
		job=$(elastic ./await go.never) && wait_for_state $job RUNNING &&
		test_expect_code 1 mini-slurm resize $job --cpus 2 2>err &&
		grep "job $job can.t be resized: the scheduler runs with --disable-elastic" err && cancel_all
	'
	test_expect_success "$how: a scheduler with fewer CPUs takes back those that it does not have" '
		kill_scheduler && start && job=$(elastic --resize-grace 0 ./await go.never) &&
		wait_until is_on $job 2 && kill_scheduler -9 && start --total-cpus 1 &&
		wait_until is_on $job 1 && test "$(last_reason $job)" = "there are fewer than before" &&
		test "$(mini-slurm stats --json | json "j[\"cpus_used\"]")" = 1 && cancel_all &&
		kill_scheduler && start --disable-elastic
	'
	test_expect_success "$how: --disable-elastic: it keeps what it starts with" '
		job=$(elastic ./await go.never) && rigid=$(submit --mem 50M true) &&
		ends_as $rigid COMPLETED && has $job 1/2 && is_on $job 1 &&
		test "$(mini-slurm show --json $job | json "j[\"job\"][\"elastic\"][\"resizes\"]")" = 0 &&
		cancel_all && kill_scheduler
	'
	test_expect_success "$how: its shepherd is killed: nothing is left of the files between them" '
		start && job=$(elastic ./await go.never) && wait_until is_on $job 2 &&
		test -e "$logs/job_$job.control" && test -p "$logs/job_$job.ack" &&
		kill -9 $(shepherd $job) && ends_as $job NODE_FAIL && wait_until no_files_of $job &&
		other=$(submit --cpus 2 --mem 50M true) && ends_as $other COMPLETED &&
		kill_scheduler
	'
done

# --- orders that can not be written ---

test_expect_success 'an order that can not be written is not lost' '
	start && job=$(elastic --resize-grace 0 ./await go.never) && wait_until is_on $job 2 &&
	mkdir "$run/$job.1.resize.new" &&
	other=$(rigid go.other6) &&
	wait_until grep "cannot tell the shepherd of job $job" "$logs/scheduler.log" &&
	is_in_state $other PENDING && is_on $job 2 &&
	rmdir "$run/$job.1.resize.new" &&
	wait_for_state $other RUNNING && is_on $job 1 && cancel_all && kill_scheduler
'

# --- the environment ---

test_expect_success 'what an elastic job is told at its start: threads for the most it may have here' '
	start_scheduler --total-cpus 2 --total-mem 400M &&
	cat >tell <<-\EOF &&
	#!/bin/sh
	env | grep -E "^(MINI_SLURM_(ELASTIC|CONTROL|ACK|CURRENT|MIN|MAX)|(OMP|MKL|OPENBLAS|NUMEXPR)_)" | sort
	EOF
	chmod +x tell &&
	job=$(unset OMP_NUM_THREADS; elastic --max-cpus 4 ./tell) && ends_as $job COMPLETED &&
	cat >want <<-EOF &&
	MINI_SLURM_ACK_FILE=$logs/job_$job.ack
	MINI_SLURM_CONTROL_FILE=$logs/job_$job.control
	MINI_SLURM_CURRENT_CPUS=1
	MINI_SLURM_ELASTIC=1
	MINI_SLURM_MAX_CPUS=4
	MINI_SLURM_MIN_CPUS=1
	MKL_NUM_THREADS=2
	NUMEXPR_NUM_THREADS=2
	OMP_NUM_THREADS=2
	OPENBLAS_NUM_THREADS=2
	EOF
	stdout $job >got && test_cmp want got
'
test_expect_success 'a job that is submitted inside of it is not told so' '
	job=$(elastic --output inner ./await go.inner) && wait_for_state $job RUNNING &&
	inner=$(MINI_SLURM_ELASTIC=1 MINI_SLURM_MAX_CPUS=9 MINI_SLURM_ACK_FILE=x submit --mem 50M "env | grep ^MINI_SLURM_[EMA]") &&
	wait_until has_ended $inner && test "$(stdout $inner | sed "s/=.*//")" = MINI_SLURM_ATTEMPT &&
	cancel_all && kill_scheduler
'

# --- options ---

test_expect_success '--elastic-cooldown: not before' '
	start_scheduler --total-cpus 2 --total-mem 400M --elastic-cooldown 1s &&
	job=$(elastic ./await go.never) && wait_until is_on $job 2 &&
	mini-slurm show --json $job | json "j[\"resizes\"][0][\"time\"] - j[\"job\"][\"start_time\"] >= 1" >out &&
	grep True out && cancel_all && kill_scheduler
'
test_expect_success '--elastic-threshold: not when the machine is as busy as that' '
	start_scheduler --total-cpus 2 --total-mem 100M --elastic-cooldown 0 --elastic-threshold 50 &&
	job=$(elastic ./await go.never) && wait_for_state $job RUNNING &&
	other=$(submit --mem 10M true) && ends_as $other COMPLETED && has $job 1/2 &&
	kill_scheduler &&
	start_scheduler --total-cpus 2 --total-mem 100M --elastic-cooldown 0 --elastic-threshold 51 &&
	wait_until is_on $job 2 && cancel_all && kill_scheduler
'
test_expect_success '--elastic-step: not by less' '
	start_scheduler --total-cpus 2 --total-mem 100M --elastic-cooldown 0 --elastic-step 2 &&
	job=$(elastic ./await go.never) && wait_for_state $job RUNNING &&
	other=$(submit --mem 10M true) && ends_as $other COMPLETED && has $job 1/2 &&
	cancel_all && kill_scheduler
'
test_expect_success '--elastic-order: who has the higher priority grows first' '
	start_scheduler --total-cpus 3 --total-mem 400M --elastic-cooldown 0 --elastic-order priority &&
	first=$(elastic --resize-grace 0 ./await go.never) && second=$(elastic --priority 1 ./await go.never) &&
	wait_until has $second 2/3 && has $first 1/3 && cancel_all && kill_scheduler
'
test_expect_success 'options that make no sense' '
	test_expect_code 2 mini-slurm scheduler --elastic-order fair 2>err &&
	grep -e "--elastic-order fair: no such elastic-order (equal, priority)" err &&
	test_expect_code 2 mini-slurm scheduler --elastic-cooldown x 2>err && grep -e "--elastic-cooldown x" err &&
	test_expect_code 2 mini-slurm scheduler --elastic-threshold 101 2>err && grep -e "--elastic-threshold 101" err
'

test_expect_success 'doctor says what elastic jobs get here' '
	mini-slurm doctor | grep "^  elastic jobs .* changed while they run$"
'

test_done
