#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='bad input is refused, named, and nothing is stored'
. "${0%/*}/lib.sh"

for n in 0 -1 65537 1.5 x '' 99999999999999999999 ' 1' 0x10; do
	test_expect_success "--cpus '$n'" "
		refused 2 'not a whole number from 1 to 65536' mini-slurm submit --cpus '$n' true
	"
done
test_expect_success 'the message names the option, the text and what would be right' '
	refused 2 "mini-slurm submit: --cpus 0: not a whole number from 1 to 65536" \
		mini-slurm submit --cpus 0 true
'
for size in 8XB -1 nan 1e3 '' 1.2.3G 0x10; do
	test_expect_success "--mem '$size'" "
		refused 2 'not a size (use K, M, G or T, e.g. 8G)' mini-slurm submit --mem '$size' true
	"
done
test_expect_success 'no memory at all, and too much' '
	refused 2 "--mem 0G: must be more than zero" mini-slurm submit --mem 0G true &&
	refused 2 "--mem 99999999999999T: more than 1048576T" \
		mini-slurm submit --mem 99999999999999T true
'
for time in 0 0:00 -1 1:2:3:4 5x '' 99999999999d; do
	test_expect_success "--time '$time'" "
		refused 2 '--time ' mini-slurm submit --time '$time' true
	"
done
test_expect_success 'a priority that is no number, or beyond all bounds' '
	refused 2 "--priority high: not a whole number" mini-slurm submit --priority high true &&
	refused 2 "--priority 9999999999:" mini-slurm submit --priority 9999999999 true
'

test_expect_success 'no command' '
	refused 2 "no command given" mini-slurm submit &&
	refused 2 "no command given" mini-slurm submit --cpus 2
'
test_expect_success 'an empty command' '
	refused 2 "the command is empty" mini-slurm submit "" &&
	refused 2 "the command is empty" mini-slurm submit "  " &&
	refused 2 "the command is empty" mini-slurm submit "" a &&
	refused 2 "there are only assignments" mini-slurm submit A=1 B=2
'
test_expect_success 'an empty script, one with a NUL, one that is too large' '
	refused 2 "the command is empty" mini-slurm submit - </dev/null &&
	printf "a\0b" >nul &&
	refused 1 "holds a NUL byte" mini-slurm submit - <nul &&
	head -c 16777217 /dev/zero | tr "\0" x >large &&
	refused 1 "standard input: more than 16 MB" mini-slurm submit - <large &&
	refused 2 "no word may follow" mini-slurm submit - word
'

test_expect_success 'a directory that does not exist, is none, or is closed to us' '
	>file &&
	refused 1 "--chdir nowhere: No such file or directory" mini-slurm submit --chdir nowhere true &&
	refused 1 "--chdir file: Not a directory" mini-slurm submit --chdir file true &&
	refused 1 "--chdir '\'''\'': No such file" mini-slurm submit --chdir "" true
'
test "$(id -u)" = 0 || test_set_prereq NOT_ROOT
test_expect_success NOT_ROOT 'a directory that is closed to us' '
	mkdir -m 0 closed &&
	refused 1 "--chdir closed: Permission denied" mini-slurm submit --chdir closed true
'
test_expect_success 'a working directory that is gone' '
	mkdir leave &&
	(cd leave && rmdir ../leave &&
		test_expect_code 1 mini-slurm submit true 2>../err) &&
	grep -F "the current directory: No such file" err
'
test_expect_success 'an output file without a name' '
	refused 2 "--output '\'''\'': not a file" mini-slurm submit --output "" true &&
	refused 2 "--error '\'''\'': not a file" mini-slurm submit --error= true
'
test_expect_success 'a variable that can be none' '
	refused 2 "--export 1x: not a variable" mini-slurm submit --export ALL,1x true &&
	refused 2 "--export =v: not a variable" mini-slurm submit --export =v true
'

test_expect_success 'an unknown verb names the nearest one' '
	refused 2 "unknown verb sumbit (did you mean submit?)" mini-slurm sumbit true &&
	refused 2 "unknown verb frobnicate" mini-slurm frobnicate &&
	refused 2 "no verb given" mini-slurm
