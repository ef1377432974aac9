#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='arrays: many tasks handed in at once, one row until a task starts'
. "${0%/*}/lib.sh"

write_await

# How many jobs are in that state, tasks of arrays counted one by one.
count() {
	mini-slurm stats --json | json "j['states']['$1']"
}

is_count() {
	test "$(count $1)" = $2
}

# The first column of the queue, in order.
ids() {
	mini-slurm queue "$@" | awk 'NR > 1 { print $1 }'
}

test_expect_success 'without a scheduler an array waits as one job' '
	id=$(submit --array 1,3,7-20:2%2 "echo \$MINI_SLURM_ARRAY_TASK_ID >>ran; ./await go") &&
	test "$(ids)" = "${id}_[1,3,7-19:2%2]" &&
	is_count PENDING 9 &&
	mini-slurm submit --array 0-9 true >out &&
	grep -qx "Submitted job 2 (10 tasks)" out &&
	mini-slurm cancel 2 >out &&
	echo "Cancelled job 2_[0-9]" >want &&
	test_cmp want out
'

test_expect_success 'no more than two of its tasks run at a time' '
	start_scheduler --total-cpus 4 --total-mem 4G &&
	wait_until is_count RUNNING 2 &&
	ids --status RUNNING >running && printf "1_1\n1_3\n" >want && test_cmp want running &&
	test "$(ids --status PENDING)" = "1_[7-19:2%2]" &&
	mini-slurm queue --reason --status PENDING >out &&
	grep -q "2 tasks of array 1 run, and no more may at a time" out &&
	submit --cpus 1 true >id && ends_as $(cat id) COMPLETED
'

test_expect_success '-r shows each pending task' '
	ids -r --status PENDING >got &&
	printf "1_%s\n" 7 9 11 13 15 17 19 >want &&
	test_cmp want got &&
	mini-slurm queue -r --json | json "[x[\"task\"] for x in j[\"jobs\"] if x[\"state\"] == \"PENDING\"]" >got &&
	echo "[7, 9, 11, 13, 15, 17, 19]" >want &&
	test_cmp want got
'

test_expect_success 'a task is shown by its number, before it runs and while it does' '
	mini-slurm show 1_9 >out &&
	grep -q "^Job 1_9" out &&
	grep -q "Status: *PENDING" out &&
	grep -q "Stdout: *$HOME/.mini_slurm_logs/job_1_9.out" out &&
	mini-slurm show 1_3 >out &&
	grep -q "Status: *RUNNING" out &&
	own=$(field 1_3 "Job id") && test "$own" != 1 &&
	mini-slurm show $own | head -1 >got && echo "Job 1_3" >want && test_cmp want got &&
	mini-slurm why 1_9 >out &&
	grep -q "2 tasks of array 1 run" out
'

test_expect_success 'the array is summed up' '
	mini-slurm show 1 >out &&
	grep -q "Array: *9 tasks: PENDING 7, RUNNING 2" out &&
	mini-slurm show 1 --json | json "[j[\"array\"][k] for k in (\"count\", \"min\", \"max\", \"step\")]" >got &&
	echo "[9, 1, 19, 1]" >want && test_cmp want got
'

test_expect_success 'pending tasks are cancelled alone, or several at a time' '
	mini-slurm cancel 1_9 "1_[13-15,19]" >got &&
	printf "Cancelled job 1_%s\n" 9 "[13,15,19%2]" >want &&
	test_cmp want got &&
	test "$(ids --status PENDING)" = "1_[7,11,17%2]" &&
	is_in_state 1_9 CANCELLED && is_in_state 1_15 CANCELLED &&
	is_count CANCELLED 3 &&
	test_must_fail mini-slurm cancel 1_9 2>err &&
	grep -q "has ended: CANCELLED" err
'

test_expect_success 'a running task is cancelled alone' '
	mini-slurm cancel --now 1_3 >got &&
	echo "Cancelling job 1_3: SIGKILL sent" >want && test_cmp want got &&
	ends_as 1_3 CANCELLED && wait_for_state 1_7 RUNNING
