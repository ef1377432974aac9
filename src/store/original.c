// SPDX-License-Identifier: MIT
#include "store/original.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "store/db.h"
#include "store/schema.h"
#include "util/cleanup.h"

#define UMASK 022 /* nobody wrote the submitter's down */

static const char OTHER_OBJECTS[] =
    "SELECT type || ' \"' || name || '\"' FROM sqlite_master"
    " WHERE tbl_name <> 'jobs' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' LIMIT 1";
static const char MISSING_COLUMNS[] =
    "SELECT 'table \"jobs\" without the column \"' || value || '\"' FROM json_each("
    "'[\"id\", \"command\", \"cpus\", \"mem_mb\", \"status\", \"priority\", \"submit_time\","
    " \"start_time\", \"end_time\", \"wait_time\", \"runtime\", \"return_code\", \"user\","
    " \"stdout_path\", \"stderr_path\", \"cpu_user_time\", \"cpu_system_time\"]')"
    " WHERE value NOT IN (SELECT name FROM pragma_table_info('jobs')) LIMIT 1";
static const char ODD_STATES[] =
    "SELECT 'job ' || id || ' in the state \"' || status || '\"' FROM jobs WHERE status NOT IN"
    " ('PENDING', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED') LIMIT 1";

static const char HAS_ELASTIC[] =
    "SELECT count(*) FROM pragma_table_info('jobs') WHERE name = 'is_elastic'";
static const char HAS_NODES[] =
    "SELECT count(*) FROM pragma_table_info('jobs') WHERE name = 'nodes'";

static const char RENAME[] = "ALTER TABLE jobs RENAME TO jobs_v0";
/* Ids go on after the highest that ever was, deleted ones included. */
static const char KEEP_SEQUENCE[] = "INSERT INTO sqlite_sequence (name, seq)"
                                    " SELECT 'jobs', seq FROM sqlite_sequence"
                                    " WHERE name = 'jobs_v0'";
static const char DROP[] = "DROP TABLE jobs_v0";

#define ELASTIC_COLUMNS ", is_elastic, min_cpus, max_cpus, current_cpus, control_file"
#define NODES_COLUMNS   ", nodes"

/* Where a job will write that has not run yet, and so has no file. */
#define OUTPUT(column, suffix)                                                                     \
    "iif(status = 'PENDING' AND " column " IS NULL, %Q || '/.mini_slurm_logs/job_' || id ||"       \
    " '" suffix "', " column ")"

/* %s %s: the columns of the later generations; home, home, now, uid, gid, umask, directory; again
 * %s %s. */
#define IMPORT_JOBS                                                                                \
    "INSERT INTO jobs (id, command, cpus, mem_mb, priority, submit_time, start_time, wait_time,"   \
    " runtime, return_code, user, stdout_path, stderr_path, cpu_user_time, cpu_system_time,"       \
    " status, end_time, reason, uid, gid, umask, shell, cwd, eligible_time, req_mem_mb, attempts," \
    " alloc_cpus, alloc_mem_mb, exit_code, signal%s%s)"                                            \
    " SELECT id, command, cpus, mem_mb, priority, submit_time, start_time, wait_time, runtime,"    \
    " return_code, user, " OUTPUT("stdout_path", ".out") ", " OUTPUT(                              \
        "stderr_path",                                                                             \
        ".err") ","                                                                                \
                " cpu_user_time, cpu_system_time, iif(status = 'RUNNING', 'NODE_FAIL', status),"   \
                " iif(status = 'RUNNING', %.6f, end_time),"                                        \
                " iif(status = 'RUNNING', 'it was running when the database was taken over from "  \
                "the Python"                                                                       \
                " mini-slurm: how it ended is not known', NULL),"                                  \
                " %lld, %lld, %d, 1, CAST(%Q AS BLOB), submit_time, mem_mb,"                       \
                " start_time IS NOT NULL AND status <> 'PENDING', iif(start_time IS NULL, NULL, "  \
                "cpus),"                                                                           \
                " iif(start_time IS NULL, NULL, mem_mb), max(return_code, 0), max(-return_code, "  \
                "0)%s%s"                                                                           \
                " FROM jobs_v0"

