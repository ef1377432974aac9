// SPDX-License-Identifier: MIT
/* Databases of the original mini-slurm, in its three generations, become ours with all that was in
 * them, after a copy was made. */
#include <pwd.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "fixture.h"

#define FIRST_GENERATION                                                                           \
    "CREATE TABLE jobs (id INTEGER PRIMARY KEY AUTOINCREMENT, command TEXT NOT NULL,"              \
    " cpus INTEGER NOT NULL, mem_mb INTEGER NOT NULL, status TEXT NOT NULL,"                       \
    " priority INTEGER NOT NULL DEFAULT 0, submit_time REAL NOT NULL, start_time REAL,"            \
    " end_time REAL, wait_time REAL, runtime REAL, return_code INTEGER, user TEXT,"                \
    " stdout_path TEXT, stderr_path TEXT, cpu_user_time REAL, cpu_system_time REAL);"
#define SECOND_GENERATION                                                                          \
    FIRST_GENERATION                                                                               \
    "ALTER TABLE jobs ADD COLUMN is_elastic INTEGER NOT NULL DEFAULT 0;"                           \
    "ALTER TABLE jobs ADD COLUMN min_cpus INTEGER;"                                                \
    "ALTER TABLE jobs ADD COLUMN max_cpus INTEGER;"                                                \
    "ALTER TABLE jobs ADD COLUMN current_cpus INTEGER;"                                            \
    "ALTER TABLE jobs ADD COLUMN control_file TEXT;"
#define THIRD_GENERATION SECOND_GENERATION "ALTER TABLE jobs ADD COLUMN nodes TEXT;"

/* One job in each state; one more that was deleted, the last. */
#define ROWS                                                                                       \
    "INSERT INTO jobs (command, cpus, mem_mb, status, priority, submit_time, start_time, "         \
    "end_time,"                                                                                    \
    " wait_time, runtime, return_code, user, stdout_path, stderr_path, cpu_user_time,"             \
    " cpu_system_time) VALUES"                                                                     \
    " ('echo \"a b\" && true', 2, 512, 'COMPLETED', 5, 1000.25, 1001.5, 1003.5, 1.25, 2.0, 0,"     \
    "  'ann', '/l/job_1.out', '/l/job_1.err', 0.5, 0.25),"                                         \
    " ('false', 1, 64, 'FAILED', 0, 1000, 1002, 1003, 2, 1, 3, 'ann', '/o', '/e', 0, 0),"          \
    " ('kill $$', 1, 64, 'FAILED', 0, 1000, 1002, 1003, 2, 1, -15, 'ann', '/o', '/e', 0, 0),"      \
    " ('sleep 9', 1, 64, 'CANCELLED', 0, 1000, NULL, 1004, NULL, NULL, NULL, 'ann', NULL, NULL,"   \
    "  NULL, NULL),"                                                                               \
    " ('sleep 99', 4, 128, 'RUNNING', 1, 1000, 1005, NULL, 5, NULL, NULL, 'bob', '/o5', '/e5',"    \
    "  NULL, NULL),"                                                                               \
    " ('make all', 3, 256, 'PENDING', 2, 1000.5, NULL, NULL, NULL, NULL, NULL, 'ann', NULL, NULL," \
    "  NULL, NULL),"                                                                               \
    " ('gone', 1, 1, 'COMPLETED', 0, 1, 2, 3, 1, 1, 0, 'ann', '', '', 0, 0);"                      \
    "DELETE FROM jobs WHERE command = 'gone';"

#define ELASTIC_ROW                                                                                \
    "UPDATE jobs SET is_elastic = 1, min_cpus = 2, max_cpus = 8, current_cpus = 4,"                \
    " control_file = '/l/job_1.control' WHERE id = 1;"                                             \
    "UPDATE jobs SET is_elastic = 1, min_cpus = 2, max_cpus = 8 WHERE id = 6;"
#define NODES_ROW "UPDATE jobs SET nodes = 'node[0-1]' WHERE id = 1;"

