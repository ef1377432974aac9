#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='SIGKILL with retries, requeues, time limits and holds: every attempt runs exactly once

Each attempt of a job appends the job and how often it was put back to a file. First the scheduler
dies at every point between two steps of a retry, then at random moments under load.'
. "${0%/*}/lib.sh"

kills=${CRASH_KILLS:-25}
jobs_each=${CRASH_JOBS_EACH:-20}

mark="echo \$MINI_SLURM_JOB_ID \$MINI_SLURM_RESTART_COUNT >>'$PWD/ran'"

start() {
	start_scheduler --total-cpus 8 --total-mem 8G "$@" >/dev/null
}

# start_to_crash_at POINT:N
start_to_crash_at() {
	with_crash "$1" start 2>/dev/null
	return 0
}

# at_last COMMAND...: it comes true, with a scheduler, whatever became of the last one.
at_last() {
	wait_until try "$@"
}

try() {
	if no_scheduler; then
		: >crashed
		start || return 1
	fi
	"$@"
}

# ran_each ID RESTARTS: it has run so many times and once more, each of them once.
ran_each() {
	seq -f "$1 %g" 0 $2 >want &&
	grep "^$1 " ran | sort >got &&
	test_cmp want got &&
	test "$(mini-slurm show --json $1 | json "j[\"job\"][\"restarts\"], len(j[\"attempts\"])")" = "($2, $(($2 + 1)))"
}

for point in scheduler-before-commit scheduler-after-commit scheduler-told-shepherd scheduler-after-launch
do
	for n in 1 2 3 4 5
	do
		test_expect_success "$point, passed $n times: two retries" '
			start_to_crash_at '$point:$n' &&
			id=$(submit --retries 2 "$mark; exit 3" 2>/dev/null) &&
			at_last has_ended $id && is_in_state $id FAILED &&
			ran_each $id 2 && try true && kill_scheduler
		'
	done
done

test_expect_success 'it died now and then' 'test -e crashed'

# With none there, the client settles what has ended.
test_expect_success 'client-before-commit: what it settled is settled by the next' '
	rm -f go && write_await && start &&
	id=$(submit --retries 1 "$mark; ./await go; exit 3") && shepherd $id >pid &&
	kill_scheduler -9 && : >go && wait_until is_gone $(cat pid) &&
	{ with_crash client-before-commit mini-slurm queue >/dev/null 2>&1 || true; } &&
	is_in_state $id PENDING &&
	start && wait_until has_ended $id && ran_each $id 1 && kill_scheduler
'

for point in recovery-before-commit recovery-after-commit
do
	test_expect_success "$point: an end that recovery finds is retried once" '
		rm -f go && start &&
		id=$(submit --retries 1 "$mark; ./await go; exit 3") && shepherd $id >pid &&
		kill_scheduler -9 && : >go && wait_until is_gone $(cat pid) &&
		{ start_to_crash_at '$point' || true; } && wait_until no_scheduler &&
		start && wait_until has_ended $id && ran_each $id 1 && kill_scheduler
	'
done

# A job that saves its work when it is told, and is put back for that.
saves="$mark; test \$MINI_SLURM_RESTART_COUNT = 1 || exec sleep 1000"

for point in shepherd-checkpoint-marked shepherd-checkpoint-told
do
	test_expect_success "$point: it was told, and is put back once" '
		start_to_crash_at '$point' &&
		id=$(submit --time 3s --checkpoint signal:USR1@2s "$saves") &&
		ends_as $id COMPLETED && ran_each $id 1 &&
		mini-slurm show $id | grep "1 NODE_FAIL" && kill_scheduler
	'
done

for point in scheduler-before-commit scheduler-after-commit
do
	for n in 3 4 5
	do
		test_expect_success "$point, passed $n times: a checkpoint" '
			start_to_crash_at '$point:$n' &&
			id=$(submit --time 2s --checkpoint signal:USR1@1 "$saves" 2>/dev/null) &&
			at_last has_ended $id && is_in_state $id COMPLETED &&
			ran_each $id 1 && try true && kill_scheduler
		'
	done
done

