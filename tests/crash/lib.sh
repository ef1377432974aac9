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

none_active() {
	test -z "$(mini-slurm queue --status PENDING,RUNNING | sed 1d)"
}
