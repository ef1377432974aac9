#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='many jobs at once: submit --file, and the graph of who waits for whom'
. "${0%/*}/lib.sh"

write_await

# refused WORDS LINE...: a file of these lines is not submitted, standard error says so, and nothing
# is stored.
refused() {
	words=$1
	shift
	printf '%s\n' "$@" >bad.jsonl &&
		test_expect_code 1 mini-slurm submit --file bad.jsonl 2>err.refused &&
		grep -F -e "$words" err.refused && test $(mini-slurm queue --json | json "len(j[\"jobs\"])") = 0
}

test_expect_success 'bad lines are refused by number and key, and nothing is stored' '
	good="{\"command\": \"true\", \"name\": \"a\"}" &&
	refused "bad.jsonl: line 2: no JSON" "$good" "{\"command\": \"true\"" &&
	refused "line 1: no JSON object" "[1]" &&
	refused "line 2: it is empty" "$good" "" "$good" &&
	refused "line 1: command is missing" "{\"name\": \"a\"}" &&
	refused "line 1: command 7: neither a line for the shell nor a list" "{\"command\": 7}" &&
	refused "line 1: command 7: not a word" "{\"command\": [\"a\", 7]}" &&
	refused "line 1: command []: neither" "{\"command\": []}" &&
	refused "line 1: the command is empty" "{\"command\": \" \"}" &&
	refused "line 1: command -: there is no standard input" "{\"command\": \"-\"}" &&
	refused "line 2: unknown key \"cpu\" (did you mean \"cpus\"?)" "$good" "{\"cpu\": 1}" &&
	refused "line 1: unknown key \"json\"" "{\"json\": true}" &&
	refused "line 2: cpus 0: not a whole number" "$good" "{\"command\": \"true\", \"cpus\": 0}" &&
	refused "line 1: cpus [1]: neither a text nor a number" "{\"command\": \"true\", \"cpus\": [1]}" &&
	refused "line 1: mem 8XB: not a size" "{\"command\": \"true\", \"mem\": \"8XB\"}" &&
	refused "line 1: exclusive 1: neither true nor false" "{\"command\": \"true\", \"exclusive\": 1}" &&
	refused "line 1: env [\"A\"]: not an object" "{\"command\": \"true\", \"env\": [\"A\"]}" &&
	refused "line 1: env {\"A\":1}: not names with strings" "{\"command\": \"true\", \"env\": {\"A\": 1}}" &&
	refused "/nowhere" "{\"command\": \"true\", \"cwd\": \"/nowhere\"}" &&
	refused "line 1: no JSON: duplicate object key" "{\"command\": \"true\", \"command\": \"false\"}" &&
	: >none.jsonl && test_expect_code 1 mini-slurm submit --file none.jsonl 2>err &&
	grep "there are no jobs in it" err &&
	test_expect_code 1 mini-slurm submit --file nowhere 2>err && grep "file nowhere: No such file" err &&
	test_expect_code 2 mini-slurm submit --file bad.jsonl true
'

# job NAME AFTER
job() {
	echo "{\"command\": \"echo $1 >>order\", \"name\": \"$1\", \"after\": \"$2\"}"
}

test_expect_success 'so are names that are not there, or twice, ids that are not there, and cycles' '
	refused "line 1: dependency: no line has the name b" "$(job a ok:b)" &&
	refused "line 3: dependency: lines 1 and 2 have the name a" "$(job a)" "$(job a)" "$(job b ok:a)" &&
	refused "line 1: dependency: there is no job 7" "$(job a ok:7)" &&
	refused "line 1: dependency: there is no job 1" "$(job a ok:1)" &&
	refused "line 1: dependency: a cycle: a -> a" "$(job a ok:a)" &&
	refused "line 2: dependency: a cycle: a -> b -> c -> a" "$(job x)" "$(job a ok:b)" "$(job b ok:c)" "$(job c any:x,a)" &&
	refused "line 2: --after foo:a: not ok, any, notok or start" "$(job a)" "$(job b foo:a)" &&
	refused "line 1: dependency afterok:a?afterany:b,afterok:c: " \
		"{\"command\": \"true\", \"dependency\": \"afterok:a?afterany:b,afterok:c\", \"name\": \"a\"}" \
		"$(job b)" "$(job c)" &&
	refused "line 1: dependency singleton: the job needs a name" \
		"{\"command\": \"true\", \"dependency\": \"singleton\"}"
'

