#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='running: exit status, output, environment, command, usage'
. "${0%/*}/lib.sh"

is_running() {
	is_in_state "$1" RUNNING
}

# return_code ID CODE
return_code() {
	code=$(field "$1" "Return code")
	test "${code%% *}" = "$2" || {
		echo >&2 "return code of job $1 is $code, not $2"
		return 1
	}
}

# is_between LOW VALUE HIGH
is_between() {
	awk "BEGIN { exit !($1 <= $2 && $2 <= $3) }" || {
		echo >&2 "$2 is not from $1 to $3"
		return 1
	}
}

# Uses about one second of CPU time, however long that takes. (The limit counts by clock ticks, the
# usage exactly: on a busy machine that is less.)
cat >burn <<\EOF
#!/bin/sh
ulimit -t 1
while :; do :; done
EOF
chmod +x burn

test_expect_success 'a scheduler of two CPUs' '
	write_await &&
	start_scheduler --total-cpus 2 --total-mem 2G
'

# --- how it ended ---

test_expect_success 'exit codes' '
	zero=$(submit true) && three=$(submit "exit 3") && most=$(submit "exit 255") &&
	ends_as $zero COMPLETED && return_code $zero 0 &&
	ends_as $three FAILED && return_code $three 3 &&
	field $three Reason | grep "^exit code 3$" &&
	ends_as $most FAILED && return_code $most 255
'