'

test_expect_success 'all of the others run, each once' '
	touch go &&
	wait_until is_count PENDING 0 && wait_until is_count RUNNING 0 &&
	sort -n ran >got && printf "%s\n" 1 3 7 11 17 >want && test_cmp want got &&
	mini-slurm show 1 >out &&
	grep -q "^Job 1_17" out &&
	grep -q "Array: *9 tasks: COMPLETED 4, CANCELLED 5" out
'

test_expect_success 'each has its output in a file of its own' '
	id=$(submit --array 0-1 "echo out \$SLURM_ARRAY_TASK_ID; echo err >&2") &&
	ends_as ${id}_0 COMPLETED && ends_as ${id}_1 COMPLETED &&
	logs=$HOME/.mini_slurm_logs &&
	echo "out 0" >want && test_cmp want "$logs/job_${id}_0.out" &&
	echo "out 1" >want && test_cmp want "$logs/job_${id}_1.out" &&
	echo err >want && test_cmp want "$logs/job_${id}_1.err"
'

test_expect_success 'it knows which task of what it is' '
	id=$(submit --array 2-6:2 --output env.%a "env | grep SLURM_ARRAY; echo \$SLURM_JOB_ID") &&
	ends_as ${id}_2 COMPLETED && ends_as ${id}_4 COMPLETED && ends_as ${id}_6 COMPLETED &&
	for p in MINI_SLURM_ARRAY SLURM_ARRAY
	do
		printf "${p}_%s\n" JOB_ID=$id TASK_COUNT=3 TASK_ID=4 TASK_MAX=6 TASK_MIN=2 TASK_STEP=2
	done >want &&
	field ${id}_4 "Job id" >>want &&
	LC_ALL=C sort env.4 >got && LC_ALL=C sort want >want.sorted && test_cmp want.sorted got &&
	tail -1 env.6 >got && echo $id >want && test_cmp want got
'

test_expect_success 'a job that is submitted by a task is none' '
	id=$(submit --array 5 --output inner "mini-slurm submit --parsable --output inner.env env") &&
	ends_as ${id}_5 COMPLETED && ends_as $(cat inner) COMPLETED &&
	! grep ARRAY inner.env
'

test_expect_success 'files are named by patterns, of arrays and of other jobs' '
	mkdir "100%" && cd "100%" &&
	id=$(submit --array 7 --name a/b --output "%x-%A_%3a.%u.%t" --error "%%%j" "echo x; echo y >&2") &&
	ends_as ${id}_7 COMPLETED &&
	cat "a_b-${id}_007.$(id -un).0" "%$id" >got && printf "x\ny\n" >want && test_cmp want got &&
	id=$(submit --output "%5j-%A-%a-%N" true) && ends_as $id COMPLETED &&
	test -e "$(printf %05d $id)-$id-4294967294-$(hostname -s)" &&
	cd ..
'

test_expect_success 'elastic tasks, and tasks on whole nodes' '
	id=$(submit --array 1-3 --elastic --max-cpus 2 --output el.%a "basename \"\$MINI_SLURM_CONTROL_FILE\"; cat \"\$MINI_SLURM_CONTROL_FILE\" >/dev/null") &&
	for t in 1 2 3; do ends_as ${id}_$t COMPLETED && cat el.$t; done >got &&
	printf "job_${id}_%d.control\n" 1 2 3 >want && test_cmp want got &&
	id=$(submit --array 1-3 --exclusive true) &&
	for t in 1 2 3; do ends_as ${id}_$t COMPLETED || return 1; done
'

test_expect_success 'the last one that was submitted is the array, not a task that started since' '
	rm -f go && id=$(submit --array 1-3 ./await go) && wait_until is_in_state ${id}_1 RUNNING &&
	mini-slurm show last | grep "^  Array: " && : >go && mini-slurm wait last
'
test_expect_success 'tasks are listed by their numbers, the last one among them' '
	id=$(submit --array 8-11 true) && wait_until is_count PENDING 0 && wait_until is_count RUNNING 0 &&
	mini-slurm queue | awk "\$1 ~ /^${id}_/ { print \$1 }" >got &&
	printf "${id}_%d\n" 8 9 10 11 >want && test_cmp want got
