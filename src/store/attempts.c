// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>

#include "store/columns.h"
#include "store/db.h"
#include "store/events.h"
#include "store/jobs.h"
#include "store/predictions.h"
#include "util/cleanup.h"

/* Each change of state names the state it starts from, so that it happens once or not at all. */
static const char JOB_BEGIN[] =
    "UPDATE jobs SET status = 'RUNNING', attempts = ?2, start_time = ?3,"
    " wait_time = max(0.0, ?3 - submit_time), mem_mb = ?5, alloc_cpus = ?4, alloc_mem_mb = ?5,"
    " alloc_cpu_list = ?6, end_time = NULL, runtime = NULL, return_code = NULL, exit_code = NULL,"
    " signal = NULL, cpu_user_time = NULL, cpu_system_time = NULL, mem_peak_kb = NULL,"
    " levels = NULL, reason = NULL, current_cpus = iif(is_elastic, ?4, NULL), wanted_cpus = NULL,"
    " resize_generation = 0, nodes = ?7, suspend_time = NULL, suspended = NULL"
    " WHERE id = ?1 AND status = 'PENDING' AND attempts = ?2 - 1";
static const char JOB_VOID[] =
    "UPDATE jobs SET status = iif(cancel_time IS NULL, 'PENDING', 'CANCELLED'),"
    " end_time = iif(cancel_time IS NULL, NULL, ?3),"
    " reason = iif(cancel_time IS NULL, NULL, 'cancelled before it began'),"
    " start_time = NULL, wait_time = NULL,"
    " mem_mb = coalesce(req_mem_mb, 0), alloc_cpus = NULL, alloc_mem_mb = NULL,"
    " alloc_cpu_list = NULL, nodes = NULL, current_cpus = NULL, wanted_cpus = NULL,"
    " suspend_time = NULL, suspended = NULL,"
    " requeue_time = NULL, requeue_uid = NULL, requeue_hold = 0"
    " WHERE id = ?1 AND " STATUS_RUNS " AND attempts = ?2";
static const char JOB_END[] =
    "UPDATE jobs SET status = ?3, end_time = ?4, runtime = ?5, exit_code = ?6, signal = ?7,"
    " return_code = iif(?7, -?7, ?6), cpu_user_time = ?8, cpu_system_time = ?9, mem_peak_kb = ?10,"
    " levels = ?11, reason = ?12, suspend_time = NULL"
    " WHERE id = ?1 AND " STATUS_RUNS " AND attempts = ?2";

static const char ATTEMPT_INSERT[] =
    "INSERT INTO attempts (job_id, attempt, state, start_time, alloc_cpus, alloc_mem_mb, cpu_list,"
    " boot_id, restart) VALUES (?, ?, 'RUNNING', ?, ?, ?, ?, ?, ?)";
static const char ATTEMPT_DELETE[] =
    "DELETE FROM attempts WHERE job_id = ? AND attempt = ? AND state = 'RUNNING'";
static const char ATTEMPT_END[] =
    "UPDATE attempts SET state = ?3, end_time = ?4, runtime = ?5, exit_code = ?6, signal = ?7,"
    " cpu_user_time = ?8, cpu_system_time = ?9, mem_peak_kb = ?10, levels = ?11, reason = ?12"
    " WHERE job_id = ?1 AND attempt = ?2 AND state = 'RUNNING'";
#define ATTEMPT_COLUMNS                                                                            \
    "a.job_id, a.attempt, a.state, a.start_time, a.end_time, a.runtime, a.alloc_cpus,"             \
    " a.alloc_mem_mb, a.cpu_list, a.boot_id, a.exit_code, a.signal, a.cpu_user_time,"              \
    " a.cpu_system_time, a.mem_peak_kb, a.levels, a.reason, a.resize_generation, a.resizes,"       \
    " a.restart"
static const char ATTEMPT_LIST[] =
    "SELECT " ATTEMPT_COLUMNS " FROM attempts a WHERE job_id = ? ORDER BY attempt";
static const char ATTEMPT_RUNNING[] =
    "SELECT " ATTEMPT_COLUMNS " FROM jobs j INDEXED BY jobs_active"
    " JOIN attempts a ON a.job_id = j.id AND a.attempt = j.attempts"
    " WHERE " STATUS_ACTIVE " AND " STATUS_RUNS " ORDER BY j.id";

