#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='jobs without a time limit are expected to run as long as the last of the same command'
. "${0%/*}/lib.sh"

# One at a time, the one that is expected to end soonest first.
start() {
	start_scheduler --total-cpus 1 --policy fifo --order sjf
}

# line_up GATE: behind a job that holds the CPU until the gate is open, the slow one and the quick one.
line_up() {
	gate=$(submit ./await "$1") && wait_for_state $gate RUNNING &&
	slow=$(submit 'sleep 0.7') && quick=$(submit 'sleep 0.1')
}

start_time() {
	mini-slurm show "$1" --json | json 'j["job"]["start_time"]'
}

# Which one began first.
first() {
	ends_as $slow COMPLETED && ends_as $quick COMPLETED &&
	echo "$(start_time $slow) slow
$(start_time $quick) quick" | sort -n | sed -n '1s/.* //p'
}

test_expect_success 'of new commands nothing is known' '
	write_await && start &&
	line_up 1 && touch 1 && test "$(first)" = slow
'

test_expect_success 'once they have run, their run times are' '
	line_up 2 && touch 2 && test "$(first)" = quick
'

test_expect_success 'also to a scheduler that finds them in the queue' '
	line_up 3 && kill_scheduler -9 && start && touch 3 && test "$(first)" = quick
'

test_done
