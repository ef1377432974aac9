#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='wait and queue --watch on a terminal'
. "${0%/*}/lib.sh"
. "$tests/screen.sh"

write_await

differs_from() {
	test "$(screen)" != "$1"
}

# --- wait ---

test_expect_success 'wait says how far it is, in one line' '
	start_scheduler --total-cpus 2 --total-mem 800M && open_terminal 100 20 &&
	for n in 1 2 3; do submit --mem 64M true || return 1; done &&
	for n in 4 5 6 7 8 9 10; do submit --mem 64M "./await go.$n" || return 1; done &&
	wait_for_state 5 RUNNING &&
	keys "mini-slurm wait 1-10; echo status=\$?" Enter &&
	eventually "^3 of 10 ended, 2 running, 5 pending$"
'
test_expect_success 'the line goes on' '
	: >go.4 && eventually "^4 of 10 ended, 2 running, 4 pending$" &&
	test $(screen | grep -c " of 10 ended") = 1
'
test_expect_success 'to the end' '
	for n in 5 6 7 8 9 10; do : >go.$n; done &&
	eventually "^status=0$" && shows "^10 of 10 ended, 0 running, 0 pending$" &&
	test $(screen | grep -c " of 10 ended") = 1
'
test_expect_success 'Ctrl-C ends it' '
	id=$(submit --mem 64M "./await go.hold") && wait_for_state $id RUNNING &&
	keys "clear; mini-slurm wait" Enter && eventually "^0 of 1 ended, 1 running, 0 pending" &&
	keys C-c && keys "echo back" Enter && eventually "^back$"
'

# --- queue --watch ---

# Whatever is drawn anew within this test is drawn because something changed, not because time went by.
test_expect_success 'queue --watch shows the queue' '
	keys "clear; echo before" Enter && eventually "^before$" &&
	keys "mini-slurm queue --watch 1000" Enter &&
	eventually "1 running, 0 pending" && shows "^ID STAT" && shows "^ *$id RUNNING .* ./await go.hold$" &&
	shows_not "^before$"
'
test_expect_success 'and what changes' '
	new=$(submit --mem 64M --cpus 2 "./await go.new # $(printf "%0200d" 0)") &&
	eventually "1 running, 1 pending" && shows "^ *$new PENDING" &&
	: >go.hold && eventually "^ *$id COMPLETED" && eventually "^ *$new RUNNING"
'
test_expect_success 'in a window of another size' '
	terminal resize-window -x 120 -y 8 && eventually "^.\{120\}$" && shows "^ *$new RUNNING"
'
test_expect_success 'the active ones first, and no more than there is room for' '
	for n in 1 2 3 4 5 6 7 8 9; do submit --mem 64M --cpus 2 true || return 1; done &&
	eventually "1 running, 9 pending" && eventually "^(more: mini-slurm queue)" &&
	shows "^ *$new RUNNING" && shows_not COMPLETED &&
	terminal resize-window -x 100 -y 20 && eventually COMPLETED
'
test_expect_success 'Ctrl-Z leaves the terminal as it was, fg draws again' '
	keys C-z && eventually "^before$" && terminal_is_as_before &&
	keys fg Enter && eventually "^ *$new RUNNING" && shows_not "^before$"
'
test_expect_success 'over the death of the scheduler' '
	kill_scheduler -KILL && eventually "no scheduler is running" &&
	start_scheduler --total-cpus 2 --total-mem 800M && wait_until shows_not "no scheduler is running"
'
test_expect_success 'Ctrl-C leaves the terminal as it was' '
	keys C-c && eventually "^before$" && wait_until terminal_is_as_before &&
	keys "echo after" Enter && eventually "^after$"
'
test_expect_success 'times go on without a change' '
	keys "clear; mini-slurm queue --watch=0.2 --status R" Enter && eventually "^ *$new RUNNING" && shows_not PENDING &&
	wait_until differs_from "$(screen)" && keys C-c && wait_until terminal_is_as_before
'
test_expect_success 'each pending task by itself, as many as there is room for' '
	array=$(submit --mem 64M --array 1-1000000 --hold true) &&
	keys "clear; mini-slurm queue --watch 1000" Enter && eventually "^ *${array}_\[1-1000000\] PENDING" &&
	keys C-c && wait_until terminal_is_as_before &&
	keys "clear; mini-slurm queue -r --watch 1000" Enter && eventually "^ *${array}_1 PENDING" &&
	shows "^ *$new RUNNING" && shows "^ *${array}_5 PENDING" && shows "^(more: mini-slurm queue)" &&
	mini-slurm cancel "${array}_[2-1000000]" && eventually "^ *${array}_\[2-1000000\] CANCELLED" && shows "^ *${array}_1 PENDING" &&
	shows_not "^(more" && mini-slurm cancel $array && keys C-c && wait_until terminal_is_as_before
'
# --- prune ---

test_expect_success 'prune asks first, and takes no for an answer' '
	keys "clear; mini-slurm prune --older 1s --state CD" Enter &&
	eventually "^Remove 11 jobs that ended before .*, and their output? \[y/N\]" &&
	keys n Enter && eventually "^Nothing was removed\.$" && is_in_state 1 COMPLETED
'
test_expect_success 'and yes' '
	keys "clear; mini-slurm prune --older 1s --state CD" Enter && eventually "\[y/N\]" &&
	keys y Enter && eventually "^Removed 11 jobs, 22 files (0 bytes)$" &&
	test_expect_code 1 mini-slurm show 1
'

test_expect_success 'where nothing can be drawn it is refused in words' '
	test_expect_code 1 mini-slurm queue --watch 2>err && grep "standard output is no terminal to draw on" err &&
	test_expect_code 2 mini-slurm queue --watch --json 2>err && grep "one of them" err &&
	test_expect_code 2 mini-slurm queue --watch 0 2>err && grep "watch 0: " err &&
	keys "clear; TERM=dumb mini-slurm queue --watch" Enter && eventually "this terminal can.t be drawn on (TERM=dumb)"
'

test_done