test_expect_success 'signals' '
	kill=$(submit "kill -9 \$\$") && term=$(submit sh -c "kill -TERM \$\$") &&
	ends_as $kill FAILED && return_code $kill -9 &&
	field $kill Reason | grep "signal 9" &&
	ends_as $term FAILED && return_code $term -15 &&
	mini-slurm show --json $kill >out &&
	test "$(json "[j[\"job\"][k] for k in (\"return_code\", \"exit_code\", \"signal\")]" <out)" = "[-9, 0, 9]"
'

test_expect_success 'a program that does not exist: FAILED, and why' '
	word=$(submit no-such-program --at-all) && path=$(submit ./no/such/program x) &&
	ends_as $word FAILED && return_code $word - &&
	field $word Reason | grep "no-such-program: program not found in PATH" &&
	ends_as $path FAILED &&
	field $path Reason | grep "./no/such/program: no such program"
'

test_expect_success 'a program that can not be executed, an interpreter that is not there' '
	echo data >data && printf "#!/no/such/interpreter\n" >lost && chmod +x lost &&
	plain=$(submit ./data x) && script=$(submit ./lost x) &&
	ends_as $plain FAILED &&
	field $plain Reason | grep "cannot execute ./data: Permission denied" &&
	ends_as $script FAILED &&
	field $script Reason | grep "./lost: its interpreter"
'

test_expect_success 'an output that can not be written: FAILED, and why' '
	mkdir -p dir &&
	none=$(submit --output nowhere/out true) && dir=$(submit --error dir true) &&
	ends_as $none FAILED && return_code $none - &&
	field $none Reason | grep "cannot write standard output $PWD/nowhere/out: No such file" &&
	ends_as $dir FAILED &&
	field $dir Reason | grep "cannot write standard error $PWD/dir: Is a directory"
'

test_expect_success 'a directory that is gone when it starts' '
	mkdir doomed &&
	holder=$(submit --cpus 2 ./await go.doomed) && wait_until is_running $holder &&
	id=$(submit --chdir doomed true) &&
	rmdir doomed && : >go.doomed &&
	ends_as $id FAILED &&
	field $id Reason | grep "cannot enter directory $PWD/doomed: No such file"
'

# --- output ---

test_expect_success 'both streams go to files among the logs, readable for nobody else' '
	id=$(umask 077 && submit "echo out; echo err >&2") &&
	ends_as $id COMPLETED &&
	echo out >want && test_cmp want "$HOME/.mini_slurm_logs/job_$id.out" &&
	echo err >want && test_cmp want "$HOME/.mini_slurm_logs/job_$id.err" &&
	test "$(stat -c %a "$HOME/.mini_slurm_logs/job_$id.out")" = 600 &&
	test "$(stat -c %a "$HOME/.mini_slurm_logs")" = 700
'

test_expect_success 'what it writes is there while it runs' '
	id=$(submit "echo first; ./await go.live; echo second") &&
	has_first() { grep -qx first "$HOME/.mini_slurm_logs/job_$id.out"; } &&
	wait_until has_first &&
	is_running $id &&
	: >go.live &&
	ends_as $id COMPLETED &&
	printf "first\nsecond\n" >want &&
	stdout $id >out && test_cmp want out
'

test_expect_success 'one file for both keeps their order, and what was in it' '
	echo before >"both of them" &&
	id=$(submit --output "both of them" "echo 1; echo 2 >&2; echo 3; echo 4 >&2") &&
	ends_as $id COMPLETED &&
	printf "%s\n" before 1 2 3 4 >want &&
	test_cmp want "both of them"
'

test_expect_success 'standard input is empty' '
	id=$(submit "readlink /proc/self/fd/0; cat") &&
	ends_as $id COMPLETED &&
	echo /dev/null >want && stdout $id >out && test_cmp want out
'

test_expect_success 'nothing but the three standard descriptors is inherited' '
	id=$(submit ls /proc/self/fd) &&
	ends_as $id COMPLETED &&
	printf "%s\n" 0 1 2 3 >want && stdout $id >out && test_cmp want out
'

# --- where and with what it runs ---

test_expect_success 'the directory of the submitter, or of --chdir' '
	mkdir -p "sub dir" &&
	here=$(submit pwd) && there=$(submit --chdir "sub dir" --output o "pwd; echo \$PWD") &&
	ends_as $here COMPLETED && test "$(stdout $here)" = "$PWD" &&
	ends_as $there COMPLETED &&
	printf "%s\n" "$PWD/sub dir" "$PWD/sub dir" >want && test_cmp want "sub dir/o"
'

test_expect_success 'the umask of the submitter' '
	id=$(umask 027 && submit --output masked "umask; : >made") &&
	ends_as $id COMPLETED &&
	test "$(stat -c %a masked made | xargs)" = "640 640" &&
	test "$(cat masked)" = 0027
'

test_expect_success 'the environment of the submitter, as of submission' '
	id=$(GREETING="$(printf "a b\nc\377")" submit printenv GREETING) &&
	ends_as $id COMPLETED &&
	printf "a b\nc\377\n" >want && stdout $id >out && test_cmp want out
'

test_expect_success '--export: none of it, some, some more' '
	A=1 B=2 && export A B &&
	say="echo \$A-\$B-\$C" &&
	all=$(submit --export ALL,C=3 "$say") && none=$(submit --export NONE "$say; pwd") &&
	some=$(submit --export B,C=x "$say") &&
	unset A B &&
	ends_as $all COMPLETED && test "$(stdout $all)" = 1-2-3 &&
	ends_as $none COMPLETED && test "$(stdout $none | head -n 1)" = -- &&
	ends_as $some COMPLETED && test "$(stdout $some)" = -2-x
'

test_expect_success 'what tells the job about itself' '
	id=$(unset OMP_NUM_THREADS; submit --cpus 2 --mem 64M "echo \$MINI_SLURM_JOB_ID \$OMP_NUM_THREADS \$MKL_NUM_THREADS") &&
	ends_as $id COMPLETED && test "$(stdout $id)" = "$id 2 2" &&
	id=$(submit OMP_NUM_THREADS=7 printenv OMP_NUM_THREADS) &&
	ends_as $id COMPLETED && test "$(stdout $id)" = 7 &&
	id=$(submit --export NONE printenv MINI_SLURM_JOB_ID) &&
	ends_as $id COMPLETED && test "$(stdout $id)" = $id
'

test_expect_success 'signals are as a program expects them' '
	id=$(trap "" PIPE HUP; submit sed -n "s/^Sig\(Blk\|Ign\):.*\(.\{8\}\)$/\2/p" /proc/self/status) &&
	ends_as $id COMPLETED &&
	for set in $(stdout $id); do
		# What is beyond signal 31 is the C library'\''s own.
		echo $((0x$set & 0x7fffffff))
	done >out &&
	printf "%d\n" 0 0 >want && test_cmp want out
'

# --- the command ---

test_expect_success 'several words reach the program exactly as typed' '
	id=$(submit printf "<%s>" "a b" "" "\$HOME" "*" "it'\''s" "\"" "two
lines" "größe" "$(printf "\377")") &&
	ends_as $id COMPLETED &&
	printf "<%s>" "a b" "" "\$HOME" "*" "it'\''s" "\"" "two
lines" "größe" "$(printf "\377")" >want &&
	stdout $id >out && test_cmp want out
'

test_expect_success 'leading NAME=value words are its environment' '
	id=$(submit A="x y" B= sh -c "echo \"\$A|\${B-unset}|\${C-unset}\"" ) &&
	ends_as $id COMPLETED && test "$(stdout $id)" = "x y||unset"
'

test_expect_success 'one word is a shell command line' '
	id=$(submit "EPOCHS=5 sh -c '\''echo \$EPOCHS'\'' && echo done | tr a-z A-Z; echo \$0 \$#") &&
	ends_as $id COMPLETED &&
	printf "%s\n" 5 DONE "/bin/sh 0" >want && stdout $id >out && test_cmp want out
'

test_expect_success 'a script from standard input, for the shell' '
	printf "x=1\nif test \$x = 1\nthen\n\techo \"one  1\"\nfi\nexit 4\n" >script &&
	id=$(submit - <script) &&
	ends_as $id FAILED && return_code $id 4 && test "$(stdout $id)" = "one  1"
'

test_expect_success 'a script that names its interpreter' '
	printf "#!/bin/cat\nthe file itself: \$HOME \377\n" >script &&
	id=$(submit - <script) &&
	ends_as $id COMPLETED && stdout $id >out && test_cmp script out
'

test_expect_success 'a command of 1 MB: newlines, quotes, UTF-8, bytes that are none' '
	awk "BEGIN {
		for (i = 0; i < 30000; i++) printf \"%d \\\"größe\\\" '\''\$HOME'\'' \`x\` \\\\ \\377\\200\\n\", i
	}" >text &&
	test $(wc -c <text) -gt 900000 &&
	{ echo "cat <<\"THE END\""; cat text; echo "THE END"; echo "exit 5"; } >big &&
	id=$(submit - <big) &&
	ends_as $id FAILED && return_code $id 5 &&
	stdout $id >out && cmp text out
'

test_expect_success 'it leaves no spooled script behind' '
	ls "$HOME/.mini_slurm_run" >out && ! grep script out
'

# --- usage ---

test_expect_success 'CPU time: of a process that forked away from its parent, too' '
	id=$(submit "(setsid sh -c \"./burn; : >burnt\" &); ./await burnt") &&
	ends_as $id COMPLETED &&
	mini-slurm show --json $id >out &&
	is_between 0.5 $(json "j[\"job\"][\"cpu_user\"] + j[\"job\"][\"cpu_system\"]" <out) 30
'

test_expect_success 'peak memory' '
	id=$(submit --mem 512M perl -e "\$x = 1; \$x x= 100 << 20") &&
	ends_as $id COMPLETED &&
	mini-slurm show --json $id >out &&
	is_between 102400 $(json "j[\"job\"][\"mem_peak_kb\"]" <out) 450000 &&
	field $id "Peak memory" | grep -E "^[1-4][0-9]{2}\.[0-9] MB$"
'

# --- while no scheduler runs ---

test_expect_success 'jobs that end while no scheduler runs go on, and are settled by who looks' '
	id=$(submit "./burn; ./await go.alone; exit 7") && wait_until is_running $id &&
	shepherd=$(shepherd $id) &&
	kill_scheduler &&
	is_running $id && : >go.alone &&
	wait_until is_gone $shepherd &&
	is_in_state $id FAILED && return_code $id 7 && no_scheduler &&
	mini-slurm show --json $id >out &&
	is_between 0.5 $(json "j[\"job\"][\"cpu_user\"] + j[\"job\"][\"cpu_system\"]" <out) 30
'

test_expect_success 'or by the next scheduler' '
	start_scheduler --total-cpus 2 --total-mem 2G &&
	id=$(submit "./burn; ./await go.alone2; kill -9 \$\$") && wait_until is_running $id &&
	shepherd=$(shepherd $id) &&
	kill_scheduler && : >go.alone2 &&
	wait_until is_gone $shepherd &&
	start_scheduler --total-cpus 1 --total-mem 1G &&
	is_in_state $id FAILED && return_code $id -9 &&
	grep "Job $id FAILED while no scheduler was running" "$HOME/.mini_slurm_logs/scheduler.log" &&
	mini-slurm show --json $id >out &&
	is_between 0.5 $(json "j[\"job\"][\"cpu_user\"] + j[\"job\"][\"cpu_system\"]" <out) 30
'

test_expect_success 'nothing of ended jobs is left in the attempts directory' '
	no_records() { ! ls "$HOME/.mini_slurm_run" | grep -q "^[0-9]"; } &&
	wait_until no_records
'

test_done
