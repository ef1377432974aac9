// SPDX-License-Identifier: MIT
/* Times are REAL seconds since the epoch, durations REAL seconds; what is not known is NULL. A
 * submit dirties one page each of jobs, jobs_active, jobs_environment, sqlite_sequence, counts,
 * events, requests and its index: every further index would cost every submit a page of WAL. */
#include "store/schema.h"

#include <stdio.h>

#include "store/db.h"

/* By a hash of the data; found by content, see environments.c. */
static const char ENVIRONMENTS[] = "CREATE TABLE environments ("
                                   " hash BLOB PRIMARY KEY,"
                                   " data BLOB NOT NULL"
                                   ") WITHOUT ROWID";

/* The columns of the original mini-slurm keep their names and units. mem_mb and cpus are what a
 * reader of those wants: mem_mb is the memory asked for, or, where none was asked for, 0 until the
 * job starts and then what it got; req_mem_mb is NULL where none was asked for. return_code is the
 * exit code, or minus the signal. argv is NULL where it is just `command`, a line for the shell.
 * Long values stand last: a row is read without them. */
static const char JOBS[] = "CREATE TABLE jobs ("
                           " id INTEGER PRIMARY KEY AUTOINCREMENT,"
                           " status TEXT NOT NULL,"
                           " priority INTEGER NOT NULL DEFAULT 0,"
                           " cpus INTEGER NOT NULL,"
                           " mem_mb INTEGER NOT NULL,"
                           " submit_time REAL NOT NULL,"
                           " start_time REAL,"
                           " end_time REAL,"
                           " wait_time REAL,"
                           " runtime REAL,"
                           " return_code INTEGER,"
                           " cpu_user_time REAL,"
                           " cpu_system_time REAL,"
                           " is_elastic INTEGER NOT NULL DEFAULT 0,"
                           " min_cpus INTEGER,"
                           " max_cpus INTEGER,"
                           " current_cpus INTEGER,"
                           " eligible_time REAL NOT NULL,"
                           " time_limit REAL,"
                           " req_mem_mb INTEGER,"
                           " uid INTEGER NOT NULL,"
                           " gid INTEGER NOT NULL,"
                           " umask INTEGER NOT NULL,"
                           " shell INTEGER NOT NULL,"
                           " attempts INTEGER NOT NULL DEFAULT 0,"
                           " alloc_cpus INTEGER,"
                           " alloc_mem_mb INTEGER,"
                           " exit_code INTEGER,"
                           " signal INTEGER,"
                           " mem_peak_kb INTEGER,"
                           " cancel_time REAL,"
                           " cancel_uid INTEGER,"
                           " cancel_now INTEGER NOT NULL DEFAULT 0,"
                           " array_job_id INTEGER,"
                           " array_task_id INTEGER,"
                           " array_limit INTEGER,"
                           " env_hash BLOB REFERENCES environments (hash),"
                           " user TEXT,"
                           " name TEXT,"
                           " host TEXT,"
                           " levels TEXT,"
                           " alloc_cpu_list TEXT,"
                           " reason TEXT,"
                           " stdout_path TEXT,"
                           " stderr_path TEXT,"
                           " control_file TEXT,"
                           " nodes TEXT,"
                           " array_spec TEXT,"
                           " cwd BLOB NOT NULL,"
                           " command TEXT NOT NULL,"
                           " argv BLOB"
                           ")";

/* Few rows whatever the history, each state's in ascending id order. */
static const char JOBS_ACTIVE[] = "CREATE INDEX jobs_active ON jobs (status)"
                                  " WHERE status IN ('PENDING', 'RUNNING')";

/* Holds all that listing, counting and averaging recent jobs look at. */
static const char JOBS_ENDED[] =
    "CREATE INDEX jobs_ended ON jobs (end_time, status, wait_time, runtime)"
    " WHERE end_time IS NOT NULL";

