#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='jobs that wait for others

--after in our words, --dependency in those of Slurm; with a scheduler and without one; what can
never be satisfied; and all that is refused.'
. "${0%/*}/lib.sh"

write_await

# refused WORDS OPTION...: it is not submitted, standard error says so, and nothing is stored.
refused() {
	words=$1
	shift
	test_expect_code "${code:-1}" mini-slurm submit "$@" true 2>err.refused &&
		grep -F -e "$words" err.refused
}

reason() {
	mini-slurm show --json $1 | json "j[\"job\"][\"reason\"]"
}

# says ID REASON
says() {
	test "$(reason $1)" = "$2"
}

clause() {
	mini-slurm show --json $1 | json "j[\"dependencies\"][$2][\"$3\"]"
}

test_expect_success 'without a scheduler: it is stored, as Slurm writes it' '
	id=$(submit true) && test $id = 1 &&
	id=$(submit --after ok:1 any:1 true) && test $id = 2 &&
	test "$(field 2 Dependency)" = afterok:1,afterany:1 &&
	id=$(submit --dependency "AfterOK:1,afterok:2,singleton" --name x true) && test $id = 3 &&
	test "$(field 3 Dependency)" = afterok:1:2,singleton &&
	test "$(clause 3 1 job)" = 2 && test "$(clause 3 1 state)" = waits &&
	test "$(mini-slurm show --json 1 | json "j[\"job\"][\"dependency\"]")" = None &&
	mini-slurm queue --json | json "[x[\"dependency\"] for x in j[\"jobs\"]][1]" >text &&
	test "$(cat text)" = afterok:1,afterany:1
'

test_expect_success 'what a word is, and what is none' '
	refused "dependency afterfoo:1: afterfoo is none of afterok, afterany" --dependency afterfoo:1 &&
	refused "afterok: a job'\''s id is missing (afterok:ID)" --dependency afterok &&
	refused "afterok: a job'\''s id is missing" --dependency afterok:1: &&
	refused "afterok: a job'\''s id is missing" --dependency afterok:,afterany:1 &&
	refused "x1 is not a job'\''s id" --dependency afterok:x1 &&
	refused "0 is not a job'\''s id" --dependency afterok:0 &&
	refused "-1 is not a job'\''s id" --dependency afterok:-1 &&
	refused "can'\''t be mixed" --dependency "afterok:1,afterany:2?afterany:3" &&
	refused "+5: only after takes minutes" --dependency afterok:1+5 &&
	refused "+x: not a number of minutes" --dependency after:1+x &&
	refused "singleton names no jobs" --dependency singleton:1 &&
	refused "singleton: the job needs a name" --dependency singleton &&
	refused "is none of afterok" --dependency afterok:1, &&
	code=2 refused "--dependency '\'''\'': no job is named" --dependency "" &&
	code=2 refused "only one of them" --dependency afterok:1 --after ok:1 &&
	code=2 refused "--after foo:1: not ok, any, notok or start" --after foo:1 &&
	code=2 refused "--after ok: which jobs?" --after ok &&
	code=2 refused "jobs are listed as ID,ID" --after ok:1,,2 &&
	code=2 refused "jobs are listed as ID,ID" --after ok:1:2 &&
	code=2 refused "--kill-on-invalid-dep maybe: yes or no" --kill-on-invalid-dep maybe &&
	code=2 refused "not a list such as" --dependency "$(printf "afterok:\\377")"
'

test_expect_success 'a job that does not exist can not be waited for, nor oneself' '
	refused "dependency: there is no job 99 that could be waited for" --after ok:1,99 &&
	refused "there is no job 4" --after any:4 &&
	refused "job 1 is no array: it has no task 3" --dependency afterok:1_3 &&
	test $(mini-slurm queue --json | json "len(j[\"jobs\"])") = 3
'

