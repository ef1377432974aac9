#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='cancel: pending jobs, without a scheduler'
. "${0%/*}/lib.sh"

test_expect_success 'a pending job is cancelled' '
	submit true &&
	mini-slurm cancel 1 >out 2>err &&
	echo "Cancelled job 1" >want &&
	test_cmp want out &&
	test_must_be_empty err &&
	is_in_state 1 CANCELLED
'

test_expect_success 'it says by whom, and when' '
	field 1 Reason >out &&
	grep "cancelled by $(id -un)" out &&
	test "$(field 1 Ended)" != - &&
	test "$(field 1 "Return code")" = -
'

test_expect_success 'it is still listed, with those of the last day' '
	mini-slurm queue >out &&
	grep "^ 1 CANCELLED" out
'

test_expect_success 'a job that has ended can not be cancelled' '
	test_expect_code 1 mini-slurm cancel 1 >out 2>err &&
	test_must_be_empty out &&
	grep "job 1 has ended: CANCELLED" err
'

test_expect_success 'of several, those that can be are' '
	submit true && submit true &&
	test_expect_code 1 mini-slurm cancel 2 99 1 3 >out 2>err &&
	printf "Cancelled job %d\n" 2 3 >want &&
	test_cmp want out &&
	grep "no such job: 99" err &&
	grep "job 1 has ended" err &&
	test $(wc -l <err) -eq 2
'

test_expect_success 'one wrong id on the command line, and nothing is done' '
	submit true &&
	test_expect_code 2 mini-slurm cancel 4 x &&
	is_in_state 4 PENDING
'

test_expect_success '--now is the same for a job that does not run' '
	mini-slurm cancel --now 4 &&
	is_in_state 4 CANCELLED
'

test_done
