#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='efficiency: what jobs used of what they held'
. "${0%/*}/lib.sh"

# of ID KEY: of the job's entry.
of() {
	mini-slurm efficiency --json $1 | json "j[\"jobs\"][0][\"$2\"]"
}

# between X LOW HIGH
between() {
	python3 -c 'import sys; x, low, high = map(float, sys.argv[1:]); sys.exit(not low <= x <= high)' "$@"
}

# burn.py SECONDS MB: of CPU time, and of memory.
cat >burn.py <<\EOF
import os, sys, time
held = bytearray(os.urandom(1 << 20)) * int(sys.argv[2])
end = time.process_time() + float(sys.argv[1])
while time.process_time() < end: pass
EOF

test_expect_success 'nothing has ended yet' '
	id=$(submit true) &&
	mini-slurm efficiency >out 2>err && test_must_be_empty out && grep "No job has ended yet" err &&
	mini-slurm efficiency $id >out && grep "^ *$id PENDING *- *- *- *- *- *- *- -$" out
'
test_expect_success 'a job that used one of its two CPUs, and little of its memory' '
	start_scheduler --total-cpus 4 --total-mem 2G && mini-slurm wait &&
	id=$(submit --cpus 2 --mem 1G python3 burn.py 1.5 20) && mini-slurm wait $id &&
	between $(of $id cpu_used) 1.4 3 &&
	between $(of $id cpu_efficiency) 0 0.55 &&
	between $(of $id mem_efficiency) 0.01 0.2 &&
	of $id suggestion | grep "^ask for --mem [0-9]*M next time$"
'
test_expect_success 'the share is that of what it held' '
	mini-slurm show --json $id | json "(j[\"job\"][\"cpu_user\"] + j[\"job\"][\"cpu_system\"]) / j[\"job\"][\"runtime\"] / 2" >share &&
	between $(of $id cpu_efficiency) $(python3 -c "x = $(cat share); print(x - 1e-9, x + 1e-9)")
'
test_expect_success 'one that needed its memory had better ask for fewer CPUs' '
	id=$(submit --cpus 3 --mem 64M python3 burn.py 1.2 30) && mini-slurm wait $id &&
	of $id suggestion >out && grep "^ask for --cpus [12] next time$" out
'
test_expect_success 'what was too little is told first' '
	id=$(submit --mem 64M python3 burn.py 9 200) && test_expect_code 137 mini-slurm wait $id && is_in_state $id OUT_OF_MEMORY &&
	of $id suggestion >out && echo "ask for --mem 96M next time" >want && test_cmp want out &&
	id=$(submit --mem 64M --time 1s sleep 60) && test_expect_code 143 mini-slurm wait $id && is_in_state $id TIMEOUT &&
	of $id suggestion >out && echo "ask for --time 00:00:02 next time" >want && test_cmp want out
'
test_expect_success 'of a failure nothing is concluded' '
	id=$(submit --mem 1G "exit 3") && test_expect_code 3 mini-slurm wait $id &&
	test "$(of $id suggestion)" = None
'
test_expect_success 'show has it in a line' '
	field 2 Efficiency >out && grep "^CPUs [0-9]* %, memory [0-9]* %; ask for --mem [0-9]*M next time$" out &&
	id=$(submit --cpus 9 true) && test -z "$(field $id Efficiency)" && mini-slurm cancel $id
'
test_expect_success 'without IDs: those that ended last, and no more than 10' '
	for n in 1 2 3 4 5 6 7 8 9 10; do submit --mem 64M true >last || return 1; done && mini-slurm wait &&
	mini-slurm efficiency >out && test $(wc -l <out) = 11 && tail -n 1 out | grep "^ *$(cat last) COMPLETED" &&
	mini-slurm efficiency --json | json "[f[\"job\"] for f in j[\"jobs\"]]" >out &&
	python3 -c "print(list(range($(cat last) - 9, $(cat last) + 1)))" >want && test_cmp want out
'
test_expect_success 'tasks are named as such, and the last job as last' '
	id=$(submit --array 4-5 --mem 64M true) && mini-slurm wait &&
	mini-slurm efficiency ${id}_4 ${id}_5 >out && grep "^${id}_4 COMPLETED" out && grep "^${id}_5 COMPLETED" out &&
	id=$(submit --mem 64M true) && mini-slurm wait && mini-slurm efficiency last | grep "^ *$id COMPLETED"
'
test_expect_success 'bad input is refused in words' '
	test_expect_code 1 mini-slurm efficiency 999 2>err && grep "no such job: 999" err &&
	test_expect_code 2 mini-slurm efficiency x 2>err && grep "x: not a job.s id" err
'

test_done
