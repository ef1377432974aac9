#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='--json: the shapes that docs/json.md promises'
. "${0%/*}/lib.sh"

# json FILE EXPRESSION: the object is j; prints the expression's value.
json() {
	python3 -c '
import json, sys
j = json.load(open(sys.argv[1]))
print(eval(sys.argv[2]))' "$@"
}

# is_json FILE EXPRESSION VALUE
is_json() {
	value=$(json "$1" "$2") && test "$value" = "$3" || {
		echo >&2 "$2 is $value, not $3"
		return 1
	}
}

test_expect_success 'submit' '
	mini-slurm submit --json --cpus 2 --mem 4G --name grid sleep 9 >out 2>/dev/null &&
	is_json out j "{'\''job'\'': 1, '\''scheduler'\'': False}"
'

test_expect_success 'show: the job' '
	submit "$(printf "echo \\377\n")" &&
	mini-slurm show --json 1 >out &&
	is_json out "sorted(j)" "['\''array'\'', '\''attempts'\'', '\''before'\'', '\''dependencies'\'', '\''job'\'', '\''resizes'\'', '\''scheduler'\'', '\''sweep'\'']" &&
	is_json out "[j[\"job\"][k] for k in (\"id\", \"name\", \"state\", \"cpus\", \"mem_mb\", \"command\")]" \
		"[1, '\''grid'\'', '\''PENDING'\'', 2, 4096, '\''sleep 9'\'']" &&
	is_json out "[k for k in (\"time_limit\", \"start_time\", \"end_time\", \"runtime\", \"alloc\", \"return_code\", \"exit_code\", \"signal\", \"cpu_user\", \"cpu_system\", \"mem_peak_kb\", \"enforcement\", \"cancel_requested\", \"elastic\", \"array_id\", \"task\", \"tasks\", \"array_limit\") if j[\"job\"][k] is not None]" "[]" &&
	is_json out "j[\"job\"][\"cwd\"]" "$PWD" &&
	is_json out "j[\"job\"][\"uid\"]" "$(id -u)" &&
	is_json out "j[\"attempts\"]" "[]"
'

test_expect_success 'bytes that are not UTF-8 do not break it' '
	mini-slurm show --json 2 >out &&
	is_json out "j[\"job\"][\"command\"]" "echo \\xFF" &&
	is_json out "j[\"job\"][\"mem_mb\"]" None
'

test_expect_success 'queue' '
	mini-slurm queue --json >out &&
	is_json out "sorted(j)" "['\''jobs'\'', '\''older'\'']" &&
	is_json out "[x[\"id\"] for x in j[\"jobs\"]]" "[1, 2]" &&
	is_json out "j[\"older\"]" 0 &&
	mini-slurm show --json 1 >one &&
	test "$(json one "sorted(j[\"job\"])")" = "$(json out "sorted(j[\"jobs\"][0])")"
'

test_expect_success 'queue without jobs' '
	mini-slurm queue --json --status F >out 2>err &&
	test_must_be_empty err &&
	is_json out j "{'\''jobs'\'': [], '\''older'\'': 0}"
'

test_expect_success 'cancel' '
	test_expect_code 1 mini-slurm cancel --json 1 99 >out 2>err &&
	is_json out "j[\"cancelled\"]" "[{'\''job'\'': 1, '\''was'\'': '\''PENDING'\''}]" &&
	is_json out "j[\"failed\"]" "[{'\''job'\'': 99, '\''error'\'': '\''no such job: 99'\''}]" &&
	grep "no such job: 99" err
'

test_expect_success 'stats' '
	mini-slurm stats --json --total-cpus 8 >out &&
	is_json out "j[\"scheduler\"]" None &&
	is_json out "(j[\"states\"][\"PENDING\"], j[\"states\"][\"CANCELLED\"])" "(1, 1)" &&
	is_json out "(j[\"cpus_used\"], j[\"mem_used_mb\"])" "(0, 0)" &&
	is_json out "(j[\"mean_wait\"], j[\"mean_runtime\"])" "(None, None)" &&
	is_json out "(j[\"cpus_total\"], j[\"mem_total_mb\"])" "(8, None)" &&
	is_json out "sorted(j[\"system\"])" "['\''cpu_percent'\'', '\''mem_total_mb'\'', '\''mem_used_mb'\'']"
'

test_expect_success 'an error is text on standard error, and nothing on standard output' '
	test_expect_code 1 mini-slurm show --json 99 >out 2>err &&
	test_must_be_empty out &&
	grep "no such job: 99" err
'

test_done
