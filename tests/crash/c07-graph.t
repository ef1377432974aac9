#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='a scheduler killed at random moments while a graph of jobs runs

400 jobs that wait for each other are handed in from one file; some fail. The scheduler is
killed again and again, also while it takes them in. In the end exactly those ran that could, each
once and after all it waited for, and the others ended as CANCELLED.'
. "${0%/*}/lib.sh"

jobs=${CRASH_GRAPH_JOBS:-400}
kills=${CRASH_GRAPH_KILLS:-30}
seed=${CRASH_GRAPH_SEED:-$(od -An -N2 -tu2 /dev/urandom | tr -d ' ')}

graph() {
	python3 "$tests/../bench/graph.py" --jobs $jobs --fail 3 --seed $seed "$@"
}

test_expect_success "seed $seed: they are handed in, and the scheduler is killed $kills times" '
	: >ran && graph --log "$PWD/ran" >jobs.jsonl &&
	running_scheduler 2 4G &&
	{ mini-slurm submit --mem 10M --file jobs.jsonl >out 2>errors & } &&
	kill_often $kills 2 4G 389 &&
	wait && test "$(cat out)" = "Submitted $jobs jobs: 1-$jobs"
'

test_expect_success 'after one more start everything comes to an end' '
	wait_until no_scheduler && running_scheduler 2 4G &&
	all_end
'

test_expect_success 'every edge was respected, and every job ran once' '
	graph --check ran
'

test_expect_success 'who could not run says so' '
	mini-slurm queue --all --json >all &&
	json "sum(x[\"state\"] == \"CANCELLED\" for x in j[\"jobs\"])" <all >cancelled &&
	test $(($(wc -l <ran) + $(cat cancelled))) = $jobs &&
	json "all(\"never be satisfied\" in x[\"reason\"] for x in j[\"jobs\"] if x[\"state\"] == \"CANCELLED\")" <all >said &&
	test "$(cat said)" = True
'

test_done
