#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='run: a job in the foreground, without a terminal'
. "${0%/*}/lib.sh"

write_await

run() {
	timeout 60 mini-slurm run --mem 10M "$@"
}

# says FILE TEXT: once it does.
says() {
	wait_until grep -qsF -e "$2" "$1"
}

# start_run OUT [OPTION]... COMMAND...: beside us, but not as something in the background, for which a
# shell has some signals ignored. $client is its pid.
start_run() {
	out=$1
	shift
	test -p "$out" || rm -f "$out" # what an earlier one wrote is not this one's
	rm -f "$out.err"
	env --default-signal=INT,QUIT mini-slurm run --mem 10M "$@" >"$out" 2>"$out.err" </dev/null &
	client=$!
}

# ends_with STATUS: the client of start_run does.
ends_with() {
	wait $client
	status=$?
	test $status = "$1" || {
		echo >&2 "it exited with $status, not $1"
		return 1
	}
}

# The id of the job whose command has these words in it: the last one.
id_of() {
	mini-slurm queue --all | grep -F -e "$1" | awk 'END { print $1 }'
}

is_handed_in() {
	test -n "$(id_of "$1")"
}

no_sockets() {
	! ls "$HOME/.mini_slurm_run" | grep -E "^client|console"
}

# --- what passes through ---

test_expect_success 'a scheduler' '
	start_scheduler --total-cpus 2 --total-mem 800M
'
test_expect_success 'standard output and error come apart, and the exit status is the command'\''s' '
	test_expect_code 3 run "echo out; echo err >&2; exit 3" >out 2>err </dev/null &&
	echo out >want && test_cmp want out &&
	echo err >want && test_cmp want err
'
test_expect_success 'standard input goes to it, and its end too' '
	echo x | run cat >out && echo x >want && test_cmp want out &&
	printf "a\nb\n" | run wc -l >out && grep -x " *2" out
'
test_expect_success 'bytes of all kinds, and many, in both directions at once' '
	head -c 3000000 /dev/urandom >bytes &&
	run cat <bytes >out && cmp bytes out &&
	run "cat >&2" <bytes 2>err && cmp bytes err
'
test_expect_success 'words reach the program as they are, and assignments are its environment' '
	run GREETING="good day" sh -c "printf \"%s|\" \"\$GREETING\" \"\$@\"" sh "a b" "" "*" >out </dev/null &&
	printf "good day|a b||*|" >want && test_cmp want out
'
test_expect_success 'the options of submit' '
	mkdir dir && run --cpus 2 --name sung --chdir dir \
		"pwd; echo \$MINI_SLURM_JOB_CPUS \$MINI_SLURM_JOB_NAME" >out </dev/null &&
	printf "%s\n2 sung\n" "$PWD/dir" >want && test_cmp want out
'
test_expect_success 'a signal that ends it, a program that is not there' '
	test_expect_code 137 run "kill -9 \$\$" </dev/null &&
	test_expect_code 127 run no-such-program at-all 2>err </dev/null &&
	grep "^job [0-9]*: no-such-program: program not found in PATH$" err
'
test_expect_success 'it ends with its reader, as any other' '
	{ run yes; echo $? >status; } </dev/null | head -n 1 >out &&
	echo y >want && test_cmp want out && echo 141 >want && test_cmp want status
'
test_expect_success 'a command that reads nothing does not hang, however much there is' '
	yes | run "echo done" >out && echo done >want && test_cmp want out
'
test_expect_success 'a reader that comes late loses nothing' '
	mkfifo fifo && start_run fifo "seq 60000; exit 6" &&
	exec 7<fifo && id=$(wait_until is_handed_in "seq 60000" && id_of "seq 60000") &&
	cat <&7 >out && exec 7<&- && ends_with 6 &&
	seq 60000 >want && test_cmp want out
'
test_expect_success 'no file of its output is made, and show says so' '
	id=$(id_of "seq 60000") && ends_as $id FAILED &&
	test "$(field $id Stdout)" = - && test "$(field $id "Return code")" = 6 &&
	! ls "$HOME/.mini_slurm_logs/job_$id".* 2>/dev/null &&
	test_expect_code 1 mini-slurm logs $id 2>err && grep "job $id: its output goes to its client" err &&
	mini-slurm show --json $id >out && test "$(json "j[\"job\"][\"interactive\"], j[\"job\"][\"pty\"]" <out)" = "(True, False)"
'
test_expect_success 'its time limit' '
	test_expect_code 143 run --time 1s sleep 60 2>err </dev/null &&
	grep "^job [0-9]*: reached its time limit of " err
'
test_expect_success 'nothing of them is left in the run directory' '
	no_sockets
'

# --- signals ---

for signal in USR1 USR2 TERM INT HUP QUIT; do
	test_expect_success "SIG$signal goes to the job, which does as it likes" '
		start_run out "trap \"echo got '$signal'; exit 9\" '$signal'; echo ready; sleep 60 & wait" &&
		says out ready && kill -'$signal' $client && ends_with 9 &&
		printf "ready\ngot '$signal'\n" >want && test_cmp want out
	'
