#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='what the scheduler survives: no descriptors, no processes, clients of all kinds'
. "${0%/*}/lib.sh"

start_has_failed() {
	for id in $ids; do
		field $id Reason 2>/dev/null | grep -q "^a start failed; the next try is at" && return
	done
	return 1
}

all_completed() {
	for id in $ids; do
		ends_as $id COMPLETED || return 1
	done
}

write_await

# --- descriptors ---

# limit_that_leaves N: the scheduler can have N descriptors more than now.
limit_that_leaves() {
	ls /proc/$pid/fd | sort -n | awk "{
		while (next_fd < \$1 && unused < $1) { next_fd++; unused++ }
		if (unused == $1) exit
		next_fd++
	} END { print next_fd + $1 - unused }"
}

test_expect_success 'without descriptors jobs wait, and say that their start failed' '
	start_scheduler --total-cpus 8 --total-mem 800M && pid=$(scheduler_pid) &&
	hold=$(submit --cpus 8 --mem 100M "./await go.hold") && wait_for_state $hold RUNNING &&
	ids=$(for i in 1 2 3 4 5 6 7 8; do submit --mem 100M "./await go.few && echo ran >>ran.\$MINI_SLURM_JOB_ID"; done) &&
	prlimit --pid $pid --nofile=$(limit_that_leaves 3): &&
	: >go.hold && ends_as $hold COMPLETED &&
	wait_until start_has_failed
'
test_expect_success 'meanwhile it answers' '
	test "$(scheduler_pid)" = $pid &&
	mini-slurm queue --status PENDING >out && test $(wc -l <out) -ge 2
'
test_expect_success 'once there are descriptors again it goes on, and each job ran once' '
	prlimit --pid $pid --nofile=1024: && : >go.few &&
	all_completed &&
	for id in $ids; do
		test "$(cat ran.$id)" = ran || return 1
	done &&
	test "$(scheduler_pid)" = $pid
'

# --- clients ---

# clients.py SOCKET: connections of all kinds, kept open until the file go.clients is there. Says what
# each was told.
cat >clients.py <<\EOF
import os, socket, struct, sys, time

deadline = time.time() + 60

def connect():
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(60)
    s.connect(sys.argv[1])
    return s

def frame(head, blobs=()):
    sizes = b"".join(struct.pack(">I", len(b)) for b in blobs)
    return b"MSL1" + struct.pack(">II", len(head), len(blobs)) + sizes + head + b"".join(blobs)

ping = frame(b'{"v": 1, "verb": "ping"}')
refused = {
    "rubbish": os.urandom(4096).replace(b"MSL1", b"xxxx"),
    "another protocol": b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "an oversized head": b"MSL1" + struct.pack(">II", 0xFFFFFFFF, 0),
    "too many blobs": b"MSL1" + struct.pack(">II", 10, 0xFFFFFFFF),
    "an oversized blob": b"MSL1" + struct.pack(">III", 10, 1, 0x7FFFFFFF),
    "a head that is no JSON": frame(b"{{{{"),
    "deep JSON": frame(b"[" * 100000),
    "no verb": frame(b'{"v": 1}'),
    "an unknown verb": frame(b'{"v": 1, "verb": "explode"}'),
    "another version": frame(b'{"v": 99, "verb": "ping"}'),
    "no command": frame(b'{"v": 1, "verb": "submit", "id": "x"}'),
    "wrong types": frame(b'{"v": 1, "verb": "show", "job": "one"}'),
}
hanging = {
    "nothing": b"",
    "half a prefix": ping[:7],
    "half a head": ping[:-5],
    "a frame and a half": ping + ping[:9],
    "a long frame that never comes": b"MSL1" + struct.pack(">III", 2, 1, 1 << 25) + b"{}" + b"x" * 65536,
}
kept = []
for name, said in refused.items():
    s = connect()
    s.sendall(said)
    reply = b""
    try:
        while b'"error"' not in reply:
            more = s.recv(65536)
            if not more:
                break
            reply += more
    except ConnectionError:
        pass
    print(name + ":", "refused" if b'"error"' in reply else "not refused: %r" % reply)
    kept.append(s)
for name, said in hanging.items():
    s = connect()
    s.sendall(said)
    kept.append(s)
# One that asks and asks, and never reads.
s = connect()
s.setblocking(False)
try:
    for i in range(100000):
        s.send(ping)
except BlockingIOError:
    pass
kept.append(s)
# One that leaves in the middle of a request, and one before the answer.
for said in ping[:-3], ping:
    s = connect()
    s.sendall(said)
    s.close()
sys.stdout.flush()
open("clients.ready", "w").close()
while not os.path.exists("go.clients") and time.time() < deadline:
    time.sleep(0.05)
EOF

test_expect_success 'rubbish is refused, whoever hangs is left alone' '
	kill_scheduler && start_scheduler --total-cpus 8 --total-mem 800M && pid=$(scheduler_pid) &&
	socket=$(mini-slurm doctor --json | json "j[\"files\"][\"socket\"]") &&
	{ timeout 100 python3 clients.py "$socket" >told 2>&1 & } &&
	wait_for_file clients.ready
'
test_expect_success 'each is told' '
	test $(wc -l <told) -eq 12 && ! grep -v ": refused$" told
'
test_expect_success 'meanwhile the others are served' '
	id=$(submit --mem 10M true) && ends_as $id COMPLETED &&
	mini-slurm queue >out && grep COMPLETED out &&
	test "$(scheduler_pid)" = $pid &&
	: >go.clients && wait
'

test_expect_success '200 connections at once' '
	cat >many.py <<-\EOF &&
	import socket, struct, sys
	head = b"{\"v\": 1, \"verb\": \"ping\"}"
	ping = b"MSL1" + struct.pack(">II", len(head), 0) + head
	all = [socket.socket(socket.AF_UNIX) for i in range(200)]
	for s in all:
	    s.settimeout(60)
	    s.connect(sys.argv[1])
	for s in all:
	    s.sendall(ping)
	good = 0
	for s in all:
	    reply = b""
	    while b"\"policy\"" not in reply:
	        more = s.recv(65536)
	        if not more:
	            break
	        reply += more
	    good += b"\"policy\"" in reply
	print(good)
	EOF
	timeout 100 python3 many.py "$socket" >out && echo 200 >want && test_cmp want out
'
test_expect_success '50 submissions at once: each has an id of its own, and each job runs once' '
	first=$(($(submit --mem 10M true) + 1)) &&
	for i in $(seq 50); do submit --mem 10M "echo \$MINI_SLURM_JOB_ID >>ran" >id.$i & done &&
	wait &&
	sort -n id.* >ids && seq $first $((first + 49)) >want && test_cmp want ids &&
	ids=$(cat ids) && all_completed &&
	sort -n ran >out && test_cmp want out &&
	test "$(scheduler_pid)" = $pid
'
test_expect_success 'the files of its connections are closed again' '
	few_files() { test $(ls /proc/$pid/fd | wc -l) -lt 60; } && wait_until few_files
'

test_done
