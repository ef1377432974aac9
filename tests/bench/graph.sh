#!/bin/sh
# SPDX-License-Identifier: MIT
# graph.sh [graph.py's options]: a random graph of 20,000 jobs, handed in from one file and run to the
# end on two CPUs; says how long each took, and checks every edge. MINI_SLURM_BUILD: which build.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
PATH=${MINI_SLURM_BUILD:-$here/../../build}:$PATH
MINI_SLURM_HOME=$(mktemp -d)
export MINI_SLURM_HOME
log=$MINI_SLURM_HOME/ran

now() {
	date +%s.%N
}

took() {
	echo "$1 $2" | awk '{ printf "%.2f s", $2 - $1 }'
}

scheduler_pid() {
	mini-slurm stats --json | sed -n 's/^ *"pid": \([0-9]*\).*/\1/p'
}

clean_up() {
	pid=$(scheduler_pid)
	test -z "$pid" || kill "$pid"
	rm -rf "$MINI_SLURM_HOME"
}
trap clean_up EXIT

: >"$log"
"$here/graph.py" "$@" --log "$log" >"$MINI_SLURM_HOME/jobs.jsonl"
mini-slurm scheduler --background --total-cpus 2 --total-mem 1G >/dev/null
pid=$(scheduler_pid)
began=$(now)
mini-slurm submit --mem 10M --file "$MINI_SLURM_HOME/jobs.jsonl"
echo "  submitted in $(took "$began" "$(now)")"
until mini-slurm stats --json | grep -q '"PENDING": 0' && mini-slurm stats --json | grep -q '"RUNNING": 0'; do
	sleep 0.5
done
echo "  ran to the end in $(took "$began" "$(now)")"
awk '{ printf "  CPU time of the scheduler: %.2f s\n", ($14 + $15) / 100 }' "/proc/$pid/stat"
grep VmHWM "/proc/$pid/status" | sed 's/VmHWM:[[:space:]]*/  its memory at most: /'
"$here/graph.py" "$@" --check "$log" | sed 's/^/  /'
