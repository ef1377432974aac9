#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='queue and show: what is seen of jobs'
. "${0%/*}/lib.sh"

test_expect_success 'an empty queue' '
	mini-slurm queue >out 2>err &&
	test_must_be_empty out &&
	echo "No jobs." >want &&
	test_cmp want err
'

test_expect_success 'three jobs' '
	submit --cpus 2 --mem 4G --priority 5 python3 train.py --lr 0.1 &&
	submit --priority -10 "echo größe 漢字 && true" &&
	submit --cpus 65536 --mem 1T --priority 1000000000 sleep 100
'

test_expect_success 'the columns, aligned whatever the values' '
	mini-slurm queue >out 2>err &&
	test_must_be_empty err &&
	sed -E "s/[0-9]+\.[0-9]/W.W/; s/[0-9-]{10} [0-9:]{8}/DATE/" out >got &&
	cat >want <<-\EOT &&
	ID STAT      CPU MEM(MB)        PRI WAIT(s) RUN(s) ELASTIC SUBMIT              COMMAND
	 1 PENDING     2    4096          5     W.W      - -       DATE python3 train.py --lr 0.1
	 2 PENDING     1       -        -10     W.W      - -       DATE echo größe 漢字 && true
	 3 PENDING 65536 1048576 1000000000     W.W      - -       DATE sleep 100
	EOT
	test_cmp want got
'

test_expect_success 'WAIT goes on counting' '
	wait_of() { mini-slurm queue | awk "\$1 == 1 { print \$6 }"; } &&
	first=$(wait_of) &&
	later() { test "$(wait_of)" != "$first"; } &&
	wait_until later
'

test_expect_success 'the state chooses: names, codes, several, either case' '
	test $(mini-slurm queue --status PENDING | wc -l) -eq 4 &&
	test $(mini-slurm queue --status pd | wc -l) -eq 4 &&
	test $(mini-slurm queue --status R,PD | wc -l) -eq 4 &&
	mini-slurm queue --status RUNNING,F >out 2>err &&
	test_must_be_empty out &&
	grep "No jobs" err
'

test_expect_success 'what is piped is never cut' '
	id=$(submit "echo $(seq -s " " 1000)") &&
	COLUMNS=80 mini-slurm queue >out &&
	grep " 999 1000$" out
'

if command -v script >/dev/null 2>&1; then
	test_set_prereq TERMINAL
fi
test_expect_success TERMINAL 'a terminal gets lines of its width' '
	TERM=dumb script -qec "stty cols 60 && mini-slurm queue" /dev/null </dev/null | tr -d "\r" >out &&
	test $(wc -l <out) -eq 5 &&
	awk "length(\$0) > 60 { bad = 1 } END { exit bad }" out &&
	head -c 60 out | grep "^ID STAT"
'

test_expect_success 'show: every line of it' '
	mini-slurm show 1 >out &&
	sed -E "s/[0-9-]{10} [0-9:]{8}/DATE/; s/^(  Wait time: +)[0-9]+\.[0-9]{2}s$/\1W.WWs/" out >got &&
	cat >want <<-EOT &&
	Job 1
	  Status:      PENDING
	  User:        $(id -un)
	  Priority:    5
	  Command:     python3 train.py --lr 0.1
	  Directory:   $PWD
	  CPUs:        2
	  Mem (MB):    4096
	  Submitted:   DATE
	  Started:     -
	  Ended:       -
	  Wait time:   W.WWs
	  Runtime:     -
	  Return code: -
	  Stdout:      $HOME/.mini_slurm_logs/job_1.out
	  Stderr:      $HOME/.mini_slurm_logs/job_1.err
	  CPU user:    -
	  CPU system:  -
	  Peak memory: -
	  Reason:      $(field 1 Reason)
	  Enforcement: -
	EOT
	test_cmp want got
'

test_expect_success 'a pending job says why it waits' '
	field 1 Reason | grep -i "no scheduler"
'

test_expect_success 'the default memory is said to be that' '
	test "$(field 2 "Mem (MB)")" = default
'

test_expect_success 'stats: the counts, and what is not known' '
	mini-slurm stats >out &&
	grep "^Scheduler: *not running" out &&
	grep "^CPUs: *0 of - in use$" out &&
	grep "^Memory: *0 MB of - in use$" out &&
	grep "^Jobs: *4 PENDING$" out &&
	grep "^Average wait: *-$" out &&
	grep -E "^System CPU: *[0-9]+\.[0-9] % in use$" out &&
	grep -E "^System memory: *[0-9.]+ [MGT]B of [0-9.]+ [MGT]B in use$" out
'

test_expect_success 'stats: the totals may be told' '
	mini-slurm stats --total-cpus 8 --total-mem 16G >out &&
	grep "^CPUs: *0 of 8 in use$" out &&
	grep "^Memory: *0 MB of 16 GB in use$" out
'

test_expect_success 'jobs that ended more than a day ago are counted, and listed with --all' '
	mini-slurm cancel 3 &&
	python3 -c "
import os, sqlite3
db = sqlite3.connect(os.environ[\"HOME\"] + \"/.mini_slurm.db\")
db.execute(\"UPDATE jobs SET end_time = end_time - 90000 WHERE id = 3\")
db.commit()" &&
	mini-slurm queue >out 2>err &&
	! grep "^ *3 " out &&
	echo "(1 older job: mini-slurm queue --all)" >want &&
	test_cmp want err &&
	mini-slurm queue --all >out 2>err &&
	grep "^ *3 CANCELLED" out &&
	test_must_be_empty err
'

test_expect_success 'a list that takes more than one page to fetch is one list' '
	{ printf "true "; head -c 4000000 /dev/zero | tr "\0" x; } >big &&
	for i in 1 2 3 4 5 6; do submit - <big || return 1; done >ids &&
	mini-slurm queue | awk "NR > 1 { print \$1 }" >got &&
	{ echo 1; echo 2; echo 4; cat ids; } >want &&
	test_cmp want got &&
	mini-slurm queue --json | python3 -c "
import json, sys
for job in json.load(sys.stdin)[\"jobs\"]:
    print(job[\"id\"])" >got &&
	test_cmp want got
'

test_done
