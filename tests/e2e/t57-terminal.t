#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='run and attach at a terminal, as a person sees them'
. "${0%/*}/lib.sh"

if ! command -v tmux >/dev/null
then
	skip_all='no tmux, which is the terminal here'
	test_done
fi

write_await

# At the end of a program whose terminal is gone LeakSanitizer waits for a stop that never comes.
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0
export ASAN_OPTIONS

# The person's terminal. Its socket is in a directory of its own, as paths of sockets are short.
tmux_directory=$(mktemp -d)
person() {
	env -u TMUX TMUX_TMPDIR="$tmux_directory" LC_ALL=C.UTF-8 tmux -f /dev/null "$@"
}
clean_up_terminal() {
	person kill-server 2>/dev/null
	rm -rf "$tmux_directory"
	clean_up
}
cleanup clean_up_terminal
trap 'code=$?; clean_up_terminal; (exit $code); die' EXIT

# type_line TEXT: and the return key. press KEY: one key, by its name.
type_line() {
	person send-keys -l -- "$1" && person send-keys Enter
}
press() {
	person send-keys "$1"
}

screen() {
	person capture-pane -p
}
shows_line() {
	screen | grep -qx -e "$1"
}
# sees PATTERN: a whole line of the screen, as soon as it is there.
sees() {
	wait_until shows_line "$1" || {
		screen >&2
		return 1
	}
}
# An empty screen with a prompt, which is all that can be seen of what comes next.
fresh_screen() {
	press C-l && wait_until only_prompt || {
		screen >&2
		return 1
	}
}
only_prompt() {
	test "$(screen | grep -c .)" = 1
}

# It may take a moment until the window's new size has come to the terminal.
is_of_size() {
	type_line "stty size" && shows_line "$1"
}

has_no_process() {
	! pgrep -f "$1" >/dev/null
}

test_expect_success 'a scheduler, and a person at a terminal of 80 columns and 24 rows' '
	start_scheduler --total-cpus 2 --total-mem 800M &&
	person new-session -d -x 80 -y 24 "env PS1=\"home> \" bash --norc --noprofile" >/dev/null 2>&1 &&
	sees "home>"
'
test_expect_success 'a shell under run: its terminal has the size of ours' '
	type_line "mini-slurm run --cpus 2 --mem 50M env PS1=\"job> \" bash --norc --noprofile" && sees "job>" &&
	type_line "stty size; tty; echo cpus \$MINI_SLURM_JOB_CPUS" && sees "24 80" && sees "/dev/pts/.*" && sees "cpus 2"
'
test_expect_success 'Ctrl-C interrupts what runs in it, and not the shell' '
	type_line "sleep 100.$$" && wait_until pgrep -x -f "sleep 100.$$" && press C-c && sees ".C" &&
	type_line "echo status \$?" && sees "status 130"
'
test_expect_success 'Ctrl-Z stops it, and it is brought back' '
	fresh_screen && type_line "./await go.1" && wait_until pgrep -f "await go.1" &&
	press C-z && sees ".1.+  Stopped  *./await go.1.*" &&
	type_line "jobs" && type_line "fg" && sees "./await go.1" && : >go.1 &&
	type_line "echo came back \$?" && sees "came back 0"
'
test_expect_success 'in the background as well' '
	fresh_screen && type_line "./await go.2 &" && sees ".1. [0-9]*" && type_line "jobs" &&
	sees ".1.+  Running  *./await go.2 &" && : >go.2 && type_line "wait; echo waited" && sees "waited"
'
test_expect_success 'a resized window is a resized terminal' '
	fresh_screen && person resize-window -x 100 -y 30 && wait_until is_of_size "30 100" &&
	person resize-window -x 80 -y 24 && wait_until is_of_size "24 80"
'
test_expect_success 'programs see that it changes' '
	fresh_screen && type_line "trap \"stty size; exit 5\" WINCH; echo waits" && sees "waits" &&
	person resize-window -x 90 -y 20 && press Enter && sees ".*20 90"
