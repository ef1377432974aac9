#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='signals to running jobs: the warning of a time limit, and those of a user'
. "${0%/*}/lib.sh"

# listen NAME: says when it is ready, and for each USR1 that it got it; ends by USR2.
cat >listen <<\EOF
#!/bin/sh
trap 'echo $1 >>caught' USR1
trap 'echo $1 >>ended; exit 0' USR2
: >ready.$1
n=0
until test $((n += 1)) -gt 1200; do sleep 0.05; done
EOF
chmod +x listen
write_await

# caught NAME COUNT: it got so many.
caught() {
	test "$(grep -cx "$1" caught 2>/dev/null)" = "$2"
}

# --- the warning of a time limit ---

test_expect_success 'a warning that can not be is refused in words' '
	refused 2 "--signal USR9: not a signal" mini-slurm submit --time 1h --signal USR9@60 true &&
	refused 2 "--signal: only a job with a time limit is warned of it" \
		mini-slurm submit --signal USR1@60 true &&
	refused 2 "60 s before its end is not after its start: its time limit is 60 s" \
		mini-slurm submit --time 1m --signal USR1 true &&
	refused 2 "not of the form [B:]SIGNAL[@SECONDS]" \
		mini-slurm submit --time 1h --signal USR1@1m true &&
	refused 1 "USR1 tells this elastic job that it is resized" \
		mini-slurm submit --elastic --time 1h --signal USR1@60 true &&
	mini-slurm queue --status PENDING >out && ! grep true out
'
test_expect_success 'show says it' '
	id=$(submit --time 1h --signal B:sigusr1@90 true) &&
	test "$(field $id Warning)" = "USR1, 90.00s before it, to its first process" &&
	mini-slurm show --json $id >out &&
	test "$(json "j[\"job\"][\"warning\"]" <out)" = "{'\''signal'\'': '\''USR1'\'', '\''before'\'': 90.0, '\''first'\'': True}" &&
	mini-slurm cancel $id &&
	id=$(submit --elastic --time 1h --signal USR2 true) &&
	test "$(field $id Warning)" = "USR2, 60.00s before it" &&
	mini-slurm cancel $id &&
	id=$(submit --time 1h true) && test -z "$(field $id Warning)" &&
	mini-slurm show --json $id >out && test "$(json "j[\"job\"][\"warning\"]" <out)" = None &&
	mini-slurm cancel $id
'

test_expect_success 'a job is warned, saves its work, and completes' '
	start_scheduler --total-cpus 8 --total-mem 1G &&
	id=$(submit --time 1m --signal USR2@59 ./listen polite) &&
	ends_as $id COMPLETED &&
	test "$(cat ended)" = polite &&
	mini-slurm show --json $id >out &&
	test "$(json "1 <= j[\"job\"][\"runtime\"] < 30" <out)" = True
'
test_expect_success 'all of its processes, and not the shell that waits for them' '
	rm -f caught ready.* &&
	id=$(submit --time 1m --signal USR1@57 "./listen a & ./listen b; echo on >>caught") &&
	wait_until caught a 1 && wait_until caught b 1 &&
	is_in_state $id RUNNING &&
	mini-slurm cancel --now $id && ends_as $id CANCELLED
'
test_expect_success 'or its first process alone' '
	rm -f caught ready.* &&
	id=$(submit --time 1m --signal B:USR1@58 "./listen child & trap '\''echo first >>caught'\'' USR1; while :; do sleep 0.05; done") &&
	wait_for_file ready.child &&
	wait_until caught first 1 && caught child 0 &&
	mini-slurm cancel --now $id && ends_as $id CANCELLED
'
test_expect_success 'the warning and the end come without a scheduler' '
	rm -f caught ready.* &&
	id=$(submit --time 4s --signal USR1@2 ./listen alone) && wait_for_file ready.alone &&
	kill_scheduler -9 &&
	wait_until caught alone 1 &&
	ends_as $id TIMEOUT && no_scheduler &&
	mini-slurm show --json $id >out &&
	test "$(json "4 <= j[\"job\"][\"runtime\"] < 20" <out)" = True
'
test_expect_success 'and with another one they come once' '
	rm -f caught ready.* &&
	start_scheduler --total-cpus 8 --total-mem 1G &&
	id=$(submit --time 5s --signal USR1@3 ./listen again) && wait_for_file ready.again &&
	kill_scheduler -9 && start_scheduler --total-cpus 8 --total-mem 1G &&
	ends_as $id TIMEOUT && caught again 1 &&
	field $id Reason | grep "reached its time limit of 00:00:05"
'

# --- signals of a user ---

