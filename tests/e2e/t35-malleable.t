#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='simulate --malleable: jobs that grow and shrink, in virtual time'
. "${0%/*}/lib.sh"

# job ID SUBMIT RUN PROCS ESTIMATE [USER]: a line of SWF.
job() {
	echo "  $1 $2 -1 $3 $4 -1 -1 $4 $5 -1 1 ${6:-1} 1 1 -1 -1 -1 -1"
}

# refused PATTERN ARGUMENT...: what standard error must say.
refused() {
	pattern=$1
	shift
	test_expect_code 2 mini-slurm simulate "$@" >refused.out 2>refused.err &&
		test_must_be_empty refused.out && grep -e "$pattern" refused.err || {
		cat refused.err >&2
		return 1
	}
}

# replays_as TRACE OPTION...: all malleable, to what standard input says of each job.
replays_as() {
	{ echo id,submit,start,end,procs,estimate,backfilled,malleable,resizes,cpus && cat; } >want &&
		mini-slurm simulate "$@" --malleable 100 --csv jobs.csv >out && test_cmp want jobs.csv
}

# pair_ends END RESIZES CPUS OPTION...: so the first of the pair ends; the second gets in any case what it asks for.
pair_ends() {
	end=$1 resizes=$2 cpus=$3
	shift 3
	replays_as pair.swf "$@" <<-EOF
	1,0,0,$end,2,100,0,1,$resizes,$cpus
	2,30,30,50,2,20,0,1,0,2
	EOF
}

lublin() {
	mini-slurm simulate --generate lublin --jobs 2000 --cpus 64 "$@"
}

test_expect_success 'a trace of two jobs on four CPUs' '
	{ echo "; MaxProcs: 4" && job 1 0 100 2 100 && job 2 30 20 2 20; } >pair.swf
'
# 1 has all four CPUs for 30 s, and does 60 s of its work; two of them for the 20 s of 2; for the last 20 s of its
# work all four again. In all it holds 200 s of CPU time, as much as it would have.
test_expect_success 'all parallel: twice the CPUs are twice as fast' '
	pair_ends 60 3 3.333333333 --parallel-fraction 1
'
# S(4) / S(2) = 1.6 / (4/3) = 1.2: 36 s, 20 s, and 44 s in 36.67 s.
test_expect_success 'half parallel: they are 1.2 times as fast' '
	pair_ends 86.666667 3 3.53846154 --parallel-fraction 0.5
'
test_expect_success 'no more CPUs than it may have' '
	pair_ends 73.333334 3 2.72727273 --parallel-fraction 1 --malleable-max 1.5
'
test_expect_success 'after a growth a job does not grow before the cooldown is over' '
	pair_ends 65 3 3.076923077 --parallel-fraction 1 --elastic-cooldown 10s
'
test_expect_success 'nor by fewer CPUs than a step' '
	pair_ends 100 0 2 --elastic-step 3
'
test_expect_success 'nor if more of the machine is used than a threshold' '
	pair_ends 100 0 2 --elastic-threshold 50
'

test_expect_success 'the table: a row a share' '
	mini-slurm simulate pair.swf --policy fifo,easy --malleable 0,100 --parallel-fraction 1 >out 2>err &&
	test_must_be_empty err &&
	cat >want <<-EOF &&
	pair: 2 jobs on 4 CPUs
	POLICY                JOBS MAKESPAN(s) UTIL(%) WAIT(s) TURNAROUND(s)   BSLD BACKFILLED(%) RESIZES PER-JOB
	fifo, 0 % malleable      2         100   60.00     0.0          60.0 1.0000          0.00       0    0.00
	fifo, 100 % malleable    2          60  100.00     0.0          40.0 1.0000          0.00       3    1.50
	easy, 0 % malleable      2         100   60.00     0.0          60.0 1.0000          0.00       0    0.00
	easy, 100 % malleable    2          60  100.00     0.0          40.0 1.0000          0.00       3    1.50
	EOF
	test_cmp want out
