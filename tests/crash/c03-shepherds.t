#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='killed shepherds: their jobs end as NODE_FAIL, and nothing of them is left'
. "${0%/*}/../e2e/lib.sh"

# The shepherd of job $1, as its status file says.
shepherd_of() {
	sed -n 's/^shepherd //p' "$HOME/.mini_slurm_run/$1".*.status
}

has_started() {
	test -s "started.$1"
}

# A job with a child, a grandchild in a session of its own, and a mark on each.
submit_family() {
	submit "setsid sh -c 'echo \$\$ >>started.\$MINI_SLURM_JOB_ID; exec sleep 1000' & sleep 1000 &
		echo \$\$ >>started.\$MINI_SLURM_JOB_ID; wait"
}

# No process carries the job's mark (nor that of this home: others have a job of that number too).
none_left() {
	for environ in $(grep -lzxF "MINI_SLURM_JOB_ID=$1" /proc/[0-9]*/environ 2>/dev/null); do
		grep -qzxF "MINI_SLURM_HOME=$MINI_SLURM_HOME" "$environ" 2>/dev/null && return 1
	done
	return 0
}

for enforce in auto watched
do
	test_expect_success "--enforce $enforce: twenty shepherds die" '
		rm -f started.* &&
		start_scheduler --total-cpus 20 --total-mem 8G --enforce $enforce &&
		ids=$(for i in $(seq 20); do submit_family; done) &&
		for id in $ids; do
			wait_until has_started $id || return 1
		done &&
		for id in $ids; do
			kill -9 $(shepherd_of $id) || return 1
		done &&
		for id in $ids; do
			wait_for_state $id NODE_FAIL || return 1
		done
	'
	test_expect_success "--enforce $enforce: none counts as completed, and each says why" '
		for id in $ids; do
			is_in_state $id NODE_FAIL &&
			test "$(field $id "Return code")" = - &&
			field $id Reason | grep "shepherd was killed" || return 1
		done
	'
	test_expect_success "--enforce $enforce: none of their processes is left" '
		for id in $ids; do
			wait_until none_left $id || return 1
		done
	'
	test_expect_success "--enforce $enforce: a shepherd killed while no scheduler runs" '
		id=$(submit_family) &&
		wait_until has_started $id &&
		kill_scheduler &&
		kill -9 $(shepherd_of $id) &&
		start_scheduler --enforce $enforce &&
		wait_for_state $id NODE_FAIL &&
		wait_until none_left $id &&
		kill_scheduler
	'
done

test_done