test_expect_success 'signal: what it takes' '
	refused 2 "no job given" mini-slurm signal --signal USR1 &&
	refused 2 "--signal NOSIG: not a signal" mini-slurm signal -s NOSIG 1 &&
	refused 1 "no such job: 999" mini-slurm signal 999 &&
	id=$(submit --cpus 9 true) &&
	refused 1 "only a running job can be signalled: job $id is PENDING" mini-slurm signal $id &&
	mini-slurm cancel $id &&
	refused 1 "only a running job can be signalled: job $id is CANCELLED" mini-slurm signal -s USR1 $id
'
test_expect_success 'signal: to all processes, or to the first' '
	rm -f caught ready.* go.* &&
	id=$(submit "./listen child & exec ./listen first") && wait_for_file ready.child ready.first &&
	mini-slurm signal -s USR1 $id >out && echo "Sent USR1 to job $id" >want && test_cmp want out &&
	wait_until caught child 1 && wait_until caught first 1 &&
	mini-slurm signal --signal SIGUSR1 --first $id && wait_until caught first 2 && caught child 1
'
test_expect_success 'signal: several jobs, each of which may be refused' '
	test_expect_code 1 mini-slurm signal -s USR1 $id 999 >out 2>err &&
	grep "no such job: 999" err && grep "^Sent USR1 to job $id$" out &&
	wait_until caught child 2 &&
	mini-slurm signal --json -s USR1 $id >out &&
	test "$(json "j[\"signalled\"], j[\"failed\"]" <out)" = "([{'\''job'\'': $id}], [])" &&
	wait_until caught child 3
'
test_expect_success 'signal: the running tasks of an array, or some of them; the others stay with it' '
	rm -f caught ready.* && a=$(submit --array 1-4%2 --mem 16M --name listeners "./listen t\$SLURM_ARRAY_TASK_ID") &&
	wait_for_file ready.t1 ready.t2 &&
	mini-slurm signal -s USR1 $a >out && printf "Sent USR1 to job ${a}_%d\n" 1 2 >want && test_cmp want out &&
	wait_until caught t1 1 && wait_until caught t2 1 &&
	mini-slurm signal -s USR1 ${a}_2 >out && echo "Sent USR1 to job ${a}_2" >want && test_cmp want out &&
	wait_until caught t2 2 && caught t1 1 &&
	refused 1 "only a running job can be signalled: job ${a}_[3-4] is PENDING" mini-slurm signal ${a}_3 &&
	mini-slurm queue >out && grep "^ *${a}_\[3-4%2\] PENDING" out
'
test_expect_success 'signal: by name, state, user, or all of them' '
	mini-slurm signal -s USR1 --name "listen*" --state R >out && test $(wc -l <out) = 2 &&
	wait_until caught t1 2 && wait_until caught t2 3 && mini-slurm cancel "${a}_[3-4]" &&
	mini-slurm signal -s USR2 --all >out && grep "^Sent USR2 to job ${a}_1$" out && grep "^Sent USR2 to job $id$" out &&
	ends_as ${a}_1 COMPLETED && ends_as ${a}_2 COMPLETED && ends_as $id COMPLETED &&
	refused 1 "only a running job can be signalled: job ${a}_1 is COMPLETED" mini-slurm signal ${a}_1 &&
	mini-slurm signal --user nobody >out 2>err && grep "there is no such job" err &&
	rm -f caught ready.* && id=$(submit --mem 16M "./listen child & exec ./listen first") && wait_for_file ready.child ready.first &&
	mini-slurm signal -s USR1 last >out && echo "Sent USR1 to job $id" >want && test_cmp want out
'
test_expect_success 'a job that ends by a signal has failed' '
	mini-slurm signal -s TERM $id && ends_as $id FAILED &&
	field $id "Return code" | grep "^-15" &&
	field $id Reason | grep "ended by signal 15" &&
	id=$(submit ./await go.never) && wait_for_state $id RUNNING && shepherd $id &&
	mini-slurm signal -s 9 $id && ends_as $id FAILED && field $id "Return code" | grep "^-9"
'
test_expect_success 'signal: without a scheduler' '
	rm -f caught ready.* &&
	id=$(submit ./listen alone) && wait_for_file ready.alone && kill_scheduler -9 &&
	mini-slurm signal -s USR1 $id && wait_until caught alone 1 &&
	mini-slurm signal -s TERM $id && ends_as $id FAILED && no_scheduler
'
test_expect_success 'whose it is, and who sent it, is written down' '
	python3 -c "
import json, os, sqlite3
db = sqlite3.connect(os.environ[\"HOME\"] + \"/.mini_slurm.db\")
for detail, in db.execute(\"SELECT detail FROM events WHERE type = '\''SIGNAL'\'' AND job_id = $id ORDER BY seq\"):
    print(sorted(json.loads(detail).items()))" >out &&
	cat >want <<-EOT &&
	[('\''first'\'', False), ('\''signal'\'', 10), ('\''uid'\'', $(id -u))]
	[('\''first'\'', False), ('\''signal'\'', 15), ('\''uid'\'', $(id -u))]
	EOT
	test_cmp want out
'

test_done
