#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='cancel by description: ranges, the last one, names, states, users, all'
. "${0%/*}/lib.sh"

write_await

test_expect_success 'a range' '
	for n in 1 2 3 4 5; do submit --name job-$n true || return 1; done &&
	mini-slurm cancel 2-4 >out && printf "Cancelled job %d\n" 2 3 4 >want && test_cmp want out &&
	is_in_state 1 PENDING && is_in_state 5 PENDING
'
test_expect_success 'of which some have ended, or are not there: told of each' '
	test_expect_code 1 mini-slurm cancel 4-6 >out 2>err &&
	echo "Cancelled job 5" >want && test_cmp want out &&
	grep "job 4 has ended: CANCELLED" err && grep "no such job: 6" err && test $(wc -l <err) = 2
'
test_expect_success 'each once, in their order' '
	submit true && submit true &&
	mini-slurm cancel 7 6-7 6 >out && printf "Cancelled job %d\n" 6 7 >want && test_cmp want out
'
test_expect_success 'the last one that was submitted' '
	id=$(submit true) && mini-slurm cancel last >out && echo "Cancelled job $id" >want && test_cmp want out
'
test_expect_success 'by name' '
	a=$(submit --name train-a true) && b=$(submit --name train-b true) && c=$(submit --name other true) &&
	mini-slurm cancel --name "train-*" >out && printf "Cancelled job %d\n" $a $b >want && test_cmp want out &&
	is_in_state $c PENDING
'
test_expect_success 'nothing that fits is no failure, and said' '
	mini-slurm cancel --name "train-*" >out 2>err && test_must_be_empty out &&
	echo "mini-slurm cancel: there is no such job" >want && test_cmp want err
'
test_expect_success 'by state: the running ones stay' '
	start_scheduler --total-cpus 1 --total-mem 100M &&
	mini-slurm wait &&
	run=$(submit --mem 64M --name a "./await go.run") && wait_for_state $run RUNNING &&
	p=$(submit --mem 64M --name a true) && q=$(submit --mem 64M --name b true) &&
	mini-slurm cancel --state PENDING --name a >out && echo "Cancelled job $p" >want && test_cmp want out &&
	is_in_state $run RUNNING && is_in_state $q PENDING
'
test_expect_success 'a range of which something must hold' '
	mini-slurm cancel 1-$q --state pd >out 2>err && echo "Cancelled job $q" >want && test_cmp want out &&
	test_must_be_empty err
'
test_expect_success 'by user' '
	p=$(submit --mem 64M true) &&
	mini-slurm cancel --user nobody-of-that-name >out 2>err && test_must_be_empty out &&
	mini-slurm cancel --user $(id -u) --state PENDING >out && echo "Cancelled job $p" >want && test_cmp want out &&
	p=$(submit --mem 64M true) &&
	mini-slurm cancel --user "$(id -un)" --state PENDING >out && test_cmp want out || echo "Cancelled job $p" | test_cmp - out
'
test_expect_success 'all that are active' '
	p=$(submit --mem 64M true) &&
	mini-slurm cancel --all --now >out && grep "Cancelling job $run" out && grep "Cancelled job $p" out &&
	test $(wc -l <out) = 2 && ends_as $run CANCELLED
'
test_expect_success '--json names them, and those that could not be' '
	p=$(submit --mem 64M "./await go.json") && wait_for_state $p RUNNING &&
	test_expect_code 1 mini-slurm cancel --json 1 last >out 2>err &&
	test "$(json "[f[\"job\"] for f in j[\"cancelled\"]], [f[\"job\"] for f in j[\"failed\"]]" <out)" = "([$p], [1])"
'
test_expect_success 'bad input is refused in words' '
	test_expect_code 2 mini-slurm cancel 2>err && grep "no job given" err &&
	test_expect_code 2 mini-slurm cancel 20-10 2>err && grep "20-10: the range runs backwards (10-20?)" err &&
	test_expect_code 2 mini-slurm cancel 1- 2>err && grep "1-: not a range" err &&
	test_expect_code 1 mini-slurm cancel 1-9999999 2>err && grep "more than 100000 jobs at once" err &&
	test_expect_code 2 mini-slurm cancel --state DONE 2>err && grep "DONE: not a state" err &&
	test_expect_code 1 mini-slurm cancel --name "" 2>err && grep "name is empty" err
'

test_done