/* Every column of the original's, and every row. */
static const char ORIGINAL_COLUMNS[] =
    "SELECT group_concat(id || '|' || command || '|' || cpus || '|' || mem_mb || '|' || priority ||"
    " '|' || submit_time || '|' || ifnull(start_time, '-') || '|' || ifnull(wait_time, '-') || '|'"
    " || ifnull(runtime, '-') || '|' || ifnull(return_code, '-') || '|' || ifnull(user, '-') || '|'"
    " || iif(status = 'PENDING', '', ifnull(stdout_path, '-') || '|' || ifnull(stderr_path, '-')) "
    "||"
    " ifnull(cpu_user_time, '-') || '|' || ifnull(cpu_system_time, '-'), char(10))"
    " FROM (SELECT * FROM jobs ORDER BY id)";

static const char SCHEMA[] =
    "SELECT group_concat(type || ' ' || name || ' ' || tbl_name || ': ' || ifnull(sql, ''),"
    " char(10)) FROM (SELECT * FROM sqlite_master ORDER BY type, name)";

static char *fresh_schema(void)
{
    char path[96];
    struct store *s = NULL;
    snprintf(path, sizeof path, "%s.fresh", fixture_db);
    must(store_open(path, &s, &err));
    store_close(s);
    char *schema = copy_of(sql_value(path, SCHEMA));
    unlink(path);
    return schema;
}

static int64_t predicted(struct store *s, uint32_t uid, const char *command)
{
    int64_t us = -1;
    must(store_predict(s, uid, command, &us, &err));
    return us;
}

static void check_finished(struct store *s)
{
    struct job_record r = {0};
    must(store_job_load(s, 1, STORE_WITH_ENV, &r, &err));
    is_int(r.job.state, JOB_COMPLETED, "a completed job stays completed");
    ok(r.shell && r.argv.len == strlen(r.command) + 1 && strcmp(r.argv.data, r.command) == 0,
       "its command was a line for the shell");
    is_str(r.command, "echo \"a b\" && true", "which is kept");
    is_int(r.job.submit_us, 1000250000, "its times are");
    is_int(r.job.start_us, 1001500000, "kept");
    is_int(r.runtime_us, 2000000, "and its runtime");
    ok(r.has_result && r.exit_code == 0 && r.signal == 0, "its result");
    is_int(r.job.alloc_cpus, 2, "what it had");
    is_int(r.job.attempt, 1, "it had run once");
    is_int(predicted(s, getuid(), r.command), 2000000, "and is expected to run as long again");
    job_record_clear(&r);
    must(store_job_load(s, 2, STORE_PLAIN, &r, &err));
    ok(r.has_result && r.exit_code == 3 && r.signal == 0, "an exit code is kept");
    job_record_clear(&r);
    must(store_job_load(s, 3, STORE_PLAIN, &r, &err));
    ok(r.has_result && r.exit_code == 0 && r.signal == 15, "and so is a signal");
    job_record_clear(&r);
    must(store_job_load(s, 4, STORE_PLAIN, &r, &err));
    ok(r.job.state == JOB_CANCELLED && !r.has_result && r.job.attempt == 0,
       "a job cancelled before it ran has no result");
    job_record_clear(&r);
}

static void check_running(struct store *s)
{
    struct job_record r = {0};
    must(store_job_load(s, 5, STORE_PLAIN, &r, &err));
    is_int(r.job.state, JOB_NODE_FAIL, "what became of a running job is not known");
    has_str(r.reason, "Python", "and the reason says so");
    ok(!r.has_result && r.runtime_us == 0 && r.end_us > T0, "it has an end, but no result");
    job_record_clear(&r);
    is_str(sql_value(fixture_db, "SELECT state || ' ' || (reason LIKE '%Python%') FROM attempts"
                                 " WHERE job_id = 5 AND attempt = 1"),
           "NODE_FAIL 1", "nor what became of its attempt");
    is_str(sql_value(fixture_db,
                     "SELECT json_extract(detail, '$.state') FROM events WHERE job_id = 5"),
           "NODE_FAIL", "the log has it");
}

