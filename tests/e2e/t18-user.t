#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='the main path as an ordinary user, and a limit on his processes'
. "${0%/*}/lib.sh"

if test "$(id -u)" -ne 0
then
	skip_all='only root can become another user; the other tests ran as an ordinary one'
	test_done
fi

# Nobody of that number has processes of his own, which the limit would count.
user=64123
MINI_SLURM_HOME="$PWD/home of another"
export MINI_SLURM_HOME
mkdir "$MINI_SLURM_HOME" bin && chown $user:$user "$MINI_SLURM_HOME"
as_user() {
	setpriv --reuid $user --regid $user --clear-groups "$@"
}
cat >bin/mini-slurm <<EOF
#!/bin/sh
exec setpriv --reuid $user --regid $user --clear-groups env HOME="\$MINI_SLURM_HOME" PATH=/usr/bin:/bin "$MINI_SLURM_BUILD/mini-slurm" "\$@"
EOF
chmod +x bin/mini-slurm
PATH=$PWD/bin:$PATH
remove_socket_directory() {
	rm -rf /tmp/mini-slurm-$user
}
clean_up_all() {
	clean_up
	remove_socket_directory
}
cleanup clean_up_all

if ! mini-slurm queue >/dev/null 2>err
then
	skip_all="another user can not use this build directory: $(head -n 1 err)"
	test_done
fi

cd "$MINI_SLURM_HOME" || exit 1
write_await

test_expect_success 'a scheduler of his own' '
	start_scheduler --total-mem 800M &&
	test "$(stat -c %u /proc/$(scheduler_pid))" = $user
'
test_expect_success 'a job runs as him, with his files, and says how it is held' '
	id=$(submit --mem 64M "id -u; id -g; echo made >made") &&
	ends_as $id COMPLETED &&
	printf "%s\n" $user $user >want && stdout $id >out && test_cmp want out &&
	test "$(stat -c %u made)" = $user &&
	mini-slurm doctor --json >out &&
	test "$(field $id Enforcement)" = "$(json "\"CPUs {0}, memory {1}, processes {2}, GPU {3}\".format(*(f[\"level\"] for f in j[\"enforcement\"]))" <out)" &&
	field $id User | grep -x $user
'
test_expect_success 'an output that he may not write' '
	mkdir closed && chmod 700 closed &&
	id=$(submit --mem 64M --output closed/out true) && ends_as $id FAILED &&
	field $id Reason | grep "cannot write standard output .*closed/out: Permission denied"
'
test_expect_success 'too much memory' '
	id=$(submit --mem 48M "perl -e \"\\\$x = 1; \\\$x x= 40 << 20; sleep 1000\" & perl -e \"\\\$x = 1; \\\$x x= 40 << 20; sleep 1000\"") &&
	ends_as $id OUT_OF_MEMORY
'
test_expect_success 'cancel and --time end all processes, also those of another session' '
	id=$(submit --mem 64M "setsid sh -c \"echo \\\$\\\$ >pid; exec sleep 1000\" & sleep 1000") &&
	wait_until test -s pid && mini-slurm cancel $id && ends_as $id CANCELLED && is_gone $(cat pid) &&
	id=$(submit --mem 64M --time 1s sleep 1000) && ends_as $id TIMEOUT
'
test_expect_success 'jobs go on without a scheduler, and the next one has them' '
	id=$(submit --mem 64M "./await go; exit 6") && wait_for_state $id RUNNING &&
	kill_scheduler -9 && start_scheduler --total-mem 800M && : >go &&
	ends_as $id FAILED && field $id "Return code" | grep "^6"
'
test_expect_success 'nobody else may use his home' '
	id=$(submit --mem 64M sleep 1000) && wait_for_state $id RUNNING &&
	test_expect_code 1 setpriv --reuid 64124 --regid 64124 --clear-groups \
		"$MINI_SLURM_BUILD/mini-slurm" cancel $id 2>err &&
	is_in_state $id RUNNING && mini-slurm cancel $id && ends_as $id CANCELLED
'

test_expect_success 'without processes jobs wait, and say that their start failed' '
	pid=$(scheduler_pid) &&
	hold=$(submit --mem 800M "./await go.hold") && wait_for_state $hold RUNNING &&
	ids=$(for i in 1 2 3 4; do submit --mem 100M "echo ran >>ran.\$MINI_SLURM_JOB_ID"; done) &&
	for process in $pid $(pgrep -P $pid); do
		as_user prlimit --pid $process --nproc=1: || return 1
	done &&
	: >go.hold && ends_as $hold COMPLETED &&
	start_has_failed() {
		for id in $ids; do
			field $id Reason | grep -q "^a start failed; the next try is at" && return
		done
		return 1
	} &&
	wait_until start_has_failed && test "$(scheduler_pid)" = $pid
'
test_expect_success 'once there can be processes again it goes on, and each job ran once' '
	as_user prlimit --pid $pid --nproc=1000: &&
	for id in $ids; do
		ends_as $id COMPLETED && test "$(cat ran.$id)" = ran || return 1
	done &&
	test "$(scheduler_pid)" = $pid
'

test_done
