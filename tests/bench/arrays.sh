#!/bin/sh
# SPDX-License-Identifier: MIT
# Arrays against xargs, in one run: TASKS (10,000) of `true`, two at a time, each durable and accounted
# for; the same with the queue in memory, which shows what waiting for the disk before each start costs;
# how long the submission of a million tasks takes beside that of one job; and what the scheduler's
# memory grows by. Rounds alternate; the medians are printed, then all.
set -eu

build=${MINI_SLURM_BUILD:-$(cd "$(dirname "$0")/../../build" && pwd)}
tasks=${TASKS:-10000}
rounds=${ROUNDS:-3}
PATH=$build:$PATH
export MINI_SLURM_HOME
disk=$(mktemp -d)
memory=$(mktemp -d /dev/shm/tmp.XXXXXXXXXX)

finish() {
    for MINI_SLURM_HOME in "$disk" "$memory"; do
        mini-slurm queue --status PD,R --json | ids | xargs mini-slurm cancel --now >/dev/null 2>&1 || true
        kill "$(pid)"
        while [ -n "$(pid)" ]; do sleep 0.1; done
        rm -rf "$MINI_SLURM_HOME"
    done
}
trap finish EXIT

ids() { python3 -c 'import json, sys; print(*{j["array_id"] or j["id"] for j in json.load(sys.stdin)["jobs"]})'; }
pid() { mini-slurm stats --json | sed -n 's/^ *"pid": \([0-9]*\).*/\1/p'; }
now() { date +%s.%N; }
median() { sort -n | sed -n "$(((rounds + 1) / 2))p"; }
calc() { awk "BEGIN { printf \"%.$2f\", $1 }"; }

# How many of them are in that state.
count() { mini-slurm stats --json | sed -n "s/^ *\"$1\": \([0-9]*\).*/\1/p"; }

# rate COMMAND...: tasks a second.
rate() {
    from=$(now)
    "$@"
    calc "$tasks / ($(now) - $from)" 0
    echo
}

by_xargs() { seq "$tasks" | xargs -P2 -n1 sh -c true; }

# by_array HOME
by_array() {
    MINI_SLURM_HOME=$1
    before=$(count COMPLETED)
    mini-slurm submit --parsable --output /dev/null --array "1-$tasks" true >/dev/null
    while [ "$(count COMPLETED)" -lt $((before + tasks)) ]; do sleep 0.2; done
}

# submit [OPTION]...: milliseconds, of ten.
submit_ms() {
    from=$(now)
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        mini-slurm submit --parsable --cpus 2 "$@" sleep 1000 >/dev/null
    done
    calc "($(now) - $from) * 100" 2
    echo
}

memory_kb() { awk '/^Private/ { sum += $2 } END { print sum }' "/proc/$(pid)/smaps_rollup"; }

for MINI_SLURM_HOME in "$memory" "$disk"; do
    mini-slurm scheduler --background --total-cpus 2 --total-mem 4G >/dev/null
done
x='' a='' m='' one='' million=''
for _ in $(seq "$rounds"); do
    x="$x $(rate by_xargs)"
    a="$a $(rate by_array "$disk")"
    m="$m $(rate by_array "$memory")"
done
mini-slurm submit --parsable --cpus 2 sleep 1000 >/dev/null # whatever comes now waits
for _ in $(seq "$rounds"); do
    one="$one $(submit_ms)"
    before=$(memory_kb)
    million="$million $(submit_ms --array 1-1000000)"
    grown=$(($(memory_kb) - before))
done

of() { printf '%s\n' $1 | median; }
echo "xargs -P2 -n1 sh -c true: $(of "$x") tasks/s ($x )"
echo "an array of $tasks, two at a time: $(of "$a") tasks/s ($a )"
echo "that is $(calc "100 * $(of "$a") / $(of "$x")" 0) %"
echo "with the queue in memory: $(of "$m") tasks/s, $(calc "100 * $(of "$m") / $(of "$x")" 0) % ($m )"
echo "submission of one job: $(of "$one") ms ($one ); of 1,000,000 tasks: $(of "$million") ms ($million )"
echo "ten pending arrays of 1,000,000 tasks take $grown kB of the scheduler's memory"