'
test_expect_success 'JSON has the same, and what it was made from' '
	mini-slurm simulate pair.swf --malleable 50,12.5 --seed 3 --malleable-max 4 --json >out &&
	test "$(json "j[\"malleable\"]" <out)" = "{'\''seed'\'': 3, '\''parallel_fraction'\'': 0.99, '\''min'\'': 0.5, '\''max'\'': 4.0}" &&
	test "$(json "[(r[\"name\"], r[\"malleable\"], r[\"malleable_jobs\"]) for r in j[\"traces\"][0][\"runs\"]]" <out)" = \
		"[('\''easy, 50 % malleable'\'', 0.5, 1), ('\''easy, 12.5 % malleable'\'', 0.125, 0)]" &&
	mini-slurm simulate pair.swf --json >out && test "$(json "j[\"malleable\"]" <out)" = None &&
	test "$(json "\"malleable\" in j[\"traces\"][0][\"runs\"][0]" <out)" = False
'
test_expect_success 'a file a share' '
	mini-slurm simulate pair.swf --malleable 0,50,100 --csv s.csv >out &&
	test "$(echo s.*)" = "s.easy-0-malleable.csv s.easy-100-malleable.csv s.easy-50-malleable.csv"
'
test_expect_success '--plot draws the shares, in each format' '
	for kind in svg png pdf; do
		mini-slurm simulate pair.swf --policy easy,fifo --malleable 0,50,100 --plot p.$kind >out || return 1
	done &&
	head -c 100 p.svg | grep "<?xml" && head -c 4 p.png | grep -a PNG && test "$(head -c 5 p.pdf)" = "%PDF-"
'

for policy in fifo greedy easy conservative conservative-rebuild; do
	test_expect_success "$policy: with no job malleable, or all of them never resized, everything is as without" "
		lublin --policy $policy --csv plain.csv >out && sed 1d plain.csv >want &&
		for how in '0' '100 --malleable-min 1 --malleable-max 1'; do
			lublin --policy $policy --malleable \$how --csv rigid.csv >out &&
			sed '1d; s/,[01],0,[0-9]*\$//' rigid.csv >have && test_cmp want have || return 1
		done
	"
done

# If all work is parallel CPU time is work: what a job held is what it would have held, but for microseconds.
test_expect_success 'the work of every job is conserved through all its resizes' '
	lublin --csv plain.csv >out &&
	lublin --malleable 100 --parallel-fraction 1 --malleable-max 8 --csv malleable.csv >out &&
	cat >check.py <<-\EOF &&
	import csv
	resizes = 0
	for r, m in zip(csv.DictReader(open("plain.csv")), csv.DictReader(open("malleable.csv"))):
	    work = float(r["procs"]) * (float(r["end"]) - float(r["start"]))
	    held = float(m["cpus"]) * (float(m["end"]) - float(m["start"]))
	    assert abs(held - work) < 64 * 2e-6 + 1e-8 * work, (r, m)
	    resizes += int(m["resizes"])
	print(resizes)
	EOF
	test $(python3 check.py) -gt 1000
'
test_expect_success 'the same seed draws the same jobs, and a larger share adds to them' '
	lublin --malleable 20,50 --csv a.csv >out && lublin --malleable 20,50 --seed 1 --csv b.csv >out &&
	test_cmp a.easy-20-malleable.csv b.easy-20-malleable.csv && test_cmp a.easy-50-malleable.csv b.easy-50-malleable.csv &&
	for share in 20 50; do
		sed 1d a.easy-$share-malleable.csv | awk -F, "\$8 { print \$1 }" | sort >drawn.$share || return 1
	done &&
	test $(wc -l <drawn.20) = 400 && test $(wc -l <drawn.50) = 1000 && test $(comm -12 drawn.20 drawn.50 | wc -l) = 400
'
test_expect_success 'another seed draws others' '
	mini-slurm simulate --generate lublin --jobs 500 --cpus 64 >plain &&
	cat >swf.awk <<-\EOF &&
	BEGIN { print "; MaxProcs: 8"; for (i = 1; i <= 200; i++) print i, 10 * i, -1, 30, 1 + i % 5, -1, -1, 1 + i % 5, 60, -1, 1, 1, 1, 1, 1, 1, -1, -1 }
	EOF
	awk -f swf.awk >many.swf &&
	for seed in 1 2; do
		mini-slurm simulate many.swf --malleable 50 --seed $seed --csv seed.$seed >out || return 1
	done &&
	test $(cut -d, -f8 seed.1 | grep -c 1) = 100 && test $(cut -d, -f8 seed.2 | grep -c 1) = 100 && ! cmp -s seed.1 seed.2
'
# 1 takes 50 s with 4 CPUs. So the next job of its user, 4, is expected to end at 111, and may pass 3, who waits for
# 2 until 140; as it were not if 1 was taken to have run for 100 s.
test_expect_success '--predict learns how long a job ran with the CPUs it had' '
	{
		echo "; MaxProcs: 4" && job 1 0 100 2 200 && job 2 60 80 2 80 2 && job 3 61 10 4 100 3 && job 4 61 60 2 200
	} >predict.swf &&
	replays_as predict.swf --parallel-fraction 1 --predict <<-EOF
	1,0,0,50,2,200,0,1,1,4
	2,60,60,130,2,80,0,1,3,2.285714286
	3,61,130,140,4,100,0,1,0,4
	4,61,61,121,2,200,1,1,0,2
	EOF
'

test_expect_success 'what is wrong is said' '
	refused "malleable x: not a number from 0 to 100" pair.swf --malleable x &&
	refused "malleable 101: not a number from 0 to 100" pair.swf --malleable 0,101 &&
	refused "malleable ..: not a number" pair.swf --malleable "" &&
	refused "malleable: 20 is there twice" pair.swf --malleable 20,50,20 &&
	refused "more than 11 shares" pair.swf --malleable 0,1,2,3,4,5,6,7,8,9,10,11 &&
	refused "parallel-fraction 1.5: not a number from 0 to 1" pair.swf --malleable 20 --parallel-fraction 1.5 &&
	refused "malleable-min 2: not a number from 0 to 1" pair.swf --malleable 20 --malleable-min 2 &&
	refused "malleable-max 0.5: not a number from 1 to" pair.swf --malleable 20 --malleable-max 0.5 &&
	refused "elastic-order fair: neither equal nor priority" pair.swf --malleable 20 --elastic-order fair &&
	refused "malleable needs --event-order batch" pair.swf --malleable 20 --event-order perevent
'
test_expect_success 'options about malleable jobs go with --malleable' '
	for option in --parallel-fraction=0.5 --malleable-min=1 --malleable-max=2 --elastic-threshold=50 --elastic-order=equal \
		--elastic-cooldown=10s --elastic-step=2; do
		refused "about malleable jobs: say how many (--malleable PCT)" pair.swf $option || return 1
	done
'

test_done