test_expect_success 'they run in that order' '
	start_scheduler --total-cpus 4 --total-mem 400M &&
	ends_as 3 COMPLETED && ends_as 2 COMPLETED &&
	test "$(clause 3 0 state)" = holds && test "$(clause 3 0 outcome)" = COMPLETED
'

test_expect_success 'waiting, in words' '
	one=$(submit --mem 50M ./await go.one) && two=$(submit --mem 50M --after ok:$one true) &&
	three=$(submit --mem 50M --after any:$one,$two true) &&
	wait_for_state $one RUNNING &&
	says $two "waits for job $one to end well (it is running)" &&
	says $three "waits for job $one to end (it is running), and for 1 more" &&
	mini-slurm why $two >why &&
	grep "^Job $two is waiting: waits for job $one to end well (it is running)\$" why &&
	mini-slurm queue --reason | grep "waits for job $one to end well"
'

test_expect_success 'another scheduler knows it as well' '
	kill_scheduler -9 && start_scheduler --total-cpus 4 --total-mem 400M &&
	says $two "waits for job $one to end well (it is running)" &&
	: >go.one && ends_as $two COMPLETED && ends_as $three COMPLETED
'

test_expect_success 'each word means what it says' '
	good=$(submit --mem 50M true) && bad=$(submit --mem 50M false) &&
	ends_as $good COMPLETED && ends_as $bad FAILED &&
	ids= &&
	for after in ok:$good any:$good any:$bad notok:$bad start:$good start:$bad; do
		ids="$ids $(submit --mem 50M --after $after true)" || return 1
	done &&
	for id in $ids $(submit --mem 50M --dependency "afterok:$bad?afterok:$good" true); do
		ends_as $id COMPLETED || return 1
	done &&
	for after in ok:$bad notok:$good; do
		id=$(submit --mem 50M --after $after true) && ends_as $id CANCELLED || return 1
	done
'

test_expect_success 'what can never be satisfied ends, with all that waits for it' '
	first=$(submit --mem 50M "./await go.first; false") &&
	a=$(submit --after ok:$first true) && b=$(submit --after ok:$a true) &&
	c=$(submit --mem 50M --after notok:$b true) &&
	kept=$(submit --after ok:$first --kill-on-invalid-dep no true) &&
	: >go.first &&
	ends_as $b CANCELLED && ends_as $a CANCELLED && ends_as $c COMPLETED &&
	test "$(field $a Reason)" = "its dependency can never be satisfied: job $first FAILED" &&
	test "$(field $b Reason)" = "its dependency can never be satisfied: job $a CANCELLED" &&
	is_in_state $kept PENDING &&
	says $kept "its dependency can never be satisfied: job $first FAILED" &&
	mini-slurm cancel $kept
'

test_expect_success 'so it is at the submission, and after a restart' '
	id=$(submit --after ok:$first true) && ends_as $id CANCELLED &&
	kill_scheduler && id=$(submit --after ok:$first true) && other=$(submit --after any:$id true) &&
	is_in_state $id PENDING && test "$(clause $id 0 state)" = never &&
	start_scheduler --total-cpus 4 --total-mem 400M && ends_as $id CANCELLED &&
	test "$(field $id Reason)" = "its dependency can never be satisfied: job $first FAILED" &&
	ends_as $other COMPLETED
'

test_expect_success 'a cancelled job has ended, and not well' '
	blocker=$(submit --cpus 4 --mem 50M ./await go.blocker) && wait_for_state $blocker RUNNING &&
	target=$(submit --mem 50M true) &&
	any=$(submit --mem 50M --after any:$target true) && ok=$(submit --after ok:$target true) &&
	mini-slurm cancel $target && ends_as $ok CANCELLED && is_in_state $any PENDING &&
	: >go.blocker && ends_as $any COMPLETED
'

test_expect_success 'after a start' '
	one=$(submit --mem 50M ./await go.start) && two=$(submit --mem 50M --after start:$one true) &&
	later=$(submit --mem 50M --dependency after:$one+1 true) &&
	ends_as $two COMPLETED && is_in_state $one RUNNING &&
	reason $later | grep "^not before .*, 1 minute after job $one started\$" &&
	: >go.start && mini-slurm cancel $later
