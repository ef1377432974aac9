#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='checkpoints: a job is told to save its work, ended, and put back to go on with it'
. "${0%/*}/lib.sh"

write_await

# count TO [STATUS]: counts in a file, twenty a second, and goes on where it was; when it is told, it
# saves once more (the signal may have ended the mv of the loop), says so and ends as STATUS, if there is one.
cat >count <<\EOF
#!/bin/sh
n=$(cat count.$MINI_SLURM_JOB_ID 2>/dev/null || echo 0)
echo "from $n, restart $MINI_SLURM_RESTART_COUNT"
save() {
	echo $n >new.$MINI_SLURM_JOB_ID && mv new.$MINI_SLURM_JOB_ID count.$MINI_SLURM_JOB_ID
}
status=$2
trap 'save; echo "saved $n"; test -z "$status" || exit $status' USR1
while test $n -lt $1; do
	n=$((n + 1))
	save
	sleep 0.05
done
echo "done $n"
EOF
chmod +x count
logs=$HOME/.mini_slurm_logs

# job ID EXPRESSION: of its JSON, j being {"job": ..., "attempts": [...]}.
job() {
	mini-slurm show --json $1 | json "$2"
}

# restarted ID N: it was put back so often, and runs again.
restarted() {
	test "$(job $1 "j[\"job\"][\"restarts\"] >= $2 and j[\"job\"][\"state\"] == \"RUNNING\"")" = True
}

# has_saved ID: in its first attempt.
has_saved() {
	grep -q "^saved" "$logs/job_$1.out"
}

# goes_on ID: its second attempt began with what the first had saved.
goes_on() {
	saved=$(sed -n "s/^saved //p" "$logs/job_$1.out") && test "$saved" -gt 0 &&
	wait_until grep -q "^from [0-9]*, restart 1$" "$logs/job_$1.r1.out" &&
	from=$(sed -n "s/^from \([0-9]*\), .*/\1/p" "$logs/job_$1.r1.out") &&
	test $from -eq $saved
}

test_expect_success 'what can not be is refused in words' '
	refused 2 "--checkpoint dmtcp: not of the form signal:SIGNAL[@TIME], such as signal:USR1@30s (at most 86400 s), or criu" \
		mini-slurm submit --checkpoint dmtcp true &&
	refused 2 "--checkpoint USR9: not a signal" mini-slurm submit --checkpoint signal:USR9 true &&
	refused 2 "not of the form" mini-slurm submit --checkpoint signal:USR1@0 true &&
	refused 2 "--checkpoint signal:KILL@9: no program can handle this signal, and save its work" \
		mini-slurm submit --checkpoint signal:KILL@9 true &&
	refused 2 "60 s before its end is not after its start: its time limit is 60 s" \
		mini-slurm submit --time 1m --checkpoint signal:USR1 true &&
	refused 2 "--signal: the signal of --checkpoint is the warning" \
		mini-slurm submit --time 1h --checkpoint signal:USR1 --signal USR2 true &&
	refused 1 "USR1 tells this elastic job that it is resized" \
		mini-slurm submit --elastic --checkpoint signal:USR1 true &&
	refused 2 "checkpoint" mini-slurm run --checkpoint signal:USR1 true &&
	mini-slurm queue --all >out && ! grep true out
'

test_expect_success 'show says it' '
	id=$(submit --time 1h --checkpoint signal:USR2@30s true) &&
	test "$(field $id Checkpoint)" = "signal USR2, 30.00s before" && test -z "$(field $id Warning)" &&
	test "$(job $id "j[\"job\"][\"checkpoint\"], j[\"job\"][\"warning\"]")" = \
		"({'\''kind'\'': '\''signal'\'', '\''signal'\'': '\''USR2'\'', '\''before'\'': 30.0}, None)" &&
	refused 1 "30 s before its end is not after its start: its time limit is 30 s" mini-slurm update $id time=30s &&
	mini-slurm cancel $id &&
	id=$(submit true) && test -z "$(field $id Checkpoint)" && test "$(job $id "j[\"job\"][\"checkpoint\"]")" = None &&
	mini-slurm cancel $id