'
test_expect_success 'all of an array is cancelled' '
	rm -f go &&
	id=$(submit --array 1-100%2 ./await go) &&
	wait_until is_count RUNNING 2 &&
	mini-slurm cancel --now $id >out &&
	test $(wc -l <out) = 3 &&
	grep -qx "Cancelled job ${id}_\[3-100%2\]" out &&
	ends_as ${id}_1 CANCELLED && ends_as ${id}_2 CANCELLED &&
	mini-slurm show $id >out &&
	grep -q "Array: *100 tasks: CANCELLED 100" out
'

test_expect_success 'a restarted scheduler goes on with the rest' '
	rm -f ran go &&
	id=$(submit --array 1-6%2 "echo \$SLURM_ARRAY_TASK_ID >>ran; ./await go") &&
	wait_until is_count RUNNING 2 &&
	mini-slurm cancel ${id}_4 >/dev/null &&
	kill_scheduler -9 && start_scheduler --total-cpus 4 --total-mem 4G &&
	test "$(ids --status PENDING)" = "${id}_[3,5-6%2]" &&
	is_count RUNNING 2 &&
	touch go && wait_until is_count PENDING 0 && wait_until is_count RUNNING 0 &&
	sort -n ran >got && printf "%s\n" 1 2 3 5 6 >want && test_cmp want got
'

test_expect_success 'a million tasks are one row, and what starts of them starts at once' '
	rm -f go &&
	id=$(submit --array 1-1000000 --output /dev/null ./await go) &&
	wait_until is_count RUNNING 4 &&
	is_count PENDING 999996 &&
	test "$(ids --status PENDING)" = "${id}_[5-1000000]" &&
	mini-slurm cancel --now $id >/dev/null &&
	wait_until is_count RUNNING 0
'

# refused STATUS MESSAGE VERB...: with that exit status, and in these words.
refused() {
	status=$1 message=$2 && shift 2 &&
	test_expect_code $status mini-slurm "$@" 2>err >out &&
	grep -qF -e "$message" err || { cat err >&2; return 1; }
}

test_expect_success 'what is no array is refused in words' '
	before=$(ids --all | wc -l) &&
	refused 2 "there is no task" submit --array "" true &&
	refused 2 "--array x: tasks have numbers from 0 to 2147483647" submit --array x true &&
	refused 2 "--array 5-1: the range runs backwards" submit --array 5-1 true &&
	refused 2 "an array has 1000000 tasks at most" submit --array 0-1000000 true &&
	refused 2 "tasks have numbers from 0 to 2147483647" submit --array 2147483648 true &&
	refused 2 "a step is a whole number from 1 on" submit --array 0-4:0 true &&
	refused 2 "how many may run at once, from 1 on" submit --array 0-4%0 true &&
	refused 2 "not a list of ranges" submit --array 0-4%2x true &&
	refused 1 "%q is none of %j %A" submit --array 1 --output out%q true &&
	test $(ids --all | wc -l) = $before
'

test_expect_success 'so is what is no task' '
	id=$(submit --array 1-3 true) && wait_until is_count PENDING 0 && wait_until is_count RUNNING 0 &&
	refused 1 "array $id has no task 7" show ${id}_7 &&
	refused 1 "array $id has no task 7" cancel ${id}_7 &&
	refused 1 "array $id has no task 7-9" cancel "${id}_[7-9]" &&
	refused 1 "the range runs backwards" cancel "${id}_[9-7]" &&
	refused 1 "not a task" cancel "${id}_x" &&
	refused 1 "not a task" show "${id}_" &&
	refused 1 "one at a time" show "${id}_[1-3]" &&
	refused 1 "is COMPLETED" why ${id}_2 &&
	refused 1 "array 99999 has no task 1" show 99999_1 &&
	plain=$(submit true) && refused 1 "array $plain has no task 0" cancel ${plain}_0 &&
	refused 1 "has ended" cancel $id
'

test_done
