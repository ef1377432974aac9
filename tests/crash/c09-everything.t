#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='SIGKILL at random moments: arrays, dependencies, retries and time limits together

With every kill a round of jobs is handed in from one file: an array of which a task fails once, who
waits for all of it, for each task of it, or for its failure; one that its time limit ends twice, and
one that fails for good. Every attempt appends to a file when it begins, and when it ends well.'
. "${0%/*}/lib.sh"

kills=${CRASH_EVERYTHING_KILLS:-100}

cat >round.py <<-\EOF
import json, sys

log, number = sys.argv[1:]
mark = "echo %s %s ${{MINI_SLURM_ARRAY_TASK_ID:-0}} $MINI_SLURM_RESTART_COUNT {} >>'%s'"


def line(kind, command, **options):
    name = kind + number
    say = mark % (kind, number, log)
    text = f"{say.format('begins')}; {command} && {say.format('ends')}"
    print(json.dumps({"name": name, "mem": "16M", "command": text, **options}))


line("grid", "test $MINI_SLURM_ARRAY_TASK_ID$MINI_SLURM_RESTART_COUNT != 20", array="1-4%2", retries=1)
line("whole", "true", after=f"ok:grid{number}")
line("each", "true", array="1-4", dependency=f"aftercorr:grid{number}")
line("never", "true", after=f"notok:grid{number}")
line("slow", "exec sleep 1000", time="1s", retries=1, after=f"any:whole{number}")
line("bad", "false", retries=2)
line("sorry", "true", after=f"notok:bad{number}")
line("last", "true", after=f"any:slow{number},sorry{number}")
EOF

# What is to be in the log, and in which order: in a kind's row what it waits for, then each of its
# attempts, as task, restarts, and whether it ends well.
cat >check.py <<-\EOF
import sys

rounds = int(sys.argv[2])
tasks = [(1, 0, 1), (2, 0, 0), (2, 1, 1), (3, 0, 1), (4, 0, 1)]
kinds = {
    "grid": ([], tasks),
    "whole": (["grid"], [(0, 0, 1)]),
    "each": ([], [(t, 0, 1) for t in (1, 2, 3, 4)]),
    "slow": (["whole"], [(0, 0, 0), (0, 1, 0)]),
    "bad": ([], [(0, 0, 0), (0, 1, 0), (0, 2, 0)]),
    "sorry": (["bad"], [(0, 0, 1)]),
    "last": (["slow", "sorry"], [(0, 0, 1)]),
}
begins, ends = {}, {}
for place, text in enumerate(open(sys.argv[1])):
    kind, number, task, restart, what = text.split()
    seen = begins if what == "begins" else ends
    key = kind, int(number), int(task), int(restart)
    assert key not in seen, f"twice: {text}"
    seen[key] = place
want = {(k, n, t, r) for n in range(rounds) for k in kinds for t, r, well in kinds[k][1]}
assert set(begins) == want, sorted(set(begins) ^ want)
want = {(k, n, t, r) for n in range(rounds) for k in kinds for t, r, well in kinds[k][1] if well}
assert set(ends) == want, sorted(set(ends) ^ want)
for (kind, n, task, restart), place in begins.items():
    earlier = [(k, n, t, r) for k in kinds[kind][0] for t, r, well in kinds[k][1]]
    earlier += [("grid", n, task, int(task == 2))] if kind == "each" else []
    earlier += [(kind, n, task, r) for r in range(restart)]
    late = [x for x in earlier if ends.get(x, begins[x]) > place]
    assert not late, f"{kind}{n} task {task} before {late}"
EOF

hand_in() {
	python3 round.py "$PWD/log" $1 | mini-slurm submit --parsable --file - >acked.$1 2>errors.$1
}

test_expect_success "$kills kills, a round of jobs with each" '
	: >log && killed=0 &&
	while test $killed -lt $kills
	do
		running_scheduler 8 8G || continue
		hand_in $killed &
		sleep 0.$(random 7)$(random 9)
		kill -9 $pid && killed=$((killed + 1))
		wait $!
	done
'

test_expect_success 'after one more start everything comes to an end' '
	wait_until no_scheduler && running_scheduler 8 8G && all_end
'

test_expect_success 'every submission was acknowledged' '
	cat errors.* | grep -v "no scheduler is running" >errors
	test_must_be_empty errors &&
	cat acked.* | sort -u >acked && test $(wc -l <acked) = $((8 * kills))
'

test_expect_success 'every attempt ran exactly once, after what it waits for' '
	python3 check.py log $kills
'

# states KIND: how its jobs ended, and how many of them.
states() {
	json "sorted({(x[\"state\"], sum(y[\"state\"] == x[\"state\"] for y in of)) for of in [[x for x in j[\"jobs\"] if x[\"name\"].rstrip(\"0123456789\") == \"$1\"]] for x in of})" <all
}

test_expect_success 'and every job ended as it should' '
	mini-slurm queue --all --json >all &&
	for kind in grid each
	do
		test "$(states $kind)" = "[('\''COMPLETED'\'', $((4 * kills)))]" || return 1
	done &&
	for kind in "whole COMPLETED" "never CANCELLED" "slow TIMEOUT" "bad FAILED" "sorry COMPLETED" "last COMPLETED"
	do
		test "$(states ${kind% *})" = "[('\''${kind#* }'\'', $kills)]" || return 1
	done
'

test_done