'

test_expect_success 'told before its limit it saves its work, and goes on with it when it is run again' '
	start_scheduler --total-cpus 4 --total-mem 1G >/dev/null &&
	id=$(submit --mem 16M --time 4s --checkpoint signal:USR1@2s ./count 60 9) &&
	ends_as $id COMPLETED && test "$(cat count.$id)" = 60 &&
	test "$(job $id "j[\"job\"][\"restarts\"] >= 1 and j[\"job\"][\"retry\"] is None")" = True &&
	test "$(job $id "set((a[\"state\"], a[\"exit_code\"]) for a in j[\"attempts\"][:-1])")" = "{('\''FAILED'\'', 9)}" &&
	goes_on $id
'

test_expect_success 'one that does not end by itself is ended at its limit, and put back as well' '
	id=$(submit --mem 16M --time 2s --checkpoint signal:USR1@1 ./count 1000000) &&
	wait_until restarted $id 2 &&
	test "$(job $id "set(a[\"state\"] for a in j[\"attempts\"][:2])")" = "{'\''TIMEOUT'\''}" &&
	mini-slurm show $id | grep "1 TIMEOUT .* reached its time limit" &&
	mini-slurm cancel $id && ends_as $id CANCELLED
'

test_expect_success 'why it waits is said' '
	id=$(submit --mem 16M --cpus 4 --time 4s --checkpoint signal:USR1@3 ./count 1000000 5) &&
	wait_for_state $id RUNNING &&
	id2=$(submit --mem 16M --cpus 4 --priority 1 ./await go) &&
	wait_for_state $id2 RUNNING && is_in_state $id PENDING &&
	field $id Reason >reason && grep "^attempt [0-9]* FAILED (checkpointed; exit code 5); " reason &&
	mini-slurm cancel $id && : >go && ends_as $id2 COMPLETED
'

test_expect_success 'status 0 after the signal is the end: a job that is done is not run again' '
	id=$(submit --mem 16M --time 3s --checkpoint signal:USR1@2 ./count 1000000 0) &&
	ends_as $id COMPLETED && test "$(job $id "len(j[\"attempts\"])")" = 1 && has_saved $id
'

test_expect_success 'an end before the signal is a plain one' '
	id=$(submit --mem 16M --time 1h --checkpoint signal:USR1 "exit 3") && ends_as $id FAILED &&
	test "$(job $id "len(j[\"attempts\"])")" = 1
'

test_expect_success 'it uses up no retries, and these do' '
	id=$(submit --mem 16M --retries 1 --time 2s --checkpoint signal:USR1@1 \
		"test \$MINI_SLURM_RESTART_COUNT = 0 && exec ./count 1000000 4; exit 8") &&
	ends_as $id FAILED &&
	test "$(job $id "[a[\"exit_code\"] for a in j[\"attempts\"]], j[\"job\"][\"retry\"][\"retried\"]")" = "([4, 8, 8], 1)"
'

test_expect_success 'requeue: it has its time to save its work' '
	id=$(submit --mem 16M --checkpoint signal:USR1@20s ./count 1000000 6) &&
	wait_until test -s count.$id &&
	mini-slurm requeue $id >out && echo "Requeueing job $id: USR1 sent, SIGTERM in 20 s" >want && test_cmp want out &&
	wait_until restarted $id 1 && goes_on $id &&
	mini-slurm show $id | grep "1 FAILED .* checkpointed; exit code 6" &&
	mini-slurm cancel $id && ends_as $id CANCELLED
'

test_expect_success 'and no longer; the next attempt waits if it is to be held' '
	id=$(submit --mem 16M --checkpoint signal:USR1@1s ./count 1000000) &&
	wait_until test -s count.$id &&
	mini-slurm requeue --hold $id && wait_for_state $id PENDING && has_saved $id &&
	test "$(job $id "j[\"job\"][\"held\"], j[\"attempts\"][0][\"state\"]")" = "(True, '\''CANCELLED'\'')" &&
	mini-slurm cancel $id
'

test_expect_success 'a cancel meanwhile counts' '
	id=$(submit --mem 16M --checkpoint signal:USR1@1h ./count 1000000) &&
	wait_until test -s count.$id && mini-slurm requeue $id && wait_until has_saved $id &&
	mini-slurm cancel $id && ends_as $id CANCELLED
'

test_expect_success 'each task of an array for itself' '
	id=$(submit --mem 16M --array 1-2 --time 2s --checkpoint signal:USR1@1 \
		"test \$MINI_SLURM_RESTART_COUNT = 1 || exec ./count 1000000 4") &&
	wait_for_state ${id}_1 COMPLETED && wait_for_state ${id}_2 COMPLETED &&
	test "$(job ${id}_1 "j[\"job\"][\"restarts\"]")" = 1 && test "$(job ${id}_2 "j[\"job\"][\"restarts\"]")" = 1
'

test_expect_success 'its shepherd dies after the signal: it goes on with what it saved' '
	id=$(submit --mem 16M --checkpoint signal:USR1@1h ./count 1000000) && wait_until test -s count.$id &&
	pid=$(shepherd $id) && mini-slurm requeue $id && wait_until has_saved $id && kill -9 $pid &&
	wait_until restarted $id 1 && mini-slurm cancel --now $id && ends_as $id CANCELLED &&
	id=$(submit --mem 16M --time 30s --checkpoint signal:USR1@28s ./count 1000000) &&
	pid=$(shepherd $id) && wait_until has_saved $id && kill -9 $pid &&
	wait_until restarted $id 1 && mini-slurm show $id | grep "1 NODE_FAIL" &&
	mini-slurm cancel --now $id && ends_as $id CANCELLED
'

test_expect_success 'and without a scheduler: the end is settled by whoever looks' '
	id=$(submit --mem 16M --time 4s --checkpoint signal:USR1@2 ./count 1000000 9) && shepherd $id >pid &&
	kill_scheduler -9 && wait_until is_gone $(cat pid) && no_scheduler &&
	is_in_state $id PENDING && field $id Reason | grep "^attempt 1 FAILED (checkpointed; exit code 9)" &&
	mini-slurm cancel $id
'

test_expect_success 'criu: refused with the reason, where this machine has one' '
	mini-slurm doctor --json | json "j[\"checkpoint\"][\"reason\"] or \"\"" >reason &&
	if test -n "$(cat reason)"
	then
		grep "criu" reason &&
		mini-slurm doctor | grep -F "checkpoints  by a signal only: $(cat reason)" &&
		refused 1 "checkpoint criu: $(cat reason)" mini-slurm submit --checkpoint criu true &&
		start_scheduler >/dev/null &&
		refused 1 "checkpoint criu: $(cat reason)" mini-slurm submit --checkpoint criu true &&
		kill_scheduler
	else
		mini-slurm doctor | grep -F "checkpoints  by a signal, or by criu"
	fi
'
test_expect_success 'and for jobs that it could not restore' '
	refused 1 "checkpoint criu: an elastic job talks with its shepherd, and can'\''t be saved" \
		mini-slurm submit --elastic --checkpoint criu true &&
	refused 1 "checkpoint criu: a job with a terminal can'\''t be saved" mini-slurm submit --pty --checkpoint criu true &&
	refused 1 "checkpoint criu: a script on the command line can'\''t be saved: name a file instead" \
		mini-slurm submit --checkpoint criu "#!/bin/sh
true" &&
	refused 2 "not of the form" mini-slurm submit --checkpoint criu@30s true
'

test_done
