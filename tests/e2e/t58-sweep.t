#!/bin/sh
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2034,SC2016
test_description='Sweeps: arrays with named parameters, what came out of them, and again'
. "${0%/*}/lib.sh"

# sweep ARG...: prints the id alone.
sweep() {
	mini-slurm sweep --parsable "$@"
}

# The program that is trained: train LR BS [FAILS], whose loss falls and ends as a tenth of LR.
cat >train <<'EOT'
#!/bin/sh
echo "step 1 loss=9.5"
echo "step 2 loss=$(awk "BEGIN { print $1 / 10 }")"
echo "done with lr=$1 bs=$2"
case ${3-} in "$1") test -e mended ;; esac
EOT
chmod +x train

all_ended() {
	test "$(mini-slurm show "$1" --json | json 'sum(j["array"]["states"][s] for s in ("PENDING", "RUNNING"))')" = 0
}

test_expect_success 'a scheduler' 'start_scheduler --total-cpus 2'

test_expect_success 'a grid: each combination is a task, with its values in its command' '
	id=$(sweep lr=0.10,0.01 bs=32..64:32 -- echo "lr={lr}" "{bs} b" "{{lr}}" "\${bs}") &&
	wait_until all_ended $id &&
	for task in 0 1 2 3; do cat .mini_slurm_logs/job_${id}_$task.out; done >out &&
	cat >expected <<-\EOT &&
	lr=0.10 32 b {lr} ${bs}
	lr=0.10 64 b {lr} ${bs}
	lr=0.01 32 b {lr} ${bs}
	lr=0.01 64 b {lr} ${bs}
	EOT
	test_cmp expected out
'
test_expect_success 'show and --json say which they were' '
	field ${id}_2 Parameters >out && echo "lr=0.01 bs=32" >expected && test_cmp expected out &&
	field ${id}_2 Command >out && grep -F "echo lr=0.01 '\''32 b'\''" out &&
	mini-slurm queue --json | json "[x[\"parameters\"] for x in j[\"jobs\"] if x[\"task\"] == 1]" >out &&
	echo "[{'\''lr'\'': '\''0.10'\'', '\''bs'\'': '\''64'\''}]" >expected && test_cmp expected out &&
	mini-slurm show $id --json | json "[*j[\"sweep\"].values()]" >out &&
	echo "['\''grid'\'', 4, None, None, {'\''lr'\'': '\''0.10,0.01'\'', '\''bs'\'': '\''32..64:32'\''}]" >expected &&
	test_cmp expected out
'
test_expect_success 'a line for the shell has its values quoted, and a job its environment' '
	id=$(sweep "who=ann b,it'\''s;\$x" -- "printf %s\\\\n {who} \"\$MINI_SLURM_PARAM_who\"") &&
	wait_until all_ended $id &&
	cat .mini_slurm_logs/job_${id}_?.out >out &&
	printf "%s\n" "ann b" "ann b" "it'\''s;\$x" "it'\''s;\$x" >expected && test_cmp expected out
'
test_expect_success '--env: a command that reads its environment names nothing' '
	id=$(sweep --env lr=1,2 -- printenv MINI_SLURM_PARAM_lr) && wait_until all_ended $id &&
	cat .mini_slurm_logs/job_${id}_?.out >out && printf "1\n2\n" >expected && test_cmp expected out
'
test_expect_success 'names and files have the values in them too, in whatever directory' '
	mkdir -p "d{lr}" &&
	id=$(cd "d{lr}" && sweep lr=1,2 data=a/b --name "try-{lr}" --output "{data}-%a-{lr}-%x.out" \
		-- printenv MINI_SLURM_JOB_NAME {lr} {data}) && wait_until all_ended $id &&
	cat "d{lr}/a_b-0-1-try-1.out" "d{lr}/a_b-1-2-try-2.out" >out &&
	printf "try-1\ntry-2\n" >expected && test_cmp expected out &&
	mini-slurm queue --json | json "sorted(x[\"name\"] for x in j[\"jobs\"] if x[\"array_id\"] == $id)" >out &&
	echo "['\''try-1'\'', '\''try-2'\'']" >expected && test_cmp expected out
'
test_expect_success '--zip takes the first of each, the second of each; --limit runs so many at a time' '
	id=$(sweep --zip --limit 1 a=x,x,y b=1..3 -- echo {a}{b}) &&
	wait_until all_ended $id && test "$(mini-slurm show $id --json | json "j[\"job\"][\"array_limit\"]")" = 1 &&
	cat .mini_slurm_logs/job_${id}_?.out >out && printf "x1\nx2\ny3\n" >expected && test_cmp expected out