static const char ATTEMPTS[] = "CREATE TABLE attempts ("
                               " job_id INTEGER NOT NULL REFERENCES jobs (id),"
                               " attempt INTEGER NOT NULL,"
                               " state TEXT NOT NULL,"
                               " start_time REAL NOT NULL,"
                               " end_time REAL,"
                               " runtime REAL,"
                               " alloc_cpus INTEGER NOT NULL,"
                               " alloc_mem_mb INTEGER NOT NULL,"
                               " cpu_list TEXT NOT NULL,"
                               " boot_id TEXT,"
                               " host TEXT,"
                               " exit_code INTEGER,"
                               " signal INTEGER,"
                               " cpu_user_time REAL,"
                               " cpu_system_time REAL,"
                               " mem_peak_kb INTEGER,"
                               " levels TEXT,"
                               " reason TEXT,"
                               " PRIMARY KEY (job_id, attempt)"
                               ") WITHOUT ROWID";

/* A log: rows are only added. detail is a JSON object or NULL. */
static const char EVENTS[] = "CREATE TABLE events ("
                             " seq INTEGER PRIMARY KEY,"
                             " time REAL NOT NULL,"
                             " job_id INTEGER,"
                             " attempt INTEGER,"
                             " type TEXT NOT NULL,"
                             " detail TEXT"
                             ")";

static const char REQUESTS[] = "CREATE TABLE requests ("
                               " seq INTEGER PRIMARY KEY,"
                               " id TEXT NOT NULL UNIQUE,"
                               " time REAL NOT NULL,"
                               " reply TEXT NOT NULL"
                               ")";

/* How many jobs are in each state. Triggers keep it, so that no path can forget to, not even
 * somebody with an SQL shell. */
static const char COUNTS[] = "CREATE TABLE counts ("
                             " status TEXT PRIMARY KEY,"
                             " jobs INTEGER NOT NULL"
                             ") WITHOUT ROWID";

#define COUNT_ONE_MORE                                                                             \
    " INSERT INTO counts VALUES (NEW.status, 1)"                                                   \
    " ON CONFLICT (status) DO UPDATE SET jobs = jobs + 1;"
#define COUNT_ONE_LESS " UPDATE counts SET jobs = jobs - 1 WHERE status = OLD.status;"

static const char COUNT_INSERT[] =
    "CREATE TRIGGER count_insert AFTER INSERT ON jobs BEGIN" COUNT_ONE_MORE " END";
static const char COUNT_UPDATE[] =
    "CREATE TRIGGER count_update AFTER UPDATE OF status ON jobs"
    " WHEN OLD.status <> NEW.status BEGIN" COUNT_ONE_LESS COUNT_ONE_MORE " END";
static const char COUNT_DELETE[] =
    "CREATE TRIGGER count_delete AFTER DELETE ON jobs BEGIN" COUNT_ONE_LESS " END";

/* The last two run times of a command, or of a program: see predictions.c. */
static const char PREDICTIONS[] = "CREATE TABLE predictions ("
                                  " place INTEGER PRIMARY KEY,"
                                  " uid INTEGER NOT NULL,"
                                  " command_hash INTEGER NOT NULL,"
                                  " last REAL NOT NULL,"
                                  " before_last REAL"
                                  ")";

/* What elastic jobs need beside the original's columns. resize_generation: of the last attempt;
 * resizes: of all of them. resize_signal is 0 for none. */
static const char JOBS_ELASTIC[] =
    "ALTER TABLE jobs ADD COLUMN mem_per_cpu_mb INTEGER;"
    "ALTER TABLE jobs ADD COLUMN wanted_cpus INTEGER;"
    "ALTER TABLE jobs ADD COLUMN resize_grace REAL;"
    "ALTER TABLE jobs ADD COLUMN resize_signal INTEGER;"
    "ALTER TABLE jobs ADD COLUMN resize_generation INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE jobs ADD COLUMN resizes INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE jobs ADD COLUMN workers INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE jobs ADD COLUMN ack_file TEXT";