static const char IMPORT_ATTEMPTS[] =
    "INSERT INTO attempts (job_id, attempt, state, start_time, end_time, runtime, alloc_cpus,"
    " alloc_mem_mb, cpu_list, exit_code, signal, cpu_user_time, cpu_system_time, reason)"
    " SELECT id, 1, status, start_time, end_time, runtime, alloc_cpus, alloc_mem_mb, '', exit_code,"
    " signal, cpu_user_time, cpu_system_time, reason FROM jobs WHERE attempts = 1";

#define LOG_SETTLED                                                                                \
    "INSERT INTO events (time, job_id, attempt, type, detail)"                                     \
    " SELECT %.6f, id, attempts, 'END',"                                                           \
    " json_object('state', status, 'exit_code', NULL, 'signal', NULL)"                             \
    " FROM jobs WHERE status = 'NODE_FAIL'"

static void free_sql(char **sql)
{
    sqlite3_free(*sql);
}
#define _cleanup_sql_ _cleanup_(free_sql)

/* The SQL returns what does not belong into the original's database, or nothing. */
static int refuse_if(struct store *s, const char *sql, struct err *e)
{
    sqlite3_stmt *st = NULL;
    if (sqlite3_prepare_v2(s->db, sql, -1, &st, NULL) != SQLITE_OK)
        return db_error(s, e);
    int result = 0;
    switch (sqlite3_step(st)) {
    case SQLITE_DONE:
        break;
    case SQLITE_ROW:
        result = err_set(e, ERR_CORRUPT, "%s is not a mini-slurm database: it has the %s", s->path,
                         (const char *)sqlite3_column_text(st, 0));
        break;
    default:
        result = db_error(s, e);
    }
    sqlite3_finalize(st);
    return result;
}

int original_check(struct store *s, struct err *e)
{
    if (refuse_if(s, OTHER_OBJECTS, e) < 0 || refuse_if(s, MISSING_COLUMNS, e) < 0)
        return -1;
    return refuse_if(s, ODD_STATES, e);
}

/* Runs SQL that sqlite3_mprintf() made, NULL for lack of memory. */
static int exec_made(struct store *s, const char *sql, struct err *e)
{
    return sql ? db_exec(s, sql, e) : err_nomem(e);
}

static double now_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static const char *home_directory(void)
{
    const struct passwd *pw = getpwuid(getuid());
    return pw && pw->pw_dir && *pw->pw_dir ? pw->pw_dir : "/";
}

static int import_jobs(struct store *s, const char *elastic, const char *nodes, double now,
                       struct err *e)
{
    const char *slash = strrchr(s->path, '/');
    _cleanup_free_ char *home = slash ? strndup(s->path, (size_t)(slash - s->path)) : strdup(".");
    if (!home)
        return err_nomem(e);
    _cleanup_sql_ char *sql =
        sqlite3_mprintf(IMPORT_JOBS, elastic, nodes, home, home, now, (long long)getuid(),
                        (long long)getgid(), UMASK, home_directory(), elastic, nodes);
    return exec_made(s, sql, e);
}

static int log_settled(struct store *s, double now, struct err *e)
{
    _cleanup_sql_ char *sql = sqlite3_mprintf(LOG_SETTLED, now);
    return exec_made(s, sql, e);
}

int original_import(struct store *s, struct err *e)
{
    int64_t has_elastic = 0, has_nodes = 0;
    /* The original left it readable by everybody; environments will be in it from now on. */
    if (chmod(s->path, 0600) < 0)
        return err_errno(e, "can't make %s private", s->path);
    if (db_number(s, HAS_ELASTIC, &has_elastic, e) < 0 ||
        db_number(s, HAS_NODES, &has_nodes, e) < 0 || db_exec(s, RENAME, e) < 0 ||
        schema_create(s, 0, e) < 0 || db_exec(s, KEEP_SEQUENCE, e) < 0)
        return -1;
    double now = now_seconds();
    if (import_jobs(s, has_elastic ? ELASTIC_COLUMNS : "", has_nodes ? NODES_COLUMNS : "", now, e) <
            0 ||
        db_exec(s, IMPORT_ATTEMPTS, e) < 0 || log_settled(s, now, e) < 0)
        return -1;
    return db_exec(s, DROP, e);
}