/* The first parameters of JOB_BEGIN and of ATTEMPT_INSERT. */
static void put_begun(struct stmt *q, const struct job *j, const char *cpu_list)
{
    stmt_put_int(q, j->id);
    stmt_put_int(q, j->attempt);
    stmt_put_seconds(q, true, j->start_us);
    stmt_put_int(q, j->alloc_cpus);
    stmt_put_int(q, j->alloc_mem_mb);
    stmt_put_text(q, cpu_list);
}

static int begin_job(struct store *s, const struct job *j, const char *cpu_list, const char *nodes,
                     struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (stmt_open(&q, s, STMT_JOB_BEGIN, JOB_BEGIN, e) < 0)
        return -1;
    put_begun(&q, j, cpu_list);
    stmt_put_text(&q, nodes);
    return stmt_run_once(&q, e);
}

static int insert_attempt(struct store *s, const struct job *j, const char *cpu_list,
                          const char *boot_id, struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (stmt_open(&q, s, STMT_ATTEMPT_INSERT, ATTEMPT_INSERT, e) < 0)
        return -1;
    put_begun(&q, j, cpu_list);
    stmt_put_text(&q, boot_id);
    stmt_put_int(&q, j->restarts);
    return stmt_run(&q, NULL, e);
}

int store_attempt_begin(struct store *s, const struct job *j, const char *nodes,
                        const char *boot_id, struct err *e)
{
    if (db_in_transaction(s, e) < 0)
        return -1;
    _cleanup_free_ char *cpu_list = cpuset_format(&j->alloc_set);
    if (!cpu_list)
        return err_nomem(e);
    int none = begin_job(s, j, cpu_list, nodes, e);
    if (none)
        return none < 0 ? -1 : attempt_refuse(s, j->id, j->attempt, "can't begin", e);
    if (insert_attempt(s, j, cpu_list, boot_id, e) < 0)
        return -1;
    return event_start(s, j, cpu_list, e);
}

static int void_job(struct store *s, int64_t job, int attempt, int64_t now_us, struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (stmt_open(&q, s, STMT_JOB_VOID, JOB_VOID, e) < 0)
        return -1;
    stmt_put_int(&q, job);
    stmt_put_int(&q, attempt);
    stmt_put_seconds(&q, true, now_us);
    return stmt_run_once(&q, e);
}

static int delete_attempt(struct store *s, int64_t job, int attempt, struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (stmt_open(&q, s, STMT_ATTEMPT_DELETE, ATTEMPT_DELETE, e) < 0)
        return -1;
    stmt_put_int(&q, job);
    stmt_put_int(&q, attempt);
    return stmt_run(&q, NULL, e);
}

int store_attempt_void(struct store *s, int64_t job, int attempt, const char *reason,
                       int64_t now_us, enum job_state *now, struct err *e)
{
    if (db_in_transaction(s, e) < 0)
        return -1;
    int none = void_job(s, job, attempt, now_us, e);
    if (none)
        return none < 0 ? -1 : attempt_refuse(s, job, attempt, "is not running", e);
    if (delete_attempt(s, job, attempt, e) < 0 || job_state_load(s, job, now, e) < 0)
        return -1;
    return event_void(s, job, attempt, reason, now_us, *now, e);
}

static int end_row(struct store *s, enum store_stmt name, const char *sql,
                   const struct attempt_record *r, struct err *e)
{
    char levels[LEVELS_TEXT_LEN];
    _cleanup_stmt_ struct stmt q = {0};
    if (stmt_open(&q, s, name, sql, e) < 0)
        return -1;
    stmt_put_int(&q, r->job);
    stmt_put_int(&q, r->attempt);
    stmt_put_text(&q, job_state_name(r->state));
    stmt_put_seconds(&q, true, r->end_us);
    stmt_put_seconds(&q, r->has_result || r->runtime_us > 0, r->runtime_us);
    stmt_put_int_or_null(&q, r->has_result, r->exit_code);
    stmt_put_int_or_null(&q, r->has_result, r->signal);
    stmt_put_seconds(&q, r->cpu_user_us >= 0, r->cpu_user_us);
    stmt_put_seconds(&q, r->cpu_system_us >= 0, r->cpu_system_us);
    stmt_put_int_or_null(&q, r->mem_peak_kb >= 0, r->mem_peak_kb);
    stmt_put_text(&q, levels_format(&r->levels, levels, sizeof levels));
    stmt_put_text(&q, r->reason);
    return stmt_run_once(&q, e);
}