static const char ATTEMPTS_ELASTIC[] =
    "ALTER TABLE attempts ADD COLUMN resize_generation INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE attempts ADD COLUMN resizes INTEGER NOT NULL DEFAULT 0";

/* Where a job is to be placed; the original's `nodes` says where it was. */
static const char JOBS_PLACEMENT[] =
    "ALTER TABLE jobs ADD COLUMN req_nodes INTEGER;"
    "ALTER TABLE jobs ADD COLUMN max_switches INTEGER;"
    "ALTER TABLE jobs ADD COLUMN switches_wait REAL;"
    "ALTER TABLE jobs ADD COLUMN whole_cores INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE jobs ADD COLUMN exclusive INTEGER NOT NULL DEFAULT 0";

/* What a shepherd does to a running job. suspended: for how long the last attempt was, beside the
 * suspension that began at suspend_time and goes on. */
static const char JOBS_SHEPHERD[] =
    "ALTER TABLE jobs ADD COLUMN warn_signal INTEGER;"
    "ALTER TABLE jobs ADD COLUMN warn_time REAL;"
    "ALTER TABLE jobs ADD COLUMN warn_first INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE jobs ADD COLUMN notify TEXT;"
    "ALTER TABLE jobs ADD COLUMN notify_on INTEGER;"
    "ALTER TABLE jobs ADD COLUMN suspend_time REAL;"
    "ALTER TABLE jobs ADD COLUMN suspended REAL";

/* A suspended job is active. */
static const char JOBS_ACTIVE_ALL[] = "DROP INDEX jobs_active;"
                                      "CREATE INDEX jobs_active ON jobs (status)"
                                      " WHERE status IN ('PENDING', 'RUNNING', 'SUSPENDED')";
static const char JOBS_ACTIVE_PLAIN[] =
    "DROP INDEX jobs_active;"
    "CREATE INDEX jobs_active ON jobs (status) WHERE " STATUS_ACTIVE;

/* What a job waits for, as Slurm writes it; and whether it ends if that can't come about. */
static const char JOBS_DEPENDENCY[] =
    "ALTER TABLE jobs ADD COLUMN dependency TEXT;"
    "ALTER TABLE jobs ADD COLUMN kill_on_invalid_dep INTEGER NOT NULL DEFAULT 1";

/* Who sits in front of a job: whether it has a terminal, and where its client waits for it. */
static const char JOBS_CONSOLE[] = "ALTER TABLE jobs ADD COLUMN pty INTEGER NOT NULL DEFAULT 0;"
                                   "ALTER TABLE jobs ADD COLUMN client TEXT";

/* How it saves its work: see util/checkpoint.h. */
static const char JOBS_CHECKPOINT[] = "ALTER TABLE jobs ADD COLUMN checkpoint TEXT";

/* The only events that are ever looked for. It costs the others nothing. */
static const char EVENTS_RESIZE[] = "CREATE INDEX events_resize ON events (job_id)"
                                    " WHERE type = 'RESIZE'";

/* One row while the scheduler is drained: since when, and who asked for that. */
static const char DRAIN[] = "CREATE TABLE drain ("
                            " time REAL NOT NULL,"
                            " uid INTEGER NOT NULL"
                            ")";

/* Who uses an environment, so that it can go when nobody does: of all jobs that a scheduler keeps
 * nobody could look that up. */
static const char JOBS_ENVIRONMENT[] = "CREATE INDEX jobs_environment ON jobs (env_hash)";
/* Arrays; see arrays.c. array_left: how many tasks a head has left. array_count to array_step: of
 * the whole array, as it was submitted. */
static const char JOBS_ARRAYS[] = "ALTER TABLE jobs ADD COLUMN array_next INTEGER;"
                                  "ALTER TABLE jobs ADD COLUMN array_left INTEGER;"
                                  "ALTER TABLE jobs ADD COLUMN array_count INTEGER;"
                                  "ALTER TABLE jobs ADD COLUMN array_min INTEGER;"
                                  "ALTER TABLE jobs ADD COLUMN array_max INTEGER;"
                                  "ALTER TABLE jobs ADD COLUMN array_step INTEGER";
