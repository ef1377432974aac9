#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='elastic jobs: what submit takes, what queue and show say, what resize refuses'
. "${0%/*}/lib.sh"

test_expect_success 'submit says what an elastic job starts with, and between what it may be resized' '
	mini-slurm submit --elastic --cpus 2 --min-cpus 1 --max-cpus 8 --mem 100M --priority 3 true >out &&
	cat >want <<-\EOT &&
	Submitted job 1
	  [ELASTIC] cpus=2 (min=1, max=8), mem=100MB, priority=3
	  command=true
	EOT
	test_cmp want out
'
test_expect_success 'by default: no fewer than at the start, no more than the machine has' '
	mini-slurm submit --elastic --cpus 3 true >out &&
	grep "^  \[ELASTIC\] cpus=3 (min=3, max=machine), mem=default, priority=0$" out
'
test_expect_success 'memory by the CPU, for an elastic job and any other' '
	mini-slurm submit --elastic --cpus 3 --mem-per-cpu 50M true >out &&
	grep "^  \[ELASTIC\] cpus=3 (min=3, max=machine), mem=150MB, priority=0$" out &&
	mini-slurm submit --cpus 4 --mem-per-cpu 1G true >out &&
	grep "^  cpus=4, mem=4096MB, priority=0$" out
'

test_expect_success 'queue: what it has, and may have at most; other jobs as ever' '
	mini-slurm queue >queued &&
	awk "{ print \$1, \$3, \$4, \$5, \$8 }" queued >got &&
	cat >want <<-\EOT &&
	ID CPU MEM(MB) PRI ELASTIC
	1 2 100 3 -/8
	2 3 - 0 -/machine
	3 3 150 0 -/machine
	4 4 4096 0 -
	EOT
	test_cmp want got
'
test_expect_success 'show: its limits and its control file; neither for other jobs' '
	test "$(field 1 CPUs)" = "2 (current: -, min: 1, max: 8)" &&
	test "$(field 2 CPUs)" = "3 (current: -, min: 3, max: machine)" &&
	test "$(field 1 Control)" = "$HOME/.mini_slurm_logs/job_1.control" &&
	test "$(field 4 CPUs)" = 4 &&
	test -z "$(field 4 Control)"
'
test_expect_success 'show --json: all that is known' '
	submit --elastic --cpus 2 --max-cpus 4 --mem-per-cpu 10 --resize-grace 5s \
		--resize-signal SIGUSR2 --workers true &&
	mini-slurm show --json 5 >out &&
	cat >want <<-EOT &&
	{
	 "ack_file": "$HOME/.mini_slurm_logs/job_5.ack",
	 "control_file": "$HOME/.mini_slurm_logs/job_5.control",
	 "current": null,
	 "generation": 0,
	 "grace": 5.0,
	 "initial": 2,
	 "max": 4,
	 "mem_per_cpu_mb": 10,
	 "min": 2,
	 "resizes": 0,
	 "signal": "USR2",
	 "wanted": null,
	 "workers": true
	}
	EOT
	json "json.dumps(j[\"job\"][\"elastic\"], indent=1, sort_keys=True)" <out >got &&
	test_cmp want got &&
	test "$(json "j[\"resizes\"]" <out)" = "[]" &&
	mini-slurm show --json 4 >out &&
	test "$(json "j[\"job\"][\"elastic\"]" <out)" = None
'
test_expect_success 'a signal by its number; none' '
	signal_of() { mini-slurm show --json $1 | json "j[\"job\"][\"elastic\"][\"signal\"]"; } &&
	number=$(python3 -c "import signal; print(int(signal.SIGUSR2))") &&
	id=$(submit --elastic --resize-signal $number true) && test "$(signal_of $id)" = USR2 &&
	id=$(submit --elastic --resize-signal none true) && test "$(signal_of $id)" = None &&
	id=$(submit --elastic true) && test "$(signal_of $id)" = USR1
'

test_expect_success 'limits that do not hold what it starts with' '
	refused 2 "--min-cpus 3: more than the 2 of --cpus that it starts with" \
		mini-slurm submit --elastic --cpus 2 --min-cpus 3 true &&
	refused 2 "--max-cpus 3: less than the 4 of --cpus that it starts with" \
		mini-slurm submit --elastic --cpus 4 --max-cpus 3 true &&
	refused 2 "--min-cpus 0: not a whole number" mini-slurm submit --elastic --min-cpus 0 true
'
for option in '--min-cpus 1' '--max-cpus 4' '--resize-grace 5s' '--resize-signal USR1' --workers; do
	test_expect_success "$option is of elastic jobs only" "
		refused 2 '${option%% *}: only an elastic job has that: add --elastic' \
			mini-slurm submit $option true
	"
done
for signal in KILL STOP CHLD TERM CONT SIGINT 9; do
	test_expect_success "--resize-signal $signal means something else" "
		refused 2 '--resize-signal $signal: it means something else to programs (use USR1' \
			mini-slurm submit --elastic --resize-signal $signal true
	"
