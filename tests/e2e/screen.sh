# SPDX-License-Identifier: MIT
# screen.sh - a terminal as a person has it in front of him, for tests: a window of tmux with a shell
# in it. To be sourced after lib.sh.

# tmux's server has a socket of its own, and no configuration.
terminal() {
	tmux -L "mini-slurm-$$" -f /dev/null "$@"
}

# open_terminal [COLUMNS [ROWS]]
open_terminal() {
	terminal_open=t
	terminal new-session -d -x "${1:-100}" -y "${2:-20}" "PS1='$ ' exec sh"
}

# keys KEY...: as `tmux send-keys` takes them: 'mini-slurm queue' Enter, C-c.
keys() {
	terminal send-keys "$@"
}

# What is on the screen.
screen() {
	terminal capture-pane -p
}

# shows PATTERN: a line of the screen matches; for wait_until.
shows() {
	screen | grep -q -e "$1"
}

shows_not() {
	! shows "$1"
}

# eventually PATTERN: waits until it is on the screen.
eventually() {
	wait_until shows "$1" || {
		screen >&2
		return 1
	}
}

# Nothing of a program is left: the first screen, a cursor, and what is typed is seen.
terminal_is_as_before() {
	test "$(terminal display-message -p '#{alternate_on} #{cursor_flag}')" = '0 1' &&
		stty -F "$(terminal display-message -p '#{pane_tty}')" -a | grep -q ' icanon .* echo '
}

close_terminal() {
	test -z "$terminal_open" || terminal kill-server
	terminal_open=
}
cleanup close_terminal
trap 'code=$?; close_terminal; clean_up; (exit $code); die' EXIT

if ! command -v tmux >/dev/null
then
	skip_all='tmux is not installed'
	test_done
fi
