#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='what has run here as a trace: simulate --from-history, export; and --predict'
. "${0%/*}/lib.sh"

# runs [OPTION]... TRACE: what becomes of each job under every policy, in the file `out`.
runs() {
	mini-slurm simulate --json --policy all "$@" >json &&
		json '"\n".join(str(sorted(r.items())) for r in j["traces"][0]["runs"])' <json >out
}

# header NAME: of the exported file.
header() {
	sed -n "s/^; $1: //p" history.swf
}

test_expect_success 'without jobs that have run there is nothing to simulate or export' '
	test_expect_code 1 mini-slurm simulate --from-history 2>err && grep "history: there are no jobs to replay (of 0)" err &&
	test_expect_code 1 mini-slurm export --swf none.swf 2>err && grep "no jobs to export" err && ! test -e none.swf
'

test_expect_success 'a few jobs run, one waits, one never ran' '
	first=$(date +%s) && start_scheduler --total-cpus 2 --policy easy &&
	for i in 1 2 3; do
		ids="$ids $(submit --time 1m sleep 0.3) $(submit --cpus 2 sleep 0.2) $(submit sleep 0.1)" || return 1
	done &&
	ids="$ids $(submit "echo secret-word; exit 3")" &&
	never=$(submit --cpus 64 true) && mini-slurm cancel $never && waiting=$(submit --cpus 64 true) &&
	for id in $ids; do
		wait_until has_ended $id || return 1
	done
'

test_expect_success '--from-history: each of them, on this machine' '
	mini-slurm simulate --from-history --csv jobs.csv >out &&
	grep "^history: 10 jobs on $(getconf _NPROCESSORS_ONLN) CPUs$" out && grep "  Left out: 1 without a run time" out &&
	test $(sed 1d jobs.csv | wc -l) = 10 && sed -n 2p jobs.csv | grep "^[0-9]*,0\.[0-9]*,0\.[0-9]*,.*,1,60,0$"
'
test_expect_success '--since: those of the last days' '
	mini-slurm simulate --from-history --since 1 >out && grep "^history: 10 jobs" out
'
test_expect_success '--cpus: another machine' '
	mini-slurm simulate --from-history --cpus 1 >out &&
	grep "^history: 7 jobs on 1 CPU$" out && grep "3 larger than the machine" out
'

test_expect_success 'export --swf: a trace that says what it is, and not whose' '
	mini-slurm export --swf history.swf >out && test_must_be_empty out &&
	test "$(header Version)" = 2.2 && header Information | grep "^written by mini-slurm [0-9.]*$" &&
	test "$(header MaxJobs)" = 10 && test "$(header MaxProcs)" = "$(getconf _NPROCESSORS_ONLN)" &&
	test "$(header UnixStartTime)" -ge $first && test "$(header UnixStartTime)" -le "$(date +%s)" &&
	header StartTime | grep "^20" && header EndTime | grep "^20" && header Note | grep "numbered in the order" &&
	test "$(grep -vc "^;" history.swf)" = 10 &&
	! grep -e secret-word -e sleep -e "$(id -un)" -e "$HOME" history.swf &&
	grep -v "^;" history.swf | awk "{ print \$12, \$13, \$14 }" | sort -u >numbers &&
	printf "1 1 1\n1 1 2\n1 1 3\n1 1 4\n" >want && test_cmp want numbers
'
test_expect_success 'to standard output too' '
	mini-slurm export --swf >copy && test_cmp history.swf copy && mini-slurm export --swf - >copy && test_cmp history.swf copy
'
# SWF has no place for priorities: these jobs have none.
test_expect_success 'simulating that file is simulating the history' '
	runs --order sjf,f1 --from-history --csv a.csv && mv out want &&
	runs --order sjf,f1 history.swf --csv b.csv && test_cmp want out && test -s out &&
	for policy in fifo greedy easy conservative conservative-rebuild; do
		test_cmp a.$policy-sjf.csv b.$policy-sjf.csv && test_cmp a.$policy-f1.csv b.$policy-f1.csv || return 1
	done &&
	runs --predict --from-history && mv out want && runs --predict history.swf && test_cmp want out &&
	runs --clairvoyant --from-history && mv out want && runs --clairvoyant history.swf && test_cmp want out
