#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='a scheduler killed at random moments, under load: nothing is lost, nothing runs twice

Eight clients submit 2,000 jobs and more while the scheduler is killed at least 50 times. Each job
appends its id to a file and ends with an exit code made from it.'
. "${0%/*}/lib.sh"

clients=8
jobs_each=${CRASH_JOBS_EACH:-250}
kills=${CRASH_KILLS:-50}

# client N: submits its share; the acknowledged ids go to acked.N.
client() {
	for i in $(seq "$jobs_each"); do
		submit "echo \$MINI_SLURM_JOB_ID >>'$PWD/ran'; exit \$((MINI_SLURM_JOB_ID % 5))" ||
			echo "client $1: submission $i failed" >&2
	done >"acked.$1" 2>"errors.$1"
}

test_expect_success "2,000 jobs from 8 clients, and $kills kills" '
	for n in $(seq $clients); do client $n & done &&
	kill_often $kills 8 8G 889 &&
	wait
'

test_expect_success 'after one more start everything comes to an end' '
	wait_until no_scheduler &&
	running_scheduler 8 8G &&
	all_end
'

test_expect_success 'every submission was acknowledged' '
	cat errors.* | grep -v "no scheduler is running" >errors
	test_must_be_empty errors &&
	cat acked.* | sort -n >acked &&
	test $(wc -l <acked) -eq $((clients * jobs_each)) &&
	test -z "$(uniq -d acked)"
'

test_expect_success 'every job ran exactly once' '
	sort -n ran >ran.sorted &&
	test_cmp acked ran.sorted
'

test_expect_success 'every job has its right exit code' '
	mini-slurm queue --all --json |
		sed -n "s/.*\"id\": *\([0-9]*\),.*\"exit_code\": *\([0-9a-z]*\),.*/\1\t\2/p" |
		sort -n >got &&
	awk "{ print \$1 \"\t\" \$1 % 5 }" acked >want &&
	test_cmp want got
'

# A record that voids an attempt (phase 1) stays until the next boot: a shepherd may still be on its
# way to look for it.
test_expect_success 'none of their files is left' '
	kill_scheduler &&
	running_scheduler 8 8G &&
	ls "$HOME/.mini_slurm_run" | grep -v "\.lock$\|\.sock$\|^reports$" >files &&
	while read file; do
		grep -qx "phase 1" "$HOME/.mini_slurm_run/$file" 2>/dev/null || echo "$file"
	done <files >left &&
	test_must_be_empty left
'

test_done