static void check_pending(struct store *s)
{
    struct job_record r = {0};
    const struct passwd *pw = getpwuid(getuid());
    must(store_job_load(s, 6, STORE_WITH_ENV, &r, &err));
    is_int(r.job.state, JOB_PENDING, "a pending job stays pending");
    has_str(r.stdout_path, "/.mini_slurm_logs/job_6.out", "it will have its output");
    has_str(r.stderr_path, "/.mini_slurm_logs/job_6.err", "in files of its own");
    ok(r.job.cpus == 3 && r.job.mem_mb == 256 && r.job.priority == 2, "with what it asked for");
    is_int(r.job.eligible_us, r.job.submit_us, "eligible since its submit");
    is_int(r.job.uid, getuid(), "it is the caller's");
    is_str(r.cwd, pw ? pw->pw_dir : "/", "it will run in the home directory");
    ok(r.env.data == NULL, "without a stored environment");
    job_record_clear(&r);
    begin_attempt(s, 6, 1);
    is_int(state_of(s, 6), JOB_RUNNING, "and it can begin");
}

static void check_elastic(struct store *s)
{
    struct job_record r = {0};
    must(store_job_load(s, 1, STORE_PLAIN, &r, &err));
    ok(r.job.elastic && r.job.min_cpus == 2 && r.job.max_cpus == 8 && r.current_cpus == 4,
       "an elastic job is one, with its limits and what it had");
    is_str(r.control_path, "/l/job_1.control", "and its control file");
    ok(!r.ack_path && r.resizes == 0, "but more was not kept");
    job_record_clear(&r);
    must(store_job_load(s, 6, STORE_PLAIN, &r, &err));
    ok(r.job.elastic && r.job.min_cpus == 2 && r.job.max_cpus == 8, "so is one that waits");
    has_str(r.control_path, "/.mini_slurm_logs/job_6.control", "which will have its files");
    has_str(r.ack_path, "/.mini_slurm_logs/job_6.ack", "beside its output");
    ok(r.resize_grace_us == RESIZE_GRACE_US && r.resize_signal == SIGUSR1,
       "and be told as the original did");
    job_record_clear(&r);
    must(store_job_load(s, 2, STORE_PLAIN, &r, &err));
    ok(!r.job.elastic && !r.job.min_cpus && !r.control_path, "others are not");
    job_record_clear(&r);
}

static void check_counts(struct store *s)
{
    struct store_counts c;
    must(store_counts(s, &c, &err));
    ok(c.by_state[JOB_PENDING] == 1 && c.by_state[JOB_RUNNING] == 0 &&
           c.by_state[JOB_COMPLETED] == 1 && c.by_state[JOB_FAILED] == 2 &&
           c.by_state[JOB_CANCELLED] == 1 && c.by_state[JOB_NODE_FAIL] == 1,
       "the jobs are counted");
    is_int(c.ended_with_times, 3, "three have times to average");
}

static void a_generation(int generation, const char *make, const char *fresh)
{
    char bak[128];
    struct stat st = {0};
    snprintf(bak, sizeof bak, "%s.v0.bak", fixture_db);
    printf("# generation %d\n", generation);
    sql(fixture_db, make);
    if (chmod(fixture_db, 0644) < 0)
        abort();
    char *before = copy_of(sql_value(fixture_db, ORIGINAL_COLUMNS));
    struct store *s = fixture_open();
    is_str(sql_value(fixture_db, ORIGINAL_COLUMNS), before, "all that was there is there");
    is_str(sql_value(fixture_db, SCHEMA), fresh, "in the schema of a fresh store");
    is_str(sql_value(bak, ORIGINAL_COLUMNS), before, "the copy holds it as well");
    is_str(sql_value(bak, "SELECT status FROM jobs WHERE id = 5"), "RUNNING", "and as it was");
    is_str(sql_value(bak, "PRAGMA integrity_check"), "ok", "undamaged");
    ok(stat(fixture_db, &st) == 0 && (st.st_mode & 0777) == 0600, "the store is private now");
    ok(stat(bak, &st) == 0 && (st.st_mode & 0777) == 0600, "and so is the copy");
    is_str(sql_value(fixture_db, "PRAGMA integrity_check"), "ok", "the store is sound");
    is_str(sql_value(fixture_db, "SELECT count(*) FROM pragma_foreign_key_check"), "0",
           "in its references, too");
    check_finished(s);
    check_running(s);
    check_counts(s);
    if (generation >= 2)
        check_elastic(s);
    check_pending(s);
    is_int(submit(s), 8, "ids go on after the highest, which had been deleted");
    if (generation >= 2)
        is_str(sql_value(fixture_db, "SELECT is_elastic || min_cpus || max_cpus || current_cpus ||"
                                     " control_file FROM jobs WHERE id = 1"),
               "1284/l/job_1.control", "the elastic columns are kept");
    if (generation >= 3)
        is_str(sql_value(fixture_db, "SELECT nodes FROM jobs WHERE id = 1"), "node[0-1]",
               "and the nodes");
    store_close(s);
    s = fixture_open();
    is_int(submit(s), 9, "the next opening finds nothing to upgrade");
    store_close(s);
    free(before);
    unlink(fixture_db);
    unlink(bak);
}