'
test_expect_success 'with no scheduler there it is the same' '
	mini-slurm cancel $waiting && kill_scheduler && mini-slurm export --swf | grep -v "^;" >copy &&
	grep -v "^;" history.swf >want && test_cmp want copy
'

# refused PATTERN COMMAND...
refused() {
	pattern=$1
	shift
	test_expect_code 2 "$@" >refused.out 2>refused.err && test_must_be_empty refused.out && grep -e "$pattern" refused.err
}
test_expect_success 'what does not go together' '
	refused "none can be given beside it" mini-slurm simulate --from-history history.swf &&
	refused "give one" mini-slurm simulate --from-history --generate lublin --jobs 3 --cpus 4 &&
	refused "since goes with --from-history" mini-slurm simulate history.swf --since 3 &&
	refused "in which format" mini-slurm export out.swf && refused "one FILE, not 2" mini-slurm export --swf a b &&
	test_expect_code 1 mini-slurm export --swf /dev/full 2>err && grep "/dev/full: No space left" err &&
	test_expect_code 1 mini-slurm export --swf no/where.swf 2>err && grep "no/where.swf: No such file" err
'
test_expect_success 'export --help' '
	mini-slurm export --help >out && grep "^Usage: mini-slurm export \[OPTION\]... \[FILE\]$" out &&
	grep "^  --swf " out && test -z "$(awk "length > 100" out)" && mini-slurm --help | grep "^  export "
'

# job ID SUBMIT RUN PROCS ESTIMATE USER: a line of SWF.
job() {
	echo "$1 $2 -1 $3 $4 -1 -1 $4 $5 -1 1 $6 1 -1 -1 -1 -1 -1"
}

# User 1 says 100 seconds and needs 10. So job 2, which holds three CPUs of four, may be there until 120,
# but is expected to end at 30: job 4 passes 3, which wants all CPUs, by the former and not by the latter.
test_expect_success '--predict: jobs are expected to run as long as their users'\'' last ones' '
	{ job 1 0 10 4 100 1 && job 2 20 10 3 100 1 && job 3 21 50 4 50 2 && job 4 22 20 1 60 2; } >predict.swf &&
	mini-slurm simulate predict.swf --csv - 2>err | cut -d, -f1,3,6,7 | tr "\n" " " >out &&
	grep "^id,start,estimate,backfilled 1,0,100,0 2,20,100,0 3,42,50,0 4,22,60,1 $" out &&
	mini-slurm simulate predict.swf --predict --csv - 2>err | cut -d, -f1,3,6,7 | tr "\n" " " >out &&
	grep "^id,start,estimate,backfilled 1,0,100,0 2,20,100,0 3,30,50,0 4,80,60,0 $" out &&
	mini-slurm simulate predict.swf --predict --json | json "j[\"predict\"]" | grep True
'
# Job 2 runs for 40 seconds instead of 10: from 30 on all of its 100 are expected, and job 4 may pass.
test_expect_success 'a prediction that was exceeded gives way to the estimate' '
	{ job 1 0 10 4 100 1 && job 2 20 40 3 100 1 && job 3 21 50 4 50 2 && job 4 22 20 1 60 2 && job 5 31 1 4 1 3; } >exceeded.swf &&
	mini-slurm simulate exceeded.swf --predict --csv - 2>err | cut -d, -f1,3,7 | tr "\n" " " >out &&
	grep "^id,start,backfilled 1,0,0 2,20,0 3,60,0 4,31,1 5,110,0 $" out
'
test_expect_success '--predict where it makes no sense' '
	refused "needs --event-order batch" mini-slurm simulate predict.swf --predict --event-order perevent &&
	refused "all run times are known" mini-slurm simulate predict.swf --predict --clairvoyant
'

test_done
