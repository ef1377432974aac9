#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='suspend and resume: a job stands still, and its time with it'
. "${0%/*}/lib.sh"

# count NAME: adds a line to NAME every 50 ms, for a minute at most, or until the file go.NAME is there.
cat >count <<\EOF
#!/bin/sh
n=0
until test -e go.$1 || test $((n += 1)) -gt 1200; do echo x >>$1; sleep 0.05; done
EOF
chmod +x count
write_await

lines() {
	cat $1 2>/dev/null | wc -l
}
# has_more NAME LINES
has_more() {
	test $(lines $1) -gt $2
}
counts() {
	wait_until has_more $1 $(lines $1)
}
# It counts no more: twice in a row it is where it was a while before.
stands() {
	before=$(lines $1)
	sleep 0.3
	test $(lines $1) -eq $before
}
stands_still() {
	wait_until stands $1 && stands $1
}
number() {
	mini-slurm show --json $1 | json "j[\"job\"][\"$2\"]"
}

test_expect_success 'what does not run can not be suspended, nor resumed' '
	refused 2 "no job given" mini-slurm suspend &&
	refused 1 "no such job: 99" mini-slurm resume 99 &&
	id=$(submit true) &&
	refused 1 "only a running job can be suspended: job $id is PENDING" mini-slurm suspend $id &&
	refused 1 "only a suspended job can be resumed: job $id is PENDING" mini-slurm resume $id &&
	mini-slurm cancel $id
'

for enforce in auto watched
do
	test_expect_success "--enforce $enforce: a suspended job stands still with all its processes" '
		rm -f a b go.* && start_scheduler --total-cpus 4 --total-mem 400M --enforce $enforce &&
		id=$(submit --cpus 4 "./count a & exec ./count b") && counts a && counts b &&
		mini-slurm suspend $id >out && echo "Suspended job $id" >want && test_cmp want out &&
		is_in_state $id SUSPENDED && stands_still a && stands_still b
	'
	test_expect_success "--enforce $enforce: it is listed, and keeps what it has" '
		mini-slurm queue --status S >out && grep "^ *$id SUSPENDED *4 " out &&
		mini-slurm queue --status RUNNING >out && ! grep SUSPENDED out &&
		mini-slurm stats --json >out &&
		test "$(json "j[\"states\"][\"SUSPENDED\"], j[\"states\"][\"RUNNING\"], j[\"cpus_used\"]" <out)" = "(1, 0, 4)" &&
		other=$(submit true) && mini-slurm queue --reason >out &&
		grep "^ *$other PENDING .*needs 1 CPU, 0 are free" out &&
		refused 1 "only a running job can be suspended: job $id is SUSPENDED" mini-slurm suspend $id
	'
	test_expect_success "--enforce $enforce: it goes on, and ends as ever" '
		field $id Suspended | grep "^[0-9.]*s, since 20" &&
		mini-slurm resume $id >out && echo "Resumed job $id" >want && test_cmp want out &&
		is_in_state $id RUNNING && counts a && counts b &&
		refused 1 "only a suspended job can be resumed: job $id is RUNNING" mini-slurm resume $id &&
		: >go.a && : >go.b && ends_as $id COMPLETED && ends_as $other COMPLETED &&
		field $id Suspended | grep "^[0-9.]*s$" &&
		mini-slurm show --json $other >out && test "$(json "j[\"job\"][\"suspended\"]" <out)" = None
	'
	test_expect_success "--enforce $enforce: a scheduler that is killed and started again knows it" '
		rm -f a go.* && id=$(submit ./count a) && counts a &&
		mini-slurm suspend $id && stands_still a &&
		kill_scheduler -9 && is_in_state $id SUSPENDED &&
		start_scheduler --total-cpus 4 --total-mem 400M --enforce $enforce &&
		is_in_state $id SUSPENDED && stands_still a &&
		mini-slurm resume $id && counts a && : >go.a && ends_as $id COMPLETED
	'
	test_expect_success "--enforce $enforce: without a scheduler" '
		rm -f a go.* && id=$(submit ./count a) && counts a && kill_scheduler -9 &&
		mini-slurm suspend $id && is_in_state $id SUSPENDED && stands_still a &&
		mini-slurm resume $id && is_in_state $id RUNNING && counts a &&
		: >go.a && ends_as $id COMPLETED && no_scheduler
	'
	test_expect_success "--enforce $enforce: its limit stands still, and so does its runtime" '
		rm -f a go.* && start_scheduler --total-cpus 4 --total-mem 400M --enforce $enforce &&
		id=$(submit --time 3s ./count a) && counts a && mini-slurm suspend $id && stands_still a &&
		ran=$(number $id runtime) && sleep 3.5 &&
		is_in_state $id SUSPENDED && test $(number $id runtime) = $ran &&
		mini-slurm resume $id && ends_as $id TIMEOUT &&
		test "$(number $id runtime | json "3 <= j < 6")" = True &&
		mini-slurm show --json $id >out &&
		test "$(json "j[\"job\"][\"end_time\"] - j[\"job\"][\"start_time\"] > 6.4" <out)" = True
	'
	test_expect_success "--enforce $enforce: a suspended job can be cancelled, and has its grace" '
		rm -f a go.* saved && id=$(submit "trap \"echo yes >saved; exit 0\" TERM; while :; do echo x >>a; sleep 0.05; done") &&
		counts a && mini-slurm suspend $id && stands_still a &&
		mini-slurm cancel $id >out && grep "SIGTERM sent" out &&
		ends_as $id CANCELLED && test "$(cat saved)" = yes &&
		rm -f a && id=$(submit ./count a) && counts a && mini-slurm suspend $id && stands_still a &&
		mini-slurm cancel --now $id && ends_as $id CANCELLED
	'
	test_expect_success "--enforce $enforce: a signal waits until it goes on" '
		rm -f a go.* && id=$(submit "trap \"exit 7\" USR1; while :; do echo x >>a; sleep 0.05; done") &&
		counts a && mini-slurm suspend $id && stands_still a &&
		mini-slurm signal -s USR1 $id && mini-slurm signal -s CONT $id && stands_still a &&
		is_in_state $id SUSPENDED && mini-slurm resume $id && ends_as $id FAILED &&
		field $id "Return code" | grep "^7" &&
		kill_scheduler
	'
