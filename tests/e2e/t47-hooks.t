#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='what is run beside a job: --notify of its user, prolog and epilog of the site'
. "${0%/*}/lib.sh"

write_await

# tell FILE: adds a line about what happened.
cat >tell <<\EOF
#!/bin/sh
echo "$MINI_SLURM_EVENT $MINI_SLURM_JOB_ID $MINI_SLURM_JOB_NAME $MINI_SLURM_JOB_STATE ${MINI_SLURM_EXIT_CODE--}" >>$1
EOF
chmod +x tell

# said FILE LINE...: the file has these lines and no others.
has_lines() {
	test "$(cat $1 2>/dev/null | wc -l)" -ge $2
}
said() {
	file=$1
	shift
	wait_until has_lines $file $# && printf "%s\n" "$@" >want && test_cmp want $file
}

# --- notify ---

test_expect_success 'what can not be asked for is refused in words' '
	refused 2 "--notify-on: only with --notify" mini-slurm submit --notify-on end true &&
	refused 2 "--notify-on stop: not a list of start, end and fail" \
		mini-slurm submit --notify true --notify-on stop true &&
	refused 2 "--notify-on end,: not a list" mini-slurm submit --notify true --notify-on end, true &&
	refused 2 "--notify '\'''\'': not a command" mini-slurm submit --notify "" true
'
test_expect_success 'show says it' '
	id=$(submit --notify "mail -s done" true) &&
	test "$(field $id Notify)" = "end,fail: mail -s done" && mini-slurm show --json $id >out &&
	test "$(json "j[\"job\"][\"notify\"]" <out)" = "{'\''command'\'': '\''mail -s done'\'', '\''on'\'': '\''end,fail'\''}" &&
	mini-slurm cancel $id && id=$(submit true) && test -z "$(field $id Notify)" && mini-slurm cancel $id
'
test_expect_success 'a good end' '
	start_scheduler --total-cpus 8 --total-mem 1G &&
	id=$(submit --name lucky --notify "./tell good" true) && ends_as $id COMPLETED &&
	said good "end $id lucky COMPLETED 0"
'
test_expect_success 'a bad end, a job without a name; not its start' '
	id=$(submit --notify "./tell bad" "exit 3") && ends_as $id FAILED &&
	said bad "fail $id  FAILED 3"
'
test_expect_success 'its start, before its end' '
	id=$(submit --notify "./tell both" --notify-on start,end "./await go.both") &&
	said both "start $id  RUNNING -" &&
	: >go.both && ends_as $id COMPLETED && said both "start $id  RUNNING -" "end $id  COMPLETED 0"
'
test_expect_success 'only its failure' '
	id=$(submit --notify "./tell fails" --notify-on fail true) && ends_as $id COMPLETED &&
	other=$(submit --notify "./tell fails" --notify-on fail "kill -9 \$\$") && ends_as $other FAILED &&
	said fails "fail $other  FAILED 0"
'
test_expect_success 'one that can not be executed has not started, and failed' '
	id=$(submit --notify "./tell never" --notify-on start,end,fail /no/such/program x) && ends_as $id FAILED &&
	said never "fail $id  FAILED 127"
'
test_expect_success 'a time-out and a cancel are failures' '
	id=$(submit --time 1s --notify "./tell late" sleep 1000) && ends_as $id TIMEOUT &&
	said late "fail $id  TIMEOUT 0" &&
	id=$(submit --notify "./tell off" ./await go.never) && shepherd $id && mini-slurm cancel $id &&
	ends_as $id CANCELLED && said off "fail $id  CANCELLED 0"
'
test_expect_success 'it runs in the directory of the job, with its environment, outside of its mark' '
	mkdir elsewhere &&
	id=$(cd elsewhere && GREETING=hello submit --notify "{ pwd; echo \$GREETING; env | grep -c MINI_SLURM_ATTEMPT; } >../told" true) &&
	ends_as $id COMPLETED && said told "$PWD/elsewhere" hello 0
'
test_expect_success 'nobody waits for it: neither the job nor the next one' '
	id=$(submit --cpus 8 --notify "echo \$\$ >slow; exec sleep 1000" true) && ends_as $id COMPLETED &&
	wait_until test -s slow &&
	next=$(submit --cpus 8 true) && ends_as $next COMPLETED &&
	kill -0 $(cat slow) && kill $(cat slow)
