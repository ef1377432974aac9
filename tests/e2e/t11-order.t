#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='who starts when, and what those who wait are told'
. "${0%/*}/lib.sh"

# A job that writes down its name as it starts.
submit_named() {
	name=$1
	shift
	submit --name "$name" "$@" "echo $name >>order"
}

# reason ID PATTERN
reason() {
	field "$1" Reason >reason && grep -E "$2" reason || {
		cat >&2 reason
		return 1
	}
}

test_expect_success 'jobs are submitted, and one CPU is there' '
	write_await &&
	hold=$(submit --priority 100 ./await go) &&
	big=$(submit --priority 90 --cpus 99 true) &&
	fat=$(submit --priority 90 --mem 1T true) &&
	a=$(submit_named a) && b=$(submit_named b --priority 5) &&
	c=$(submit_named c --priority -5) && d=$(submit_named d --priority 5) &&
	e=$(submit_named e) &&
	start_scheduler --total-cpus 1 --total-mem 512M &&
	wait_for_state $hold RUNNING
'

test_expect_success 'the ones that wait say for what' '
	reason $a "^needs 1 CPU, 0 are free; needs 512 MB memory, 0 MB are free; job $hold holds 1 and has no time limit$" &&
	reason $big "^can never start here: needs 99 CPUs, the scheduler has 1$" &&
	reason $fat "^can never start here: needs 1048576 MB memory, the scheduler has 512 MB$"
'

test_expect_success 'higher priority first, then first come, first served' '
	: >go &&
	for id in $hold $a $b $c $d $e; do
		ends_as $id COMPLETED || return 1
	done &&
	printf "%s\n" b d a e c >want &&
	test_cmp want order
'

test_expect_success 'what can never fit held nobody up, and still waits' '
	is_in_state $big PENDING && is_in_state $fat PENDING &&
	reason $big "^can never start here"
'

test_expect_success 'a scheduler that has more may start what was too big' '
	kill_scheduler && start_scheduler --total-cpus 99 --total-mem 512M &&
	ends_as $big COMPLETED &&
	is_in_state $fat PENDING && mini-slurm cancel $fat
'

test_expect_success 'whoever fits starts, though a job of a higher priority waits' '
	kill_scheduler && start_scheduler --total-cpus 2 --total-mem 512M &&
	one=$(submit --mem 64M ./await go.one) && wait_for_state $one RUNNING &&
	two=$(submit --mem 64M --cpus 2 --priority 9 true) &&
	small=$(submit --mem 64M true) &&
	ends_as $small COMPLETED &&
	is_in_state $two PENDING &&
	reason $two "^needs 2 CPUs, 1 is free; job $one is expected to free 1 at [0-9: -]+$" &&
	: >go.one && ends_as $two COMPLETED
'

test_expect_success 'a time limit tells when' '
	limited=$(submit --mem 64M --cpus 2 --time 1-0 ./await go.limited) && wait_for_state $limited RUNNING &&
	next=$(submit true) &&
	reason $next "job $limited frees 2 at [0-9-]{10} [0-9:]{8}$" &&
	: >go.limited && ends_as $next COMPLETED
'

test_expect_success 'memory is handed out as well as CPUs' '
	one=$(submit --mem 400M ./await go.mem) && wait_for_state $one RUNNING &&
	two=$(submit --mem 200M true) && three=$(submit --mem 100M true) &&
	ends_as $three COMPLETED &&
	reason $two "^needs 200 MB memory, 112 MB are free; job $one is expected to free 400 MB at [0-9: -]+$" &&
	: >go.mem && ends_as $two COMPLETED
'

test_expect_success 'the log has each start and end' '
	grep -E "Started job $two on 1 CPU.*, 200 MB: true$" "$HOME/.mini_slurm_logs/scheduler.log" &&
	grep -E "Job $two COMPLETED \(exit code 0\) after" "$HOME/.mini_slurm_logs/scheduler.log"
'
test_expect_success 'an end before the start that it made room for' '
	printf "Job $one COMPLETED\nStarted job $two\n" >want &&
	grep -Eo "Job $one COMPLETED|Started job $two\>" "$HOME/.mini_slurm_logs/scheduler.log" >order &&
	test_cmp want order
'

test_done
