#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='arrays: the scheduler is killed at every point, and at random: every task runs exactly once

Each task appends its number to a file and ends with an exit code made from it. Whatever a task
becomes (a row of its own, the head itself, an attempt) is in one transaction with its start.'
. "${0%/*}/lib.sh"

tasks=${CRASH_TASKS:-400}
kills=${CRASH_KILLS:-30}

# submit_array LIST: each task writes its number into the file ran.
submit_array() {
	rm -f ran
	submit --array "$1" --output /dev/null \
		"echo \$MINI_SLURM_ARRAY_TASK_ID >>'$PWD/ran'; exit \$((MINI_SLURM_ARRAY_TASK_ID % 3))" 2>/dev/null
}

# all_ran ID COUNT: tasks 1 to COUNT ran once, in whatever order, and ended as they should.
all_ran() {
	all_end &&
	sort -n ran >got && seq $2 >want && test_cmp want got &&
	mini-slurm queue --all --json |
		json "sorted([x[\"task\"], x[\"exit_code\"]] for x in j[\"jobs\"] if x[\"array_id\"] == $1)" >got &&
	python3 -c "print([[i, i % 3] for i in range(1, $2 + 1)])" >want && test_cmp want got
}

for point in scheduler-before-commit scheduler-after-commit scheduler-told-shepherd \
	scheduler-after-launch
do
	for n in 1 2 3 7
	do
		test_expect_success "$point, for the ${n}th time" '
			id=$(submit_array 1-12%3) &&
			{ with_crash $point:$n start_scheduler --total-cpus 4 --total-mem 4G || true; } &&
			wait_until no_scheduler &&
			start_scheduler --total-cpus 4 --total-mem 4G &&
			all_ran $id 12 &&
			kill_scheduler
		'
	done
done

for point in recovery-voided recovery-before-commit recovery-after-commit
do
	test_expect_success "$point" '
		id=$(submit_array 1-12) &&
		{ with_crash scheduler-after-commit start_scheduler --total-cpus 4 --total-mem 4G || true; } &&
		wait_until no_scheduler &&
		test_expect_code 1 with_crash $point start_scheduler --total-cpus 4 --total-mem 4G &&
		wait_until no_scheduler &&
		start_scheduler --total-cpus 4 --total-mem 4G &&
		all_ran $id 12 &&
		kill_scheduler
	'
done

# A shepherd that dies before it has the attempt: its task is pending again, by itself.
for point in shepherd-start shepherd-prepared
do
	test_expect_success "$point: nothing has run, so it is started again" '
		id=$(submit_array 1-12) &&
		with_crash $point start_scheduler --total-cpus 4 --total-mem 4G &&
		wait_until grep -q "could not be started" "$HOME/.mini_slurm_logs/scheduler.log" &&
		kill_scheduler &&
		start_scheduler --total-cpus 4 --total-mem 4G &&
		all_ran $id 12 &&
		kill_scheduler
	'
done

test_expect_success "$tasks tasks, and $kills kills" '
	id=$(submit_array 1-$tasks%6) &&
	kill_often $kills 8 8G 100 &&
	wait_until no_scheduler &&
	running_scheduler 8 8G &&
	all_ran $id $tasks
'

# Tasks of the rest are cancelled while that goes on: none of them runs after that was answered.
test_expect_success 'what is cancelled meanwhile runs no more' '
	id=$(submit_array 1-$tasks%2) &&
	for i in 1 2 3 4 5
	do
		mini-slurm cancel "${id}_[$((tasks - 10 * i + 1))-$((tasks - 10 * i + 5))]" >/dev/null || return 1
		kill -9 $(scheduler_pid) && wait_until no_scheduler
		running_scheduler 8 8G || return 1
	done &&
	all_end &&
	sort -n ran >got &&
	seq $tasks | awk "{ r = ($tasks - \$1) % 10 } !($tasks - \$1 < 50 && r >= 5)" >want &&
	test_cmp want got
'

test_done