'

test_expect_success 'singleton: one of a name at a time, in the order in which they came' '
	for n in 1 2 3; do
		submit --mem 50M --name single --dependency singleton \
			"test ! -e running && : >running && sleep 0.1 && rm running && echo $n >>order" || return 1
	done >ids &&
	for id in $(cat ids); do
		ends_as $id COMPLETED || return 1
	done &&
	test "$(echo $(cat order))" = "1 2 3"
'

test_expect_success 'an array: all its tasks, or one; also after a restart, and when it has ended' '
	array=$(submit --mem 50M --array 0-2%1 "./await go.\$MINI_SLURM_ARRAY_TASK_ID; test \$MINI_SLURM_ARRAY_TASK_ID != 1") &&
	all=$(submit --mem 50M --after any:$array true) && ok=$(submit --after ok:$array true) &&
	one=$(submit --mem 50M --after notok:${array}_1 true) &&
	says $all "waits for array $array to end" &&
	says $one "waits for job ${array}_1 to fail" &&
	refused "dependency: array $array has no task 3" --after ok:${array}_3 &&
	: >go.0 && : >go.1 && ends_as $one COMPLETED && is_in_state $all PENDING && is_in_state $ok PENDING &&
	kill_scheduler -9 && start_scheduler --total-cpus 4 --total-mem 400M &&
	is_in_state $all PENDING && : >go.2 && ends_as $all COMPLETED && ends_as $ok CANCELLED &&
	for after in any:$array notok:$array ok:${array}_0 notok:${array}_1; do
		id=$(submit --mem 50M --after $after true) && ends_as $id COMPLETED || return 1
	done
'

# --- aftercorr ---

# tasks ARRAY: each with its state and what it waits for, in order.
tasks() {
	mini-slurm queue --all -r --json | json "'\n'.join(f\"{x['task']} {x['state']} {x['dependency']}\" for x in sorted((x for x in j['jobs'] if x['array_id'] == $1), key=lambda x: x['task']))"
}

test_expect_success 'aftercorr: each task waits for that with its number, over the death of the scheduler' '
	rm -f go.* && a=$(submit --mem 10M --array 0-3 "./await go.\$SLURM_ARRAY_TASK_ID; test \$SLURM_ARRAY_TASK_ID != 1") &&
	mini-slurm submit --mem 10M --array 0-3 --dependency aftercorr:$a "echo \$SLURM_ARRAY_TASK_ID \$SLURM_ARRAY_TASK_COUNT" >out &&
	b=$((a + 4)) && grep "^Submitted job $b (4 tasks)" out &&
	for t in 0 1 2 3; do echo "$t PENDING aftercorr:${a}_$t"; done >want && tasks $b >got && test_cmp want got &&
	says ${b}_2 "waits for job ${a}_2 to end well" &&
	: >go.2 && ends_as ${b}_2 COMPLETED && is_in_state ${b}_0 PENDING &&
	: >go.1 && ends_as ${b}_1 CANCELLED &&
	test "$(field ${b}_1 Reason)" = "its dependency can never be satisfied: job ${a}_1 FAILED" &&
	kill_scheduler -9 && start_scheduler --total-cpus 4 --total-mem 400M && is_in_state ${b}_0 PENDING &&
	: >go.0 && ends_as ${b}_0 COMPLETED && is_in_state ${b}_3 PENDING && : >go.3 && ends_as ${b}_3 COMPLETED &&
	echo "3 4" >want && stdout ${b}_3 | test_cmp want -
