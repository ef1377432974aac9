#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='wait: until jobs have ended, with a scheduler, over its restarts, and without one'
. "${0%/*}/lib.sh"

write_await

# The descriptors of the scheduler that are sockets.
sockets() {
	find /proc/$(scheduler_pid)/fd -lname 'socket:*' 2>/dev/null | wc -l
}

more_sockets_than() {
	test $(sockets) -gt $1
}

as_many_sockets_as() {
	test $(sockets) -le $1
}

# --- without a scheduler ---

test_expect_success 'nothing to wait for' '
	mini-slurm wait 2>err &&
	echo "mini-slurm wait: there is no job to wait for" >want && test_cmp want err
'
test_expect_success 'without a scheduler nothing starts, which it says; --timeout has a status of its own' '
	id=$(submit true) &&
	test_expect_code 124 mini-slurm wait --timeout 1s >out 2>err &&
	test_must_be_empty out &&
	grep "no scheduler is running: nothing will start" err &&
	grep "the time is over: 0 of 1 ended" err
'
test_expect_success 'a job that never ran did not complete' '
	mini-slurm cancel $id && test_expect_code 1 mini-slurm wait $id
'
test_expect_success 'bad input is refused in words' '
	test_expect_code 1 mini-slurm wait 99 2>err && grep "no such job: 99" err &&
	test_expect_code 2 mini-slurm wait 9-3 2>err && grep "9-3: the range runs backwards (3-9?)" err &&
	test_expect_code 2 mini-slurm wait 3-x 2>err && grep "3-x: not a range of job ids" err &&
	test_expect_code 2 mini-slurm wait x 2>err && grep "x: not a job.s id" err &&
	test_expect_code 2 mini-slurm wait --timeout 0 2>err &&
	test_expect_code 2 mini-slurm wait --state NONE 2>err && grep "NONE: not a state" err
'

test_expect_success 'of an array that is known no task is missed, and one that is not there is refused' '
	id=$(submit --array 0-3 true) &&
	test_expect_code 124 mini-slurm wait --timeout 1s $id 2>err && grep "the time is over: 0 of 4 ended" err &&
	test_expect_code 124 mini-slurm wait --timeout 1s "${id}_[1-2]" 2>err && grep "the time is over: 0 of 2 ended" err &&
	refused 1 "array $id has no task 4" mini-slurm wait ${id}_4 &&
	mini-slurm cancel ${id}_1 && test_expect_code 1 mini-slurm wait ${id}_1 &&
	mini-slurm cancel $id && test_expect_code 1 mini-slurm wait $id 2>err && test_must_be_empty err
'

# --- with one ---

test_expect_success 'the exit status is the job.s own' '
	start_scheduler --total-cpus 4 --total-mem 800M &&
	id=$(submit --mem 64M "exit 7") && test_expect_code 7 mini-slurm wait $id &&
	id=$(submit --mem 64M "kill -9 \$\$") && test_expect_code 137 mini-slurm wait $id &&
	id=$(submit --mem 64M true) && mini-slurm wait $id >out 2>err &&
	test_must_be_empty out && test_must_be_empty err
'
test_expect_success 'of several it is that of the first that did not complete' '
	a=$(submit --mem 64M true) && b=$(submit --mem 64M "./await go.b; exit 3") && c=$(submit --mem 64M "exit 4") &&
	ends_as $c FAILED && in_background several mini-slurm wait $c $b $a &&
	! test -e several.status &&
	: >go.b && test "$(status several)" = 3 &&
	mini-slurm wait $a last 2>err; test $? = 4
