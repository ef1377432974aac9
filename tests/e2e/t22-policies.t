#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='what runs live is what is simulated: a mix of real jobs starts in the order that simulate says'
. "${0%/*}/lib.sh"

# CPUs, time limit and run time in seconds. The order is the same if every run takes up to 0.2 s longer: a
# scheduler that is that slow would still pass.
mix='2 6 1.2
1 4 1.4
1 6 0.8
1 6 0.8
1 8 0.6
2 6 1.2
3 14 2.0
4 6 0.4
1 14 2.2
1 10 1.2'

# trace CPUS: the mix as SWF; all submitted at the same time.
trace() {
	echo "; MaxProcs: $1"
	echo "$mix" | awk '{ print NR, 1, -1, $3, $1, -1, -1, $1, $2, -1, 1, 1, 1, 1, 1, 1, -1, -1 }'
}

# Groups of jobs that started together, in the order of their starts.
simulated() {
	trace 4 >mix.swf && mini-slurm simulate mix.swf --csv "$1.csv" --policy "$@" >/dev/null &&
	sed 1d "$1.csv" | sort -t, -k3,3n -k1,1n | awk -F, '{ printf "%s%s", NR == 1 ? "" : $3 == last ? " " : "\n", $1; last = $3 } END { print "" }'
}

run_live() {
	MINI_SLURM_HOME=$PWD/home.$1 && mkdir -m 700 "$MINI_SLURM_HOME" && export MINI_SLURM_HOME &&
	echo "$mix" | while read -r cpus limit run; do
		submit --cpus $cpus --mem 1M --time ${limit}s "sleep $run" 2>/dev/null || exit
	done >/dev/null &&
	mini-slurm scheduler --background --total-cpus 4 --total-mem 1G --policy "$@" >/dev/null
}

live() {
	MINI_SLURM_HOME=$PWD/home.$1 mini-slurm queue --all --json |
	python3 -c 'import json, sys
jobs = json.load(sys.stdin)["jobs"]
assert all(j["state"] == "COMPLETED" for j in jobs), jobs
starts = sorted({j["start_time"] for j in jobs})
for s in starts:
    print(*sorted(j["id"] for j in jobs if j["start_time"] == s))'
}

nobody_waits_or_runs() {
	for home in home.*; do
		MINI_SLURM_HOME=$PWD/$home mini-slurm queue | grep -E "PENDING|RUNNING" && return 1
	done
	return 0
}

stop_all() {
	for home in home.*; do
		pid=$(MINI_SLURM_HOME=$PWD/$home mini-slurm stats --json | json "j[\"scheduler\"][\"pid\"]") && kill $pid
	done
}

test_expect_success 'schedulers of all policies run the mix' '
	for policy in fifo greedy easy conservative conservative-rebuild; do
		(run_live $policy) || return 1
	done &&
	wait_until nobody_waits_or_runs
'

for policy in fifo greedy easy conservative conservative-rebuild; do
	test_expect_success "$policy starts them as it is simulated" "
		live $policy >live.$policy && simulated $policy >simulated.$policy &&
		test_cmp simulated.$policy live.$policy
	"
done

test_expect_success 'fifo, greedy, easy and conservative differ on this mix' '
	test $(cksum live.fifo live.greedy live.easy live.conservative | cut -d" " -f1 | sort -u | wc -l) = 4
'

test_expect_success 'the schedulers stop' '
	stop_all
'

test_done