'
test_expect_success 'what has no counterpart waits for all of the other array to end well' '
	rm -f go.* && a=$(submit --mem 10M --array 1-3%1 "./await go.\$SLURM_ARRAY_TASK_ID") &&
	b=$(submit --mem 10M --array 0-5 --dependency aftercorr:$a true) &&
	cat >want <<-EOT &&
	0 PENDING aftercorr:$a
	1 PENDING aftercorr:${a}_1
	2 PENDING aftercorr:${a}_2
	3 PENDING aftercorr:${a}_3
	4 PENDING aftercorr:$a
	5 PENDING aftercorr:$a
	EOT
	tasks $b >got && test_cmp want got &&
	mini-slurm queue >out && grep "^ *${b}_\[0,4-5\] PENDING" out &&
	: >go.1 && ends_as ${b}_1 COMPLETED && : >go.2 && ends_as ${b}_2 COMPLETED && is_in_state ${b}_0 PENDING &&
	: >go.3 && for t in 0 3 4 5; do ends_as ${b}_$t COMPLETED || return 1; done
'
test_expect_success 'and ends with the first that failed; of ended arrays it is known at once' '
	a=$(submit --mem 10M --array 0-2 "test \$SLURM_ARRAY_TASK_ID != 2") && mini-slurm wait $a; test $? = 1 &&
	b=$(submit --mem 10M --array 0-3 --dependency aftercorr:$a true) &&
	ends_as ${b}_0 COMPLETED && ends_as ${b}_1 COMPLETED && ends_as ${b}_2 CANCELLED && ends_as ${b}_3 CANCELLED &&
	test "$(field ${b}_3 Reason)" = "its dependency can never be satisfied: job $a FAILED" &&
	b=$(submit --mem 10M --array 7 --dependency aftercorr:$a --kill-on-invalid-dep no true) && is_in_state ${b}_7 PENDING &&
	mini-slurm cancel $b
'
test_expect_success 'with other words, of a plain job, and for one' '
	rm -f go.* && one=$(submit --mem 10M ./await go.one) && a=$(submit --mem 10M --array 0-1 true) &&
	b=$(submit --mem 10M --array 0-1 --dependency aftercorr:$a,afterany:$one true) &&
	c=$(submit --mem 10M --dependency aftercorr:$a:$one true) &&
	echo "0 PENDING aftercorr:${a}_0,afterany:$one" >want && tasks $b | head -1 | test_cmp want - &&
	test "$(field $c Dependency)" = aftercorr:$a:$one && d=$(submit --mem 10M --array 0-1 --dependency aftercorr:$one true) &&
	mini-slurm queue >out && grep "^ *${d}_\[0-1\] PENDING" out &&
	mini-slurm wait $a && is_in_state ${b}_1 PENDING && : >go.one && ends_as ${b}_1 COMPLETED && ends_as $c COMPLETED && ends_as ${d}_1 COMPLETED
'
test_expect_success 'without a scheduler, and in a file where the other comes later' '
	kill_scheduler && a=$(submit --mem 10M --array 0-2 true) &&
	b=$(submit --mem 10M --array 0-2 --hold --dependency aftercorr:$a true) && mini-slurm cancel ${b}_1 &&
	cat >jobs.jsonl <<-\EOT &&
	{"command": "true", "name": "second", "mem": "10M", "array": "1-2", "dependency": "aftercorr:first"}
	{"command": "true", "name": "first", "mem": "10M", "array": "1-2"}
	EOT
	mini-slurm submit --file jobs.jsonl && start_scheduler --total-cpus 4 --total-mem 400M &&
	is_in_state ${b}_0 PENDING && mini-slurm release $b && ends_as ${b}_0 COMPLETED && ends_as ${b}_2 COMPLETED &&
	is_in_state ${b}_1 CANCELLED && second=$((b + 3)) && first=$((second + 1)) &&
	mini-slurm wait $first $second && test "$(field ${second}_2 Dependency)" = aftercorr:${first}_2
'
test_expect_success 'too many of them are refused, and nothing of it stays' '
	last=$(submit true) && refused "dependency aftercorr: of an array of 10001 tasks: 10000 at most" --array 0-10000 --dependency aftercorr:$a &&
	test $(submit true) = $((last + 1))
'

test_done
