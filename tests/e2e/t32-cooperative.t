#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='cooperative elastic jobs: both examples follow their CPUs, and acknowledge'
. "${0%/*}/lib.sh"
. "$tests/elastic.sh"

# goes_on_with CPUS FILE: the last that the example has said there.
goes_on_with() {
	test "$(sed -nE 's/.* ([0-9]+) (threads|CPUs)$/\1/p' "$2" | tail -n 1)" = "$1"
}

openmp=$MINI_SLURM_BUILD/examples/elastic_openmp
test ! -x "$openmp" || test_set_prereq OPENMP
command -v python3 >/dev/null && test_set_prereq PYTHON3
test "$(nproc)" -lt 2 || test_set_prereq TWO_CPUS
test_have_prereq OPENMP || say '# no OpenMP where this was built: its example is left out'
test_have_prereq PYTHON3 || say '# no python3: its example is left out'
write_await

# example PREREQ NAME RESULT COMMAND ROUNDS: what one has to do. So few rounds give that result.
example() {
	prereq=$1 name=$2 result=$3 command=$4 rounds=$5

	test_expect_success $prereq "$name: outside of mini-slurm it runs, and ends" '
		$command $rounds >out && grep "$result" out
	'
	test_expect_success $prereq "$name: in the place of a shepherd: grows, shrinks, acknowledges" '
		in_stand_in 1 $command 1000000 && wait_until goes_on_with 1 out &&
		give 3 && wait_until goes_on_with 3 out && take 2 && wait_until goes_on_with 2 out &&
		take 1 && wait_until goes_on_with 1 out && give 2 && wait_until goes_on_with 2 out &&
		test_must_be_empty err && kill $program && ! wait $program
	'
	test_expect_success $prereq,TWO_CPUS "$name: in a job: grows into what is free" '
		rm -f go && start &&
		id=$(submit --elastic --cpus 1 --max-cpus 2 --mem 100M --resize-grace 60s $command 1000000) &&
		wait_until has_cpus $id 2 && out=$(field $id Stdout) && wait_until goes_on_with 2 "$out"
	'
	test_expect_success $prereq,TWO_CPUS "$name: gives it back, long before its minute is over" '
		other=$(submit --mem 50M ./await go) && wait_for_state $other RUNNING &&
		goes_on_with 1 "$out" && has_cpus $id 1
	'
	test_expect_success $prereq,TWO_CPUS "$name: another scheduler goes on with that" '
		kill_scheduler -9 && start && is_in_state $id RUNNING && goes_on_with 1 "$out" &&
		: >go && ends_as $other COMPLETED &&
		wait_until has_cpus $id 2 && wait_until goes_on_with 2 "$out"
	'
	test_expect_success $prereq,TWO_CPUS "$name: its owner takes one away; no signal has ended it" '
		resize $id 1 && wait_until goes_on_with 1 "$out" && is_in_state $id RUNNING &&
		mini-slurm cancel $id && ends_as $id CANCELLED && test ! -s "$(field $id Stderr)" &&
		kill_scheduler
	'
}

start() {
	start_scheduler --total-cpus 2 --total-mem 400M --elastic-cooldown 0
}

example OPENMP 'C with OpenMP' 'pi is about 3.14159265' "$openmp" 20
example PYTHON3 Python '^6057 primes below 60000$' "python3 $tests/../../examples/elastic.py" 3
test_expect_success PYTHON3 'Python: what is no number gets a usage line' '
	test_expect_code 2 python3 $tests/../../examples/elastic.py x 2>err &&
	grep "^usage: elastic.py" err && grep "invalid int value: .x." err && ! grep Traceback err
'

test_done
