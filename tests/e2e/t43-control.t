#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='hold and release, begin and deadline, update: with and without a scheduler'
. "${0%/*}/lib.sh"

write_await

# --- hold, release ---------------------------------------------------------------------------------

test_expect_success 'without a scheduler: a job is submitted held, released, held again' '
	submit --hold true 2>/dev/null && submit true 2>/dev/null &&
	test "$(field 1 Reason)" = "held: release it to let it start" &&
	mini-slurm release 1 >out && echo "Released job 1" >want && test_cmp want out &&
	test "$(field 1 Reason)" = "no scheduler is running" &&
	mini-slurm hold 1 2 >out && printf "Held job %d\n" 1 2 >want && test_cmp want out &&
	mini-slurm release 2
'

test_expect_success 'a held job stays so, whatever is free, and over a restart' '
	start_scheduler >/dev/null &&
	ends_as 2 COMPLETED &&
	is_in_state 1 PENDING &&
	kill_scheduler -9 && start_scheduler >/dev/null &&
	submit true && ends_as 3 COMPLETED &&
	is_in_state 1 PENDING
'

test_expect_success 'queue, show, why say so' '
	mini-slurm queue --reason | grep "^ 1 PENDING .* held: release it to let it start$" &&
	test "$(field 1 Reason)" = "held: release it to let it start" &&
	mini-slurm why 1 | grep "Job 1 is waiting: held: release it to let it start" &&
	test "$(mini-slurm show --json 1 | json "j[\"job\"][\"held\"]")" = True
'

test_expect_success 'released, it starts' '
	mini-slurm release 1 && ends_as 1 COMPLETED
'

test_expect_success 'one that waits is held in time' '
	blocker=$(submit --cpus $(mini-slurm stats --json | json "j[\"cpus_total\"]") ./await go.blocker) &&
	wait_for_state $blocker RUNNING &&
	id=$(submit true) && mini-slurm hold $id && : >go.blocker &&
	ends_as $blocker COMPLETED && after=$(submit true) && ends_as $after COMPLETED &&
	is_in_state $id PENDING && mini-slurm release $id && ends_as $id COMPLETED
'

test_expect_success 'only of pending jobs: each of the others is refused alone' '
	id=$(submit --hold true) &&
	test_expect_code 1 mini-slurm hold 1 99 $id >out 2>err &&
	echo "Held job $id" >want && test_cmp want out &&
	grep "only a pending job can be held: job 1 is COMPLETED" err &&
	grep "no such job: 99" err &&
	test_expect_code 1 mini-slurm release --json 1 $id >out 2>err &&
	test "$(json "j[\"released\"][0][\"job\"], len(j[\"failed\"])" <out)" = "($id, 1)" &&
	grep "only a pending job can be released: job 1 is COMPLETED" err
'

test_expect_success 'bad words are refused' '
	test_expect_code 2 mini-slurm hold 2>err && grep "no job given" err &&
	test_expect_code 2 mini-slurm release 1 x 2>err && grep "x: not a job" err &&
	test_expect_code 2 mini-slurm hold --now 1 2>err
'

test_expect_success 'a task of an array is held, and changed, alone' '
	id=$(submit --array 0-3 --begin now+1h true) &&
	mini-slurm hold ${id}_3 >out && echo "Held job ${id}_3" >want && test_cmp want out &&
	mini-slurm update ${id}_2 priority=5 >out && echo "Updated job ${id}_2" >want && test_cmp want out &&
	mini-slurm update $id begin=now && ends_as ${id}_1 COMPLETED &&
	is_in_state ${id}_2 PENDING && mini-slurm update ${id}_2 begin=now && ends_as ${id}_2 COMPLETED &&
	mini-slurm update ${id}_3 begin=now && is_in_state ${id}_3 PENDING &&
	mini-slurm release $id >out && echo "Released job ${id}_3" >want && test_cmp want out &&
	ends_as ${id}_3 COMPLETED
