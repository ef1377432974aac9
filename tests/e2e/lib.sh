# SPDX-License-Identifier: MIT
# lib.sh - what every end-to-end test begins with, after its test_description:
#
#     . "${0%/*}/lib.sh"
#
# A test has a home of its own (sharness's trash directory, below the build directory), and so a
# queue, logs and a scheduler of its own. MINI_SLURM_BUILD says which build is tested.

tests=$(cd "${0%/*}" && pwd) || exit 1
MINI_SLURM_BUILD=$(cd "${MINI_SLURM_BUILD:-$tests/../../build}" && pwd) || exit 1
SHARNESS_BUILD_DIRECTORY=$MINI_SLURM_BUILD
SHARNESS_TEST_DIRECTORY=$MINI_SLURM_BUILD/e2e
mkdir -p "$SHARNESS_TEST_DIRECTORY" || exit 1

. /usr/share/sharness/sharness.sh

# What the commands of a test print is kept, unless -v shows it, and told if it fails.
test_log=$SHARNESS_TEST_DIRECTORY/${0##*/}.log
: >"$test_log"
test "$verbose" = t || exec 3>>"$test_log" 4>&3

test_ok_() {
	: >"$test_log"
	test_success=$((test_success + 1))
	say "ok $test_count - $*"
}

test_failure_() {
	test_failure=$((test_failure + 1))
	say "not ok $test_count - $1"
	{
		tail -n 60 "$test_log"
		tail -n 20 "$HOME/.mini_slurm_logs/scheduler.log"
	} 2>/dev/null | sed 's/^/# | /' >&2
	: >"$test_log"
	test "$immediate" = "" || { EXIT_OK=t; exit 1; }
}

MINI_SLURM_HOME=$HOME
export MINI_SLURM_BUILD MINI_SLURM_HOME
unset MINI_SLURM_CRASH_AT COLUMNS

# submit [OPTION]... COMMAND...: prints the id alone.
submit() {
	mini-slurm submit --parsable "$@"
}

# field ID LABEL: what `show` says behind the label, e.g. field 3 'Return code'.
field() {
	mini-slurm show "$1" | sed -n "s/^  $2: *//p"
}

state() {
	field "$1" Status
}

# wait_until COMMAND...: until it succeeds; fails after 30 s.
wait_until() {
	deadline=$(($(date +%s) + 30))
	until "$@"; do
		if test "$(date +%s)" -ge $deadline; then
			echo >&2 "never came true: $*"
			return 1
		fi
		sleep 0.05
	done
}

is_in_state() {
	test "$(state "$1")" = "$2"
}

# wait_for_state ID STATE
wait_for_state() {
	wait_until is_in_state "$1" "$2" || {
		mini-slurm show "$1" >&2
		return 1
	}
}

has_ended() {
	case $(state "$1") in PENDING | RUNNING | SUSPENDED) return 1 ;; esac
}

# ends_as ID STATE: waits for its end, and says how it was if it was another.
ends_as() {
	wait_until has_ended "$1" && is_in_state "$1" "$2" || {
		mini-slurm show "$1" >&2
		return 1
	}
}

# refused STATUS TEXT COMMAND...: it ends with that status, says that, and prints nothing.
refused() {
	status=$1 text=$2
	shift 2
	test_expect_code "$status" "$@" >out 2>err &&
	test_must_be_empty out &&
	if ! grep -qF -e "$text" err; then
		cat err >&2
		return 1
	fi
}

# stdout ID: what the job has written so far.
stdout() {
	cat "$(field "$1" Stdout)"
}

has_record() {
	ls "$HOME/.mini_slurm_run/$1".*.status >/dev/null 2>&1
}

# shepherd ID: the pid of its shepherd, as the status file says. That comes a moment after the job
# is RUNNING; from then on the job runs whatever becomes of the scheduler.
shepherd() {
	wait_until has_record "$1" && sed -n 's/^shepherd //p' "$HOME/.mini_slurm_run/$1".*.status
}

is_gone() {
	! kill -0 "$1" 2>/dev/null
}

# wait_for_file FILE...: until they are there.
wait_for_file() {
	for file in "$@"; do
		wait_until test -e "$file" || return 1
	done
}

# in_background NAME COMMAND...: its exit status will stand in NAME.status, its words in NAME.err.
in_background() {
	name=$1
	shift
	rm -f $name.status $name.out $name.err # what an earlier one wrote is not this one's
	{
		"$@" >$name.out 2>$name.err
		echo $? >$name.status.new && mv $name.status.new $name.status
	} &
}

# status NAME: waits for that.
status() {
	wait_for_file $1.status && cat $1.status
}

# write_await: the program `./await FILE` for jobs: ends when FILE is there, or after a minute, so
# that nothing outlives a test for long.
write_await() {
	cat >await <<-\EOF &&
	#!/bin/sh
	n=0
	until test -e "$1"; do
		test $((n += 1)) -le 1200 || exit 99
		sleep 0.05
	done
	EOF
	chmod +x await
}

# json EXPRESSION: its value, j being the object on standard input.
json() {
	python3 -c 'import json, sys; j = json.load(sys.stdin); print(eval(sys.argv[1]))' "$1"
}

# The CPUs that job $1 has, as `show` lists them.
cpus() {
	field "$1" "CPU list"
}

# The CPUs that any thread of job $1 may run on, each list once.
threads_of() {
	for environ in $(grep -lzx "MINI_SLURM_JOB_ID=$1" /proc/[0-9]*/environ 2>/dev/null); do
		grep -qzxF "MINI_SLURM_HOME=$HOME" $environ 2>/dev/null || continue
		sed -n "s/^Cpus_allowed_list:[[:space:]]*//p" ${environ%environ}task/*/status 2>/dev/null
	done | sort -u
}

# is_on ID CPUS: every thread is on what `show` says, and that is so many.
is_on() {
	test "$(threads_of $1)" = "$(cpus $1)" &&
		test "$(mini-slurm show --json $1 | json "j[\"job\"][\"alloc\"][\"cpus\"]")" = $2
}

# The pid of this home's scheduler; nothing if none runs.
scheduler_pid() {
	mini-slurm stats --json | sed -n 's/^ *"pid": \([0-9]*\).*/\1/p'
}

no_scheduler() {
	test -z "$(scheduler_pid)"
}

# start_scheduler [OPTION]...: returns once it is ready.
start_scheduler() {
	scheduler_started=t
	mini-slurm scheduler --background "$@"
}

# kill_scheduler [-SIGNAL]: returns once it is gone.
kill_scheduler() {
	kill "${1:--TERM}" "$(scheduler_pid)" && wait_until no_scheduler
}

# Nothing of a test outlives it, however it ends.
clean_up() {
	test -n "$scheduler_started" || return 0
	scheduler_started=
	active=$(mini-slurm queue --status PENDING,RUNNING,SUSPENDED 2>/dev/null | awk 'NR > 1 { print $1 }')
	test -z "$active" || mini-slurm cancel --now $active >/dev/null 2>&1
	no_scheduler || kill_scheduler
}
cleanup clean_up
trap 'code=$?; clean_up; (exit $code); die' EXIT
trap 'exit 130' HUP INT TERM
