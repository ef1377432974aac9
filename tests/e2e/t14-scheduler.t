#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='the scheduler program: start, refusals, end, and start again'
. "${0%/*}/lib.sh"

# refused CODE PATTERN OPTION...: it does not start, and says why.
refused() {
	code=$1 pattern=$2
	shift 2
	test_expect_code $code timeout 30 mini-slurm scheduler "$@" >out 2>err &&
	{ grep "^\[mini-slurm\] Starting" out || test_must_be_empty out; } &&
	grep -F -e "$pattern" err || {
		cat >&2 err
		return 1
	}
}

has_line() {
	grep -q -- "$1" "$2"
}

has_scheduler() {
	test -n "$(scheduler_pid)"
}

# start_in_foreground OPTION...: its output is in the file `log`.
start_in_foreground() {
	scheduler_started=t
	mini-slurm scheduler "$@" >log 2>&1 &
	wait_until has_scheduler
}

write_await

test_expect_success 'in the foreground it says what it has, and each start and end' '
	start_in_foreground --total-cpus 8 --total-mem 16G &&
	id=$(submit --mem 64M "./await go") && wait_for_state $id RUNNING && : >go && ends_as $id COMPLETED &&
	grep -x "\[mini-slurm\] Starting scheduler with 8 CPUs, 16384 MB memory" log &&
	grep "^\[mini-slurm\] Started job $id on 1 CPU.*, 64 MB: ./await go" log &&
	wait_until has_line "^\[mini-slurm\] Job $id COMPLETED (exit code 0) after" log
'

test_expect_success 'a second one is refused with the pid of the first' '
	refused 1 "a scheduler is already running for $HOME (pid $(scheduler_pid))" &&
	refused 1 "(pid $(scheduler_pid))" --background &&
	has_scheduler
'

test_expect_success 'however its home is spelt' '
	ln -s "$HOME" link && (MINI_SLURM_HOME="$PWD/link/./" && refused 1 "(pid $(scheduler_pid))")
'

test_expect_success 'clients of the same home find it, however that is spelt' '
	test "$(MINI_SLURM_HOME="$PWD/link" scheduler_pid)" = "$(scheduler_pid)"
'