/* Takes away what versions 5 and 6 brought. */
#define DOWN_DRAIN "DROP INDEX jobs_environment; DROP TABLE drain;"
#define DOWN_SHEPHERD                                                                              \
    "ALTER TABLE jobs DROP COLUMN warn_signal; ALTER TABLE jobs DROP COLUMN warn_time;"            \
    "ALTER TABLE jobs DROP COLUMN warn_first; ALTER TABLE jobs DROP COLUMN notify;"                \
    "ALTER TABLE jobs DROP COLUMN notify_on; ALTER TABLE jobs DROP COLUMN suspend_time;"           \
    "ALTER TABLE jobs DROP COLUMN suspended; DROP INDEX jobs_active;"                              \
    "CREATE INDEX jobs_active ON jobs (status) WHERE status IN ('PENDING', 'RUNNING');"
#define DOWN_ARRAYS                                                                                \
    "DROP INDEX jobs_tasks; DROP INDEX jobs_heads; ALTER TABLE jobs DROP COLUMN array_next;"       \
    "ALTER TABLE jobs DROP COLUMN array_left; ALTER TABLE jobs DROP COLUMN array_count;"           \
    "ALTER TABLE jobs DROP COLUMN array_min; ALTER TABLE jobs DROP COLUMN array_max;"              \
    "ALTER TABLE jobs DROP COLUMN array_step;"
#define DOWN_DEPENDENCY                                                                            \
    "ALTER TABLE jobs DROP COLUMN dependency; ALTER TABLE jobs DROP COLUMN kill_on_invalid_dep;"
#define DOWN_CONTROL                                                                               \
    "ALTER TABLE jobs DROP COLUMN held;"                                                           \
    "ALTER TABLE jobs DROP COLUMN deadline;"                                                       \
    "ALTER TABLE jobs DROP COLUMN retries;"                                                        \
    "ALTER TABLE jobs DROP COLUMN retry_on;"                                                       \
    "ALTER TABLE jobs DROP COLUMN retry_delay;"                                                    \
    "ALTER TABLE jobs DROP COLUMN retry_factor;"                                                   \
    "ALTER TABLE jobs DROP COLUMN retry_mem;"                                                      \
    "ALTER TABLE jobs DROP COLUMN max_mem_mb;"                                                     \
    "ALTER TABLE jobs DROP COLUMN requeue;"                                                        \
    "ALTER TABLE jobs DROP COLUMN retried;"                                                        \
    "ALTER TABLE jobs DROP COLUMN restarts;"                                                       \
    "ALTER TABLE jobs DROP COLUMN requeue_time;"                                                   \
    "ALTER TABLE jobs DROP COLUMN requeue_uid;"                                                    \
    "ALTER TABLE jobs DROP COLUMN requeue_hold;"                                                   \
    "ALTER TABLE attempts DROP COLUMN restart;"
#define DOWN_CONSOLE    "ALTER TABLE jobs DROP COLUMN client; ALTER TABLE jobs DROP COLUMN pty;"
#define DOWN_SWEEP      "ALTER TABLE jobs DROP COLUMN sweep;"
#define DOWN_CHECKPOINT "ALTER TABLE jobs DROP COLUMN checkpoint;"
#define DOWN_ACTIVE                                                                                \
    "DROP INDEX jobs_active; CREATE INDEX jobs_active ON jobs (status)"                            \
    " WHERE status IN ('PENDING', 'RUNNING', 'SUSPENDED');"
