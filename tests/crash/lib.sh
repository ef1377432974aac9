# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# lib.sh - what the crash tests share, on top of those of the end-to-end tests.
. "${0%/*}/../e2e/lib.sh"

# with_crash POINT[:N] COMMAND...: that is killed there.
with_crash() {
	MINI_SLURM_CRASH_AT=$1
	export MINI_SLURM_CRASH_AT
	shift
	"$@"
	crash_status=$?
	unset MINI_SLURM_CRASH_AT
	return $crash_status
}

# random N: a number below N.
random() {
	echo $(($(od -An -N2 -tu2 /dev/urandom) % $1))
}

# running_scheduler CPUS MEM: one runs, or is started; $pid is its own.
running_scheduler() {
	start_scheduler --total-cpus "$1" --total-mem "$2" >/dev/null 2>&1
	pid=$(cat "$HOME/.mini_slurm_run/scheduler.lock") && test -n "$pid"
}

# kill_often KILLS CPUS MEM MS: a scheduler is killed so many times, each at some moment within so
# many milliseconds of its start.
kill_often() {
	killed=0
	while test $killed -lt "$1"
	do
		running_scheduler "$2" "$3" || continue
		sleep "$(printf 0.%03d "$(random "$4")")"
		kill -9 $pid && killed=$((killed + 1))
	done
}

none_active() {
	test -z "$(mini-slurm queue --status PENDING,RUNNING,SUSPENDED | sed 1d)"
}

count_ended() {
	mini-slurm stats --json |
		json "sum(n for state, n in j[\"states\"].items() if state not in (\"PENDING\", \"RUNNING\", \"SUSPENDED\"))"
}

# on_from ENDED: more have ended, or all.
on_from() {
	test "$(count_ended)" -ne "$1" || none_active
}

# all_end: every job comes to its end. That takes as long as it takes while one after another ends.
all_end() {
	until none_active; do
		ended=$(count_ended) && wait_until on_from $ended || return 1
	done
}