'
test_expect_success 'it outlives the scheduler, and needs none' '
	id=$(submit --notify "./await go.alone; ./tell alone" ./await go.job) && shepherd $id &&
	kill_scheduler -9 && : >go.job && ends_as $id COMPLETED && no_scheduler &&
	: >go.alone && said alone "end $id  COMPLETED 0"
'

# --- prolog and epilog ---

# site: a hook that says what it knows. (Hooks of the site start in /, this is their home.)
cat >site <<\EOF
#!/bin/sh
echo "$MINI_SLURM_EVENT $MINI_SLURM_JOB_ID $MINI_SLURM_JOB_USER $MINI_SLURM_JOB_UID $MINI_SLURM_JOB_STATE ${MINI_SLURM_EXIT_CODE--}" >>site.log
test ! -e fail.$MINI_SLURM_EVENT
EOF
chmod +x site
me=$(id -un) uid=$(id -u)

test_expect_success 'the prolog comes before the job, the epilog after its last process' '
	start_scheduler --total-cpus 8 --total-mem 1G --prolog "cd; ./site" \
		--epilog "cd; kill -0 \$(cat pid) && echo alive >>site.log; ./site" &&
	id=$(submit "test -s site.log && sh -c '\''echo \$\$ >pid; exec sleep 1000'\'' & until test -s pid; do sleep 0.05; done; exit 4") &&
	ends_as $id FAILED && field $id "Return code" | grep "^4" &&
	said site.log "prolog $id $me $uid RUNNING -" "epilog $id $me $uid FAILED 4"
'
test_expect_success 'a job whose prolog fails does not start, and says why; the epilog clears up' '
	rm -f site.log && : >fail.prolog && id=$(submit "echo ran >ran") && ends_as $id FAILED &&
	field $id Reason | grep "^the site.s prolog failed: exit code 1$" && test ! -e ran &&
	said site.log "prolog $id $me $uid RUNNING -" "epilog $id $me $uid FAILED 0" &&
	test "$(mini-slurm show --json $id | json "j[\"job\"][\"exit_code\"]")" = None
'
test_expect_success 'an epilog that fails changes nothing, and is logged' '
	rm -f site.log fail.prolog && : >fail.epilog && id=$(submit true) && ends_as $id COMPLETED &&
	grep "job $id: the site.s epilog failed: exit code 1" "$HOME/.mini_slurm_logs/scheduler.log"
'
test_expect_success 'their environment is not the job'\''s' '
	rm -f fail.epilog && kill_scheduler &&
	start_scheduler --total-cpus 8 --total-mem 1G --prolog "echo \"\${GREETING--} \$MINI_SLURM_JOB_ID \$PWD\" >\"\$HOME/env.log\"" &&
	id=$(GREETING=hello MINI_SLURM_JOB_ID=77 submit true) && ends_as $id COMPLETED && said env.log "- $id /"
'
test_expect_success 'one that takes too long is ended with all it started, and is a failure' '
	kill_scheduler &&
	start_scheduler --total-cpus 8 --total-mem 1G --hook-timeout 1s \
		--prolog "cd; setsid sh -c '\''echo \$\$ >left; exec sleep 1000'\'' & sleep 1000" &&
	id=$(submit true) && ends_as $id FAILED &&
	field $id Reason | grep "the site.s prolog failed: it took too long" &&
	test -s left && wait_until is_gone $(cat left)
'
test_expect_success 'the limit of the job does not count its prolog; a cancel waits for that' '
	kill_scheduler &&
	start_scheduler --total-cpus 8 --total-mem 1G --prolog "cd; : >begun.\$MINI_SLURM_JOB_ID; ./await go.prolog" &&
	id=$(submit --time 1s true) && other=$(submit "echo ran >ran.other") &&
	wait_for_file begun.$id begun.$other && mini-slurm cancel $other && sleep 1.2 &&
	is_in_state $id RUNNING && is_in_state $other RUNNING && : >go.prolog &&
	ends_as $id COMPLETED && ends_as $other CANCELLED && test ! -e ran.other
'
test_expect_success 'meanwhile others start and end, and the scheduler may be killed' '
	rm -f go.prolog && id=$(submit "echo ran >ran.id") && wait_for_file begun.$id &&
	kill_scheduler -9 && start_scheduler --total-cpus 8 --total-mem 1G &&
	other=$(submit true) && ends_as $other COMPLETED && is_in_state $id RUNNING &&
	: >go.prolog && ends_as $id COMPLETED && test "$(cat ran.id)" = ran
'

test_done