#define DOWN_TO_5 DOWN_CHECKPOINT DOWN_ACTIVE "PRAGMA user_version = 5;"

/* What version 5 did. */
#define DOWN_TO_4 DOWN_TO_5 DOWN_CONTROL DOWN_CONSOLE DOWN_SWEEP "PRAGMA user_version = 4;"

/* What version 4 did. */
#define DOWN_TO_3                                                                                  \
    DOWN_TO_4 DOWN_DRAIN DOWN_SHEPHERD DOWN_ARRAYS DOWN_DEPENDENCY "PRAGMA user_version = 3;"

/* And what version 3 did. */
#define DOWN_TO_2                                                                                  \
    DOWN_TO_3                                                                                      \
    "DROP INDEX events_resize; ALTER TABLE attempts DROP COLUMN resizes;"                          \
    "ALTER TABLE attempts DROP COLUMN resize_generation; ALTER TABLE jobs DROP COLUMN "            \
    "ack_file;"                                                                                    \
    "ALTER TABLE jobs DROP COLUMN workers; ALTER TABLE jobs DROP COLUMN resizes;"                  \
    "ALTER TABLE jobs DROP COLUMN resize_generation;"                                              \
    "ALTER TABLE jobs DROP COLUMN resize_signal; ALTER TABLE jobs DROP COLUMN resize_grace;"       \
    "ALTER TABLE jobs DROP COLUMN wanted_cpus; ALTER TABLE jobs DROP COLUMN mem_per_cpu_mb;"       \
    "ALTER TABLE jobs DROP COLUMN req_nodes; ALTER TABLE jobs DROP COLUMN max_switches;"           \
    "ALTER TABLE jobs DROP COLUMN switches_wait; ALTER TABLE jobs DROP COLUMN whole_cores;"        \
    "ALTER TABLE jobs DROP COLUMN exclusive; PRAGMA user_version = 2;"

/* A store of version 1 in which `sleep 1` ran for 1 s, 4 s and 6 s, and one more waits. */
static void make_version_1(void)
{
    struct store *s = fixture_open();
    for (int i = 1; i <= 3; i++) {
        int64_t id = submit(s);
        begin_attempt(s, id, 1);
        end_attempt(s, id, 1, JOB_COMPLETED, T0 + 9000000 - i);
    }
    submit(s);
    store_close(s);
    sql(fixture_db, "UPDATE jobs SET runtime = iif(id = 3, 1, 2 * (4 - id)) WHERE id < 4;" DOWN_TO_2
                    "DROP TABLE predictions; PRAGMA user_version = 1");
}

static void version_1(const char *fresh)
{
    char bak[128];
    snprintf(bak, sizeof bak, "%s.v1.bak", fixture_db);
    make_version_1();
    struct store *s = fixture_open();
    is_str(sql_value(fixture_db, SCHEMA), fresh, "version 1 gets the schema of a fresh store");
    is_str(sql_value(fixture_db, "PRAGMA user_version"), "6", "and its version");
    is_str(sql_value(bak, "PRAGMA user_version"), "1", "the copy is as it was");
    is_str(sql_value(bak, "SELECT count(*) FROM jobs"), "4", "and has all jobs");
    is_str(sql_value(fixture_db, "SELECT detail FROM events WHERE type = 'UPGRADE'"),
           "{\"from\":1,\"to\":6,\"jobs\":4}", "the log has it");
    is_int(predicted(s, 1000, "sleep 1"), 5000000,
           "the last two run times are learnt from its history, in the order of their ends");
    ok(state_of(s, 4) == JOB_PENDING && submit(s) == 5, "and the queue goes on");
    store_close(s);
    store_close(fixture_open());
    is_str(sql_value(fixture_db, "SELECT count(*) FROM events WHERE type = 'UPGRADE'"), "1",
           "the next opening finds nothing to upgrade");
    unlink(fixture_db);
    unlink(bak);
}

