#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='a disk that fills up: refused, survived, and nothing is lost'
. "${0%/*}/../e2e/lib.sh"

if ! test "$(id -u)" = 0 || ! mkdir small || ! mount -t tmpfs -o size=12m,mode=700 none small; then
	skip_all='mounting a small file system takes root'
	test_done
fi
MINI_SLURM_HOME=$PWD/small

free_disk() {
	rm -f small/filler
}

unmount() {
	free_disk
	clean_up
	umount -l "$MINI_SLURM_HOME" 2>/dev/null
}
cleanup unmount
trap 'code=$?; unmount; (exit $code); die' EXIT

fill_disk() {
	cat /dev/zero >small/filler 2>/dev/null
	test "$(df --output=avail small | tail -1)" -eq 0
}

# A scheduler's log has its full length from the start: that much can still be written. Then jobs that
# can never start are refused.
fill_log() {
	head -c 900000 /dev/zero | tr '\0' '#' >big &&
	for i in 1 2 3 4 5 6 7 8 9 10; do
		mini-slurm submit --cpus 3 - <big >/dev/null 2>err || return 0
	done
	return 1
}

test_expect_success 'without a scheduler: refused, and nothing is stored' '
	submit true 2>/dev/null &&
	fill_disk &&
	test_expect_code 1 mini-slurm submit true 2>err &&
	grep -i "full\|no space" err &&
	free_disk &&
	test "$(submit true 2>/dev/null)" = 2 &&
	mini-slurm cancel 1 2
'

test_expect_success 'a job ends while the disk is full: its outcome is not lost' '
	mkfifo go &&
	start_scheduler --total-cpus 2 &&
	id=$(submit --output out "echo x >>ran; read line <go; exit 7") &&
	wait_until test -s ran &&
	fill_disk &&
	mini-slurm submit --cpus 3 "a full disk" &&
	fill_log &&
	grep -i "full\|no space" err &&
	echo >go &&
	wait_until grep -qx "phase 2" small/.mini_slurm_run/$id.1.status &&
	mini-slurm show $id &&
	free_disk &&
	wait_for_state $id FAILED &&
	test "$(field $id "Return code")" = 7 &&
	test $(wc -l <ran) = 1
'

test_expect_success 'the same scheduler goes on' '
	id=$(submit --output out "echo y >>ran") &&
	wait_for_state $id COMPLETED &&
	test $(wc -l <ran) = 2 &&
	kill_scheduler
'

test_expect_success 'jobs wait while the disk is full, and start when it is not' '
	ids=$(for i in 1 2 3; do submit --output out "echo z >>later"; done 2>/dev/null) &&
	start_scheduler --total-cpus 1 --total-mem 100M &&
	for id in $ids; do wait_for_state $id COMPLETED || return 1; done &&
	test $(wc -l <later) = 3
'

test_done