'
test_expect_success '--any: until one has ended' '
	a=$(submit --mem 64M "./await go.any1") && b=$(submit --mem 64M "./await go.any2; exit 5") &&
	in_background any mini-slurm wait --any --json $a-$b &&
	in_background all mini-slurm wait $a $b &&
	: >go.any2 && test "$(status any)" = 5 &&
	test "$(json "[(f[\"job\"], f[\"state\"], f[\"exit_code\"]) for f in j[\"ended\"]]" <any.out)" = "[($b, '\''FAILED'\'', 5)]" &&
	test "$(json "j[\"active\"]" <any.out)" = "[$a]" &&
	! test -e all.status &&
	: >go.any1 && test "$(status all)" = 5
'
test_expect_success 'an array has ended when all its tasks have, also those that start later' '
	id=$(submit --array 0-3%1 --mem 64M "./await go.t\$SLURM_ARRAY_TASK_ID; exit \$((SLURM_ARRAY_TASK_ID == 1 ? 6 : SLURM_ARRAY_TASK_ID))") &&
	wait_for_state ${id}_0 RUNNING &&
	in_background array mini-slurm wait --json $id &&
	in_background task mini-slurm wait ${id}_1 &&
	in_background last mini-slurm wait ${id}_3 &&
	in_background both mini-slurm wait "${id}_[0-1]" &&
	test_expect_code 124 mini-slurm wait --timeout 1s $id 2>err && grep "0 of 4 ended" err &&
	: >go.t0 && mini-slurm wait ${id}_0 && ! test -e task.status &&
	: >go.t1 && test "$(status task)" = 6 && test "$(status both)" = 6 && ! test -e last.status && ! test -e array.status &&
	: >go.t2 && wait_for_state ${id}_3 RUNNING && ! test -e last.status && ! test -e array.status &&
	: >go.t3 && test "$(status last)" = 3 && test "$(status array)" = 6 &&
	test "$(json "[(f[\"job\"], f[\"exit_code\"], f[\"states\"][\"COMPLETED\"], f[\"states\"][\"FAILED\"]) for f in j[\"ended\"]], j[\"active\"]" <array.out)" = "([($id, 6, 1, 3)], [])" &&
	test_expect_code 6 mini-slurm wait $id && test_expect_code 2 mini-slurm wait ${id}_2 && mini-slurm wait ${id}_0
'
test_expect_success 'the last task that started is not the last that ends' '
	rm -f go.* && id=$(submit --array 0-1 --mem 64M "./await go.\$SLURM_ARRAY_TASK_ID") &&
	wait_for_state ${id}_1 RUNNING && in_background early mini-slurm wait $id && : >go.1 && ends_as ${id}_1 COMPLETED &&
	test_expect_code 124 mini-slurm wait --timeout 1s $id && ! test -e early.status &&
	: >go.0 && test "$(status early)" = 0
'
test_expect_success 'jobs by description' '
	submit --mem 64M --name train-1 "exit 2" >id && submit --mem 64M --name other "exit 9" >id &&
	ends_as $(cat id) FAILED &&
	test_expect_code 2 mini-slurm wait --name "train-*" 1-$(cat id)
'
test_expect_success 'a pending job that is cancelled has ended' '
	hold=$(submit --cpus 4 --mem 64M "./await go.hold") && wait_for_state $hold RUNNING &&
	id=$(submit --mem 64M true) &&
	in_background cancelled mini-slurm wait $id &&
	mini-slurm cancel $id && test "$(status cancelled)" = 1
'
test_expect_success 'a scheduler with somebody waiting sleeps on' '
	before=$(sockets) && in_background sleeper mini-slurm wait $hold && wait_until more_sockets_than $before &&
	{ strace -o trace -p $(scheduler_pid) & tracer=$!; } &&
	wait_until grep -q epoll_ trace &&
	test_expect_code 124 mini-slurm wait --timeout 2s $hold 2>err &&
	kill $tracer && wait $tracer;
	test $(grep -c epoll_p*wait trace) -lt 20
'
test_expect_success 'whoever goes away is forgotten' '
	before=$(sockets) &&
	{ mini-slurm wait $hold & waiter=$!; } &&
	wait_until more_sockets_than $before &&
	kill $waiter && wait_until as_many_sockets_as $before
'
test_expect_success 'over the death of the scheduler, and into the next one' '
	in_background restart mini-slurm wait $hold &&
	kill_scheduler -KILL && start_scheduler --total-cpus 4 --total-mem 800M &&
	kill_scheduler && start_scheduler --total-cpus 4 --total-mem 800M &&
	! test -e restart.status &&
	: >go.hold && test "$(status restart)" = 0 && test "$(status sleeper)" = 0
'
test_expect_success 'a shepherd that ends its job without a scheduler is noticed' '
	id=$(submit --mem 64M "./await go.alone; exit 6") && wait_for_state $id RUNNING && shepherd $id &&
	kill_scheduler &&
	in_background alone mini-slurm wait $id &&
	: >go.alone && test "$(status alone)" = 6 &&
	test_must_be_empty alone.err
'
test_expect_success 'more of them than the scheduler keeps at one time' '
	start_scheduler --total-cpus 4 --total-mem 800M &&
	id=$(submit --mem 64M "./await go.many; exit 8") &&
	n=0 && while test $((n += 1)) -le 300; do in_background many.$n mini-slurm wait $id; done &&
	wait_for_state $id RUNNING && wait_until more_sockets_than 256 && : >go.many &&
	n=0 && while test $((n += 1)) -le 300; do test "$(status many.$n)" = 8 || return 1; done
'

test_done
