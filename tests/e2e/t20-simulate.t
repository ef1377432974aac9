#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='simulate: traces through the scheduler in virtual time'
. "${0%/*}/lib.sh"

# job ID SUBMIT RUN PROCS ESTIMATE [USER]: a line of SWF.
job() {
	echo "  $1 $2 -1 $3 $4 -1 -1 $4 $5 -1 1 ${6:-1} 1 1 -1 -1 -1 -1"
}

# value KEY: of the first run of the first trace.
value() {
	mini-slurm simulate --json $2 | json "j['traces'][0]['runs'][0]['$1']"
}

# refused CODE PATTERN ARGUMENT...: what standard error must say.
refused() {
	code=$1 pattern=$2
	shift 2
	test_expect_code "$code" mini-slurm simulate "$@" >refused.out 2>refused.err &&
		test_must_be_empty refused.out && grep -e "$pattern" refused.err || {
		cat refused.err >&2
		return 1
	}
}

# replays_as OPTION...: small.swf, to what standard input says of each job.
replays_as() {
	{ echo id,submit,start,end,procs,estimate,backfilled && cat; } >want &&
		mini-slurm simulate small.swf --jobs jobs.csv "$@" >out && test_cmp want jobs.csv
}

# Job 2 waits for three CPUs, job 3 for all four. One CPU is free meanwhile: what 4 may do with it is
# what the policies differ in.
test_expect_success 'a trace of nine jobs on four CPUs, two of which are left out' '
	{
		echo "; MaxProcs: 4" &&
		job 1 0 100 3 100 && job 2 10 50 3 50 && job 3 20 20 4 20 2 &&
		echo "; a comment among the jobs" &&
		job 4 30 200 1 200 && job 5 40 40 1 60 && job 6 60 80 2 80 &&
		job 7 400 90 4 60 && job 8 410 0 1 10 && job 9 420 10 5 10
	} >small.swf
'

test_expect_success 'fifo: nobody passes' '
	replays_as --policy fifo <<-EOF
	1,0,0,100,3,100,0
	2,10,100,150,3,50,0
	3,20,150,170,4,20,0
	4,30,170,370,1,200,0
	5,40,170,210,1,60,0
	6,60,170,250,2,80,0
	7,400,400,460,4,60,0
	EOF
'
# When 2 starts at 100 a CPU is left over: 4 may have it for as long as it likes, and delays 3 by that.
# 5 and 6 end before the shadow time of 3 (6 to the second).
test_expect_success 'easy: whoever does not delay the first one passes' '
	replays_as <<-EOF
	1,0,0,100,3,100,0
	2,10,100,150,3,50,0
	3,20,230,250,4,20,0
	4,30,30,230,1,200,1
	5,40,150,190,1,60,1
	6,60,150,230,2,80,1
	7,400,400,460,4,60,0
	EOF
'
# 3 has its place at 150, which 4 would be in the way of; 5 is not.
test_expect_success 'conservative: nobody is delayed' '
	replays_as --policy conservative <<-EOF
	1,0,0,100,3,100,0
	2,10,100,150,3,50,0
	3,20,150,170,4,20,0
	4,30,170,370,1,200,0
	5,40,40,80,1,60,1
	6,60,170,250,2,80,0
	7,400,400,460,4,60,0
	EOF
'
test_expect_success 'with one reservation 3 has none: 4 may pass it, as under easy' '
	mini-slurm simulate small.swf --policy conservative --reservations 1 --csv jobs.csv >out &&
	grep "^4,30,30,230,1,200,1$" jobs.csv
'

test_expect_success 'the table: a row a policy, and what was left out above it' '
	mini-slurm simulate small.swf --policy fifo,easy,conservative >out 2>err &&
	test_must_be_empty err &&
	cat >want <<-EOF &&
	small: 7 jobs on 4 CPUs
	  Left out: 1 without a run time, 1 larger than the machine
	  Of them: 1 killed at their estimate
	POLICY       JOBS MAKESPAN(s) UTIL(%) WAIT(s) MEDIAN(s) P95(s) MAX(s)   BSLD BSLD-P95   FAIR BACKFILLED(%)
	fifo            7         460   63.59    85.7     110.0  140.0  140.0 2.9464     7.50 0.7688          0.00
	easy            7         460   63.59    71.4      90.0  210.0  210.0 3.3107    11.50 0.6645         42.86
	conservative    7         460   63.59    67.1      90.0  140.0  140.0 2.4821     7.50 0.7094         14.29
	EOF
	test_cmp want out
