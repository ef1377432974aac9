#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='drain and resume-all; prune'
. "${0%/*}/lib.sh"

write_await

reason() {
	field $1 Reason
}

has_reason() {
	reason $1 | grep -q "$2"
}

# sql STATEMENT...: while nobody else has the store.
sql() {
	python3 -c 'import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
for statement in sys.argv[2:]:
    for row in db.execute(statement):
        print(*row)
db.commit()' "$HOME/.mini_slurm.db" "$@"
}

# rows TABLE
rows() {
	sql "SELECT count(*) FROM $1"
}

drained='The scheduler is drained since .* by .*: nothing new starts until mini-slurm resume-all'

# --- drain ---

test_expect_success 'a drained scheduler starts nothing new, and what runs goes on' '
	start_scheduler --total-cpus 2 --total-mem 800M &&
	run=$(submit --mem 64M "./await go.run; exit 4") && wait_for_state $run RUNNING &&
	mini-slurm drain >out && grep "^$drained$" out &&
	id=$(submit --mem 64M true) &&
	has_reason $id "^the scheduler is drained: it starts nothing new until resume-all$" &&
	: >go.run && test_expect_code 4 mini-slurm wait $run && is_in_state $id PENDING
'
test_expect_success 'which queue, stats and why say' '
	mini-slurm queue >out 2>err && grep "^(drained since .*: nothing new starts until mini-slurm resume-all)$" err &&
	mini-slurm stats >out && grep "^ *drained since " out &&
	test "$(mini-slurm stats --json | json "j[\"drained\"][\"uid\"]")" = $(id -u) &&
	mini-slurm why $id >out && grep "the scheduler is drained" out &&
	test "$(mini-slurm why --json $id | json "j[\"starts_now\"], j[\"earliest\"], set(j[\"changes\"].values())")" = "(False, None, {None})"
'
test_expect_success 'it stays so over its death and a restart' '
	kill_scheduler -KILL && start_scheduler --total-cpus 2 --total-mem 800M &&
	has_reason $id "the scheduler is drained" &&
	grep "Drained: nothing new is started until mini-slurm resume-all" "$HOME/.mini_slurm_logs/scheduler.log"
'
test_expect_success 'a second time changes nothing' '
	mini-slurm drain --json >again && test "$(json "j[\"changed\"]" <again)" = False &&
	test "$(json "j[\"drained\"][\"time\"]" <again)" = "$(mini-slurm stats --json | json "j[\"drained\"][\"time\"]")"
'
test_expect_success 'until resume-all' '
	mini-slurm resume-all >out && echo "The scheduler starts jobs again" >want && test_cmp want out &&
	mini-slurm wait $id &&
	mini-slurm resume-all >out && echo "The scheduler was not drained" >want && test_cmp want out &&
	mini-slurm queue >out 2>err && test_must_be_empty err
'
test_expect_success 'without a scheduler it is said to the next one' '
	kill_scheduler && mini-slurm drain >out && grep "^$drained$" out &&
	id=$(submit --mem 64M true) && start_scheduler --total-cpus 2 --total-mem 800M &&
	has_reason $id "the scheduler is drained" &&
	kill_scheduler && mini-slurm resume-all && start_scheduler --total-cpus 2 --total-mem 800M && mini-slurm wait $id
'

# --- prune ---

# Three jobs of long ago, one of them with output of its own; one of today; two that are active.
test_expect_success 'a history' '
	for n in 1 2 3; do FOO=$n submit --mem 64M --export FOO=$n "echo $n" >id.$n || return 1; done &&
	submit --mem 64M --output kept.out "echo kept" >id.4 && mini-slurm wait $(cat id.4) &&
	submit --mem 64M --export FOO=1 "echo today" >id.5 && test_expect_code 4 mini-slurm wait || : &&
	mini-slurm wait 1-$(cat id.5); 
	kill_scheduler &&
	sql "UPDATE jobs SET submit_time = submit_time - 8640000, start_time = start_time - 8640000, end_time = end_time - 8640000
		WHERE id IN ($(cat id.1), $(cat id.2), $(cat id.4))" \
	    "UPDATE jobs SET status = '\''FAILED'\'' WHERE id = $(cat id.2)" \
	    "UPDATE events SET time = time - 8640000 WHERE job_id IN ($(cat id.1), $(cat id.2), $(cat id.4))" &&
	start_scheduler --total-cpus 1 --total-mem 800M &&
	run=$(submit --mem 64M "./await go.old") && wait_for_state $run RUNNING && wait=$(submit --mem 64M true) &&
	mini-slurm queue --all --json | json "len(j[\"jobs\"])" >jobs
'
test_expect_success 'it does not do it unasked, and says how much it would be' '
	test_expect_code 1 mini-slurm prune --older 90d >out 2>err </dev/null && test_must_be_empty out &&
	grep "3 jobs that ended before .* would be removed: --yes does it" err &&
	test $(mini-slurm queue --all --json | json "len(j[\"jobs\"])") = $(cat jobs)
'
test_expect_success 'those that ended in some state' '
	mini-slurm prune --older 90d --state F --no-logs --yes >out &&
	echo "Removed 1 job, 0 files (0 bytes)" >want && test_cmp want out &&
	test_expect_code 1 mini-slurm show $(cat id.2) &&
	test -e "$HOME/.mini_slurm_logs/job_$(cat id.2).out"
