#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='SIGKILL while elastic jobs are resized: no CPU is lost, and none is given to two

An elastic job grows, a neighbour comes and goes, and again, while the scheduler dies at every point
between two steps of that, one after the other.'
. "${0%/*}/../e2e/lib.sh"

if test "$(nproc)" -lt 2; then
	skip_all='this machine has one CPU: nothing can grow'
	test_done
fi

write_await

start() {
	start_scheduler --total-cpus 2 --total-mem 400M --elastic-cooldown 0 >/dev/null
}

# start_to_crash_at POINT:N
start_to_crash_at() {
	MINI_SLURM_CRASH_AT=$1
	export MINI_SLURM_CRASH_AT
	start 2>/dev/null
	unset MINI_SLURM_CRASH_AT
	return 0
}

# try COMMAND...: with a scheduler, whatever became of the last one.
try() {
	if no_scheduler; then
		: >crashed.$point
		start || return 1
	fi
	"$@"
}

# at_last COMMAND...: it comes true.
at_last() {
	wait_until try "$@"
}

# shares JOB OTHER: each has a CPU of its own.
shares() {
	is_in_state $2 RUNNING && is_on $1 1 && is_on $2 1 && test "$(cpus $1)" != "$(cpus $2)"
}

nothing_used() {
	test "$(mini-slurm stats --json | json "j[\"cpus_used\"]")" = 0
}

# grow_and_shrink POINT N: the scheduler dies the Nth time it passes the point.
grow_and_shrink() {
	point=$1
	test_expect_success "$1, passed $2 times" '
		rm -f go.* && start_to_crash_at '$1:$2' &&
		job=$(submit --elastic --resize-grace 0 --mem 50M ./await go.job 2>/dev/null) &&
		at_last is_on $job 2 &&
		other=$(submit --mem 50M ./await go.other 2>/dev/null) &&
		at_last shares $job $other &&
		: >go.other && at_last is_in_state $other COMPLETED && at_last is_on $job 2 &&
		: >go.job && at_last is_in_state $job COMPLETED && at_last nothing_used &&
		both=$(submit --cpus 2 --mem 50M true) && at_last is_in_state $both COMPLETED &&
		kill_scheduler
	'
}

for n in 1 2 3 4 5 6 7; do
	grow_and_shrink scheduler-before-commit $n
	grow_and_shrink scheduler-after-commit $n
	grow_and_shrink scheduler-after-launch $n
done
for n in 1 2 3; do
	grow_and_shrink scheduler-order-written $n
	grow_and_shrink scheduler-order-told $n
done

test_expect_success 'it died at each of these points' '
	for point in before-commit after-commit after-launch order-written order-told; do
		test -e crashed.scheduler-$point || return 1
	done
'

test_done