'

test_expect_success 'of an array what is pending is held' '
	rm -f go.it && id=$(submit --array 0-4%1 --name fold "./await go.it") && wait_for_state ${id}_0 RUNNING &&
	mini-slurm hold $id >out && echo "Held job ${id}_[1-4%1]" >want && test_cmp want out &&
	: >go.it && ends_as ${id}_0 COMPLETED && is_in_state ${id}_1 PENDING &&
	mini-slurm release --name "fo*" && ends_as ${id}_4 COMPLETED
'

# --- begin, deadline -------------------------------------------------------------------------------

test_expect_success 'a job does not start before its time, and then it does' '
	id=$(submit --begin now+2 true) &&
	field $id Reason | grep "^not before " &&
	test "$(field $id "Not before")" != "" &&
	ends_as $id COMPLETED &&
	mini-slurm show --json $id >json &&
	test "$(json "j[\"job\"][\"start_time\"] >= j[\"job\"][\"eligible_time\"]" <json)" = True &&
	test "$(json "round(j[\"job\"][\"eligible_time\"] - j[\"job\"][\"submit_time\"])" <json)" = 2
'

test_expect_success 'times as people say them' '
	for when in tomorrow noon midnight 16:00 2099-12-01T08:00 12/01/99-08:00 "now + 1 hour" now+30minutes; do
		submit --begin "$when" true >id || return 1
		mini-slurm cancel $(cat id) || return 1
	done &&
	submit --begin now true >id && ends_as $(cat id) COMPLETED
'

test_expect_success 'what is no time, or in the past, is refused' '
	test_expect_code 2 mini-slurm submit --begin soon true 2>err &&
	grep "^mini-slurm submit: --begin soon: not a point in time" err &&
	test_expect_code 2 mini-slurm submit --begin 2020-01-01 true 2>err &&
	grep "^mini-slurm submit: --begin 2020-01-01: in the past" err &&
	test_expect_code 2 mini-slurm submit --deadline today true 2>err &&
	grep "^mini-slurm submit: --deadline today: in the past" err
'

test_expect_success 'so is a deadline that can not be kept' '
	test_expect_code 1 mini-slurm submit --deadline now+1minute --time 2m true 2>err &&
	grep "deadline .*: it begins at .* at the earliest, and may run for 00:02:00" err &&
	test_expect_code 1 mini-slurm submit --begin now+1h --deadline now+1minute true 2>err &&
	grep "deadline .*: it is not to begin before" err
'

test_expect_success 'a running job is ended at its deadline' '
	id=$(submit --deadline now+2 sleep 1000) &&
	test "$(field $id Deadline)" != "" &&
	ends_as $id DEADLINE &&
	test "$(field $id Reason)" = "reached its deadline" &&
	test "$(mini-slurm queue --status DL | sed 1d | wc -l)" = 1
'

test_expect_success 'a time limit before it is a time limit' '
	id=$(submit --deadline now+1h --time 1s sleep 1000) &&
	ends_as $id TIMEOUT
'

# It was suspended for so many seconds.
stood() {
	test "$(mini-slurm show --json $1 | json "j[\"job\"][\"suspended\"][\"time\"] > $2")" = True
}

test_expect_success 'a suspension does not move a deadline' '
	id=$(submit --deadline now+6 sleep 1000) && wait_for_state $id RUNNING && wait_until has_record $id &&
	mini-slurm suspend $id && wait_until stood $id 2 && mini-slurm resume $id &&
	ends_as $id DEADLINE &&
	test "$(mini-slurm show --json $id | json "j[\"job\"][\"end_time\"] - j[\"job\"][\"deadline\"] < 1.5")" = True
'

test_expect_success 'one that waits ends when it is too late for it' '
	rm -f go.blocker &&
	blocker=$(submit --cpus $(mini-slurm stats --json | json "j[\"cpus_total\"]") ./await go.blocker) &&
	wait_for_state $blocker RUNNING &&
	id=$(submit --deadline now+12 --time 10s true) &&
	held=$(submit --hold --deadline now+1 true) &&
	ends_as $held DEADLINE &&
	ends_as $id DEADLINE &&
	is_in_state $blocker RUNNING &&
	test "$(field $id Reason)" = "it can'\''t end before its deadline" &&
	test "$(field $id Started)" = - &&
	: >go.blocker && ends_as $blocker COMPLETED
'

test_expect_success 'while no scheduler runs: the next one ends it; a running one ends by itself' '
	run=$(submit --deadline now+2 sleep 1000) && wait_for_state $run RUNNING &&
	shepherd $run >pid && kill_scheduler &&
	id=$(submit --deadline now+1 true 2>/dev/null) &&
	wait_until is_gone $(cat pid) &&
	ends_as $run DEADLINE && is_in_state $id PENDING &&
	start_scheduler >/dev/null && ends_as $id DEADLINE
'

# --- update ----------------------------------------------------------------------------------------

test_expect_success 'of a pending job everything can be changed' '
	id=$(submit --hold sleep 1000) &&
	mini-slurm update $id cpus=2 mem=64M time=1h priority=7 name=new begin=2099-01-01 output=o.txt >out &&
	echo "Updated job $id" >want && test_cmp want out &&
	mini-slurm show --json $id >json &&
	test "$(json "[j[\"job\"][k] for k in (\"cpus\", \"mem_mb\", \"time_limit\", \"priority\", \"name\")]" <json)" = \
		"[2, 64, 3600.0, 7, '\''new'\'']" &&
	test "$(field $id Stdout)" = "$PWD/o.txt" &&
	field $id "Not before" | grep "^2099-01-01 00:00:00$" &&
	mini-slurm update $id time=unlimited cpus=1 error=e.txt deadline=2099-02-01 &&
	test "$(field $id Stderr)" = "$PWD/e.txt" &&
	test "$(mini-slurm show --json $id | json "j[\"job\"][\"time_limit\"]")" = None &&
	mini-slurm update --json $id deadline=none begin=now >json &&
	test "$(json "j[\"changed\"]" <json)" = begin,deadline &&
	test "$(mini-slurm show --json $id | json "j[\"job\"][\"deadline\"]")" = None &&
	mini-slurm cancel $id
'

test_expect_success 'what a pending job waits for: other jobs, or none; checked as at the submission' '
	a=$(submit --hold true) && b=$(submit --hold --dependency afterok:$a true) && c=$(submit --name c --after any:$b true) &&
	mini-slurm update $c dependency=afterany:$a,singleton &&
	test "$(field $c Dependency)" = afterany:$a,singleton && field $c Reason | grep "waits for job $a to end" &&
	mini-slurm release $a && ends_as $c COMPLETED && is_in_state $b PENDING &&
	refused 1 "job $c has ended: COMPLETED" mini-slurm update $c dependency=none &&
	refused 1 "there is no job 9999 that could be waited for" mini-slurm update $b dependency=afterok:9999 &&
	refused 1 "afterfoo is none of afterok" mini-slurm update $b dependency=afterfoo:1 &&
	refused 1 "singleton: the job needs a name" mini-slurm update $b dependency=singleton &&
	refused 2 "not a list such as" mini-slurm update $b dependency= &&
	test "$(field $b Dependency)" = afterok:$a && mini-slurm update $b dependency=none priority=3 &&
	test "$(field $b Dependency)" = "" && mini-slurm release $b && ends_as $b COMPLETED
'
test_expect_success 'it ends if that can never be satisfied, and starts if it is' '
	bad=$(submit false) && ends_as $bad FAILED && a=$(submit --hold true) &&
	id=$(submit --after ok:$a true) && mini-slurm update $id dependency=afternotok:$bad && ends_as $id COMPLETED &&
	id=$(submit --after ok:$a true) && mini-slurm update $id dependency=afterok:$bad && ends_as $id CANCELLED &&
	field $id Reason | grep "its dependency can never be satisfied: job $bad FAILED" &&
	id=$(submit --after any:$a true) && kill_scheduler -9 && mini-slurm update $id dependency=afterany:$bad,after:$bad &&
	start_scheduler >/dev/null && ends_as $id COMPLETED && mini-slurm cancel $a
'
test_expect_success 'a cycle is refused, and named; an array is all its tasks' '
	a=$(submit --hold true) && b=$(submit --after ok:$a true) && c=$(submit --after ok:$b true) &&
	refused 1 "dependency: job $a can'\''t wait for itself" mini-slurm update $a dependency=afterok:$a &&
	refused 1 "dependency: a cycle: $a -> $c -> $b -> $a" mini-slurm update $a dependency=afterok:$c &&
	test "$(field $a Dependency)" = "" && mini-slurm update $c dependency=afterok:$a &&
	array=$(submit --array 0-3 --after ok:$c true) &&
	refused 1 "dependency: a cycle: $a -> ${array}_[0-3] -> $c -> $a" mini-slurm update $a dependency=afterany:${array}_2 &&
	refused 1 "can'\''t wait for itself" mini-slurm update $array dependency=afterany:${array}_2 &&
	mini-slurm update ${array}_3 dependency=afterok:${array}_1 && test "$(field ${array}_3 Dependency)" = afterok:${array}_1 &&
	test "$(field ${array}_1 Dependency)" = afterok:$c &&
	refused 1 "a cycle: ${array}_1 -> ${array}_3 -> ${array}_1" mini-slurm update ${array}_1 dependency=afterok:${array}_3 &&
	mini-slurm cancel $array && other=$(submit --array 0-2 true) &&
	refused 1 "dependency aftercorr: of an array when it is submitted, or of one task" mini-slurm update $(submit --hold --array 0-1 true) dependency=aftercorr:$other &&
	mini-slurm cancel $a && ends_as $b CANCELLED
'
test_expect_success 'a task that waits for its counterpart' '
	rm -f go.it && a=$(submit --array 0-1 "test \$SLURM_ARRAY_TASK_ID = 0 || ./await go.it") && b=$(submit --array 0-2 --hold true) &&
	mini-slurm update ${b}_1 dependency=aftercorr:$a && mini-slurm update ${b}_2 dependency=aftercorr:$a &&
	test "$(field ${b}_1 Dependency)" = aftercorr:${a}_1 && test "$(field ${b}_2 Dependency)" = aftercorr:$a &&
	mini-slurm release $b && ends_as ${b}_0 COMPLETED && is_in_state ${b}_1 PENDING && : >go.it && ends_as ${b}_1 COMPLETED && ends_as ${b}_2 COMPLETED
'
test_expect_success 'a time limit after which its warning would come is refused, as at the submission' '
	id=$(submit --hold --time 1h --signal USR1@60 true) &&
	refused 1 "60 s before its end is not after its start: its time limit is 60 s" mini-slurm update $id time=1m &&
	refused 1 "only a job with a time limit is warned of it" mini-slurm update $id time=unlimited priority=9 &&
	test "$(field $id Priority)" = 0 && mini-slurm update $id time=61s && mini-slurm cancel $id
'
test_expect_success 'errors that go into the file of the output go with it' '
	id=$(submit --hold --output one.txt true) && mini-slurm update $id output=two.txt &&
	test "$(field $id Stderr)" = "$PWD/two.txt" && mini-slurm cancel $id
'

test_expect_success 'who asks for less starts; what is changed holds over a restart' '
	rm -f go.blocker &&
	cpus=$(mini-slurm stats --json | json "j[\"cpus_total\"]") &&
	id=$(submit --cpus $((cpus + 1)) ./await go.blocker) &&
	field $id Reason | grep "can never start here" &&
	kill_scheduler && mini-slurm update $id cpus=1 name=less && start_scheduler >/dev/null &&
	wait_for_state $id RUNNING && test "$(field $id Name)" = less
'

test_expect_success 'of a running job its time limit: more, less, and less than it has run' '
	wait_until has_record $id &&
	mini-slurm update $id time=1h priority=3 name=runs &&
	test "$(field $id "Time limit")" = 01:00:00 &&
	mini-slurm update $id time=1s && ends_as $id TIMEOUT &&
	field $id Reason | grep "^reached its time limit of 00:00:01$"
'

test_expect_success 'a limit can be taken away' '
	rm -f go.it && id=$(submit --time 4s "sleep 5; true") && wait_for_state $id RUNNING &&
	mini-slurm update $id time=unlimited && ends_as $id COMPLETED
'

test_expect_success 'and without a scheduler' '
	id=$(submit sleep 1000) && wait_for_state $id RUNNING && shepherd $id >pid &&
	kill_scheduler &&
	mini-slurm update $id time=1s && wait_until is_gone $(cat pid) &&
	ends_as $id TIMEOUT
'

test_expect_success 'what can not be changed is refused, and nothing else is' '
	start_scheduler >/dev/null &&
	id=$(submit sleep 1000) && wait_for_state $id RUNNING &&
	test_expect_code 1 mini-slurm update $id priority=5 cpus=2 2>err &&
	grep "job $id is RUNNING: its cpus can.t be changed any more (only its priority, time limit and name)" err &&
	test "$(field $id Priority)" = 0 &&
	mini-slurm cancel --now $id && ends_as $id CANCELLED &&
	test_expect_code 1 mini-slurm update $id priority=5 2>err &&
	grep "job $id has ended: CANCELLED" err &&
	id=$(submit --hold true) &&
	test_expect_code 1 mini-slurm update $id priority=5 min-cpus=1 2>err &&
	grep "min_cpus: only an elastic job has that" err &&
	test_expect_code 1 mini-slurm update $id priority=5 deadline=now+1h time=2h 2>err &&
	grep "deadline .*may run for 02:00:00" err &&
	test "$(field $id Priority)" = 0 &&
	test_expect_code 1 mini-slurm update 999 time=2h 2>err && grep "no such job: 999" err
'

test_expect_success 'an elastic job keeps limits that fit' '
	id=$(submit --hold --elastic --cpus 2 --max-cpus 4 --mem-per-cpu 10M true) &&
	test_expect_code 1 mini-slurm update $id cpus=5 2>err && grep "max_cpus 4: less than its 5 cpus" err &&
	test_expect_code 1 mini-slurm update $id mem=1G 2>err && grep "follows its CPUs, 10 MB each" err &&
	mini-slurm update $id cpus=5 max-cpus=6 &&
	test "$(mini-slurm show --json $id | json "j[\"job\"][\"cpus\"], j[\"job\"][\"mem_mb\"]")" = "(5, 50)" &&
	mini-slurm cancel $id
'

test_expect_success 'bad words are refused' '
	while read words; do
		test_expect_code 2 mini-slurm update $words 2>err || return 1
		cat err
	done >errs <<-\EOF &&

	x time=1h
	1
	1 time
	1 tme=1h
	1 time=soon
	1 cpus=0
	1 mem=8XB
	1 begin=2020-01-01
	1 begin=none
	1 name=
	1 time=1h time=2h
	1 2 time=1h
	EOF
	grep "^mini-slurm update: no job given" errs &&
	grep "^mini-slurm update: what is to change?" errs &&
	grep "^mini-slurm update: time: not of the form key=value" errs &&
	grep "^mini-slurm update: tme: nothing that can be changed (did you mean time?)" errs &&
	grep "^mini-slurm update: time: given twice" errs &&
	grep "^mini-slurm update: begin 2020-01-01: in the past" errs
'

test_done