/* A store of version 2 with a running job, and an elastic one that came from the original. */
static void version_2(const char *fresh)
{
    char bak[128];
    snprintf(bak, sizeof bak, "%s.v2.bak", fixture_db);
    struct store *s = fixture_open();
    struct job_record r = {0};
    submit(s);
    begin_attempt(s, 1, 1);
    submit(s);
    store_close(s);
    sql(fixture_db, DOWN_TO_2 "UPDATE jobs SET is_elastic = 1, cpus = 3 WHERE id = 2");
    s = fixture_open();
    is_str(sql_value(fixture_db, SCHEMA), fresh, "version 2 gets the schema of a fresh store");
    is_str(sql_value(fixture_db, "PRAGMA user_version"), "6", "and its version");
    is_str(sql_value(bak, "PRAGMA user_version"), "2", "the copy is as it was");
    is_str(sql_value(fixture_db, "SELECT detail FROM events WHERE type = 'UPGRADE'"),
           "{\"from\":2,\"to\":6,\"jobs\":2}", "the log has it");
    must(store_job_load(s, 1, STORE_PLAIN, &r, &err));
    ok(r.job.state == JOB_RUNNING && r.job.alloc_cpus == 2 && r.job.generation == 0,
       "what runs goes on");
    ok(!r.job.nodes && !r.job.max_switches && !r.job.whole_cores && !r.job.exclusive,
       "and may be placed anywhere");
    job_record_clear(&r);
    must(store_job_load(s, 2, STORE_PLAIN, &r, &err));
    ok(r.job.elastic && r.job.min_cpus == 3 && r.job.max_cpus == 0,
       "an elastic job without limits has the usual ones");
    is_str(r.control_path, "/logs/job_2.control", "and gets its files");
    is_str(r.ack_path, "/logs/job_2.ack", "both");
    job_record_clear(&r);
    end_attempt(s, 1, 1, JOB_COMPLETED, T0 + 9000000);
    is_int(state_of(s, 1), JOB_COMPLETED, "and the queue goes on");
    store_close(s);
    unlink(fixture_db);
    unlink(bak);
}

/* A store of version 3 to 5 with a job that runs, and one that waits. */
static void version_before_control(int version, const char *down, const char *fresh)
{
    char bak[128];
    snprintf(bak, sizeof bak, "%s.v%d.bak", fixture_db, version);
    struct store *s = fixture_open();
    struct job_record r = {0};
    submit(s);
    begin_attempt(s, 1, 1);
    submit(s);
    store_close(s);
    sql(fixture_db, down);
    s = fixture_open();
    is_str(sql_value(fixture_db, SCHEMA), fresh, "it gets the schema of a fresh store");
    must(store_job_load(s, 2, STORE_PLAIN, &r, &err));
    ok(!r.job.held && !r.job.deadline_us && !r.job.may_rerun && !r.job.restarts,
       "who waits is not held, has no deadline, and is not run again");
    job_record_clear(&r);
    end_attempt(s, 1, 1, JOB_FAILED, T0 + 9000000);
    is_int(state_of(s, 1), JOB_FAILED, "and the queue goes on");
    store_close(s);
    unlink(fixture_db);
    unlink(bak);
}

static void copies_are_never_overwritten(void)
{
    char bak[128], second[128];
    snprintf(bak, sizeof bak, "%s.v0.bak", fixture_db);
    snprintf(second, sizeof second, "%s.v0.bak.2", fixture_db);
    sql(bak, "CREATE TABLE precious (a); INSERT INTO precious VALUES (42)");
    sql(fixture_db, FIRST_GENERATION ROWS);
    store_close(fixture_open());
    is_str(sql_value(bak, "SELECT a FROM precious"), "42", "an existing copy is left alone");
    is_str(sql_value(second, "SELECT count(*) FROM jobs"), "6", "the new one gets another name");
    char left[160];
    snprintf(left, sizeof left, "%s.new", bak);
    is_int(access(left, F_OK), -1, "nothing half made is left");
    unlink(fixture_db);
    unlink(bak);
    unlink(second);
}