done

# --- waiting for its turn ---

test_expect_success 'it says why it waits, and when it starts' '
	hold=$(submit --cpus 2 --mem 100M --time 10m "./await go.1") && wait_for_state $hold RUNNING &&
	start_run out --cpus 2 echo hello &&
	says out.err "pending: needs 2 CPUs, 0 are free; job $hold frees 2 at " &&
	test_must_be_empty out && : >go.1 && ends_with 0 &&
	echo hello >want && test_cmp want out &&
	says out.err "job $((hold + 1)): started" && test $(wc -l <out.err) = 2
'
test_expect_success 'its place in the queue, and again when the reason changes' '
	hold=$(submit --cpus 2 --mem 100M --time 10m "./await go.2") && wait_for_state $hold RUNNING &&
	first=$(submit --cpus 2 --mem 100M --time 10m "./await go.3") &&
	start_run out --cpus 2 echo hello &&
	says out.err "job $((hold + 2)): pending, 1 job before it: needs 2 CPUs, 0 are free; job $hold frees" &&
	: >go.2 && says out.err "job $((hold + 2)): pending: needs 2 CPUs, 0 are free; job $first frees" &&
	: >go.3 && ends_with 0
'
test_expect_success 'nothing with --quiet' '
	hold=$(submit --cpus 2 --mem 100M "./await go.4") && wait_for_state $hold RUNNING &&
	start_run out --quiet --cpus 2 echo hello && wait_until is_handed_in "echo hello" &&
	: >go.4 && ends_with 0 && test_must_be_empty out.err
'
test_expect_success 'Ctrl-C while it waits cancels it' '
	hold=$(submit --cpus 2 --mem 100M "./await go.5") && wait_for_state $hold RUNNING &&
	start_run out --cpus 2 "echo ran >ran" && id=$((hold + 1)) && says out.err "job $id: pending" &&
	kill -INT $client && ends_with 130 && says out.err "job $id: cancelled" &&
	is_in_state $id CANCELLED
'
test_expect_success 'so does SIGTERM' '
	start_run out --cpus 2 "echo ran >ran" && id=$((hold + 2)) && says out.err "job $id: pending" &&
	kill -TERM $client && ends_with 143 && is_in_state $id CANCELLED
'
test_expect_success 'one that somebody else cancels' '
	start_run out --cpus 2 "echo ran >ran" && id=$((hold + 3)) && says out.err "job $id: pending" &&
	mini-slurm cancel $id && ends_with 1 &&
	says out.err "job $id: CANCELLED: cancelled by $(id -un)"
'
test_expect_success 'one whose client is killed never runs' '
	start_run out --cpus 2 "echo ran >ran" && id=$((hold + 4)) && says out.err "job $id: pending" &&
	kill -KILL $client && ends_with 137 && : >go.5 && ends_as $id CANCELLED &&
	field $id Reason | grep -x "its terminal is gone" && ! test -e ran && no_sockets
'

# --- beside it ---

test_expect_success 'one that is suspended, and goes on' '
	start_run out "echo ready; ./await go.9; echo done; exit 4" && says out ready && id=$(id_of go.9) &&
	mini-slurm suspend $id && wait_for_state $id SUSPENDED && : >go.9 && mini-slurm resume $id &&
	ends_with 4 && printf "ready\ndone\n" >want && test_cmp want out && test_must_be_empty out.err
'
test_expect_success 'its client goes while it is suspended: it is told, and ends' '
	start_run out "trap \"echo hup >hup.2; exit 3\" HUP; echo ready; sleep 61 & wait" && says out ready &&
	id=$(id_of "sleep 61") && mini-slurm suspend $id && wait_for_state $id SUSPENDED &&
	kill -KILL $client && ends_with 137 && ends_as $id CANCELLED && test -e hup.2
'
test_expect_success 'who is to be notified is' '
	run --notify "echo \$MINI_SLURM_EVENT >>events" --notify-on start,end "echo hello" >out </dev/null &&
	echo hello >want && test_cmp want out && wait_until grep -qs end events && grep start events
'

# --- its client goes while it runs ---

test_expect_success 'a killed client is a terminal that hung up: SIGHUP' '
	start_run out "trap \"echo hup >hup; exit 3\" HUP; echo ready; sleep 60 & wait" &&
	says out ready && id=$(id_of "trap") && kill -KILL $client && ends_with 137 &&
	ends_as $id CANCELLED && echo hup >want && test_cmp want hup &&
	field $id Reason | grep -x "its terminal is gone"
'
test_expect_success 'who ignores that is ended after a grace' '
	start_run out "trap \"\" HUP; trap \"echo term >term; exit 3\" TERM; echo ready; while :; do sleep 0.1; done" &&
	says out ready && id=$(id_of "while :") && kill -KILL $client && ends_with 137 &&
	ends_as $id CANCELLED && echo term >want && test_cmp want term