'
test_expect_success 'JSON has the same, and more' '
	mini-slurm simulate small.swf --policy easy --backfill-order sjf --json >out &&
	test "$(json "[j[k] for k in (\"event_order\", \"clairvoyant\", \"load\")]" <out)" = "['\''batch'\'', False, 1.0]" &&
	json "j[\"traces\"][0]" <out >trace &&
	cat >check.py <<-\EOF &&
	import sys
	t = eval(sys.stdin.read())
	r = t.pop("runs")
	assert t == {"name": "small", "cpus": 4, "jobs": 7, "killed": 1, "unsorted": 0, "dropped":
	    {"no_run": 1, "no_procs": 0, "no_estimate": 0, "no_submit": 0, "too_large": 1, "broken": 0}}, t
	assert len(r) == 1
	want = {"name": "easy, priority / sjf", "policy": "easy", "order": "priority", "backfill_order": "sjf",
	    "jobs": 7, "makespan": 460, "utilisation": 1170 / 1840, "mean_wait": 500 / 7, "median_wait": 90,
	    "p95_wait": 210, "max_wait": 210, "mean_bsld": 23.175 / 7, "median_bsld": 2.125, "p95_bsld": 11.5,
	    "max_bsld": 11.5, "mean_sld": 23.175 / 7, "fairness": (11.675 / 6 + 11.5)**2 / 2 / ((11.675 / 6)**2 + 11.5**2),
	    "backfilled": 3 / 7, "max_queue": 4, "mean_turnaround": 150}
	assert list(r[0]) == list(want), r[0]
	for key in want:
	    assert r[0][key] == want[key] or abs(r[0][key] - want[key]) < 1e-12, (key, r[0][key], want[key])
	EOF
	python3 check.py <trace
'

test_expect_success 'policies by orders, each with a name and a file' '
	mini-slurm simulate small.swf --policy all --order priority,saf --backfill-order sjf2 --jobs d/jobs.csv 2>err;
	test $? = 1 && grep "d/jobs.fifo.csv: No such file or directory" err &&
	mkdir d && mini-slurm simulate small.swf --policy all --order priority,saf --backfill-order sjf2 --jobs d/jobs.csv >out &&
	sed "1,4d; s/  .*//; s/ 7$//" out >rows &&
	cat >want <<-EOF &&
	fifo
	fifo, saf
	greedy
	greedy, saf
	easy, priority / sjf2
	easy, saf / sjf2
	conservative
	conservative, saf
	conservative-rebuild
	conservative-rebuild, saf
	EOF
	test_cmp want rows &&
	ls d | sed "s/^jobs\.\(.*\)\.csv$/\1/" | tr "\n" " " >files &&
	echo "conservative-rebuild-saf conservative-rebuild conservative-saf conservative easy-priority-sjf2 easy-saf-sjf2 fifo-saf fifo greedy-saf greedy " >want &&
	tr " " "\n" <files | sort >files.s && tr -d "\n" <want | tr " " "\n" | sort >want.s && test_cmp want.s files.s
'
test_expect_success 'an order of one'\''s own is the built-in one that it says' '
	mini-slurm simulate small.swf --order saf --csv a.csv >out &&
	mini-slurm simulate small.swf --order-expr "estimate * cpus" --csv b.csv >out &&
	grep "^easy, expr " out && test_cmp a.csv b.csv &&
	mini-slurm simulate small.swf --backfill-order expr --order-expr "estimate * cpus" --csv c.csv >out &&
	grep "^easy, priority / expr " out
'

# 1 holds three CPUs until 10, and might until 20. 3 comes when it ends: before that it fits beside it,
# after that 2 comes first.
test_expect_success 'what happens at one instant' '
	{ job 1 0 10 3 20 && job 2 5 10 4 10 && job 3 10 5 1 5; } >instant.swf &&
	mini-slurm simulate instant.swf --csv - 2>err | cut -d, -f1,3 | tr "\n" " " >out &&
	grep "^instant: 3 jobs on 4 CPUs" err && grep "^id,start 1,0 2,10 3,20 $" out &&
	mini-slurm simulate instant.swf --event-order perevent --csv - 2>err | cut -d, -f1,3 | tr "\n" " " >out &&
	grep "^id,start 1,0 2,15 3,10 $" out
'
test_expect_success 'with perfect estimates there is no difference' '
	for order in batch perevent; do
		mini-slurm simulate instant.swf --clairvoyant --event-order $order --csv $order.csv >out || return 1
	done &&
	grep "^1,0,0,10,3,10,0$" batch.csv && test_cmp batch.csv perevent.csv
'
# 2 is expected to end at 18, as 1 took 8 s, and 3 has its reservation then. Nothing happens at 18: 2 runs on,
# and may until 50. So 4 is in nobody's way any more.
test_expect_success 'a reservation that rests on a prediction is looked at when it is due, as it is live' '
	{ job 1 0 8 4 8 && job 2 10 28 3 40 && job 3 11 10 4 10 2 && job 4 12 20 1 20 3; } >late.swf &&
	mini-slurm simulate late.swf --policy conservative --predict --csv - 2>err | cut -d, -f1,3 | tr "\n" " " >out &&
	grep "^id,start 1,0 2,10 3,38 4,18 $" out
'
test_expect_success 'fractions of a second are kept, and only printed where there are any' '
	{ job 1 0.5 1.25 1 2 && job 2 1 2 1 2; } >fine.swf &&
	mini-slurm simulate fine.swf --csv - 2>err >out &&
	printf "id,submit,start,end,procs,estimate,backfilled\n1,0.5,0.5,1.75,1,2,0\n2,1,1.75,3.75,1,2,0\n" >want &&
	test_cmp want out
'
test_expect_success '--cpus: another machine' '
	mini-slurm simulate small.swf --cpus 8 >out && grep "^small: 8 jobs on 8 CPUs$" out &&
	mini-slurm simulate small.swf --cpus 2 >out && grep "^  Left out: 1 without a run time, 5 larger than the machine$" out
'
test_expect_success '--load: arrivals come faster' '
	mini-slurm simulate small.swf --load 2 --csv - 2>err | cut -d, -f1,2 | tr "\n" " " >out &&
	grep "^id,submit 1,0 2,5 3,10 4,15 5,20 6,30 7,200 $" out
'
test_expect_success 'several traces: a block each, plain or compressed, and files with their names' '
	gzip -c small.swf >packed.swf.gz && mini-slurm simulate small.swf packed.swf.gz instant.swf --jobs n.csv >out &&
	grep -A1 "^$" out | grep -v "^-" | tr "\n" "|" >heads &&
	test "$(cat heads)" = "|packed: 7 jobs on 4 CPUs||instant: 3 jobs on 4 CPUs|" &&
	test_cmp n.small.csv n.packed.csv && test -s n.instant.csv &&
	mini-slurm simulate - <small.swf | grep "^stdin: 7 jobs" &&
	mkdir other && cp small.swf other && test_expect_code 1 mini-slurm simulate small.swf other/small.swf --csv n.csv 2>err &&
	grep "two traces are called small" err && mini-slurm simulate small.swf other/small.swf >out
'

test_expect_success '--generate lublin: the same seed, the same jobs' '
	mini-slurm simulate --generate lublin --jobs 500 --cpus 64 --seed 7 --policy all --csv g.csv >a &&
	mkdir again && mini-slurm simulate --generate lublin --jobs 500 --cpus 64 --seed 7 --policy all --csv again/g.csv >b &&
	test_cmp a b && for policy in fifo greedy easy conservative conservative-rebuild; do
		test "$(wc -l <g.$policy.csv)" = 501 && cmp g.$policy.csv again/g.$policy.csv || return 1
	done &&
	mini-slurm simulate --generate lublin --jobs 500 --cpus 64 --seed 8 --csv other.csv >out && ! cmp -s g.easy.csv other.csv
'
test_expect_success '--plot draws what is asked for, in each format' '
	mini-slurm simulate small.swf --policy fifo,easy --plot p.svg >out && head -c 100 p.svg | grep "<?xml" &&
	mini-slurm simulate small.swf --plot p.pdf >out && test "$(head -c 5 p.pdf)" = "%PDF-" &&
	mini-slurm simulate small.swf --plot p.png >out && head -c 4 p.png | grep -a PNG
'

test_expect_success 'broken lines are counted, named and refused' '
	{ cat small.swf && echo "10 500 -1 x" && echo "11 510 -1 10 1"; } >broken.swf &&
	refused 1 "broken.swf:12: field 4 is no number: x (broken lines: 2; --lenient leaves them out)" broken.swf
'
test_expect_success '--lenient leaves them out, and says so' '
	mini-slurm simulate broken.swf --lenient --csv lenient.csv >out 2>err &&
	grep "broken lines left out: 2:$" err && grep "^  broken.swf:12: field 4 is no number: x$" err &&
	test $(grep -c "^  broken.swf:" err) = 2 &&
	grep "^  Left out: .*, 2 on broken lines$" out &&
	mini-slurm simulate small.swf --csv whole.csv >out && test_cmp whole.csv lenient.csv
'
test_expect_success 'a trace that is not there, or has nothing to replay' '
	refused 1 "nowhere.swf: No such file or directory" nowhere.swf &&
	echo "; MaxProcs: 4" >empty.swf && refused 1 "empty.swf: there are no jobs to replay (of 0)" empty.swf &&
	job 1 0 10 1 -1 >free.swf && refused 1 "1 have no estimate (--clairvoyant" free.swf &&
	mini-slurm simulate free.swf --clairvoyant >out 2>err && grep "^free: 1 job on 1 CPU$" out &&
	grep "free does not say how many CPUs its machine has: .* wants, 1 (--cpus N says otherwise)" err &&
	mini-slurm simulate free.swf --clairvoyant --cpus 2 2>err >out && test_must_be_empty err
'
test_expect_success 'unknown names are refused, with those there are' '
	refused 2 "no such policy: eazy (there are fifo, greedy, easy, conservative, conservative-rebuild)" small.swf --policy fifo,eazy &&
	refused 2 "no such order: sfj (there are priority, sjf, .*, f4, expr)" small.swf --order sfj &&
	refused 2 "^mini-slurm simulate: --backfill-order: no such order: x " small.swf --backfill-order x &&
	refused 2 "easy is there twice" small.swf --policy easy,easy &&
	refused 2 "no such policy: '\'''\''" small.swf --policy "" &&
	refused 2 "neither batch nor perevent" small.swf --event-order now &&
	refused 2 "p.gif: not a kind of picture" small.swf --plot p.gif &&
	refused 2 "no such model (lublin)" --generate poisson --jobs 3 --cpus 4
'
test_expect_success 'a wrong formula is named with the place' '
	refused 2 "unknown variable \"wiat\" at 7 (did you mean wait?)" small.swf --order-expr "cpus+ wiat" &&
	refused 2 "expected a number.* at 8, not" small.swf --order-expr "cpus * * 2" &&
	refused 2 "needs a formula: --order-expr" small.swf --order expr &&
	refused 2 "no order is expr" small.swf --order sjf --order-expr wait
'
test_expect_success 'options that do not go together' '
	refused 2 "no trace given" &&
	refused 2 "only easy has one" small.swf --policy fifo --backfill-order sjf &&
	refused 2 "needs --jobs N and --cpus N" --generate lublin --cpus 4 &&
	refused 2 "jobs many: not a whole number" --generate lublin --cpus 4 --jobs many &&
	refused 2 "none can be given beside it" small.swf --generate lublin --cpus 4 --jobs 3 &&
	refused 2 "seed goes with --generate or --malleable" small.swf --seed 3 &&
	refused 2 "are the same" small.swf --jobs a.csv --csv b.csv &&
	refused 2 "one run only" small.swf --policy all --csv - &&
	refused 2 "one run only" small.swf instant.swf --csv - &&
	cp small.swf kept.swf && ln -s small.swf small.easy.swf &&
	refused 2 "small.swf: a trace that is read can.t be written to" small.swf --csv ./small.swf &&
	refused 2 "small.easy.swf: a trace that is read" small.swf --policy fifo,easy --csv small.swf &&
	cp small.swf small.svg && refused 2 "small.svg: a trace that is read" small.svg --plot small.svg &&
	test_cmp small.swf kept.swf
'
test_expect_success 'what can not be written is said' '
	test_expect_code 1 mini-slurm simulate small.swf --csv /dev/full >out 2>err && grep "/dev/full: No space left" err &&
	test_expect_code 1 sh -c "mini-slurm simulate small.swf >/dev/full 2>err" && grep "standard output: No space left" err
'
test_expect_success '--help' '
	mini-slurm simulate --help >out && grep "^Usage: mini-slurm simulate \[OPTION\]... \[TRACE\]...$" out &&
	test -z "$(awk "length > 100" out)" && mini-slurm --help | grep "^  simulate "
'

# The averages of independent implementations, to all digits that were published.
shared=$tests/../../../shared/swf/traces
test ! -d "$shared" || test_set_prereq TRACES

# average TRACE CPUS OPTION...
average() {
	trace=$1 cpus=$2
	shift 2
	mini-slurm simulate "$shared/$trace-SP2-sc15filtered.swf.gz" --cpus $cpus --json "$@" |
		json "'%.6g' % j['traces'][0]['runs'][0]['mean_bsld']"
}

# averages TRACE CPUS FCFS PEREVENT BATCH CONSERVATIVE CLAIRVOYANT
averages() {
	test "$(average $1 $2 --policy fifo)" = $3 &&
		test "$(average $1 $2 --event-order perevent)" = $4 &&
		test "$(average $1 $2 --policy easy)" = $5 &&
		test "$(average $1 $2 --policy conservative)" = $6 &&
		test "$(average $1 $2 --clairvoyant)" = $7 &&
		test "$(average $1 $2 --clairvoyant --event-order perevent)" = $7
}

test_expect_success TRACES 'average bounded slowdowns of KTH-SP2, as published' '
	averages KTH 100 6814.97 92.5765 92.6877 88.9666 71.7224
'
test_expect_success TRACES 'average bounded slowdowns of CTC-SP2, as published' '
	averages CTC 338 3651.57 49.5713 48.837 55.9272 37.1654
'

test_done