'
test_expect_success 'its exit status is that of run, and our terminal is as it was' '
	sees "home>" && type_line "echo status \$?" && sees "status 5" &&
	type_line "stty -a | grep -o \"[-]*icanon\"" && sees "icanon" &&
	person resize-window -x 80 -y 24
'
test_expect_success 'it says why it waits; Ctrl-C gives up' '
	hold=$(submit --cpus 2 --mem 100M --time 10m "./await go.3") && wait_for_state $hold RUNNING && fresh_screen &&
	type_line "mini-slurm run --mem 50M bash" &&
	sees "job $((hold + 1)): pending: needs 1 CPU, 0 are free; job $hold frees 2 at .*" && press C-c &&
	sees ".*job $((hold + 1)): cancelled" && type_line "echo status \$?" && sees "status 130" &&
	is_in_state $((hold + 1)) CANCELLED && : >go.3 && ends_as $hold COMPLETED
'
test_expect_success 'behind the prompt it leaves the terminal to the shell' '
	fresh_screen && type_line "mini-slurm run --mem 50M ./await go.4 && echo over &" && sees ".1. [0-9]*" &&
	type_line "echo not stopped" && sees "not stopped" && : >go.4 && sees ".*over" && press Enter
'

# --- attach ---

test_expect_success 'a job with a terminal of its own, started elsewhere' '
	id=$(submit --mem 50M --pty --output log env TERM=screen PS1="job> " bash --norc --noprofile </dev/null) &&
	wait_for_state $id RUNNING && fresh_screen && type_line "mini-slurm attach $id" &&
	sees ".attached to job $id; Ctrl-. leaves it." && sees "job>" &&
	type_line "echo \$((40 + 2)); stty size" && sees 42 && sees "24 80"
'
test_expect_success 'Ctrl-] leaves it, and it goes on' '
	press "C-]" && sees ".left job $id." && type_line "echo status \$?" && sees "status 0" && is_in_state $id RUNNING
'
test_expect_success 'who comes back sees what was last on it' '
	fresh_screen && type_line "mini-slurm attach $id" && sees 42 && sees "24 80"
'
test_expect_success 'two may sit there, and see the same' '
	person split-window "mini-slurm attach $id; sleep 60" && sees 42 &&
	type_line "echo \$((50 + 3))" && sees 53 && press C-] && sees ".left job $id." &&
	person select-pane -t 0 && sees 53 && person kill-pane -a
'
test_expect_success 'what it wrote is in its log' '
	grep 42 log && grep 53 log && test "$(field $id Stdout)" = "$PWD/log" &&
	test "$(field $id Terminal)" = "mini-slurm attach $id"
'
test_expect_success 'it ends: attach says as what' '
	fresh_screen && type_line "exit 6" && sees "home>" && type_line "echo status \$?" && sees "status 6" &&
	ends_as $id FAILED
'
test_expect_success 'a scheduler that is killed does not let go of anybody' '
	id=$(submit --mem 50M --pty env TERM=screen PS1="job> " bash --norc --noprofile) && wait_for_state $id RUNNING && fresh_screen &&
	type_line "mini-slurm attach $id" && sees "job>" && kill_scheduler -9 &&
	type_line "echo \$((60 + 4))" && sees 64 && start_scheduler --total-cpus 2 --total-mem 800M &&
	type_line "exit" && ends_as $id COMPLETED && sees "home>"
'
test_expect_success 'attach waits for one that is pending, and says why' '
	hold=$(submit --cpus 2 --mem 100M "./await go.5") && wait_for_state $hold RUNNING && fresh_screen &&
	id=$(submit --mem 50M --pty env TERM=screen PS1="job> " bash --norc --noprofile) && type_line "mini-slurm attach $id" &&
	sees "job $id: pending: needs 1 CPU, 0 are free; job $hold .*" && : >go.5 && sees "job>" &&
	type_line "exit" && ends_as $id COMPLETED && sees "home>"
'

# --- without a terminal in front, and what is refused ---

refused() {
	status=$1 text=$2
	shift 2
	test_expect_code "$status" "$@" >out 2>err </dev/null && test_must_be_empty out &&
	grep -F -e "$text" err
}