'
test_expect_success 'so does an unknown option' '
	refused 2 "unknown option --cpu (did you mean --cpus?)" mini-slurm submit --cpu 1 true &&
	refused 2 "unknown option --jsn (did you mean --json?)" mini-slurm queue --jsn &&
	refused 2 "unknown option -n" mini-slurm submit -n 1 true &&
	refused 2 "unknown option --verson (did you mean --version?)" mini-slurm --verson
'
test_expect_success 'an option without its value, a flag with one' '
	refused 2 "--cpus: no value given" mini-slurm submit --cpus &&
	refused 2 "--json takes no value" mini-slurm queue --json=yes
'
test_expect_success 'words where none may stand' '
	refused 2 "7: no such word is expected here" mini-slurm queue 7 &&
	refused 2 "now: no such word is expected here" mini-slurm stats now
'
test_expect_success 'usage errors say where help is' '
	refused 2 "Try: mini-slurm submit --help" mini-slurm submit --cpus 0 true
'
test_expect_success 'an unknown state names the nearest one' '
	refused 2 "--status PENDNG: not a state (did you mean PENDING?)" \
		mini-slurm queue --status PENDNG &&
	refused 2 "--status '\'''\'': not a state" mini-slurm queue --status R,
'
test_expect_success 'what is no job id' '
	for id in x 0 -1 1.5 99999999999999999999 ""; do
		refused 2 "not a job'\''s id" mini-slurm show -- "$id" &&
		refused 2 "not a job'\''s id" mini-slurm cancel -- "$id" || return 1
	done &&
	refused 2 "no job given" mini-slurm show &&
	refused 2 "one job at a time" mini-slurm show 1 2 &&
	refused 2 "no job given" mini-slurm cancel
'
test_expect_success 'a job that there is not' '
	refused 1 "no such job: 9" mini-slurm show 9 &&
	refused 1 "no such job: 9" mini-slurm cancel 9
'
test_expect_success 'totals that are none' '
	refused 2 "--total-cpus 0: not a whole number from 1" mini-slurm stats --total-cpus 0 &&
	refused 2 "--total-mem lots: not a size" mini-slurm stats --total-mem lots
'

test_expect_success 'of all that nothing was stored' '
	mini-slurm queue --all >out 2>err &&
	test_must_be_empty out &&
	grep "^No jobs" err
'

test_expect_success 'a file that is no database is refused, and left as it is' '
	mkdir foreign && echo "not a database, but dear to somebody" >foreign/.mini_slurm.db &&
	cp foreign/.mini_slurm.db before &&
	for verb in "submit true" queue "show 1" "cancel 1" stats; do
		MINI_SLURM_HOME="$PWD/foreign" refused 1 .mini_slurm.db mini-slurm $verb || return 1
	done &&
	test_cmp before foreign/.mini_slurm.db
'
test_expect_success 'a home that is a file, or is not there' '
	MINI_SLURM_HOME="$PWD/file" refused 1 "$PWD/file" mini-slurm submit true &&
	MINI_SLURM_HOME="$PWD/nowhere" refused 1 "$PWD/nowhere" mini-slurm submit true
'
test_expect_success NOT_ROOT 'a home that can only be read' '
	mkdir -m 500 readonly &&
	MINI_SLURM_HOME="$PWD/readonly" refused 1 "$PWD/readonly" mini-slurm submit true
'

test_expect_success 'an answer that can not be written is an error' '
	test_expect_code 1 mini-slurm --help >/dev/full 2>err &&
	grep "standard output: No space left" err
'
test_expect_success 'so is one to a closed standard output, and it goes nowhere else' '
	test_expect_code 1 mini-slurm submit --name closed true >&- 2>err &&
	grep "standard output: Bad file descriptor" err &&
	mini-slurm queue >out &&
	test $(wc -l <out) -eq 2
'
test_expect_success 'a reader that went away is nobody to complain to' '
	{ (trap "" PIPE; wait_until test -e gone; mini-slurm --help; echo $? >status) |
		{ exec <&-; >gone; }; } 2>err &&
	test_must_be_empty err &&
	test $(cat status) -eq 1
'

test_done