test_expect_success 'the scheduler dies between the signal and the end' '
	rm -f told && start &&
	id=$(submit --time 3s --checkpoint signal:USR1@2s "$mark; test \$MINI_SLURM_RESTART_COUNT = 1 && exit;
		trap \": >told; exit 3\" USR1; while :; do sleep 0.05; done") &&
	wait_for_file told && kill_scheduler -9 && start &&
	ends_as $id COMPLETED && ran_each $id 1 && kill_scheduler
'

# What was written down and not told is told by the next scheduler. (The third commit of the day:
# the first pass, the submission, and this.)
test_expect_success 'a new time limit' '
	start_to_crash_at scheduler-after-commit:3 &&
	id=$(submit "$mark; exec sleep 1000") && wait_until has_record $id &&
	{ mini-slurm update $id time=1s || true; } && wait_until no_scheduler &&
	start && ends_as $id TIMEOUT && kill_scheduler
'

test_expect_success 'a requeue of what runs' '
	rm -f go && start_to_crash_at scheduler-after-commit:3 &&
	id=$(submit "$mark; ./await go") && wait_until has_record $id &&
	wait_until grep -q "^$id 0" ran &&
	{ mini-slurm requeue $id || true; } && wait_until no_scheduler &&
	start && wait_until grep -q "^$id 1" ran && : >go && ends_as $id COMPLETED && ran_each $id 1 &&
	kill_scheduler
'

test_expect_success 'a hold' '
	start_to_crash_at scheduler-after-commit:3 &&
	id=$(submit --begin now+2 "$mark") && { mini-slurm hold $id || true; } && wait_until no_scheduler &&
	start && id2=$(submit --begin now+3 true) && ends_as $id2 COMPLETED && is_in_state $id PENDING &&
	mini-slurm release $id && ends_as $id COMPLETED && ran_each $id 0 && kill_scheduler
'

# --- at random -------------------------------------------------------------------------------------

# Each line: how the job ends, how often it is put back, and what it is.
kinds() {
	cat <<-EOF
	COMPLETED 2 --retries 3|$mark; test \$MINI_SLURM_RESTART_COUNT = 2
	FAILED 1 --retries 1|$mark; exit 5
	TIMEOUT 1 --retries 1 --time 1s|$mark; exec sleep 1000
	COMPLETED 0 --hold|$mark
	FAILED 2 --retries 2 --retry-delay 1s|$mark; exit 6
	COMPLETED 0 --begin now+2|$mark
	COMPLETED 1 --time 2s --checkpoint signal:USR1@1s|$saves
	EOF
}

# client N: the ids with what becomes of them go to jobs.N.
client() {
	for i in $(seq "$jobs_each"); do
		kinds | while IFS="|" read -r what command; do
			set -- $what
			state=$1 restarts=$2
			shift 2
			id=$(submit --mem 16M "$@" "$command") || continue
			echo "$id $state $restarts"
			case $1 in --hold) mini-slurm release $id >/dev/null ;; esac
		done
	done >"jobs.$1" 2>"errors.$1"
}

test_expect_success "jobs of two clients, and $kills kills" '
	rm -f ran
	client 1 &
	client 2 &
	kill_often $kills 8 8G 889 &&
	wait
'

test_expect_success 'after one more start everything comes to an end' '
	wait_until no_scheduler && running_scheduler 8 8G && all_end
'

test_expect_success 'every submission was acknowledged' '
	grep -hv "no scheduler is running" errors.1 errors.2 >errors
	test_must_be_empty errors &&
	cat jobs.1 jobs.2 | sort -n >jobs &&
	test $(wc -l <jobs) -eq $((2 * 7 * jobs_each))
'

test_expect_success 'every attempt ran exactly once' '
	awk "{ for (i = 0; i <= \$3; i++) print \$1, i }" jobs | sort >want &&
	sort ran >got && test_cmp want got
'

test_expect_success 'every job ended as it should, and counts are right' '
	mini-slurm queue --all --json |
		python3 -c "
import json, sys
for j in json.load(sys.stdin)[\"jobs\"]:
    print(j[\"id\"], j[\"state\"], j[\"restarts\"])" | sort -n >all &&
	awk "NR == FNR { job[\$1] = 1; next } \$1 in job" jobs all >got &&
	test_cmp jobs got
'

test_done
