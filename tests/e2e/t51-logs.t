#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='logs: what a job has written, and what it writes'
. "${0%/*}/lib.sh"

write_await

# follow NAME OPTION...
follow() {
	name=$1
	shift
	in_background $name mini-slurm logs "$@"
}

has_line() {
	grep -qx "$2" "$1" 2>/dev/null
}

test_expect_success 'a job that has not started has written nothing' '
	id=$(submit "seq 5; echo oops >&2") &&
	test_expect_code 1 mini-slurm logs $id 2>err &&
	grep "job $id has not started: no scheduler is running" err
'
test_expect_success 'nor one that never ran' '
	gone=$(submit true) && mini-slurm cancel $gone &&
	test_expect_code 1 mini-slurm logs $gone 2>err && grep "job $gone never ran: cancelled by" err &&
	test_expect_code 1 mini-slurm logs -f $gone 2>err && grep "job $gone never ran" err
'
test_expect_success 'who follows one that has not started waits, and is told why' '
	follow early -f $id && wait_until grep -q "no scheduler is running" early.err &&
	start_scheduler --total-cpus 2 --total-mem 800M &&
	wait_for_file early.status && test "$(cat early.status)" = 0 &&
	seq 5 >want && test_cmp want early.out
'
test_expect_success 'all of it, or the last lines' '
	mini-slurm logs $id >out && test_cmp want out &&
	mini-slurm logs -n 2 $id >out && seq 4 5 >want && test_cmp want out &&
	mini-slurm logs -n1 $id >out && echo 5 >want && test_cmp want out &&
	mini-slurm logs --lines 0 $id >out && test_must_be_empty out &&
	mini-slurm logs --lines=99 $id >out && seq 5 >want && test_cmp want out
'
test_expect_success 'its standard error' '
	mini-slurm logs --err $id >out && echo oops >want && test_cmp want out
'
test_expect_success 'a last line without an end, and lines longer than a block' '
	id=$(submit --mem 64M "head -c 200000 /dev/zero | tr \"\\0\" a; echo; echo b; printf c") && ends_as $id COMPLETED &&
	mini-slurm logs -n 2 $id >out && printf "b\nc" >want && test_cmp want out &&
	mini-slurm logs -n 3 $id >out && test $(wc -c <out) = 200004
'
test_expect_success 'a running job is followed to its end, with all it wrote last' '
	id=$(submit --mem 64M "seq 3; ./await go.1; echo middle; ./await go.2; seq 100000") &&
	wait_for_state $id RUNNING && wait_until has_line "$(field $id Stdout)" 3 && follow run -f -n 1 $id &&
	wait_until has_line run.out 3 && ! test -e run.status &&
	: >go.1 && wait_until has_line run.out middle &&
	: >go.2 && wait_for_file run.status &&
	{ echo 3; echo middle; seq 100000; } >want && test_cmp want run.out
'
test_expect_success 'over the death of the scheduler' '
	id=$(submit --mem 64M "echo one; ./await go.3; echo two") && wait_for_state $id RUNNING &&
	follow dead -f $id && wait_until has_line dead.out one &&
	kill_scheduler -KILL && : >go.3 && wait_for_file dead.status &&
	printf "one\ntwo\n" >want && test_cmp want dead.out
'
test_expect_success 'output that went elsewhere' '
	start_scheduler --total-cpus 2 --total-mem 800M &&
	id=$(submit --mem 64M --output /dev/null echo lost) && ends_as $id COMPLETED &&
	test_expect_code 1 mini-slurm logs $id 2>err &&
	grep "job $id: /dev/null: what is written there is not kept" err &&
	odd=$(printf "odd\\\\name\377") && id=$(submit --mem 64M --output "$odd" echo found) && ends_as $id COMPLETED &&
	mini-slurm logs $id >out && echo found >want && test_cmp want out
'
test_expect_success 'and that is gone' '
	id=$(submit --mem 64M echo gone) && ends_as $id COMPLETED && rm "$(field $id Stdout)" &&
	test_expect_code 1 mini-slurm logs $id 2>err && grep "job $id: .*job_$id.out: there is no such file" err
'
test_expect_success 'a task of an array, before it is a job of its own and after' '
	id=$(submit --mem 64M --array 1-3%1 "echo begin \$SLURM_ARRAY_TASK_ID; ./await go.t\$SLURM_ARRAY_TASK_ID; echo end \$SLURM_ARRAY_TASK_ID") &&
	wait_for_state ${id}_1 RUNNING && follow third -f ${id}_3 && follow whole -f $id && wait_until has_line whole.out "begin 1" &&
	refused 1 "job ${id}_3 has not started: " mini-slurm logs ${id}_3 &&
	mini-slurm logs $id >out && printf "==> %s <==\nbegin 1\n" ${id}_1 >want && test_cmp want out &&
	: >go.t1 && wait_until has_line whole.out "begin 2" && : >go.t2 && wait_until has_line third.out "begin 3" &&
	! test -e third.status && ! test -e whole.status && : >go.t3 &&
	wait_for_file third.status whole.status &&
	printf "begin 3\nend 3\n" >want && test_cmp want third.out &&
	mini-slurm logs ${id}_3 >out && test_cmp want out &&
	mini-slurm logs last >out && mini-slurm logs $id >want && test_cmp want out
'
test_expect_success 'all of an array, one task after the other' '
	for t in 1 2 3; do test $t = 1 || echo; printf "==> %s <==\nbegin $t\nend $t\n" ${id}_$t; done >want &&
	test_cmp want whole.out && mini-slurm logs $id >out && test_cmp want out &&
	mini-slurm logs -n 1 $id >out && grep -c end out && ! grep begin out &&
	refused 1 "array $id has no task 4" mini-slurm logs ${id}_4 &&
	refused 1 "one at a time" mini-slurm logs "${id}_[1-2]"
'
test_expect_success 'what never ran of it is left out' '
	id=$(submit --mem 64M --array 0-5 --hold "echo task \$SLURM_ARRAY_TASK_ID") && follow some -f $id &&
	mini-slurm cancel ${id}_0 "${id}_[3-4]" && mini-slurm release $id &&
	wait_for_file some.status && test "$(cat some.status)" = 0 &&
	for t in 1 2 5; do test $t = 1 || echo; printf "==> %s <==\ntask $t\n" ${id}_$t; done >want && test_cmp want some.out
'
test_expect_success 'bad input is refused in words' '
	test_expect_code 2 mini-slurm logs 2>err && grep "no job given" err &&
	test_expect_code 2 mini-slurm logs 1 2 2>err && grep "one job at a time" err &&
	test_expect_code 1 mini-slurm logs 999 2>err && grep "no such job: 999" err &&
	test_expect_code 2 mini-slurm logs -n x 1 2>err && grep "lines x: not a whole number" err &&
	test_expect_code 2 mini-slurm logs -q 1 2>err && grep "unknown option -q" err
'

test_done
