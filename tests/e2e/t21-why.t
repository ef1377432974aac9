#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='why ID: what is missing, who holds it, when it starts, and what would start it now'
. "${0%/*}/lib.sh"

# says ID PATTERN...: each matches a line of `why`.
says() {
	mini-slurm why "$1" >why.out || return 1
	shift
	for pattern in "$@"; do
		grep -E "$pattern" why.out || {
			echo >&2 "no line matches: $pattern" && cat >&2 why.out
			return 1
		}
	done
}

test_expect_success 'without a scheduler it says so' '
	id=$(submit true) &&
	echo "Job $id is waiting: no scheduler is running" >want &&
	mini-slurm why $id >out && test_cmp want out &&
	mini-slurm why --json $id >out &&
	test "$(json "(j[\"job\"], j[\"scheduler\"], j[\"earliest\"], j[\"changes\"])" <out)" = "($id, False, None, None)" &&
	mini-slurm cancel $id
'

test_expect_success 'jobs run, and others wait, under easy' '
	write_await &&
	start_scheduler --policy easy --total-cpus 4 --total-mem 400M &&
	limited=$(submit --mem 10M --cpus 3 --time 1-0 ./await go) &&
	wait_for_state $limited RUNNING &&
	big=$(submit --mem 10M --cpus 4 --time 2h true) &&
	long=$(submit --mem 10M --cpus 1 --time 1-6 true)
'

time="([0-9]{4}-[0-9]{2}-[0-9]{2} )?[0-9]{2}:[0-9]{2}:[0-9]{2}"

test_expect_success 'the first lacks CPUs, and has a firm reservation' '
	says $big "^Job $big is waiting: needs 4 CPUs, 1 is free; job $limited frees 3 at " \
		"^  Held by:      job $limited: 3 CPUs until $time \(time limit\)$" \
		"^  Earliest:     $time, firm: it rests on the time limits of the jobs there are$" \
		"^  Starts now:   with --cpus 1$" &&
	! grep "Gives way" why.out
'

test_expect_success 'the next fits, and would delay the first' '
	says $long "^Job $long is waiting: would delay job $big, which is to start by " \
		"^  Earliest:     about $time, if jobs end as expected and nobody new goes before it$" \
		"^  Gives way to: job $big, which is to start by $time$" \
		"^  Starts now:   with --priority 1; with --time 23:5[0-9]:[0-9]{2}$" &&
	! grep "Held by" why.out
'

test_expect_success 'queue --reason has the first line of each' '
	mini-slurm queue --reason >out && head -n 1 out | grep "SUBMIT  *REASON$" &&
	grep -E "^ *$big PENDING .* needs 4 CPUs, 1 is free; job $limited frees 3 at $time$" out &&
	grep -E "^ *$long PENDING .* would delay job $big, which is to start by $time$" out
'

test_expect_success '--json has the same' '
	mini-slurm why --json $big >out &&
	test "$(json "[j[k] for k in (\"job\", \"starts_now\", \"missing\", \"held_by_more\", \"earliest_is_firm\", \"ahead\", \"scheduler\")]" <out)" = \
		"[$big, False, {'\''cpus'\'': 3, '\''mem_mb'\'': 0, '\''gpus'\'': 0}, 0, True, None, True]" &&
	test "$(json "[(h[\"job\"], h[\"cpus\"], h[\"mem_mb\"], h[\"gpus\"], h[\"end_is_limit\"], h[\"end_time\"] == j[\"earliest\"]) for h in j[\"held_by\"]]" <out)" = \
		"[($limited, 3, 10, 0, True, True)]" &&
	test "$(json "j[\"changes\"]" <out)" = \
		"{'\''cpus'\'': 1, '\''mem_mb'\'': None, '\''gpus'\'': None, '\''time_limit'\'': None, '\''priority'\'': None}" &&
	mini-slurm why --json $long >out &&
	test "$(json "(j[\"ahead\"][\"job\"], j[\"earliest\"] > j[\"ahead\"][\"start_time\"], j[\"changes\"][\"priority\"])" <out)" = \
		"($big, True, 1)"
'

test_expect_success 'what it says would start the job does' '
	mini-slurm cancel $long &&
	id=$(submit --mem 10M --cpus 1 --time 1-6 --priority 1 true) &&
	ends_as $id COMPLETED &&
	id=$(submit --mem 10M --cpus 1 --time 23:00:00 true) &&
	ends_as $id COMPLETED
'

test_expect_success 'a job without a limit makes all of it an expectation' '
	endless=$(submit --mem 10M --cpus 1 --priority 9 ./await go) &&
	wait_for_state $endless RUNNING &&
	says $big "^  Held by:      job $endless: 1 CPU until about $time \(expected\); job $limited: 3 CPUs until $time \(time limit\)$" \
		"^  Earliest:     about $time, if jobs end as expected and nobody new goes before it$" \
		"^  Starts now:   with no single change$"
'

test_expect_success 'what can never start is told so' '
	never=$(submit --cpus 5 --mem 10M true) &&
	says $never "^Job $never is waiting: can never start here: needs 5 CPUs, the scheduler has 4$" \
		"^  Earliest:     -$" &&
	mini-slurm cancel $never
'

test_expect_success 'a job that does not wait is refused, and one that is not there' '
	test_must_fail mini-slurm why $limited 2>err &&
	grep "^mini-slurm why: job $limited is RUNNING: only a pending job waits for something$" err &&
	: >go && ends_as $big COMPLETED &&
	test_must_fail mini-slurm why $big 2>err &&
	grep "job $big is COMPLETED" err &&
	test_must_fail mini-slurm why 999 2>err &&
	grep "^mini-slurm why: no such job: 999$" err &&
	test_expect_code 2 mini-slurm why 2>err && grep "no job given" err &&
	test_expect_code 2 mini-slurm why 1 2 2>err && grep "one job at a time" err &&
	test_expect_code 2 mini-slurm why x 2>err && grep "x: not a job.s id" err
'

test_expect_success 'tasks of arrays go by their numbers' '
	a=$(submit --mem 10M --cpus 4 --time 1-0 --array 5-6%1 ./await go.5) && wait_for_state ${a}_5 RUNNING && last=$(submit --mem 10M true) &&
	says $last "needs 1 CPU, 0 are free; job ${a}_5 frees 4 at " \
		"^  Held by:      job ${a}_5: 4 CPUs until $time" &&
	: >go.5 && ends_as $last COMPLETED
'

test_done
