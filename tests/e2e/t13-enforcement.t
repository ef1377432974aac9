#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='no job takes what it did not ask for, and how far that goes is said'
. "${0%/*}/lib.sh"

# doctor_level RESOURCE: what the machine can do.
doctor_level() {
	mini-slurm doctor --json | json "[f[\"level\"] for f in j[\"enforcement\"] if f[\"resource\"] == \"$1\"][0]"
}

# The pids of all processes of job $1 of this home, by their environment.
pids_of() {
	grep -lzx "MINI_SLURM_JOB_ID=$1" /proc/[0-9]*/environ 2>/dev/null |
		xargs -r grep -lzxF "MINI_SLURM_HOME=$HOME" 2>/dev/null | cut -d / -f 3
}

# The CPUs that any thread of job $1 may run on, each list once.
cpus_of() {
	for pid in $(pids_of $1); do
		sed -n "s/^Cpus_allowed_list:[[:space:]]*//p" /proc/$pid/task/*/status
	done 2>/dev/null | sort -u
}

is_pinned() {
	test "$(cpus_of $1)" = "$(field $1 "CPU list")"
}

cpu=$(doctor_level CPUs) memory=$(doctor_level memory) processes=$(doctor_level processes)
if test "$memory" = enforced
then
	test_set_prereq MEMORY_GROUP
else
	say "memory can not be enforced here (see mini-slurm doctor): what takes a cgroup is skipped"
fi
test "$processes" != enforced || test_set_prereq GROUPS
if test "$(nproc)" -ge 2
then
	test_set_prereq TWO_CPUS
else
	say "this machine has one CPU: nothing can be said of two"
fi

cat >hog <<\EOF
#!/bin/sh
# hog N: N children, each with 8 MB that it uses, and then stays.
i=0
while test $((i += 1)) -le $1; do
	perl -e '$x = "x"; $x x= 8 << 20; open F, ">", "full.$ARGV[0]"; close F; sleep 1000' $1.$i &
done
wait
EOF
cat >spread <<\EOF
#!/bin/sh
# spread NAME: a child, one in a session of its own, and a daemon with a child.
sleep 1000 &
setsid sleep 1000 &
(setsid sh -c 'sleep 1000 & wait' &)
: >ready.$1
./await go.$1
EOF
chmod +x hog spread
write_await

# Whatever failed, the next test has the machine for itself.
cancel_all() {
	for id in $(mini-slurm queue --status PENDING,RUNNING 2>/dev/null | awk "NR > 1 { print \$1 }"); do
		mini-slurm cancel --now $id && wait_until has_ended $id
	done
}

# check_memory: of a job that wants too much and one that does not.
check_memory() {
	test_when_finished cancel_all
	rm -f full.* go.neighbour
	neighbour=$(submit --mem 64M sh -c "./hog 1 & ./await go.neighbour") &&
	wait_for_file full.1.1 &&
	hog=$(submit --mem 64M ./hog 16) &&
	ends_as $hog OUT_OF_MEMORY &&
	field $hog Reason >reason &&
	grep -E "^exceeded its memory: limit 64 MB, peak [0-9]+ MB$" reason &&
	is_in_state $neighbour RUNNING &&
	test -z "$(pids_of $hog)" &&
	: >go.neighbour && ends_as $neighbour COMPLETED
}

are_all_there() {
	test $(pids_of $1 | wc -l) -ge 6
}

# check_cpus: of two jobs side by side.
check_cpus() {
	test_when_finished cancel_all
	rm -f ready.* go.one go.two
	one=$(submit --mem 64M ./spread one) && two=$(submit --mem 64M ./spread two) &&
	wait_for_file ready.one ready.two &&
	wait_until are_all_there $one && wait_until are_all_there $two &&
	is_pinned $one && is_pinned $two &&
	test "$(field $one "CPU list")" != "$(field $two "CPU list")" &&
	: >go.one && : >go.two &&
	ends_as $one COMPLETED && ends_as $two COMPLETED
}

# check_reset: a job that takes all CPUs for itself gets only its own.
check_reset() {
	test_when_finished cancel_all
	all=$(sed -n "s/^Cpus_allowed_list:[[:space:]]*//p" /proc/self/status)
	rm -f go.reset
	id=$(submit --mem 64M "sleep 1000 & taskset -cp $all \$! ; taskset -cp $all \$\$; ./await go.reset") &&
	has_reset() { test $(stdout $id 2>&1 | grep -c "new affinity") -eq 2; } &&
	wait_until has_reset &&
	wait_until is_pinned $id &&
	: >go.reset && ends_as $id COMPLETED
}

# --- with what the machine has ---

test_expect_success 'a scheduler with the best that can be had' '
	start_scheduler --total-mem 512M
'
test_expect_success 'show says what doctor says' '
	id=$(submit --mem 64M true) && ends_as $id COMPLETED &&
	test "$(field $id Enforcement)" = "CPUs $cpu, memory $memory, processes $processes, GPU none" &&
	mini-slurm show --json $id | json "list(j[\"job\"][\"enforcement\"].values())" >out &&
	echo "['\''$cpu'\'', '\''$memory'\'', '\''$processes'\'', '\''none'\'']" >want && test_cmp want out
'
test_expect_success MEMORY_GROUP 'sixteen children that together exceed their memory: the job ends, its neighbour goes on' '
	check_memory