'
test_expect_success 'the others, with their output, but for what was to be elsewhere' '
	mini-slurm prune --older 90d --yes >out &&
	echo "Removed 2 jobs, 2 files (2 bytes)" >want &&
	echo "Left job $(cat id.4)'\''s output where it asked for it: $PWD/kept.out" >>want && test_cmp want out &&
	! test -e "$HOME/.mini_slurm_logs/job_$(cat id.1).out" && ! test -e "$HOME/.mini_slurm_logs/job_$(cat id.1).err" &&
	test "$(cat kept.out)" = kept
'
test_expect_success 'nothing else is gone' '
	test $(mini-slurm queue --all --json | json "len(j[\"jobs\"])") = $(($(cat jobs) - 3)) &&
	is_in_state $(cat id.3) COMPLETED && test "$(stdout $(cat id.3))" = 3 &&
	is_in_state $run RUNNING && is_in_state $wait PENDING &&
	mini-slurm prune --older 90d --yes >out && echo "Removed 0 jobs, 0 files (0 bytes)" >want && test_cmp want out
'
test_expect_success 'of the jobs, no attempt, event or environment is left, and of the others each' '
	: >go.old && mini-slurm wait && kill_scheduler &&
	test "$(sql "SELECT count(*) FROM attempts WHERE job_id NOT IN (SELECT id FROM jobs)")" = 0 &&
	test "$(sql "SELECT count(*) FROM events WHERE job_id NOT IN (SELECT id FROM jobs)")" = 0 &&
	test "$(sql "SELECT count(*) FROM jobs WHERE id NOT IN (SELECT job_id FROM events WHERE type = '\''END'\'')")" = 0 &&
	test "$(sql "SELECT count(*) FROM environments WHERE hash NOT IN (SELECT env_hash FROM jobs)")" = 0 &&
	test "$(sql "SELECT count(*) FROM jobs WHERE env_hash NOT IN (SELECT hash FROM environments)")" = 0 &&
	sql "SELECT instr(data, '\''FOO=1'\'') > 0, instr(data, '\''FOO=2'\'') > 0 FROM environments" >out &&
	grep "^1 0$" out && ! grep "1$" out
'
test_expect_success 'a long history goes in pieces, without a scheduler and with one' '
	sql "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)
		INSERT INTO jobs (status, cpus, mem_mb, submit_time, eligible_time, start_time, end_time, uid, gid, umask, shell, cwd, command)
		SELECT '\''COMPLETED'\'', 1, 1, 1000, 1000, 1000, 1000 + i / 1000, 0, 0, 63, 1, '\''/'\'', '\''true'\'' FROM n" \
	    "INSERT INTO events (time, job_id, type) SELECT 1000, id, '\''END'\'' FROM jobs WHERE end_time < 2000" &&
	before=$(rows jobs) && events=$(rows events) &&
	mini-slurm prune --older 90d --state CD --yes --json >out &&
	test "$(json "j[\"jobs\"], j[\"events\"], j[\"kept\"]" <out)" = "(2500, 2500, [])" &&
	test $(rows jobs) = $((before - 2500)) && test $(rows events) = $((events - 2500)) &&
	test "$(sql "SELECT sum(jobs) FROM counts")" = $((before - 2500))
'
test_expect_success 'ids are not used again' '
	last=$(sql "SELECT seq FROM sqlite_sequence WHERE name = '\''jobs'\''") && test "$(submit true)" = $((last + 1))
'
test_expect_success 'who is waited for is left until he is not: a job, a task, and all of its array' '
	start_scheduler --total-cpus 1 --total-mem 800M && mini-slurm wait last &&
	a=$(submit --mem 64M true) && b=$(submit --mem 64M --array 0-1 true) && c=$(submit --mem 64M true) &&
	mini-slurm wait $a $b $c && task=$(mini-slurm show --json ${b}_0 | json "j[\"job\"][\"id\"]") &&
	other=$(submit --mem 64M true) && mini-slurm wait $other &&
	one=$(submit --mem 64M --hold --after ok:$a,${b}_1 true) && two=$(submit --mem 64M --hold --after ok:$c any:$task true) &&
	kill_scheduler && sql "UPDATE jobs SET end_time = end_time - 8640000 WHERE id >= $a" &&
	refused 1 "1 job that ended before" mini-slurm prune --older 90d --state CD &&
	mini-slurm prune --older 90d --state CD --yes | grep "^Removed 1 job," && test_expect_code 1 mini-slurm show $other &&
	start_scheduler --total-cpus 1 --total-mem 800M && mini-slurm release $one $two &&
	ends_as $one COMPLETED && ends_as $two COMPLETED &&
	mini-slurm prune --older 90d --state CD --yes | grep "^Removed 4 jobs," && kill_scheduler
'
test_expect_success 'bad input is refused in words' '
	test_expect_code 2 mini-slurm prune 2>err && grep "older than what? (--older 90d)" err &&
	test_expect_code 2 mini-slurm prune --older soon 2>err && grep "older soon: not a" err &&
	test_expect_code 2 mini-slurm prune --older 1d --logs --no-logs 2>err && grep "one of them" err &&
	test_expect_code 1 mini-slurm prune --older 1d --state R --yes 2>err && grep "only jobs that have ended" err &&
	test_expect_code 2 mini-slurm drain 1 2>err && grep "1: no such word is expected here" err
'

test_done