'
test_expect_success '--random draws, and --rng draws the same again' '
	set -- --random 20 lr=log:1e-5..1e-1 n=1..9 -- echo {lr} {n} &&
	one=$(sweep --rng 7 "$@") && two=$(sweep --rng 7 "$@") && other=$(sweep "$@") &&
	for id in $one $two $other; do
		wait_until all_ended $id && cat .mini_slurm_logs/job_${id}_*.out >out.$id || return 1
	done &&
	test_cmp out.$one out.$two && ! cmp -s out.$one out.$other &&
	awk "NF != 2 || \$1 < 1e-5 || \$1 > 0.1 || \$2 !~ /^[1-9]\$/ { exit 1 } END { exit NR != 20 }" out.$one
'

# --- what came out ---------------------------------------------------------------------------------

test_expect_success 'sweep show: parameters, state and the metric, the best first' '
	id=$(sweep lr=0.5,0.01,0.1 bs=32 --metric "loss=([0-9.eE+-]+)" -- ./train {lr} {bs} 0.1) &&
	wait_until all_ended $id &&
	mini-slurm sweep show $id >out && sed "s/  */ /g; s/^ //; s/ [0-9.]* \([0-9.]*\)$/ \1/" out >short &&
	cat >expected <<-EOT &&
	ID lr bs STAT RUN(s) loss
	${id}_1 0.01 32 COMPLETED 0.001
	${id}_2 0.1 32 FAILED 0.01
	${id}_0 0.5 32 COMPLETED 0.05
	EOT
	test_cmp expected short
'
test_expect_success 'in another order, by another metric, and none' '
	order() { mini-slurm sweep show $id "$@" | sed -n "s/^ *${id}_\([0-9]\) .*/\1/p" | tr -d "\n"; } &&
	test "$(order --reverse)" = 021 && test "$(order --sort lr)" = 120 &&
	test "$(order --sort task)" = 012 && order --sort time &&
	test "$(order --metric "done with lr=([0-9.]+)" --reverse)" = 021 &&
	mini-slurm sweep show $id --metric "perplexity=(.*)" >out && grep "metric\|perplexity" out &&
	test "$(grep -c " -\$" out)" = 3 && mini-slurm sweep show $id --metric "done" >out && grep "done\$" out
'
test_expect_success '--csv and --json' '
	mini-slurm sweep show $id --csv >out && sed "s/^[0-9]*,//; s/,[0-9.]*,\([0-9.a-z]*\)$/,T,\1/" out >short &&
	cat >expected <<-\EOT &&
	id,task,lr,bs,state,runtime,loss
	1,0.01,32,COMPLETED,T,0.001
	2,0.1,32,FAILED,T,0.01
	0,0.5,32,COMPLETED,T,0.05
	EOT
	sed "1s/,T,/,runtime,/" short >fixed && test_cmp expected fixed &&
	mini-slurm sweep show $id --json >out &&
	json "(j[\"job\"], j[\"metric\"], j[\"best\"], [t[\"metric\"] for t in j[\"tasks\"]], j[\"tasks\"][0][\"parameters\"][\"lr\"])" \
		<out >values && echo "($id, '\''loss'\'', 1, [0.001, 0.01, 0.05], '\''0.01'\'')" >expected && test_cmp expected values
'
test_expect_success 'sweep rerun --failed runs what failed, with its parameters' '
	touch mended && mini-slurm sweep rerun $id --failed >out 2>err &&
	echo "Requeued job ${id}_2" >expected && test_cmp expected out && test_must_be_empty err &&
	wait_until all_ended $id && is_in_state ${id}_2 COMPLETED &&
	grep "lr=0.1 bs=32" .mini_slurm_logs/job_${id}_2.r1.out &&
	mini-slurm sweep show $id >out && grep "${id}_2 .*COMPLETED .*0\.01" out &&
	refused_or_none() { mini-slurm sweep rerun $id --failed >out 2>err; test_must_be_empty out && grep "no such job" err; } &&
	refused_or_none
'
test_expect_success 'sweep rerun --task runs these' '
	mini-slurm sweep rerun $id --task 0-1 >out && test "$(wc -l <out)" = 2 && wait_until all_ended $id &&
	grep "lr=0.01 bs=32" .mini_slurm_logs/job_${id}_1.r1.out