'

# --- the scheduler goes, or the shepherd ---

test_expect_success 'a scheduler that is killed changes nothing' '
	start_run out "./await go.6; echo done; exit 5" && wait_until is_handed_in go.6 &&
	id=$(id_of go.6) && shepherd $id && kill_scheduler -9 &&
	start_scheduler --total-cpus 2 --total-mem 800M &&
	: >go.6 && ends_with 5 && echo done >want && test_cmp want out &&
	ends_as $id FAILED && test "$(field $id "Return code")" = 5
'
test_expect_success 'nor does it while the job ends' '
	start_run out "./await go.7; exit 5" && wait_until is_handed_in go.7 &&
	id=$(id_of go.7) && shepherd $id && kill_scheduler -9 && : >go.7 && ends_with 5 &&
	start_scheduler --total-cpus 2 --total-mem 800M && ends_as $id FAILED
'
test_expect_success 'without a scheduler it waits for one' '
	kill_scheduler && start_run out echo hello && says out.err "pending: no scheduler is running" &&
	start_scheduler --total-cpus 2 --total-mem 800M && ends_with 0 &&
	echo hello >want && test_cmp want out
'
test_expect_success 'a shepherd that is killed: what became of the job is said' '
	start_run out "echo ready; ./await go.8" && says out ready && id=$(id_of go.8) &&
	kill -9 $(shepherd $id) && ends_with 1 &&
	says out.err "job $id: NODE_FAIL: its shepherd was killed"
'

# --- a terminal that is asked for ---

test_expect_success '--pty: a terminal where we have none; the end of input is typed' '
	echo "tty >/dev/null && stty size" | run --pty sh >out 2>err &&
	grep "24 80" out
'
test_expect_success '--no-pty' '
	test_expect_code 1 run --no-pty test -t 1 </dev/null
'

# --- bad input ---

# refused STATUS TEXT COMMAND...
refused() {
	status=$1 text=$2
	shift 2
	test_expect_code "$status" "$@" >out 2>err </dev/null && test_must_be_empty out &&
	grep -F -e "$text" err
}

test_expect_success 'what makes no sense is refused' '
	last=$(submit --mem 10M true) &&
	refused 2 "--pty and --no-pty: only one" mini-slurm run --pty --no-pty true &&
	refused 2 "no command given" mini-slurm run --cpus 2 &&
	refused 2 "unknown option --output" mini-slurm run --output f true &&
	refused 2 "unknown option --parsable" mini-slurm run --parsable true &&
	refused 2 "unknown option --array" mini-slurm run --array 1-2 true &&
	refused 2 "unknown option --file" mini-slurm run --file f &&
	refused 2 "--cpus 0" mini-slurm run --cpus 0 true &&
	refused 2 "with --pty there is one output" mini-slurm submit --pty --error f true &&
	test $(submit --mem 10M true) = $((last + 1))
'
test_expect_success 'nobody would sit in front of a second attempt' '
	refused 2 "unknown option" mini-slurm run --retries 2 true &&
	refused 2 "unknown option" mini-slurm run --requeue true &&
	mini-slurm run true && refused 1 "had a client in front of it: run it again" mini-slurm requeue last
'
test_expect_success 'help' '
	mini-slurm run --help >out && grep "^Usage: mini-slurm run \[OPTION\]... COMMAND" out &&
	grep "^  --no-pty " out && grep "^  --cpus N " out && ! grep -e "--output" out
'
test_expect_success 'a client that is none is refused by the scheduler too' '
	cat >ask.py <<-\EOF &&
	import json, socket, struct, sys
	head = {"v": 1, "verb": "submit", "id": sys.argv[2], "client": sys.argv[3]}
	blobs = {"argv": b"true\0", "env": b"", "command": b"true", "cwd": b"/"}
	if len(sys.argv) > 4:
	    blobs["array"] = sys.argv[4].encode()
	head["blobs"] = list(blobs)
	text = json.dumps(head).encode()
	s = socket.socket(socket.AF_UNIX)
	s.connect(sys.argv[1])
	s.sendall(b"MSL1" + struct.pack(">II", len(text), len(blobs)) +
	          b"".join(struct.pack(">I", len(b)) for b in blobs.values()) + text + b"".join(blobs.values()))
	print(s.recv(65536))
	EOF
	socket=$(mini-slurm doctor --json | json "j[\"files\"][\"socket\"]") &&
	python3 ask.py "$socket" a client.../../etc/x >out && grep "not the name of a client" out &&
	python3 ask.py "$socket" b store.lock >out && grep "not the name of a client" out &&
	python3 ask.py "$socket" c client.0123456789abcdef 1-3 >out && grep "array: a client sits in front of one job" out
'
test_expect_success 'nothing of them is left' '
	no_sockets
'

test_done