int store_attempt_end(struct store *s, const struct attempt_record *r, struct err *e)
{
    if (db_in_transaction(s, e) < 0)
        return -1;
    if (!job_state_ended(r->state))
        return err_set(e, ERR_INVALID, "an attempt can't end as %s", job_state_name(r->state));
    int none = end_row(s, STMT_JOB_END, JOB_END, r, e);
    if (none == 0)
        none = end_row(s, STMT_ATTEMPT_END, ATTEMPT_END, r, e);
    if (none)
        return none < 0 ? -1 : attempt_refuse(s, r->job, r->attempt, "is not running", e);
    if (prediction_learn(s, r->job, e) < 0)
        return -1;
    return event_end(s, r, e);
}

static int read_attempt(struct stmt *q, struct attempt_record *r, struct err *e)
{
    r->job = stmt_get_int(q);
    r->attempt = (int)stmt_get_int(q);
    if (stmt_get_state(q, r->job, &r->state, e) < 0)
        return -1;
    r->start_us = stmt_get_time(q);
    r->end_us = stmt_get_time(q);
    r->runtime_us = stmt_get_time(q);
    r->alloc_cpus = stmt_get_int(q);
    r->alloc_mem_mb = stmt_get_int(q);
    r->cpu_list = stmt_get_text(q);
    const char *boot_id = stmt_peek_text(q);
    snprintf(r->boot_id, sizeof r->boot_id, "%s", boot_id ? boot_id : "");
    r->has_result = !stmt_is_null(q);
    r->exit_code = (int)stmt_get_int(q);
    r->signal = (int)stmt_get_int(q);
    r->cpu_user_us = stmt_get_seconds_or(q, -1);
    r->cpu_system_us = stmt_get_seconds_or(q, -1);
    r->mem_peak_kb = stmt_get_int_or(q, -1);
    stmt_get_levels(q, &r->levels);
    r->reason = stmt_get_text(q);
    r->generation = stmt_get_int(q);
    r->resizes = stmt_get_int(q);
    r->restart = (int)stmt_get_int(q);
    return q->nomem ? err_nomem(e) : 0;
}

/* Hands each row that the opened statement returns to each(). */
static int each_row(struct stmt *q, int (*each)(void *ctx, const struct attempt_record *r),
                    void *ctx, struct err *e)
{
    int got = 0;
    while ((got = stmt_step(q, e)) == 1) {
        __attribute__((cleanup(attempt_record_clear))) struct attempt_record r = {0};
        if (read_attempt(q, &r, e) < 0)
            return -1;
        int stop = each(ctx, &r);
        if (stop)
            return stop;
    }
    return got;
}

int store_attempt_each(struct store *s, int64_t job,
                       int (*each)(void *ctx, const struct attempt_record *r), void *ctx,
                       struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (stmt_open(&q, s, STMT_ATTEMPT_LIST, ATTEMPT_LIST, e) < 0)
        return -1;
    stmt_put_int(&q, job);
    return each_row(&q, each, ctx, e);
}

static void free_list(struct attempt_record *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        attempt_record_clear(&list[i]);
    free(list);
}

int store_attempt_running(struct store *s, struct attempt_record **list, size_t *count,
                          struct err *e)
{
    *list = NULL;
    *count = 0;
    _cleanup_stmt_ struct stmt q = {0};
    if (stmt_open(&q, s, STMT_ATTEMPT_RUNNING, ATTEMPT_RUNNING, e) < 0)
        return -1;
    struct attempt_record *rows = NULL;
    size_t n = 0;
    int got = 0;
    while ((got = stmt_step(&q, e)) == 1) {
        struct attempt_record *grown = reallocarray(rows, n + 1, sizeof *rows);
        if (!grown) {
            got = err_nomem(e);
            break;
        }
        rows = grown;
        rows[n] = (struct attempt_record){0};
        if ((got = read_attempt(&q, &rows[n++], e)) < 0)
            break;
    }
    if (got < 0) {
        free_list(rows, n);
        return -1;
    }
    *list = rows;
    *count = n;
    return 0;
}