test_expect_success 'one who only watches, and types nothing' '
	id=$(submit --mem 50M --pty "echo first; ./await go.6; echo last; exit 3") && wait_for_state $id RUNNING &&
	in_background seen mini-slurm attach $id &&
	wait_until test -s seen.out && : >go.6 && test $(status seen) = 3 &&
	printf "first\r\nlast\r\n" >want && test_cmp want seen.out
'
test_expect_success 'one that is suspended: it is shown what it wrote before' '
	id=$(submit --mem 50M --pty "echo first; ./await go.8; echo last; exit 3") && wait_for_state $id RUNNING &&
	wait_until grep -qs first "$(field $id Stdout)" && mini-slurm suspend $id && wait_for_state $id SUSPENDED &&
	in_background seen mini-slurm attach $id && wait_until test -s seen.out &&
	: >go.8 && mini-slurm resume $id && test $(status seen) = 3
'
test_expect_success 'each task of an array has a terminal' '
	id=$(submit --mem 50M --pty --array 1-2 --output log.%a "tty >/dev/null && echo task \$MINI_SLURM_ARRAY_TASK_ID") &&
	mini-slurm wait $id && printf "task 2\r\n" >want && test_cmp want log.2
'
test_expect_success 'which is attached to by its number' '
	id=$(submit --mem 50M --pty --array 1-1 --output log.%a "echo first; ./await go.10; exit 4") && wait_for_state ${id}_1 RUNNING &&
	in_background seen mini-slurm attach ${id}_1 && wait_until test -s seen.out &&
	: >go.10 && test $(status seen) = 4 && refused 1 "job ${id}_1 has ended: FAILED" mini-slurm attach last
'
test_expect_success 'what can not be attached to' '
	id=$(submit --mem 50M "./await go.7") && wait_for_state $id RUNNING &&
	refused 1 "job $id has no terminal" mini-slurm attach $id && : >go.7 && ends_as $id COMPLETED &&
	refused 1 "job $id has ended: COMPLETED" mini-slurm attach $id &&
	refused 1 "no such job: 999" mini-slurm attach 999 &&
	refused 2 "x: not a job" mini-slurm attach x &&
	refused 2 "one job at a time" mini-slurm attach 1 2 &&
	refused 2 "no job given" mini-slurm attach
'
test_expect_success 'the terminal goes: the job is told, and ends' '
	fresh_screen && type_line "mini-slurm run --name gone.$$ --mem 50M env PS1=\"job> \" bash --norc --noprofile" && sees "job>" &&
	type_line "echo \$MINI_SLURM_JOB_ID >id; sleep 1000.$$ &" && wait_until test -s id && id=$(cat id) &&
	person kill-server && ends_as $id CANCELLED && field $id Reason | grep -x "its terminal is gone" &&
	has_no_process "^sleep 1000.$$\$" && wait_until has_no_process "^mini-slurm run --name gone.$$"
'
test_expect_success 'it goes although nothing is written there, and the job will not end' '
	printf "trap \"\" HUP TERM; echo \$MINI_SLURM_JOB_ID >id.2; while :; do sleep 0.1; done\n" >stubborn &&
	person new-session -d -x 80 -y 24 "exec mini-slurm run --name gone.$$ --mem 50M sh stubborn" &&
	wait_until test -s id.2 && person kill-server && wait_until has_no_process "^mini-slurm run --name gone.$$" &&
	ends_as $(cat id.2) CANCELLED && field $(cat id.2) Reason | grep -x "its terminal is gone"
'
test_expect_success 'it goes while a job waits, which then does not run' '
	hold=$(submit --cpus 2 --mem 100M "./await go.9") && wait_for_state $hold RUNNING &&
	person new-session -d -x 80 -y 24 "exec mini-slurm run --name gone.$$ --mem 50M bash" && id=$((hold + 1)) &&
	wait_for_state $id PENDING && person kill-server && ends_as $id CANCELLED &&
	wait_until has_no_process "^mini-slurm run --name gone.$$" && : >go.9 && ends_as $hold COMPLETED
'
test_expect_success 'nothing of them is left' '
	! ls "$HOME/.mini_slurm_run" | grep -E "^client|console"
'

test_done
