#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='SIGKILL at every named point between two durable steps: each job still runs exactly once

The points are those of crash_point() in the sources; a test makes sure that none is left out.'
. "${0%/*}/lib.sh"

# submit_marked: a job that writes its id into the file ran, and ends with exit code 3.
submit_marked() {
	submit "echo \$MINI_SLURM_JOB_ID >>'$PWD/ran'; exit 3"
}

# settled_once ID: it has run exactly once, and its exit code is known.
settled_once() {
	wait_for_state "$1" FAILED &&
	test "$(field "$1" "Return code")" = 3 &&
	test "$(grep -cx "$1" ran)" = 1
}

crash_at() {
	point=$1
	printf "%s\n" "${point%:*}" >>tried
	test_expect_success "$point: a waiting job" '
		id=$(submit_marked 2>/dev/null) &&
		{ with_crash $point start_scheduler || true; } &&
		wait_until no_scheduler &&
		start_scheduler &&
		settled_once $id &&
		kill_scheduler
	'
}

crash_at scheduler-before-commit
crash_at scheduler-after-commit
crash_at scheduler-told-shepherd
crash_at scheduler-after-launch

# The second pass: the job comes while the scheduler runs, and the client asks again.
for point in scheduler-before-commit scheduler-after-commit scheduler-told-shepherd
do
	test_expect_success "$point: a job submitted meanwhile" '
		case $point in *shepherd) n=1 ;; *) n=2 ;; esac &&
		with_crash $point:$n start_scheduler &&
		id=$(submit_marked) &&
		wait_until no_scheduler &&
		start_scheduler &&
		settled_once $id &&
		kill_scheduler
	'
done

# The third: when the job has ended and its outcome is about to be written down.
for point in scheduler-before-commit scheduler-after-commit
do
	test_expect_success "$point: the end of a job" '
		id=$(submit_marked 2>/dev/null) &&
		with_crash $point:2 start_scheduler &&
		wait_until no_scheduler &&
		start_scheduler &&
		settled_once $id &&
		kill_scheduler
	'
done

test_expect_success 'scheduler-after-commit: a cancel that is written down is carried out' '
	with_crash scheduler-after-commit:3 start_scheduler &&
	id=$(submit "echo >running; exec sleep 1000") &&
	wait_until test -e running &&
	{ mini-slurm cancel $id || true; } &&
	wait_until no_scheduler &&
	start_scheduler &&
	wait_for_state $id CANCELLED &&
	kill_scheduler
'

# counts: the job adds lines; stands: it has not for a while.
counts() {
	before=$(wc -l <counted) && wait_until has_more
}
has_more() {
	test $(wc -l <counted) -gt $before
}
stands() {
	before=$(wc -l <counted) && sleep 0.5 && ! has_more
}

test_expect_success 'scheduler-after-commit: so is a suspend, and a resume' '
	with_crash scheduler-after-commit:3 start_scheduler &&
	id=$(submit "while test ! -e enough; do echo x >>counted; sleep 0.05; done") &&
	wait_until test -s counted &&
	{ mini-slurm suspend $id || true; } &&
	wait_until no_scheduler &&
	is_in_state $id SUSPENDED && counts &&
	with_crash scheduler-after-commit:2 start_scheduler &&
	wait_until stands &&
	{ mini-slurm resume $id || true; } &&
	wait_until no_scheduler &&
	is_in_state $id RUNNING && stands &&
	start_scheduler && counts &&
	: >enough && wait_for_state $id COMPLETED &&
	kill_scheduler
'

# Recovery itself is killed: first a scheduler dies between row and start, then the next one while
# it puts that right.
for point in recovery-voided recovery-before-commit recovery-after-commit
do
	echo $point >>tried
	test_expect_success "$point" '
		id=$(submit_marked 2>/dev/null) &&
		{ with_crash scheduler-after-commit start_scheduler || true; } &&
		wait_until no_scheduler &&
		test_expect_code 1 with_crash $point start_scheduler &&
		wait_until no_scheduler &&
		start_scheduler &&
		settled_once $id &&
		kill_scheduler
	'
done

# A shepherd that dies before it has the attempt: the job is started again.
for point in shepherd-start shepherd-prepared
do
	echo $point >>tried
	test_expect_success "$point: nothing has run, so it is started again" '
		id=$(submit_marked 2>/dev/null) &&
		with_crash $point start_scheduler &&
		wait_until grep -q "could not be started" "$HOME/.mini_slurm_logs/scheduler.log" &&
		kill_scheduler &&
		start_scheduler &&
		settled_once $id &&
		kill_scheduler
	'
done

# One that dies later: how the job ended is not known, and unknown is not success.
for point in shepherd-claimed shepherd-job-started shepherd-job-ended
do
	echo $point >>tried
	test_expect_success "$point: NODE_FAIL, and not run again" '
		id=$(submit_marked 2>/dev/null) &&
		with_crash $point start_scheduler &&
		wait_for_state $id NODE_FAIL &&
		test "$(grep -cx $id ran)" -le 1 &&
		kill_scheduler
	'
done

echo shepherd-outcome-written >>tried
test_expect_success 'shepherd-outcome-written: the outcome is there, and counts' '
	id=$(submit_marked 2>/dev/null) &&
	with_crash shepherd-outcome-written start_scheduler &&
	settled_once $id &&
	kill_scheduler
'

# Without a scheduler the client does the work itself.
echo client-before-commit >>tried
test_expect_success 'client-before-commit: nothing is stored' '
	mini-slurm queue --all >before &&
	! with_crash client-before-commit submit_marked &&
	mini-slurm queue --all >after &&
	test $(wc -l <before) = $(wc -l <after)
'

echo client-after-commit >>tried
test_expect_success 'client-after-commit: it is there, and runs once' '
	! with_crash client-after-commit submit_marked &&
	id=$(mini-slurm queue --status PENDING | awk "NR == 2 { print \$1 }") &&
	test -n "$id" &&
	start_scheduler &&
	settled_once $id &&
	kill_scheduler
'

# Those of elastic jobs, and of jobs with a checkpoint, have tests of their own: c05-elastic.t, c08-retries.t.
printf "%s\n" scheduler-order-written scheduler-order-told >>tried
printf "%s\n" shepherd-checkpoint-marked shepherd-checkpoint-told >>tried
test_expect_success 'these are all points there are' '
	grep -rhoE "crash_point\(\"[a-z-]+\"\)" "$tests/../../src" | sed "s/.*\"\(.*\)\".*/\1/" |
		sort -u >there &&
	sort -u tried >here &&
	test_cmp there here
'

test_done