'
test_expect_success MEMORY_GROUP 'the peak is what the kernel let them have' '
	peak=$(sed "s/.* peak \([0-9]*\) MB/\1/" reason) && test $peak -ge 60 && test $peak -le 66
'
test_expect_success MEMORY_GROUP 'one process alone, as well' '
	id=$(submit --mem 32M perl -e "\$x = 1; \$x x= 64 << 20; sleep 1000") &&
	ends_as $id OUT_OF_MEMORY &&
	field $id Reason | grep "limit 32 MB"
'
test_expect_success TWO_CPUS 'two jobs of one CPU never share one, in any of their processes' '
	check_cpus
'
test_expect_success TWO_CPUS 'a job that resets its affinity is held' '
	check_reset
'
test_expect_success 'a job with all CPUs has them all' '
	test_when_finished cancel_all &&
	id=$(submit --mem 64M --cpus $(nproc) "./await go.all") && wait_for_state $id RUNNING &&
	is_pinned $id && : >go.all && ends_as $id COMPLETED
'

# --- without cgroups ---

test_expect_success 'watched: show says so' '
	kill_scheduler && start_scheduler --enforce watched --total-mem 512M &&
	id=$(submit --mem 64M true) && ends_as $id COMPLETED &&
	test "$(field $id Enforcement)" = "CPUs watched, memory watched, processes watched, GPU none"
'
test_expect_success 'watched: a job over its memory ends, its neighbour goes on' '
	check_memory &&
	peak=$(sed "s/.* peak \([0-9]*\) MB/\1/" reason) && test $peak -gt 64
'
test_expect_success TWO_CPUS 'watched: two jobs of one CPU never share one' '
	check_cpus
'
test_expect_success TWO_CPUS 'watched: a job that resets its affinity is put back' '
	check_reset
'

# --- more CPUs than there are ---

test_expect_success 'advisory: more CPUs than there are, and nobody is pinned' '
	test_when_finished cancel_all &&
	kill_scheduler && start_scheduler --total-cpus 4096 --total-mem 512M &&
	id=$(submit --mem 64M --cpus 1000 "./await go.many") && wait_for_state $id RUNNING &&
	test "$(cpus_of $id)" = "$(sed -n "s/^Cpus_allowed_list:[[:space:]]*//p" /proc/self/status)" &&
	: >go.many && ends_as $id COMPLETED &&
	test "$(field $id Enforcement)" = "CPUs advisory, memory $memory, processes $processes, GPU none" &&
	test -z "$(field $id "CPU list")" &&
	grep "4096 CPUs are more than this machine" "$HOME/.mini_slurm_logs/scheduler.log"
'

our_groups() {
	find /sys/fs/cgroup -type d -path "*/mini-slurm/$instance*" 2>/dev/null | sort
}
test_expect_success 'no group is left' '
	id=$(submit --mem 64M printenv MINI_SLURM_ATTEMPT) && ends_as $id COMPLETED &&
	instance=$(stdout $id) && instance=${instance%%.*} &&
	kill_scheduler &&
	test -n "$instance" && test -z "$(our_groups)"
'
# group_of ID: the name of the groups of the running job.
group_of() {
	sed -n 's/^group //p' "$HOME/.mini_slurm_run/$1".*.status
}
shepherds_groups() {
	our_groups | grep "/$instance\.s[0-9]*\.[0-9]*$"
}
no_groups() {
	! shepherds_groups
}
are_gone() {
	! shepherds_groups | grep -xF -f "$1"
}
test_expect_success GROUPS 'a shepherd keeps its groups, and they go when it is killed while it waits' '
	start_scheduler && id=$(submit --mem 64M true) && ends_as $id COMPLETED &&
	shepherds_groups >groups && test -s groups &&
	kill -9 $(sed "s/.*\.s\([0-9]*\)\..*/\1/" groups | sort -u) &&
	wait_until are_gone groups
'
test_expect_success GROUPS 'and when it is killed while it runs something' '
	id=$(submit --mem 64M sleep 1000) && wait_for_state $id RUNNING && wait_until has_record $id &&
	shepherds_groups >groups && kill -9 $(shepherd $id) && ends_as $id NODE_FAIL &&
	wait_until are_gone groups && kill_scheduler && test -z "$(our_groups)"
'
test_expect_success GROUPS 'they go with a scheduler that is killed' '
	start_scheduler && id=$(submit --mem 64M true) && ends_as $id COMPLETED && shepherds_groups &&
	kill_scheduler -9 && wait_until no_groups
'
for how in auto watched; do
	test_expect_success GROUPS "$how: what dead shepherds have left of groups goes as well, and nothing else" '
		start_scheduler && id=$(submit --mem 64M "./await go.$how") && wait_for_state $id RUNNING &&
		wait_until has_record $id && our_groups | grep -F "/$(group_of $id)" >job && test -s job &&
		for dir in $(our_groups | grep "/$instance$"); do
			mkdir "$dir/$instance.s4711.1" "$dir/$instance.s4711.2" || return 1
		done &&
		kill_scheduler && start_scheduler --enforce $how &&
		our_groups | grep -F "/$(group_of $id)" >kept && test_cmp job kept && ! our_groups | grep 4711 &&
		: >go.$how && ends_as $id COMPLETED && kill_scheduler && test -z "$(our_groups)"
	'
done

test_done