for signal in TERM INT
do
	test_expect_success "SIG$signal ends it and leaves jobs running, which the next one adopts" '
		kill_scheduler && rm -f go &&
		start_in_foreground --total-cpus 2 --total-mem 1G && first=$(scheduler_pid) &&
		id=$(submit --mem 600M --cpus 2 "./await go; exit 3") && wait_for_state $id RUNNING &&
		shepherd=$(shepherd $id) &&
		next=$(submit --mem 600M true) &&
		# A shell starts background processes with SIGINT ignored; ours listens all the same.
		kill_scheduler -'$signal' &&
		wait $! && # its exit status is 0
		grep "Stopping on SIG'$signal'; running jobs go on" log &&
		is_in_state $id RUNNING && ! is_gone $shepherd &&
		field $next Reason | grep "no scheduler" &&
		start_scheduler --total-cpus 2 --total-mem 1G &&
		test "$(scheduler_pid)" != $first &&
		test "$(shepherd $id)" = $shepherd &&
		grep "Job $id is still running (shepherd $shepherd)" "$HOME/.mini_slurm_logs/scheduler.log" &&
		field $next Reason | grep "job $id is expected to free 2" &&
		: >go && ends_as $id FAILED && field $id "Return code" | grep "^3" &&
		ends_as $next COMPLETED &&
		mini-slurm show --json $id >out && test "$(json "len(j[\"attempts\"])" <out)" = 1
	'
done

test_expect_success 'a client that is connected does not keep it from ending well' '
	kill_scheduler && start_in_foreground && pid=$! &&
	socket=$(mini-slurm doctor --json | json "j[\"files\"][\"socket\"]") &&
	{ python3 -c "
import socket, sys
s = socket.socket(socket.AF_UNIX)
s.settimeout(60)
s.connect(sys.argv[1])
open(\"connected\", \"w\").close()
s.recv(1)" "$socket" & } && client=$! &&
	wait_for_file connected &&
	kill -TERM $pid && wait $pid && wait $client &&
	! grep -i assert log &&
	start_scheduler
'

test_expect_success 'SIGKILL leaves them running as well' '
	rm -f go &&
	id=$(submit --mem 64M "./await go; exit 5") && wait_for_state $id RUNNING &&
	kill_scheduler -9 && : >go && start_scheduler &&
	ends_as $id FAILED && field $id "Return code" | grep "^5"
'

test_expect_success 'an allocation is kept over a restart' '
	rm -f go && kill_scheduler && start_scheduler --total-cpus 1 --total-mem 128M &&
	id=$(submit --mem 100M "./await go") && wait_for_state $id RUNNING &&
	cpus=$(field $id "CPU list") && started=$(field $id Started) && shepherd $id &&
	kill_scheduler && start_scheduler --total-cpus 1 --total-mem 128M &&
	test "$(field $id "CPU list")" = "$cpus" && test "$(field $id Started)" = "$started" &&
	mini-slurm stats >out && grep "^CPUs: *1 of 1 in use$" out && grep "^Memory: *100 MB of 128 MB in use$" out &&
	: >go && ends_as $id COMPLETED &&
	mini-slurm stats >out && grep "^CPUs: *0 of 1 in use$" out
'

test_expect_success 'a restarted one may have less than what runs holds' '
	rm -f go && kill_scheduler && start_scheduler --total-cpus 4 --total-mem 128M &&
	a=$(submit --cpus 4 --mem 100M "./await go") && wait_for_state $a RUNNING && shepherd $a &&
	kill_scheduler && start_scheduler --total-cpus 1 --total-mem 64M &&
	b=$(submit --mem 10M true) &&
	field $b Reason | grep "^needs 1 CPU, 0 are free; needs 10 MB memory, 0 MB are free; job $a is expected to free 4" &&
	: >go && ends_as $a COMPLETED && ends_as $b COMPLETED
'

test_expect_success 'it says at its start how much memory the machine, or its container, has' '
	kill_scheduler && start_scheduler >out &&
	mini-slurm doctor --json >doctor &&
	grep "with $(json "j[\"machine\"][\"cpus\"]" <doctor) CPUs, $(json "j[\"machine\"][\"mem_mb\"]" <doctor) MB memory (pid $(scheduler_pid))" out &&
	id=$(submit true) && ends_as $id COMPLETED &&
	mini-slurm show --json $id >out &&
	test "$(json "j[\"job\"][\"alloc\"][\"mem_mb\"]" <out)" = "$(json "j[\"machine\"][\"mem_mb\"] // j[\"machine\"][\"cpus\"]" <doctor)"
'

test_expect_success 'fewer CPUs than the machine has: those and no others' '
	kill_scheduler && rm -f go && start_scheduler --total-cpus 1 --total-mem 512M &&
	id=$(submit ./await go) && wait_for_state $id RUNNING &&
	field $id "CPU list" | grep -xE "[0-9]+" &&
	: >go && ends_as $id COMPLETED
'

test_expect_success 'with --background it keeps no descriptor of its caller, and has no terminal' '
	kill_scheduler &&
	scheduler_started=t &&
	out=$(mini-slurm scheduler --background 9>held 2>&1) && # would wait for ever for the end of its output
	pid=$(scheduler_pid) && # proc(5): session and terminal
	test "$(sed "s/.*) //" /proc/$pid/stat | cut -d " " -f 4,5)" = "$pid 0"
'

test_expect_success '--poll-interval is accepted' '
	kill_scheduler && start_scheduler --poll-interval 0.5 --policy greedy &&
	mini-slurm scheduler --help >out && grep -A 1 -e --poll-interval out | grep "no effect" &&
	kill_scheduler
'

test_expect_success 'and checked, as all numbers are' '
	for n in 0 -1 x "" 1e3 inf nan 99999999; do
		refused 2 "--poll-interval" --poll-interval "$n" || return 1
	done &&
	for n in 0 -1 1.5 x "" 65537 99999999999999999999; do
		refused 2 "--total-cpus" --total-cpus "$n" || return 1
	done &&
	for size in 0 -1 8XB "" 99999999999T G; do
		refused 2 "--total-mem" --total-mem "$size" || return 1
	done &&
	refused 2 "--policy fair: no such policy" --policy fair &&
	refused 2 "--order big: no such order (priority, sjf" --order big &&
	refused 2 "--backfill-order big: no such" --backfill-order big &&
	refused 2 "unknown variable \"wiat\" at 3 (did you mean wait?)" --order-expr "2*wiat" &&
	refused 2 "the order expr needs a formula" --order expr &&
	refused 2 "--order-expr is not used" --order sjf --order-expr wait &&
	refused 2 "--reservations 0" --reservations 0 && refused 2 "--default-time" --default-time x &&
	refused 2 "--enforce hard: neither auto nor watched" --enforce hard &&
	refused 2 "(did you mean --background?)" --backgroud &&
	refused 2 "--total-cpus: no value" --total-cpus &&
	refused 2 "extra" extra
'

# --- what it can not work with ---

# A home for one test. refused_home PATTERN HOME: in either way of starting.
refused_home() {
	home=$PWD/$2
	(MINI_SLURM_HOME=$home && export MINI_SLURM_HOME &&
		refused 1 "$1" --background && refused 1 "$1")
}

test_expect_success 'a corrupt database' '
	mkdir -p corrupt && MINI_SLURM_HOME="$PWD/corrupt" submit true &&
	python3 -c "
f = open(\"corrupt/.mini_slurm.db\", \"r+b\")
f.seek(100)
f.write(b\"rubbish\" * 2000)" && rm -f corrupt/.mini_slurm.db-* && cp corrupt/.mini_slurm.db before &&
	refused_home "$PWD/corrupt/.mini_slurm.db" corrupt &&
	cmp before corrupt/.mini_slurm.db
'
test_expect_success 'a file that is no database' '
	mkdir -p text && echo "dear to somebody" >text/.mini_slurm.db &&
	refused_home "$PWD/text/.mini_slurm.db" text &&
	echo "dear to somebody" >want && test_cmp want text/.mini_slurm.db
'
test_expect_success 'a database of another program' '
	mkdir -p foreign && python3 -c "
import sqlite3
db = sqlite3.connect(\"foreign/.mini_slurm.db\")
db.execute(\"CREATE TABLE bookmarks (url TEXT)\")
db.commit()" && cp foreign/.mini_slurm.db before &&
	refused_home "$PWD/foreign/.mini_slurm.db" foreign &&
	cmp before foreign/.mini_slurm.db
'
test_expect_success 'a database newer than the program' '
	mkdir -p newer && MINI_SLURM_HOME="$PWD/newer" submit true &&
	python3 -c "
import sqlite3
db = sqlite3.connect(\"newer/.mini_slurm.db\")
n = db.execute(\"PRAGMA user_version\").fetchone()[0]
db.execute(\"PRAGMA user_version = %d\" % (n + 1000))
db.commit()" &&
	refused_home newer newer
'
test_expect_success 'a home that is not there' '
	refused_home "$PWD/nowhere" nowhere
'
if test "$(id -u)" -ne 0
then
	test_set_prereq NOT_ROOT
fi
test_expect_success NOT_ROOT 'a home that can only be read' '
	mkdir -m 500 readonly && refused_home "$PWD/readonly" readonly
'

test_done
