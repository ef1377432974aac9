#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='submit: what it prints, and what it stores'
. "${0%/*}/lib.sh"

test_expect_success 'a job is acknowledged in three lines' '
	mini-slurm submit --cpus 2 --mem 4G --priority 5 python3 train.py --lr 0.1 >out 2>err &&
	cat >want <<-\EOT &&
	Submitted job 1
	  cpus=2, mem=4096MB, priority=5
	  command=python3 train.py --lr 0.1
	EOT
	test_cmp want out
'

test_expect_success 'without a scheduler it says how to start one' '
	cat >want <<-\EOT &&
	mini-slurm: no scheduler is running: job 1 waits until one is; start it with: mini-slurm scheduler --background
	EOT
	test_cmp want err &&
	is_in_state 1 PENDING
'

test_expect_success 'one CPU and the default memory where none are asked for' '
	mini-slurm submit true >out 2>err &&
	cat >want <<-\EOT &&
	Submitted job 2
	  cpus=1, mem=default, priority=0
	  command=true
	EOT
	test_cmp want out
'

test_expect_success '--parsable prints the id alone' '
	echo 3 >want &&
	mini-slurm submit --parsable true >out 2>err &&
	test_cmp want out
'

test_expect_success 'options end at the first word: the others are the command'\''s' '
	id=$(submit ls --cpus 99 -- --json) &&
	echo "ls --cpus 99 -- --json" >want &&
	field $id Command >out &&
	test_cmp want out &&
	test "$(field $id CPUs)" = 1
'

test_expect_success 'words are shown as they would have to be typed again' '
	id=$(submit LR=0.1 python3 -c "print(\"a b\")") &&
	field $id Command >out &&
	echo "LR=0.1 python3 -c '\''print(\"a b\")'\''" >want &&
	test_cmp want out
'

test_expect_success 'one word is a shell command line, shown as it is' '
	id=$(submit "EPOCHS=5 python3 t.py && echo done") &&
	echo "EPOCHS=5 python3 t.py && echo done" >want &&
	field $id Command >out &&
	test_cmp want out
'

test_expect_success 'an assignment alone is a shell command line' '
	id=$(submit A=1) && test "$(field $id Command)" = A=1
'

test_expect_success 'new lines, quotes, UTF-8 and bytes that are none' '
	id=$(submit "$(printf "echo \"größe\"\necho \\377 \\033[31m")") &&
	field $id Command >out &&
	printf "%s\n" "echo \"größe\"\necho \xFF \x1B[31m" >want &&
	test_cmp want out
'

test_expect_success 'a script comes from standard input' '
	printf "#!/bin/sh\necho hello\n" >script &&
	id=$(submit - <script) &&
	printf "%s\n" "#!/bin/sh\necho hello" >want &&
	field $id Command >out &&
	test_cmp want out
'

test_expect_success 'a command of 1 MB is taken' '
	{ printf "true "; head -c 1000000 /dev/zero | tr "\0" x; } >big &&
	id=$(submit - <big) &&
	field $id Command | tr -d "\n" >out &&
	cmp big out
'

test_expect_success 'a job runs where it was submitted' '
	mkdir -p some/where && (cd some/where && submit true >../../id) &&
	test "$(field $(cat id) Directory)" = "$PWD/some/where"
'

test_expect_success '--chdir: there, and relative files too' '
	id=$(submit --chdir some/where --output o.txt --error /tmp/e.txt true) &&
	test "$(field $id Directory)" = "$PWD/some/where" &&
	test "$(field $id Stdout)" = "$PWD/some/where/o.txt" &&
	test "$(field $id Stderr)" = /tmp/e.txt
'

test_expect_success '--output alone takes both streams' '
	id=$(submit --output both.txt true) &&
	test "$(field $id Stdout)" = "$PWD/both.txt" &&
	test "$(field $id Stderr)" = "$PWD/both.txt"
'

test_expect_success 'without either there are two files among the logs' '
	id=$(submit true) &&
	test "$(field $id Stdout)" = "$HOME/.mini_slurm_logs/job_$id.out" &&
	test "$(field $id Stderr)" = "$HOME/.mini_slurm_logs/job_$id.err"
'

test_expect_success '--error alone leaves standard output where it is' '
	id=$(submit --error e.txt true) &&
	test "$(field $id Stdout)" = "$HOME/.mini_slurm_logs/job_$id.out" &&
	test "$(field $id Stderr)" = "$PWD/e.txt"
'

test_expect_success 'a name and a time limit' '
	id=$(submit --name "grid 1" --time 1:30 true) &&
	test "$(field $id Name)" = "grid 1" &&
	test "$(field $id "Time limit")" = 00:01:30
'

test_expect_success 'a negative priority' '
	id=$(submit --priority -5 true) && test "$(field $id Priority)" = -5
'

test_expect_success 'several submit at once: every id is there, none twice' '
	for i in 1 2 3 4 5 6 7 8; do
		(for j in 1 2 3 4 5; do submit true; done >ids.$i 2>/dev/null) &
	done
	wait
	sort -u ids.* >ids &&
	test $(wc -l <ids) -eq 40 &&
	mini-slurm queue | awk "NR > 1 { print \$1 }" | sort >queued &&
	test -z "$(comm -23 ids queued)"
'

test_expect_success 'all of it is private' '
	test $(stat -c %a "$HOME/.mini_slurm.db") = 600 &&
	test $(stat -c %a "$HOME/.mini_slurm_logs") = 700
'

test_done