done

test_expect_success 'several jobs, each of which may be refused' '
	rm -f a b go.* && start_scheduler --total-cpus 4 --total-mem 400M &&
	a=$(submit ./count a) && b=$(submit ./count b) && counts a && counts b &&
	test_expect_code 1 mini-slurm suspend --json $a 999 $b >out 2>err &&
	test "$(json "[x[\"job\"] for x in j[\"suspended\"]], [x[\"job\"] for x in j[\"failed\"]]" <out)" = "([$a, $b], [999])" &&
	mini-slurm resume $a $b && : >go.a && : >go.b && ends_as $a COMPLETED && ends_as $b COMPLETED
'
test_expect_success 'the tasks of an array that run, or one of them; by range, state and name' '
	rm -f t* go.* && id=$(submit --array 1-3%2 --mem 16M --name tasks "./count t\$SLURM_ARRAY_TASK_ID") &&
	counts t1 && counts t2 &&
	mini-slurm suspend $id >out && printf "Suspended job ${id}_%d\n" 1 2 >want && test_cmp want out &&
	stands_still t1 && stands_still t2 &&
	refused 1 "only a running job can be suspended: job ${id}_1 is SUSPENDED" mini-slurm suspend ${id}_1 &&
	mini-slurm resume ${id}_1 >out && echo "Resumed job ${id}_1" >want && test_cmp want out && counts t1 &&
	refused 1 "only a running job can be suspended: job ${id}_[3] is PENDING" mini-slurm suspend ${id}_3 &&
	mini-slurm suspend --name "task*" >out && echo "Suspended job ${id}_1" >want && test_cmp want out &&
	mini-slurm resume $((id + 1))-$((id + 2)) --state S >out && printf "Resumed job ${id}_%d\n" 1 2 >want && test_cmp want out &&
	mini-slurm suspend --all >out && test $(wc -l <out) = 2 &&
	mini-slurm resume --user $(id -u) >out && test $(wc -l <out) = 2 &&
	: >go.t1 && : >go.t2 && : >go.t3 && ends_as ${id}_3 COMPLETED && ends_as ${id}_1 COMPLETED && ends_as ${id}_2 COMPLETED
'
test_expect_success 'one that is being cancelled is not suspended any more' '
	rm -f a && id=$(submit "trap \"\" TERM; while :; do echo x >>a; sleep 0.05; done") && counts a &&
	mini-slurm cancel $id && refused 1 "job $id is being cancelled" mini-slurm suspend $id &&
	mini-slurm cancel --now $id && ends_as $id CANCELLED
'

has_stood() {
	test "$(number $1 suspended | python3 -c "print(eval(input())[\"time\"] > $2)")" = True
}

test_expect_success 'what it stood is no runtime either when nobody knows how it ended' '
	rm -f a go.* && id=$(submit ./count a) && counts a && mini-slurm suspend $id && wait_until has_stood $id 2 &&
	mini-slurm resume $id && counts a && kill -9 $(shepherd $id) && ends_as $id NODE_FAIL &&
	mini-slurm show --json $id >out && test "$(json "j[\"job\"][\"end_time\"] - j[\"job\"][\"start_time\"] - j[\"job\"][\"runtime\"] > 1.9" <out)" = True &&
	id=$(submit ./count a) && counts a && mini-slurm suspend $id && wait_until has_stood $id 2 &&
	kill -9 $(shepherd $id) && ends_as $id NODE_FAIL && mini-slurm show --json $id >out &&
	test "$(json "j[\"job\"][\"end_time\"] - j[\"job\"][\"start_time\"] - j[\"job\"][\"runtime\"] > 1.9" <out)" = True
'

# As a scheduler leaves it that dies between the commit and telling the shepherd.
test_expect_success 'what is written down and was not told is told by the next scheduler' '
	rm -f a go.* && id=$(submit ./count a) && counts a && kill_scheduler -9 &&
	write() {
		python3 -c "
import os, sqlite3, sys
db = sqlite3.connect(os.environ[\"HOME\"] + \"/.mini_slurm.db\")
db.execute(\"UPDATE jobs SET \" + sys.argv[1] + \" WHERE id = $id\")
db.commit()" "$1"
	} &&
	write "status = '\''SUSPENDED'\'', suspend_time = $(date +%s)" && counts a &&
	start_scheduler --total-cpus 4 --total-mem 400M && stands_still a && is_in_state $id SUSPENDED &&
	kill_scheduler -9 && write "status = '\''RUNNING'\'', suspend_time = NULL, suspended = 1" &&
	stands_still a && start_scheduler --total-cpus 4 --total-mem 400M && counts a &&
	: >go.a && ends_as $id COMPLETED
'

# --- elastic jobs ---

has_cpus() {
	test "$(number $1 alloc | python3 -c "print(eval(input())[\"cpus\"])")" = $2
}

test_expect_success 'a suspended elastic job does not grow' '
	kill_scheduler && start_scheduler --total-cpus 4 --total-mem 400M --elastic-cooldown 0 &&
	rm -f a go.* && hold=$(submit --cpus 3 --mem 10M ./await go.hold) && wait_for_state $hold RUNNING &&
	id=$(submit --elastic --cpus 1 --mem 10M ./count a) && counts a &&
	mini-slurm suspend $id && stands_still a &&
	: >go.hold && ends_as $hold COMPLETED && has_cpus $id 1 && is_in_state $id SUSPENDED
'
test_expect_success 'but once it goes on' '
	mini-slurm resume $id && wait_until has_cpus $id 4 && counts a
'
test_expect_success 'what it was lent goes back while it is suspended' '
	mini-slurm suspend $id && stands_still a && has_cpus $id 4 &&
	other=$(submit --cpus 2 --mem 10M true) && ends_as $other COMPLETED &&
	has_cpus $id 2 && is_in_state $id SUSPENDED && stands_still a &&
	refused 1 "only a running job can be resized" mini-slurm resize $id --cpus 3
'
test_expect_success 'and it hears of that when it goes on' '
	mini-slurm resume $id && wait_until has_cpus $id 4 && counts a && : >go.a && ends_as $id COMPLETED
'

test_done
