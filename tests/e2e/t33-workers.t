#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='a worker pool: a queue of files through 50 resizes, every file done once'
. "${0%/*}/lib.sh"
. "$tests/elastic.sh"

pool=$MINI_SLURM_BUILD/mini-slurm-workers

# Takes files out of queue/, one after the other. Work that was cut short is handed back; that it is
# done is one rename. What a predecessor of the same number has left is his as well.
cat >worker <<\EOT
#!/bin/sh
mine=taken/$MINI_SLURM_WORKER
stop=
trap "stop=t" TERM
mkdir -p "$mine"
mv "$mine"/* queue/ 2>/dev/null
while test -z "$stop"; do
	file=$(ls queue | head -n 1)
	if test -z "$file"; then
		test ! -e closed || exit 0
		sleep 0.02
		continue
	fi
	mv "queue/$file" "$mine/" 2>/dev/null
	test -e "$mine/$file" || continue
	if sleep 0.02; then
		mv "$mine/$file" done/
	fi
	test ! -e "$mine/$file" || mv "$mine/$file" queue/
done
EOT
chmod +x worker
write_await

# new_queue: an empty one.
new_queue() {
	rm -rf queue taken done closed && mkdir queue taken done && files=0
}

# put_files NUMBER: so many more.
put_files() {
	last=$((files + $1))
	while test $files -lt $last; do
		files=$((files + 1))
		: >queue/$files || return
	done
}

# next_cpus: 1 to 8, never the same twice in a row.
next_cpus() {
	step=$((step + 1))
	cpus=$(((cpus - 1 + 3 + step % 5) % 8 + 1))
}

# all_done: each of the files, and none is anywhere else.
all_done() {
	test $(ls done | wc -l) -eq $files && test -z "$(find queue taken -type f)"
}

no_more_than() {
	test $(pgrep -c -P $program -f worker) -le $1
}

test_expect_success 'in the place of a shepherd: 50 resizes, and all is done once' '
	new_queue && put_files 20 && cpus=8 step=0 &&
	in_stand_in 8 "$pool" -- ./worker &&
	for i in $(seq 50); do
		before=$cpus && next_cpus && put_files 10 &&
		if test $cpus -gt $before; then
			give $cpus
		else
			take $cpus && no_more_than $cpus
		fi || return 1
	done &&
	: >closed && wait $program && all_done && ! grep "\[mini-slurm\]" err
'
test_expect_success 'a worker that is killed is replaced, and its file is done' '
	new_queue && put_files 20 &&
	in_stand_in 2 "$pool" -- ./worker && wait_until test -d taken/1 &&
	pkill -KILL -P $program -n && : >closed && wait $program && all_done &&
	grep "was ended by signal 9 (KILL): it is started again" err
'
test_expect_success 'a command that always fails: the job ends as it does' '
	in_stand_in 2 "$pool" -- sh -c "exit 7" && test_expect_code 7 wait $program &&
	grep "exit status 7: too many died within a minute" err
'

test_expect_success 'in a job: 8 workers, 50 resizes and two schedulers, and all is done once' '
	start() { start_scheduler --total-cpus 8 --total-mem 800M --elastic-cooldown 0; } &&
	new_queue && put_files 20 && cpus=8 step=0 && start &&
	id=$(submit --elastic --workers --cpus 8 --min-cpus 1 --max-cpus 8 --mem 100M \
		--resize-grace 60s ./worker) &&
	wait_for_file taken/0 taken/7 &&
	for i in $(seq 50); do
		next_cpus && put_files 10 && resize $id $cpus || return 1
		test $i -ne 25 || { kill_scheduler -9 && start; } || return 1
	done &&
	: >closed && ends_as $id COMPLETED && all_done &&
	test "$(mini-slurm show --json $id | json "j[\"job\"][\"elastic\"][\"resizes\"]")" -eq 50
'
test_expect_success 'two CPUs for each, and no more threads than those' '
	id=$(submit --elastic --workers --cpus-per-worker 2 --cpus 4 --max-cpus 4 --mem 100M \
		"echo \$MINI_SLURM_WORKER of \$MINI_SLURM_WORKERS: \$OMP_NUM_THREADS; ./await go.\$MINI_SLURM_WORKER") &&
	wait_for_state $id RUNNING && : >go.0 && : >go.1 && ends_as $id COMPLETED &&
	stdout $id | sort >got && printf "%s of 2: 2\n" 0 1 >want && test_cmp want got
'
test_expect_success 'canceled, all workers go' '
	id=$(submit --elastic --workers --cpus 3 --max-cpus 3 --mem 100M \
		"echo \$\$; exec ./await never") &&
	started() { test "$(stdout $id 2>/dev/null | wc -l)" -eq 3; } && wait_until started &&
	mini-slurm cancel $id && ends_as $id CANCELLED &&
	for pid in $(stdout $id); do is_gone $pid || return 1; done
'

test_done
