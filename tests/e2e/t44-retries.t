#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='retries and requeues: each attempt with its own row and output, with and without a scheduler'
. "${0%/*}/lib.sh"

write_await

# job ID EXPRESSION: of its JSON, j being {"job": ..., "attempts": [...]}.
job() {
	mini-slurm show --json $1 | json "$2"
}

test_expect_success 'a job that fails is run again, as often as was said' '
	start_scheduler --total-cpus 2 --total-mem 2G >/dev/null &&
	id=$(submit --retries 2 --mem 16M "echo try \$MINI_SLURM_RESTART_COUNT \${SLURM_RESTART_COUNT-none}; exit 3") &&
	ends_as $id FAILED &&
	test "$(job $id "[(a[\"attempt\"], a[\"restart\"], a[\"state\"], a[\"exit_code\"]) for a in j[\"attempts\"]]")" = \
		"[(1, 0, '\''FAILED'\'', 3), (2, 1, '\''FAILED'\'', 3), (3, 2, '\''FAILED'\'', 3)]" &&
	test "$(field $id Restarts)" = 2 && test "$(field $id Retries)" = "2 of 2" &&
	test "$(field $id Reason)" = "exit code 3"
'

test_expect_success 'no attempt overwrites what another wrote, and show names their files' '
	logs=$HOME/.mini_slurm_logs &&
	test "$(cat "$logs/job_$id.out")" = "try 0 none" &&
	test "$(cat "$logs/job_$id.r1.out")" = "try 1 1" &&
	test "$(cat "$logs/job_$id.r2.out")" = "try 2 2" &&
	test -e "$logs/job_$id.r2.err" &&
	mini-slurm show $id | grep "^  *2 FAILED .* 3 $logs/job_$id.r1.out exit code 3" &&
	test "$(field $id Stdout)" = "$logs/job_$id.r2.out"
'

test_expect_success 'a file that was named gets .r1 before its ending' '
	mkdir res.d &&
	id=$(submit --retries 1 --mem 16M --output res.d/my.log --error both "echo out; echo err >&2; false") &&
	ends_as $id FAILED &&
	test -s res.d/my.log && test -s res.d/my.r1.log && test -s both && test -s both.r1 &&
	id=$(submit --retries 1 --mem 16M --output /dev/null false) &&
	ends_as $id FAILED && test ! -e /dev/null.r1
'

test_expect_success 'one that succeeds at last has succeeded' '
	id=$(submit --retries 5 --mem 16M "test \$MINI_SLURM_RESTART_COUNT = 2") &&
	ends_as $id COMPLETED &&
	test "$(job $id "len(j[\"attempts\"]), j[\"job\"][\"retry\"][\"retried\"]")" = "(3, 2)"
'

test_expect_success 'it waits in between, ever longer, and says so' '
	id=$(submit --retries 3 --retry-delay "4s*2" --mem 16M "exit 7") &&
	wait_until sh -c "mini-slurm show $id | grep \"attempt 1 FAILED (exit code 7); the next try is at [0-9:]*\$\"" &&
	wait_until sh -c "mini-slurm queue --reason | grep \"^ *$id PENDING .*attempt 2 FAILED (exit code 7); the next try\"" &&
	mini-slurm cancel $id && ends_as $id CANCELLED &&
	test "$(job $id "j[\"attempts\"][1][\"start_time\"] - j[\"attempts\"][0][\"end_time\"] >= 4.0")" = True
'

test_expect_success 'only after what was said' '
	id=$(submit --retries 3 --retry-on timeout,oom --mem 16M false) && ends_as $id FAILED &&
	test "$(job $id "len(j[\"attempts\"])")" = 1 &&
	id=$(submit --retries 1 --retry-on timeout --time 1s --mem 16M sleep 1000) && ends_as $id TIMEOUT &&
	test "$(job $id "[a[\"state\"] for a in j[\"attempts\"]]")" = "['\''TIMEOUT'\'', '\''TIMEOUT'\'']"
'

test_expect_success 'one that is cancelled is not run again' '
	id=$(submit --retries 3 --mem 16M sleep 1000) && wait_for_state $id RUNNING && wait_until has_record $id &&
	mini-slurm cancel $id && ends_as $id CANCELLED &&
	test "$(job $id "len(j[\"attempts\"])")" = 1
'

test_expect_success 'out of memory: it gets more, as much as was said' '
	id=$(submit --retries 5 --retry-mem x2 --max-mem 150M --mem 40M \
		"exec python3 -c \"a = b\\\"x\\\" * (300 << 20); import time; time.sleep(60)\"") &&
	ends_as $id OUT_OF_MEMORY &&
	test "$(job $id "[a[\"mem_mb\"] for a in j[\"attempts\"]]")" = "[40, 80, 150]" &&
	test "$(job $id "j[\"job\"][\"mem_mb\"]")" = 150
'

test_expect_success 'its shepherd dies: run again if that was asked for, and that is no retry' '
	rm -f go.it && id=$(submit --requeue --retries 1 --mem 16M ./await go.it) &&
	kill -9 $(shepherd $id) &&
	wait_until sh -c "mini-slurm show $id | grep \"Restarts: *1\"" &&
	: >go.it && ends_as $id COMPLETED &&
	test "$(job $id "[a[\"state\"] for a in j[\"attempts\"]], j[\"job\"][\"retry\"][\"retried\"]")" = \
		"(['\''NODE_FAIL'\'', '\''COMPLETED'\''], 0)" &&
	rm -f go.it && id=$(submit --no-requeue --mem 16M ./await go.it) &&
	kill -9 $(shepherd $id) && ends_as $id NODE_FAIL
'

test_expect_success 'a task of an array has its own retries, and a log beside the others' '
	logs=$HOME/.mini_slurm_logs &&
	id=$(submit --array 0-1 --retries 1 --mem 16M "test \$MINI_SLURM_ARRAY_TASK_ID = \$MINI_SLURM_RESTART_COUNT") &&
	ends_as ${id}_0 COMPLETED && ends_as ${id}_1 COMPLETED &&
	test "$(job ${id}_0 "j[\"job\"][\"restarts\"]")" = 0 && test "$(job ${id}_1 "j[\"job\"][\"restarts\"]")" = 1 &&
	test -e "$logs/job_${id}_1.out" && test -e "$logs/job_${id}_1.r1.out" && test ! -e "$logs/job_${id}_0.r1.out"
'

test_expect_success 'who waits for it to end well waits for its last attempt' '
	id=$(submit --retries 1 --mem 16M "test \$MINI_SLURM_RESTART_COUNT = 1") &&
	next=$(submit --mem 16M --after ok:$id true) && ends_as $next COMPLETED && ends_as $id COMPLETED
'

# --- the verb --------------------------------------------------------------------------------------

test_expect_success 'requeue: what has ended is run again' '
	id=$(submit --mem 16M "echo run") && ends_as $id COMPLETED &&
	mini-slurm requeue $id >out && echo "Requeued job $id" >want && test_cmp want out &&
	wait_until test -s "$HOME/.mini_slurm_logs/job_$id.r1.out" &&
	ends_as $id COMPLETED &&
	test "$(job $id "[a[\"state\"] for a in j[\"attempts\"]]")" = "['\''COMPLETED'\'', '\''COMPLETED'\'']"
'

test_expect_success 'what runs is ended first' '
	rm -f go.it && id=$(submit --mem 16M "trap \"echo told; exit 0\" TERM; ./await go.it") &&
	wait_for_state $id RUNNING && wait_until has_record $id &&
	mini-slurm requeue $id >out &&
	echo "Requeueing job $id: SIGTERM sent, SIGKILL in 5 s" >want && test_cmp want out &&
	wait_until sh -c "mini-slurm show $id | grep \"Restarts: *1\"" &&
	: >go.it && ends_as $id COMPLETED &&
	test "$(job $id "[(a[\"state\"], a[\"reason\"]) for a in j[\"attempts\"]]")" = \
		"[('\''CANCELLED'\'', '\''requeued by $(id -un)'\''), ('\''COMPLETED'\'', '\'''\'')]"
'

test_expect_success 'with --hold it waits until it is released' '
	id=$(submit --mem 16M true) && ends_as $id COMPLETED && mini-slurm requeue --hold $id &&
	test "$(field $id Reason)" = "requeued by $(id -un); held: release it to let it start" &&
	rm -f go.it && run=$(submit --mem 16M ./await go.it) && wait_for_state $run RUNNING && wait_until has_record $run &&
	mini-slurm requeue --hold $run && wait_for_state $run PENDING &&
	: >go.it && mini-slurm release $id $run && ends_as $id COMPLETED && ends_as $run COMPLETED
'

test_expect_success 'one that is cancelled before its next try has nothing any more' '
	id=$(submit --mem 16M true) && ends_as $id COMPLETED && mini-slurm requeue --hold $id && mini-slurm cancel $id &&
	test "$(job $id "j[\"job\"][\"alloc\"]")" = None
'
test_expect_success 'one that was cancelled, or never ran, too' '
	id=$(submit --hold --mem 16M "echo ran") && mini-slurm cancel $id && mini-slurm requeue $id &&
	ends_as $id COMPLETED && test "$(stdout $id)" = ran &&
	test "$(field $id Restarts)" = "" && field $id Stdout | grep "job_$id.out$"
'

test_expect_success 'what waits is refused, and what is being cancelled' '
	id=$(submit --hold true) &&
	test_expect_code 1 mini-slurm requeue $id 99 2>err &&
	grep "job $id is PENDING: it waits already" err && grep "no such job: 99" err &&
	stubborn=$(submit --mem 16M "trap \"\" TERM; sleep 4; sleep 4") &&
	wait_for_state $stubborn RUNNING && wait_until has_record $stubborn &&
	mini-slurm cancel $stubborn && test_expect_code 1 mini-slurm requeue $stubborn 2>err &&
	grep "job $stubborn is being cancelled" err
'

test_expect_success 'a cancel has the last word' '
	id=$(submit --mem 16M --retries 3 "trap \"\" TERM; sleep 4; sleep 4") && wait_for_state $id RUNNING && wait_until has_record $id &&
	mini-slurm requeue $id && field $id Reason | grep "being requeued by" &&
	mini-slurm cancel --now $id && ends_as $id CANCELLED &&
	test "$(job $id "len(j[\"attempts\"])")" = 1
'

# restarts ARRAY: of its tasks, in their order.
restarts() {
	mini-slurm queue --json | json "[r for t, r in sorted((x[\"task\"], x[\"restarts\"]) for x in j[\"jobs\"] if x[\"array_id\"] == $1)]"
}

test_expect_success 'of an array all tasks that have ended, or some' '
	id=$(submit --array 0-5 --mem 16M "test \$MINI_SLURM_ARRAY_TASK_ID -lt 2 || test -e good") &&
	for t in 0 1 2 3 4 5; do ends_as ${id}_$t $(test $t -lt 2 && echo COMPLETED || echo FAILED) || return 1; done &&
	: >good && mini-slurm requeue ${id}_3 >out && echo "Requeued job ${id}_3" >want && test_cmp want out &&
	ends_as ${id}_3 COMPLETED &&
	mini-slurm requeue "${id}_[4-5]" >out && printf "Requeued job ${id}_%d\n" 4 5 >want && sort out | test_cmp want - &&
	ends_as ${id}_4 COMPLETED && ends_as ${id}_5 COMPLETED &&
	mini-slurm requeue $id --state failed >out && echo "Requeued job ${id}_2" >want && test_cmp want out &&
	ends_as ${id}_2 COMPLETED &&
	mini-slurm requeue $id >out && printf "Requeued job ${id}_%d\n" 0 1 2 3 4 5 >want && sort out | test_cmp want - &&
	for t in 0 1 2 3 4 5; do ends_as ${id}_$t COMPLETED || return 1; done &&
	test "$(restarts $id)" = "[1, 1, 2, 2, 2, 2]" &&
	refused 1 "array $id has no task 6" mini-slurm requeue ${id}_6
'

test_expect_success 'who waits for it has not lost it: a task of an array, and all of it' '
	rm -f good go.it && a=$(submit --mem 16M --array 0-1 "if test \$MINI_SLURM_ARRAY_TASK_ID = 0; then test -e good; else ./await go.it; fi") &&
	all=$(submit --mem 16M --after ok:$a true) && one=$(submit --mem 16M --after ok:${a}_0 --kill-on-invalid-dep no true) &&
	ends_as ${a}_0 FAILED && test "$(field $one Reason)" = "its dependency can never be satisfied: job ${a}_0 FAILED" &&
	mini-slurm requeue --hold ${a}_0 && test "$(field $one Reason)" = "waits for job ${a}_0 to end well" &&
	: >good && mini-slurm release ${a}_0 && ends_as $one COMPLETED && is_in_state $all PENDING &&
	: >go.it && ends_as $all COMPLETED
'

test_expect_success 'of one that is under way: what waits is left alone, what runs is ended and put back' '
	rm -f go.it && id=$(submit --array 0-4%1 --mem 16M "test \$MINI_SLURM_ARRAY_TASK_ID = 0 || ./await go.it") &&
	wait_for_state ${id}_1 RUNNING && wait_until has_record $(mini-slurm show --json ${id}_1 | json "j[\"job\"][\"id\"]") &&
	refused 1 "job ${id}_[2-4] is PENDING: it waits already" mini-slurm requeue ${id}_3 &&
	mini-slurm requeue $id >out && printf "Requeued job ${id}_0\nRequeueing job ${id}_1: SIGTERM sent, SIGKILL in 5 s\n" >want && test_cmp want out &&
	: >go.it && ends_as ${id}_4 COMPLETED && ends_as ${id}_1 COMPLETED && ends_as ${id}_0 COMPLETED &&
	test "$(job ${id}_0 "j[\"job\"][\"restarts\"]")" = 1 && test "$(job ${id}_4 "j[\"job\"][\"restarts\"]")" = 0
'

test_expect_success 'tasks that were cancelled together can be put back together, or some of them' '
	id=$(submit --hold --array 0-9 --mem 16M true) && mini-slurm cancel $id &&
	mini-slurm requeue "${id}_[2-3]" ${id}_7 >out && printf "Requeued job ${id}_%s\n" 7 "[2-3]" >want && sort out | test_cmp want - &&
	ends_as ${id}_2 COMPLETED && ends_as ${id}_3 COMPLETED && ends_as ${id}_7 COMPLETED && is_in_state ${id}_4 CANCELLED &&
	mini-slurm requeue $id --state CA >out &&
	echo "Requeued job ${id}_[0-1,4-6,8-9]" >want && test_cmp want out &&
	for t in 0 1 4 5 6 8 9; do ends_as ${id}_$t COMPLETED || return 1; done &&
	mini-slurm show $id | grep "Array: *10 tasks: COMPLETED 10"
'

# --- without a scheduler ---------------------------------------------------------------------------

test_expect_success 'an end while no scheduler runs is retried by the next one' '
	rm -f go.it && id=$(submit --retries 1 --mem 16M "./await go.it; exit 4") && shepherd $id >pid &&
	kill_scheduler && : >go.it && wait_until is_gone $(cat pid) &&
	wait_for_state $id PENDING &&
	test "$(field $id Reason)" = "attempt 1 FAILED (exit code 4); no scheduler is running" &&
	start_scheduler --total-cpus 2 --total-mem 2G >/dev/null && ends_as $id FAILED &&
	test "$(job $id "len(j[\"attempts\"])")" = 2
'

test_expect_success 'also one that no client has seen' '
	rm -f go.it && id=$(submit --retries 1 --mem 16M "./await go.it; exit 4") && shepherd $id >pid &&
	kill_scheduler && : >go.it && wait_until is_gone $(cat pid) &&
	start_scheduler --total-cpus 2 --total-mem 2G >/dev/null && ends_as $id FAILED &&
	test "$(job $id "len(j[\"attempts\"])")" = 2
'

test_expect_success 'requeue without a scheduler: ended, and running' '
	rm -f go.it && run=$(submit --mem 16M ./await go.it) && shepherd $run >pid &&
	kill_scheduler &&
	mini-slurm requeue $id $run && wait_until is_gone $(cat pid) &&
	wait_for_state $run PENDING && is_in_state $id PENDING && : >go.it &&
	start_scheduler --total-cpus 2 --total-mem 2G >/dev/null && ends_as $run COMPLETED && ends_as $id FAILED
'

# --- changes, and what is refused ------------------------------------------------------------------

test_expect_success 'update changes retries' '
	id=$(submit --hold --mem 16M false) &&
	mini-slurm update $id retries=1 retry-on=fail retry-delay=1s requeue=yes &&
	test "$(job $id "j[\"job\"][\"retry\"][\"on\"], j[\"job\"][\"retry\"][\"delay\"], j[\"job\"][\"requeue\"]")" = \
		"(['\''fail'\''], 1.0, True)" &&
	mini-slurm release $id && ends_as $id FAILED &&
	test "$(job $id "len(j[\"attempts\"])")" = 2
'

test_expect_success 'bad words are refused' '
	while read words; do
		test_expect_code 2 mini-slurm submit $words true 2>err || return 1
		cat err
	done >errs <<-\EOF &&
	--retries 0
	--retries x
	--retry-on fail
	--retry-delay 1s
	--retries 2 --retry-on fail,cancel
	--retries 2 --retry-on ,
	--retries 2 --retry-delay soon
	--retries 2 --retry-delay 1s*0.5
	--retries 2 --retry-mem 1.5 --max-mem 1G
	--retries 2 --retry-mem x0.5 --max-mem 1G
	--retries 2 --retry-mem x2
	--retries 2 --max-mem 1G
	--requeue --no-requeue
	EOF
	grep "^mini-slurm submit: --retry-on: how often? add --retries N" errs &&
	grep "^mini-slurm submit: --retry-on fail,cancel: not a list of fail, timeout, oom, node" errs &&
	grep "^mini-slurm submit: --retry-delay: the factor 0.5: not a number from 1 to 1000" errs &&
	grep "^mini-slurm submit: --retry-mem 1.5: not of the form x1.5" errs &&
	grep "^mini-slurm submit: --retry-mem and --max-mem: one needs the other" errs &&
	test_expect_code 1 mini-slurm submit --retries 1 --retry-mem x2 --max-mem 1G --mem 2G true 2>err &&
	grep "max_mem_mb 1024: less than its 2048 MB" err &&
	test_expect_code 2 mini-slurm requeue 2>err && grep "no job given" err
'

test_expect_success 'prune removes the logs of all attempts' '
	logs=$HOME/.mini_slurm_logs &&
	test -e "$logs/job_1.r1.out" && mini-slurm prune --older 1s --yes &&
	test ! -e "$logs/job_1.out" && test ! -e "$logs/job_1.r1.out" && test ! -e "$logs/job_1.r2.err"
'

test_done