static void refused_databases_are_not_copied(void)
{
    char bak[128];
    snprintf(bak, sizeof bak, "%s.v0.bak", fixture_db);
    sql(fixture_db, FIRST_GENERATION ROWS "UPDATE jobs SET status = 'DREAMING' WHERE id = 6");
    struct store *s = NULL;
    is_int(store_open(fixture_db, &s, &err), -1,
           "a state that the original does not have: refused");
    has_str(err.text, "job 6 in the state \"DREAMING\"", "  saying where");
    is_str(sql_value(fixture_db, "SELECT count(*) FROM jobs WHERE status = 'RUNNING'"), "1",
           "  nothing was changed");
    is_int(access(bak, F_OK), -1, "  nothing was copied");
    unlink(fixture_db);
}

static void all_or_nothing(void)
{
    /* The copy can't be made: its working name is taken by a directory. */
    char bak[128], making[136];
    snprintf(bak, sizeof bak, "%s.v0.bak", fixture_db);
    snprintf(making, sizeof making, "%s.new", bak);
    if (mkdir(making, 0700) < 0)
        abort();
    sql(fixture_db, FIRST_GENERATION ROWS);
    struct store *s = NULL;
    is_int(store_open(fixture_db, &s, &err), -1, "without a copy, no upgrade");
    has_str(err.text, making, "  and the reason");
    is_str(sql_value(fixture_db, "PRAGMA application_id"), "0", "  the database is the original's");
    if (rmdir(making) < 0)
        abort();
    store_close(fixture_open());
    is_str(sql_value(fixture_db, "PRAGMA user_version"), "6", "the next try succeeds");
    unlink(fixture_db);
    unlink(bak);
}

/* Killed at any moment of the upgrade, the database is either the original's or ours, whole. */
static void killed_while_upgrading(void)
{
    int whole = 0;
    for (int round = 0; round < 40; round++) {
        sql(fixture_db, FIRST_GENERATION ROWS);
        pid_t child = fork();
        if (child == 0) {
            store_close(fixture_open());
            _exit(0);
        }
        struct timespec moment = {.tv_nsec = round * 200000};
        nanosleep(&moment, NULL);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        struct store *s = fixture_open();
        struct store_counts c;
        must(store_counts(s, &c, &err));
        whole += c.by_state[JOB_PENDING] == 1 && c.by_state[JOB_NODE_FAIL] == 1 &&
                 c.by_state[JOB_FAILED] == 2 && submit(s) == 8;
        store_close(s);
        unlink(fixture_db);
    }
    is_int(whole, 40, "killed at 40 moments of the upgrade, nothing is lost or done twice");
}

static void while_somebody_writes(void)
{
    sql(fixture_db, FIRST_GENERATION ROWS);
    sqlite3 *other = NULL;
    if (sqlite3_open(fixture_db, &other) != SQLITE_OK ||
        sqlite3_exec(other, "PRAGMA journal_mode = WAL", NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_exec(other, "UPDATE jobs SET user = 'eve' WHERE id = 1", NULL, NULL, NULL) !=
            SQLITE_OK)
        abort();
    struct store *s = fixture_open();
    is_str(sql_value(fixture_db, "SELECT user FROM jobs WHERE id = 1"), "eve",
           "what was only in a write-ahead log is taken over");
    char bak[128];
    snprintf(bak, sizeof bak, "%s.v0.bak", fixture_db);
    is_str(sql_value(bak, "SELECT user FROM jobs WHERE id = 1"), "eve", "and copied");
    sqlite3_close(other);
    store_close(s);
    unlink(fixture_db);
    unlink(bak);
}

int main(void)
{
    fixture_make();
    char *fresh = fresh_schema();
    a_generation(1, FIRST_GENERATION ROWS, fresh);
    a_generation(2, SECOND_GENERATION ROWS ELASTIC_ROW, fresh);
    a_generation(3, THIRD_GENERATION ROWS ELASTIC_ROW NODES_ROW, fresh);
    version_1(fresh);
    version_2(fresh);
    version_before_control(3, DOWN_TO_3, fresh);
    version_before_control(4, DOWN_TO_4, fresh);
    version_before_control(5, DOWN_TO_5, fresh);
    copies_are_never_overwritten();
    refused_databases_are_not_copied();
    all_or_nothing();
    while_somebody_writes();
    killed_while_upgrading();
    free(fresh);
    fixture_remove();
    return done_testing();
}