test_expect_success 'a file of jobs is one request, without a scheduler' '
	mkdir elsewhere &&
	cat >jobs.jsonl <<-\EOF &&
	{"command": "echo report >>order", "name": "report", "after": ["ok:a,b", "any:c"], "priority": 7}
	{"command": ["sh", "-c", "echo \"$0\" $A $B >>order", "a"], "name": "a", "env": {"A": "1", "B": "2 3"}}
	{"command": ["B=4", "sh", "-c", "echo b $B >>order"], "name": "b", "after": "ok:a", "time": "10m", "mem": 16}
	{"command": "pwd; echo $PWD; false", "name": "c", "cwd": "elsewhere", "output": "c.out", "dependency": "afterok:b", "cpus": "1"}
	{"command": ["true"], "name": null}
	EOF
	mini-slurm submit --mem 20M --file jobs.jsonl >out &&
	test "$(cat out)" = "Submitted 5 jobs: 1-5" &&
	test "$(field 1 Dependency)" = afterok:2:3,afterany:4 && test "$(field 1 Priority)" = 7 &&
	test "$(field 3 "Time limit")" = 00:10:00 && test "$(field 3 "Mem (MB)")" = 16 &&
	test "$(field 1 "Mem (MB)")" = 20 && test "$(field 3 Command)" = "B=4 sh -c '\''echo b \$B >>order'\''"
'

test_expect_success 'and they run in that order' '
	start_scheduler --total-cpus 2 --total-mem 200M &&
	for id in 2 3 1 5; do
		ends_as $id COMPLETED || return 1
	done &&
	ends_as 4 FAILED &&
	printf "a 1 2 3\nb 4\nreport\n" >expected && test_cmp expected order &&
	printf "%s\n" "$PWD/elsewhere" "$PWD/elsewhere" >expected && test_cmp expected elsewhere/c.out
'

test_expect_success 'from standard input, with a scheduler; ids as asked for' '
	{ job d ok:1 && job e ok:d; } | mini-slurm submit --mem 20M --parsable --file - >ids &&
	test "$(echo $(cat ids))" = "6 7" && ends_as 7 COMPLETED &&
	job f | mini-slurm submit --mem 20M --json --file - >out &&
	test "$(json "j[\"jobs\"]" <out)" = "[{'\''job'\'': 8, '\''name'\'': '\''f'\''}]" &&
	job g any:7,8 | mini-slurm submit --mem 20M --file - >out && test "$(cat out)" = "Submitted 1 job: 9" &&
	ends_as 9 COMPLETED
'

test_expect_success 'the graph of those who wait, drawn' '
	blocker=$(submit --mem 20M ./await go.graph) && wait_for_state $blocker RUNNING &&
	cat >graph.jsonl <<-EOF &&
	{"name": "train-a", "command": "true", "after": "ok:$blocker"}
	{"name": "train-b", "command": "true", "after": "ok:$blocker"}
	{"name": "report", "command": "true", "after": "ok:train-a,train-b any:$blocker"}
	{"name": "other", "command": "./await go.graph"}
	{"name": "say \"it\"", "command": "true", "after": "any:other"}
	EOF
	mini-slurm submit --mem 20M --file graph.jsonl && wait_for_state 14 RUNNING &&
	mini-slurm graph >out &&
	cat >expected <<-\EOF &&
	10 RUNNING
	|-- 11 train-a PENDING  afterok:10
	|   `-- 13 report PENDING  afterok:11:12,afterany:10
	`-- 12 train-b PENDING  afterok:10
	14 other RUNNING
	`-- 15 say "it" PENDING  afterany:14
	EOF
	test_cmp expected out
'

test_expect_success 'the part of one job; for Graphviz; as JSON' '
	mini-slurm graph 12 >out && head -4 expected >part && test_cmp part out &&
	mini-slurm graph 15 --dot >out &&
	cat >expected <<-\EOF &&
	digraph jobs {
	    node [shape=box];
	    14 [label="14 other\nRUNNING"];
	    15 [label="15 say \"it\"\nPENDING"];
	    14 -> 15 [label="afterany"];
	}
	EOF
	test_cmp expected out &&
	mini-slurm graph --json >out &&
	test "$(json "[(x[\"id\"], x[\"layer\"]) for x in j[\"jobs\"]]" <out)" = \
		"[(10, 1), (11, 2), (12, 2), (13, 3), (14, 1), (15, 2)]" &&
	test "$(json "[(x[\"from\"], x[\"to\"], x[\"type\"], x[\"state\"]) for x in j[\"edges\"]][:2]" <out)" = \
		"[(10, 11, '\''afterok'\'', '\''waits'\''), (10, 12, '\''afterok'\'', '\''waits'\'')]"
'

test_expect_success 'of one that has ended: what came before it' '
	: >go.graph && ends_as 13 COMPLETED && ends_as 15 COMPLETED &&
	mini-slurm graph >out 2>err && test_must_be_empty out && grep "No job waits" err &&
	mini-slurm graph 13 >out && mini-slurm graph last >last && mini-slurm graph 15 | test_cmp - last &&
	cat >expected <<-\EOF &&
	10 COMPLETED
	|-- 11 train-a COMPLETED  afterok:10
	|   `-- 13 report COMPLETED  afterok:11:12,afterany:10
	`-- 12 train-b COMPLETED  afterok:10
	EOF
	test_cmp expected out
'

test_expect_success 'what is no graph' '
	test_expect_code 1 mini-slurm graph 99 2>err && grep "no such job: 99" err &&
	test_expect_code 2 mini-slurm graph x &&
	test_expect_code 2 mini-slurm graph 1 2 &&
	test_expect_code 2 mini-slurm graph --dot --json
'

test_done