done
test_expect_success 'workers: the job is the pool, what was typed is shown' '
	refused 2 "--cpus-per-worker: only with --workers" \
		mini-slurm submit --elastic --cpus-per-worker 2 true &&
	printf "%s\n" "#!/usr/bin/env python3" "print(1)" >script &&
	refused 2 "--workers: a script that names its own interpreter" \
		mini-slurm submit --elastic --workers - <script &&
	id=$(submit --elastic --workers --cpus-per-worker 2 LIMIT=3 python3 "a b") &&
	test "$(field $id Command)" = "LIMIT=3 python3 '\''a b'\''" &&
	mini-slurm cancel $id
'
test_expect_success 'what is no signal, no grace, or memory twice' '
	refused 2 "--resize-signal USR3: not a signal (use USR1" \
		mini-slurm submit --elastic --resize-signal USR3 true &&
	refused 2 "--resize-grace: more than an hour" \
		mini-slurm submit --elastic --resize-grace 2h true &&
	refused 2 "--mem and --mem-per-cpu: only one" mini-slurm submit --mem 1G --mem-per-cpu 1G true
'

test_expect_success 'a grace may be none' '
	id=$(submit --elastic --resize-grace 0 true) &&
	test "$(mini-slurm show --json $id | json "j[\"job\"][\"elastic\"][\"grace\"]")" = 0.0 &&
	mini-slurm cancel $id &&
	refused 2 "--resize-grace x: not a time" mini-slurm submit --elastic --resize-grace x true
'

test_expect_success 'resize: no job, no number' '
	refused 2 "no job given" mini-slurm resize --cpus 4 &&
	refused 2 "one job at a time" mini-slurm resize 1 2 --cpus 4 &&
	refused 2 "no --cpus given: N, +N, -N or auto" mini-slurm resize 1 &&
	for n in 0 x +0 -0 +-1 ++1 1.5 all "" + 65537; do
		refused 2 "not N, +N or -N" mini-slurm resize 1 --cpus "$n" || return 1
	done
'
test_expect_success 'resize: a job that is not elastic, does not run, or is not there' '
	refused 1 "job 4 is not elastic: submit it with --elastic" mini-slurm resize 4 --cpus 2 &&
	refused 1 "job 1 is PENDING: only a running job can be resized" mini-slurm resize 1 --cpus auto &&
	refused 1 "no such job: 99" mini-slurm resize 99 --cpus -1
'
test_expect_success 'resize: inside a job it is that one' '
	MINI_SLURM_JOB_ID=1 refused 1 "job 1 is PENDING" mini-slurm resize --cpus +2 &&
	MINI_SLURM_JOB_ID=4 refused 1 "job 1 is PENDING" mini-slurm resize 1 --cpus +2
'
test_expect_success 'resize: one that runs, but no scheduler does' '
	python3 -c "
import os, sqlite3
db = sqlite3.connect(os.environ[\"HOME\"] + \"/.mini_slurm.db\")
db.execute(\"UPDATE jobs SET status = '\''RUNNING'\'', current_cpus = 4, wanted_cpus = 6 WHERE id = 1\")
db.commit()" &&
	refused 1 "no scheduler is running" mini-slurm resize 1 --cpus 4
'
test_expect_success 'queue, show and stats of a running one' '
	mini-slurm queue >queued &&
	test "$(awk "\$1 == 1 { print \$3, \$8 }" queued)" = "2 4/8" &&
	test "$(field 1 CPUs)" = "2 (current: 4, min: 1, max: 8)" &&
	test "$(field 1 "CPUs wanted")" = 6 &&
	mini-slurm stats >out && grep "^Elastic: *1 running, resized 0 times$" out
'
test_expect_success 'show: the resizes, with their reasons' '
	mini-slurm show 1 >out && ! grep REASON out &&
	python3 -c "
import json, os, sqlite3
db = sqlite3.connect(os.environ[\"HOME\"] + \"/.mini_slurm.db\")
for n in range(1, 61):
    db.execute(\"INSERT INTO events (time, job_id, attempt, type, detail) VALUES (?, 1, 1, '\''RESIZE'\'', ?)\",
               (1764000000 + n, json.dumps({\"from\": n, \"to\": n + 1, \"generation\": n, \"mem_mb\": 1,
                                            \"cpu_list\": \"0-3\", \"reason\": \"because %d\" % n})))
db.execute(\"UPDATE jobs SET resizes = 60 WHERE id = 1\")
db.commit()" &&
	mini-slurm show 1 | sed "1,/Enforcement:/d" >out &&
	head -n 2 out | sed -E "s/[0-9-]{10} [0-9:]{8}/DATE/" >got &&
	cat >want <<-\EOT &&
	  RESIZED             FROM TO CPUS REASON
	  DATE   11 12 0-3  because 11
	EOT
	test_cmp want got &&
	test $(wc -l <out) -eq 52 &&
	test "$(tail -n 1 out)" = "  (the last 50 of 60)"
'

test_done