'
test_expect_success 'what waits is one line, or with -r one each, with the values it will have' '
	mini-slurm drain && id=$(sweep lr=1..3 bs=7 --metric "loss=(.*)" -- ./train {lr} {bs}) &&
	mini-slurm sweep show $id | sed "s/  */ /g; s/^ //" >out &&
	printf "%s\n" "ID lr bs STAT RUN(s) loss" "${id}_[0-2] - - PENDING - -" >expected && test_cmp expected out &&
	mini-slurm sweep show -r $id | sed "s/  */ /g; s/^ //" >out &&
	printf "%s\n" "ID lr bs STAT RUN(s) loss" "${id}_0 1 7 PENDING - -" "${id}_1 2 7 PENDING - -" \
		"${id}_2 3 7 PENDING - -" >expected && test_cmp expected out &&
	field ${id}_1 Parameters >out && echo "lr=2 bs=7" >expected && test_cmp expected out &&
	mini-slurm cancel ${id}_1 && mini-slurm sweep show $id | grep "${id}_1 *2 *7 *CANCELLED" &&
	mini-slurm resume-all && wait_until all_ended $id &&
	cat .mini_slurm_logs/job_${id}_?.out | grep -c "bs=7" >out && echo 2 >expected && test_cmp expected out
'
test_expect_success 'a million combinations are handed in as one row' '
	mini-slurm drain && id=$(sweep a=1..1000 b=1..1000 -- true {a} {b}) &&
	test "$(mini-slurm queue --json | json "sum(x[\"array_id\"] == $id for x in j[\"jobs\"])")" = 1 &&
	field ${id}_999999 Parameters >out && echo "a=1000 b=1000" >expected && test_cmp expected out &&
	mini-slurm cancel $id && mini-slurm resume-all
'

# dots FILE: how many are drawn in each of the two colours: all but the best, and the best.
dots() {
	grep -c "fill:rgb(0%,45%,70%)" "$1"
	grep -c "fill:rgb(84%,37%,0%)" "$1"
}

test_expect_success '--plot draws a panel a parameter, a dot a task, and marks the best' '
	set -- lr=0.5,0.01,0.1 bs=32,64 opt=adam,sgd &&
	id=$(sweep "$@" --metric "loss=([0-9.eE+-]+)" -- ./train {lr} {bs} {opt}) && wait_until all_ended $id &&
	mini-slurm sweep show $id --plot out.svg >out && test "$(wc -l <out)" = 13 &&
	head -c 100 out.svg | grep "<?xml" && dots out.svg >dots && printf "33\n3\n" >expected && test_cmp expected dots &&
	mini-slurm sweep show $id --reverse --plot again.svg >out && dots again.svg >dots && test_cmp expected dots &&
	! cmp -s out.svg again.svg &&
	mini-slurm sweep show $id --plot out.png >out && head -c 4 out.png | grep -a PNG &&
	mini-slurm sweep show $id --json --plot out.pdf >out && json "len(j[\"tasks\"])" <out && test "$(head -c 5 out.pdf)" = "%PDF-"
'
test_expect_success 'what is not known is not drawn' '
	test_expect_code 1 mini-slurm sweep show $id --metric "none=(.*)" --plot none.svg 2>err &&
	grep "nothing to draw: no task has written a none that is a number" err && test ! -e none.svg &&
	test_expect_code 2 mini-slurm sweep show $id --plot out.gif 2>err && grep "out.gif: not a kind of picture" err &&
	id=$(sweep lr=1,2 -- true {lr}) && refused 2 "--plot: over what? Say --metric too" mini-slurm sweep show $id --plot out.svg &&
	echo "{}" | test_expect_code 1 "$MINI_SLURM_BUILD/mini-slurm-plot" out.svg 2>err && grep "not what mini-slurm sweep show" err
'

# --- bad input -------------------------------------------------------------------------------------

test_expect_success 'parameters that are none' '
	mini-slurm sweep lr=1 -- true {lr} >out && jobs_before=$(mini-slurm queue --all --json | json "len(j[\"jobs\"])") &&
	refused 2 "lr='\'''\'': it has no values" mini-slurm sweep lr= -- true {lr} &&
	refused 2 "lr=1,,2: a value is empty" mini-slurm sweep lr=1,,2 -- true {lr} &&
	refused 2 "lr=1,1: 1 is there twice" mini-slurm sweep lr=1,1 -- true {lr} &&
	refused 2 "lr=2: there is a parameter lr already" mini-slurm sweep lr=1 lr=2 -- true {lr} &&
	refused 2 "lr=5..1: the range runs backwards" mini-slurm sweep lr=5..1 -- true {lr} &&
	refused 2 "only numbers above 0 have a logarithm" mini-slurm sweep lr=log:0..1:3 -- true {lr} &&
	refused 2 "how many? (write for example log:1e-5..1e-1:5)" mini-slurm sweep lr=log:1..9 -- true {lr} &&
	refused 2 "too many combinations: a sweep has 1000000 tasks at most" mini-slurm sweep a=1..1001 b=1..1000 -- true {a} {b} &&
	refused 2 "zip: a has 2 values, and b 3" mini-slurm sweep --zip a=1,2 b=1,2,3 -- true {a} {b} &&
	refused 2 "lr: not a parameter" mini-slurm sweep lr -- true {lr} &&
	refused 2 "there is no parameter" mini-slurm sweep -- true
'
test_expect_success 'commands without a placeholder, and placeholders without a parameter' '
	refused 1 "parameter bs: the command has no {bs}" mini-slurm sweep lr=1 bs=2 -- true {lr} &&
	refused 1 "{sl} is no parameter (did you mean {ls}?)" mini-slurm sweep ls=1 -- true {ls} {sl} &&
	refused 1 "name: {bs} is no parameter" mini-slurm sweep lr=1 --name "{bs}" -- true {lr} &&
	refused 1 "stdout: {bs} is no parameter" mini-slurm sweep lr=1 --output "{bs}.out" -- true {lr} &&
	refused 2 "LR={lr}: all tasks have the same environment" mini-slurm sweep lr=1 -- LR={lr} printenv {lr}
'
test_expect_success 'options that go with nothing' '
	refused 2 "no command given: it stands behind --" mini-slurm sweep lr=1 &&
	refused 2 "no command given" mini-slurm sweep lr=1 -- &&
	refused 2 "--zip and --random" mini-slurm sweep --zip --random 2 lr=1 -- true {lr} &&
	refused 2 "--rng: only with --random" mini-slurm sweep --rng 2 lr=1 -- true {lr} &&
	refused 2 "--metric (: not an extended regular expression" mini-slurm sweep --metric "(" lr=1 -- true {lr} &&
	refused 2 "unknown option --array" mini-slurm sweep --array 1 lr=1 -- true {lr} &&
	test "$(mini-slurm queue --all --json | json "len(j[\"jobs\"])")" = "$jobs_before"
'
test_expect_success 'sweeps that are none' '
	job=$(submit true) && wait_for_state $job COMPLETED &&
	refused 1 "job $job is no sweep" mini-slurm sweep show $job &&
	refused 1 "job $job is no sweep" mini-slurm sweep rerun $job --failed &&
	refused 1 "no such job: 99999999" mini-slurm sweep show 99999999 &&
	refused 2 "no sweep given" mini-slurm sweep show &&
	refused 2 "which tasks? Say either --failed or --task" mini-slurm sweep rerun $id &&
	refused 2 "which tasks? Say either --failed or --task" mini-slurm sweep rerun $id --failed --task 1 &&
	refused 2 "--task 5-1: the range runs backwards" mini-slurm sweep rerun $id --task 5-1 &&
	refused 2 "--sort ls: no parameter, nor metric, time or task" mini-slurm sweep show $id --sort ls &&
	refused 2 "--csv and --json" mini-slurm sweep show $id --csv --json
'
test_expect_success 'the help of each' '
	mini-slurm sweep --help >out && grep -F "NAME=VALUES... -- COMMAND" out &&
	mini-slurm sweep show --help >out && grep -F "mini-slurm sweep show" out && grep -e "--plot FILE" out &&
	mini-slurm sweep rerun --help >out && grep -e "--failed" out
'
test_expect_success 'without a scheduler it is kept, and shown' '
	kill_scheduler && id=$(sweep lr=1,2 -- true {lr} 2>err) && grep "no scheduler is running: job $id waits" err &&
	mini-slurm sweep show -r $id | sed "s/  */ /g; s/^ //" >out &&
	printf "%s\n" "ID lr STAT RUN(s)" "${id}_0 1 PENDING -" "${id}_1 2 PENDING -" >expected && test_cmp expected out &&
	mini-slurm sweep show last >last && mini-slurm sweep show ${id}_1 >out && grep "${id}_\[0-1\]" last && test_cmp out last
'

test_done
