#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='time limits and cancels end every process of a job'
. "${0%/*}/lib.sh"

cat >polite <<\EOF
#!/bin/sh
# polite NAME: says who got the signal.
trap 'echo $1 >>terms; exit 0' TERM
: >ready.$1
while :; do sleep 0.1; done
EOF
cat >family <<\EOF
#!/bin/sh
# family: a child, a grandchild whose parent is gone, and a daemon that kept nothing of the job, not
# even its environment.
echo $$ >>pids
(echo $$ >>pids; exec sleep 1000) &
(setsid sh -c 'echo $$ >>pids; exec sleep 1000' &)
(env -i setsid sh -c '(echo $$ >>pids; exec /bin/sleep 1000) & echo $$ >>pids; exec /bin/sleep 1000' &)
until test $(wc -l <pids) -eq 5; do sleep 0.05; done
: >complete
EOF
chmod +x polite family

# Every process of the family was there, and none is any more.
family_is_gone() {
	test $(wc -l <pids) -eq 5 || return 1
	for pid in $(cat pids); do
		test ! -e /proc/$pid || {
			cat >&2 /proc/$pid/status
			return 1
		}
	done
}

for enforce in auto watched
do
	test_expect_success "--enforce $enforce: a scheduler" '
		write_await && rm -f terms ready.* pids complete go.* &&
		start_scheduler --total-cpus 8 --total-mem 1G --enforce $enforce
	'

	# Its end comes last.
	test_expect_success "--enforce $enforce: a job that ignores SIGTERM is asked to end" '
		stubborn=$(submit "trap \"\" TERM; : >ready.stubborn; while :; do sleep 1000; done") &&
		wait_for_file ready.stubborn &&
		mini-slurm cancel $stubborn >out &&
		grep "$stubborn" out
	'

	test_expect_success "--enforce $enforce: --time" '
		id=$(submit --time 1s "./family; sleep 1000") &&
		ends_as $id TIMEOUT &&
		field $id Reason | grep "reached its time limit of 00:00:01" &&
		field $id "Return code" | grep "^-15" &&
		{ test ! -e complete || family_is_gone; }
	'

	test_expect_success "--enforce $enforce: what is in time is not concerned" '
		id=$(submit --time 1:00 true) && ends_as $id COMPLETED
	'

	test_expect_success "--enforce $enforce: SIGTERM goes to every process, and gives time" '
		id=$(submit "./polite child & setsid ./polite daemon & exec ./polite parent") &&
		wait_for_file ready.child ready.daemon ready.parent &&
		mini-slurm cancel $id &&
		ends_as $id CANCELLED &&
		field $id Reason | grep "^cancelled by $(id -un)$" &&
		sort terms >out && printf "%s\n" child daemon parent >want && test_cmp want out
	'

	test_expect_success "--enforce $enforce: --now gives none" '
		rm -f terms ready.now &&
		id=$(submit ./polite now) && wait_for_file ready.now &&
		mini-slurm cancel --now $id &&
		ends_as $id CANCELLED &&
		field $id "Return code" | grep "^-9" &&
		test ! -e terms
	'

	test_expect_success "--enforce $enforce: a job that ends leaves no process" '
		rm -f pids complete &&
		id=$(submit ./family) &&
		ends_as $id COMPLETED &&
		family_is_gone
	'

	test_expect_success "--enforce $enforce: nor does one that is cancelled" '
		rm -f pids complete &&
		id=$(submit "./family; sleep 1000") && wait_for_file complete &&
		mini-slurm cancel $id &&
		ends_as $id CANCELLED &&
		family_is_gone
	'

	test_expect_success "--enforce $enforce: --time and cancel without a scheduler" '
		rm -f terms ready.alone &&
		late=$(submit --time 3s sleep 1000) && alone=$(submit ./polite alone) &&
		wait_for_file ready.alone &&
		kill_scheduler &&
		mini-slurm cancel $alone >out && grep $alone out &&
		ends_as $alone CANCELLED &&
		field $alone Reason | grep "^cancelled by $(id -un)$" &&
		echo alone >want && test_cmp want terms &&
		ends_as $late TIMEOUT &&
		no_scheduler
	'

	test_expect_success "--enforce $enforce: SIGKILL came after the grace of 5 s, and no sooner" '
		ends_as $stubborn CANCELLED &&
		field $stubborn "Return code" | grep "^-9" &&
		mini-slurm show --json $stubborn >out &&
		test "$(json "j[\"job\"][\"end_time\"] - j[\"job\"][\"cancel_requested\"][\"time\"] >= 4.9" <out)" = True
	'
done

test_done