/* They cost other jobs nothing. */
static const char JOBS_TASKS[] = "CREATE UNIQUE INDEX jobs_tasks"
                                 " ON jobs (array_job_id, array_task_id)"
                                 " WHERE array_job_id IS NOT NULL";
static const char JOBS_HEADS[] = "CREATE INDEX jobs_heads ON jobs (id)"
                                 " WHERE array_spec IS NOT NULL AND status = 'PENDING'";

/* What users say about when, and how often, it runs. retry_on: see retries.c. requeue: after
 * NODE_FAIL; requeue_time: while it runs, it is asked to be run again. */
static const char JOBS_CONTROL[] =
    "ALTER TABLE jobs ADD COLUMN held INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE jobs ADD COLUMN deadline REAL;"
    "ALTER TABLE jobs ADD COLUMN retries INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE jobs ADD COLUMN retry_on INTEGER;"
    "ALTER TABLE jobs ADD COLUMN retry_delay REAL;"
    "ALTER TABLE jobs ADD COLUMN retry_factor REAL;"
    "ALTER TABLE jobs ADD COLUMN retry_mem REAL;"
    "ALTER TABLE jobs ADD COLUMN max_mem_mb INTEGER;"
    "ALTER TABLE jobs ADD COLUMN requeue INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE jobs ADD COLUMN retried INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE jobs ADD COLUMN restarts INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE jobs ADD COLUMN requeue_time REAL;"
    "ALTER TABLE jobs ADD COLUMN requeue_uid INTEGER;"
    "ALTER TABLE jobs ADD COLUMN requeue_hold INTEGER NOT NULL DEFAULT 0";
static const char ATTEMPTS_CONTROL[] =
    "ALTER TABLE attempts ADD COLUMN restart INTEGER NOT NULL DEFAULT 0";

/* Of a task, or of what is pending of an array: what its parameters are (util/sweep.h). */
static const char JOBS_SWEEP[] = "ALTER TABLE jobs ADD COLUMN sweep TEXT";

/* What each version of the schema brought. */
static const struct {
    int version;
    const char *sql;
} ddl[] = {
    {1, ENVIRONMENTS},
    {1, JOBS},
    {1, JOBS_ACTIVE},
    {1, JOBS_ENDED},
    {1, ATTEMPTS},
    {1, EVENTS},
    {1, REQUESTS},
    {1, COUNTS},
    {1, COUNT_INSERT},
    {1, COUNT_UPDATE},
    {1, COUNT_DELETE},
    {2, PREDICTIONS},
    {3, JOBS_ELASTIC},
    {3, ATTEMPTS_ELASTIC},
    {3, JOBS_PLACEMENT},
    {3, EVENTS_RESIZE},
    {4, DRAIN},
    {4, JOBS_ENVIRONMENT},
    {4, JOBS_SHEPHERD},
    {4, JOBS_ACTIVE_ALL},
    {4, JOBS_ARRAYS},
    {4, JOBS_TASKS},
    {4, JOBS_HEADS},
    {4, JOBS_DEPENDENCY},
    {5, JOBS_CONTROL},
    {5, ATTEMPTS_CONTROL},
    {5, JOBS_CONSOLE},
    {5, JOBS_SWEEP},
    {6, JOBS_ACTIVE_PLAIN},
    {6, JOBS_CHECKPOINT},
};

int schema_create(struct store *s, int64_t from, struct err *e)
{
    for (size_t i = 0; i < sizeof ddl / sizeof *ddl; i++)
        if (ddl[i].version > from && db_exec(s, ddl[i].sql, e) < 0)
            return -1;
    char mark[96];
    snprintf(mark, sizeof mark, "PRAGMA application_id = %d; PRAGMA user_version = %d",
             SCHEMA_APPLICATION_ID, SCHEMA_VERSION);
    return db_exec(s, mark, e);
}
