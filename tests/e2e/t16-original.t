#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='a database of the original Python mini-slurm is taken over'
. "${0%/*}/lib.sh"

test_expect_success 'a home as the original left it' '
	python3 - "$HOME" <<-\EOF
	import sqlite3, sys
	db = sqlite3.connect(sys.argv[1] + "/.mini_slurm.db")
	db.execute("""CREATE TABLE jobs (
	    id INTEGER PRIMARY KEY AUTOINCREMENT, command TEXT NOT NULL, cpus INTEGER NOT NULL,
	    mem_mb INTEGER NOT NULL, status TEXT NOT NULL, priority INTEGER NOT NULL DEFAULT 0,
	    submit_time REAL NOT NULL, start_time REAL, end_time REAL, wait_time REAL, runtime REAL,
	    return_code INTEGER, user TEXT, stdout_path TEXT, stderr_path TEXT, cpu_user_time REAL,
	    cpu_system_time REAL)""")
	for column in ("is_elastic INTEGER NOT NULL DEFAULT 0", "min_cpus INTEGER", "max_cpus INTEGER",
	               "current_cpus INTEGER", "control_file TEXT", "nodes TEXT"):
	    db.execute("ALTER TABLE jobs ADD COLUMN " + column)
	for row in (
	    ("echo \"a b\" && true", 2, 512, "COMPLETED", 5, 1000.25, 1001.5, 1003.5, 1.25, 2.0, 0, 0.5, 0.25),
	    ("false", 1, 64, "FAILED", 0, 1000, 1002, 1003, 2, 1, 3, 0, 0),
	    ("sleep 99", 4, 128, "RUNNING", 1, 1000, 1005, None, 5, None, None, None, None),
	    ("A=1; echo \"one  $A\"", 1, 64, "PENDING", 2, 1000.5, None, None, None, None, None, None, None),
	    ("exit 4", 1, 64, "PENDING", 0, 1001, None, None, None, None, None, None, None)):
	    db.execute("INSERT INTO jobs (command, cpus, mem_mb, status, priority, submit_time, start_time,"
	               " end_time, wait_time, runtime, return_code, cpu_user_time, cpu_system_time, user)"
	               " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)", row + ("ann",))
	db.commit()
	EOF
'

test_expect_success 'queue lists it' '
	mini-slurm queue --all >out &&
	awk "NR > 1 { print \$1, \$2 }" out >got &&
	printf "%s\n" "1 COMPLETED" "2 FAILED" "3 NODE_FAIL" "4 PENDING" "5 PENDING" >want &&
	test_cmp want got
'
test_expect_success 'a copy of it as it was is there, for nobody else to read' '
	ls "$HOME"/.mini_slurm.db.*bak* "$HOME"/.mini_slurm.db*v0* 2>/dev/null | sort -u >copies &&
	test $(wc -l <copies) -eq 1 &&
	test "$(stat -c %a "$(cat copies)")" = 600 &&
	test "$(python3 -c "
import sqlite3, sys
print(sqlite3.connect(sys.argv[1]).execute(\"SELECT group_concat(status) FROM jobs\").fetchone()[0])" "$(cat copies)")" = \
		COMPLETED,FAILED,RUNNING,PENDING,PENDING
'
test_expect_success 'show has what was known' '
	test "$(field 1 Command)" = "echo \"a b\" && true" &&
	test "$(field 1 User)" = ann && test "$(field 1 Priority)" = 5 &&
	test "$(field 1 "Wait time")" = 1.25s && test "$(field 1 Runtime)" = 2.00s &&
	test "$(field 1 "CPU user")" = 0.50s &&
	field 2 "Return code" | grep "^3" &&
	field 3 Reason | grep "Python mini-slurm: how it ended is not known" &&
	test "$(field 3 "Return code")" = -
'
test_expect_success 'what was pending runs, by priority' '
	start_scheduler --total-cpus 1 --total-mem 128M &&
	ends_as 5 FAILED && field 5 "Return code" | grep "^4" &&
	ends_as 4 COMPLETED && test "$(cat "$HOME/.mini_slurm_logs/job_4.out")" = "one  1" &&
	mini-slurm show --json 4 >four && mini-slurm show --json 5 >five &&
	end=$(json "j[\"job\"][\"end_time\"]" <four) &&
	test "$(json "j[\"job\"][\"start_time\"] >= $end" <five)" = True
'
test_expect_success 'new jobs get the next numbers' '
	test "$(submit --mem 1M true)" = 6 && ends_as 6 COMPLETED
'
test_expect_success 'it can still be read as the original would' '
	test "$(python3 -c "
import os, sqlite3
db = sqlite3.connect(os.environ[\"HOME\"] + \"/.mini_slurm.db\")
print(db.execute(\"SELECT group_concat(status), count(wait_time), sum(return_code) FROM jobs\").fetchone())")" = \
		"('\''COMPLETED,FAILED,NODE_FAIL,COMPLETED,FAILED,COMPLETED'\'', 6, 7)"
'

test_done
