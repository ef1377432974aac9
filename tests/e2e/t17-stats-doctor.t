#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='stats and doctor, with a scheduler and without'
. "${0%/*}/lib.sh"

write_await

test_expect_success 'doctor, without a scheduler' '
	mini-slurm doctor >out 2>err && test_must_be_empty err &&
	grep "^mini-slurm 0.1.0$" out &&
	grep -E "^  CPUs: +[0-9]+ \([0-9,-]+\)$" out &&
	grep -E "^  Memory: +[0-9.]+ [MGT]B$" out &&
	for resource in CPUs memory processes GPU; do
		grep -E "^  $resource +(enforced|watched|advisory|none): ." out || return 1
	done &&
	grep -F "  home:        $HOME" out &&
	grep -F "  database:    $HOME/.mini_slurm.db" out &&
	grep -F "  logs:        $HOME/.mini_slurm_logs" out &&
	grep "^  none is running; start it with: mini-slurm scheduler --background$" out
'
test_expect_success 'as JSON' '
	mini-slurm doctor --json >out &&
	test "$(json "sorted(j)" <out)" = "['\''checkpoint'\'', '\''elastic'\'', '\''enforcement'\'', '\''error'\'', '\''files'\'', '\''machine'\'', '\''scheduler'\'', '\''version'\'']" &&
	test "$(json "(j[\"scheduler\"], j[\"error\"])" <out)" = "(None, None)" &&
	test "$(json "[f[\"resource\"] for f in j[\"enforcement\"]]" <out)" = "['\''CPUs'\'', '\''memory'\'', '\''processes'\'', '\''GPU'\'']" &&
	test "$(json "j[\"machine\"][\"cpus\"]" <out)" = "$(nproc)" &&
	test "$(json "j[\"files\"][\"home\"]" <out)" = "$HOME"
'
test_expect_success 'what could be better has advice' '
	json "all(bool(f[\"better\"]) == (f[\"level\"] in (\"watched\", \"advisory\")) for f in j[\"enforcement\"])" <out >good &&
	test "$(cat good)" = True
'
test_expect_success 'doctor only looks: the groups it tries are gone again' '
	sh -c "echo \$\$ >pid; exec mini-slurm doctor" >out &&
	test -z "$(find /sys/fs/cgroup -name "doctor.$(cat pid)" 2>/dev/null)"
'
test_expect_success 'doctor on a damaged database says so, and the rest as well' '
	mkdir -p bad && echo rubbish >bad/.mini_slurm.db &&
	MINI_SLURM_HOME="$PWD/bad" mini-slurm doctor >out &&
	grep "^  unknown: .*bad/.mini_slurm.db" out && grep "^  CPUs: " out &&
	MINI_SLURM_HOME="$PWD/bad" mini-slurm doctor --json >out &&
	json "j[\"error\"]" <out | grep .mini_slurm.db
'
test_expect_success 'doctor refuses what it does not know' '
	test_expect_code 2 mini-slurm doctor --jsn 2>err && grep "did you mean --json" err &&
	mini-slurm doctor --help >out && grep "^Usage: mini-slurm doctor" out
'

test_expect_success 'doctor, with a scheduler' '
	start_scheduler --total-cpus 4 --total-mem 1G &&
	mini-slurm doctor >out &&
	grep "^  running (pid $(scheduler_pid)): 4 CPUs, 1024 MB memory, policy easy$" out &&
	mini-slurm doctor --json >out &&
	test "$(json "[j[\"scheduler\"][k] for k in (\"pid\", \"cpus_total\", \"mem_total_mb\", \"policy\", \"version\")]" <out)" = \
		"[$(scheduler_pid), 4, 1024, '\''easy'\'', '\''0.1.0'\'']" &&
	id=$(submit --mem 1M true) && ends_as $id COMPLETED
'

test_expect_success 'stats: what is in use, and what was' '
	a=$(submit --cpus 2 --mem 100M ./await go) && b=$(submit --mem 200M ./await go) &&
	wait_for_state $a RUNNING && wait_for_state $b RUNNING &&
	c=$(submit --cpus 4 --mem 1M "exit 1") &&
	mini-slurm stats >out &&
	grep "^Scheduler: *running (pid $(scheduler_pid), version 0.1.0, policy easy)$" out &&
	grep "^CPUs: *3 of 4 in use$" out &&
	grep "^Memory: *300 MB of 1 GB in use$" out &&
	grep "^Jobs: *1 PENDING, 2 RUNNING, 1 COMPLETED$" out &&
	grep -E "^Average wait: +[0-9.]+s$" out && grep -E "^Average run: +[0-9.]+s$" out
'
test_expect_success 'as JSON' '
	mini-slurm stats --json >out &&
	test "$(json "[j[k] for k in (\"cpus_used\", \"mem_used_mb\", \"cpus_total\", \"mem_total_mb\", \"ended_jobs\")]" <out)" = "[3, 300, 4, 1024, 1]" &&
	test "$(json "[s for s, n in j[\"states\"].items() if n]" <out)" = "['\''PENDING'\'', '\''RUNNING'\'', '\''COMPLETED'\'']" &&
	test "$(json "0 <= j[\"mean_wait\"] and 0 <= j[\"mean_runtime\"] and 0 <= j[\"system\"][\"cpu_percent\"] <= 100 and 0 < j[\"system\"][\"mem_used_mb\"] < j[\"system\"][\"mem_total_mb\"]" <out)" = True
'
test_expect_success 'the means are those of the jobs that ran' '
	: >go && ends_as $a COMPLETED && ends_as $b COMPLETED && ends_as $c FAILED &&
	never=$(submit --cpus 99 true) && mini-slurm cancel $never &&
	mini-slurm queue --json >queue && mini-slurm stats --json >out &&
	mean=$(json "sum(x[\"runtime\"] for x in j[\"jobs\"] if x[\"runtime\"] is not None) / 4" <queue) &&
	test "$(json "abs(j[\"mean_runtime\"] - $mean) < 0.01" <out)" = True &&
	test "$(json "(j[\"ended_jobs\"], j[\"states\"][\"CANCELLED\"], j[\"states\"][\"FAILED\"])" <out)" = "(5, 1, 1)"
'
test_expect_success 'without a scheduler stats still counts' '
	kill_scheduler &&
	mini-slurm stats --total-cpus 4 >out &&
	grep "^Scheduler: *not running" out && grep "^CPUs: *0 of 4 in use$" out &&
	grep "^Jobs: *3 COMPLETED, 1 FAILED, 1 CANCELLED$" out
'

test_done
