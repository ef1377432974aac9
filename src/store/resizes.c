// SPDX-License-Identifier: MIT
/* What becomes of a running elastic job. What it gets is written down when that is ordered; what it
 * loses is still its own, and nobody else's, until that is seen to hold. */
#include <stdio.h>

#include "store/db.h"
#include "store/events.h"
#include "store/jobs.h"

#define RUNNING_ELASTIC STATUS_RUNS " AND is_elastic"

static const char JOB_WANT[] =
    "UPDATE jobs SET wanted_cpus = ?2 WHERE id = ?1 AND " RUNNING_ELASTIC;

/* ?1 the job, ?2 the attempt, ?3 the generation; then what is allocated. */
static const char JOB_RESIZE[] =
    "UPDATE jobs SET resize_generation = ?3, resizes = resizes + 1"
    " WHERE id = ?1 AND attempts = ?2 AND resize_generation < ?3 AND " RUNNING_ELASTIC;
static const char ATTEMPT_RESIZE[] =
    "UPDATE attempts SET resize_generation = ?3, resizes = resizes + 1"
    " WHERE job_id = ?1 AND attempt = ?2 AND state = 'RUNNING'";
static const char JOB_HOLD[] =
    "UPDATE jobs SET alloc_cpus = ?4, current_cpus = ?4, alloc_mem_mb = ?5, alloc_cpu_list = ?6,"
    " nodes = ?7 WHERE id = ?1 AND attempts = ?2 AND resize_generation = ?3 AND " RUNNING_ELASTIC;
static const char ATTEMPT_HOLD[] =
    "UPDATE attempts SET alloc_cpus = ?4, alloc_mem_mb = ?5, cpu_list = ?6"
    " WHERE job_id = ?1 AND attempt = ?2 AND resize_generation = ?3 AND state = 'RUNNING'";

static const char RESIZE_LIST[] =
    "SELECT attempt, json_extract(detail, '$.generation'), time, json_extract(detail, '$.from'), "
    "json_extract(detail, '$.to'),"
    " json_extract(detail, '$.mem_mb'), json_extract(detail, '$.cpu_list'), json_extract(detail, "
    "'$.reason') FROM"
    " (SELECT * FROM events INDEXED BY events_resize WHERE type = 'RESIZE' AND job_id = ?"
    "  ORDER BY seq DESC LIMIT ?) ORDER BY seq";

int store_job_want(struct store *s, int64_t job, int64_t cpus, uint32_t uid, int64_t now_us,
                   struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (db_in_transaction(s, e) < 0 || stmt_open(&q, s, STMT_JOB_WANT, JOB_WANT, e) < 0)
        return -1;
    stmt_put_int(&q, job);
    stmt_put_int_or_null(&q, cpus != 0, cpus);
    int none = stmt_run_once(&q, e);
    if (none)
        return none < 0 ? -1 : job_refuse(s, job, "only a running elastic job wants CPUs", e);
    return event_want(s, job, cpus, uid, now_us, e);
}

static int open_row(struct stmt *q, struct store *s, enum store_stmt name, const char *sql,
                    int64_t job, const struct resize_record *r, struct err *e)
{
    if (stmt_open(q, s, name, sql, e) < 0)
        return -1;
    stmt_put_int(q, job);
    stmt_put_int(q, r->attempt);
    stmt_put_int(q, r->generation);
    return 0;
}

/* Each of these changes one row; 1 if it is not there, or not in that state. */

static int count(struct store *s, enum store_stmt name, const char *sql, int64_t job,
                 const struct resize_record *r, struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (open_row(&q, s, name, sql, job, r, e) < 0)
        return -1;
    return stmt_run_once(&q, e);
}

static void put_held(struct stmt *q, const struct resize_record *r)
{
    stmt_put_int(q, r->to_cpus);
    stmt_put_int(q, r->mem_mb);
    stmt_put_text(q, r->cpu_list);
}

static int hold_job(struct store *s, int64_t job, const struct resize_record *r, struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (open_row(&q, s, STMT_JOB_HOLD, JOB_HOLD, job, r, e) < 0)
        return -1;
    put_held(&q, r);
    stmt_put_text(&q, r->nodes);
    return stmt_run_once(&q, e);
}

static int hold_attempt(struct store *s, int64_t job, const struct resize_record *r, struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (open_row(&q, s, STMT_ATTEMPT_HOLD, ATTEMPT_HOLD, job, r, e) < 0)
        return -1;
    put_held(&q, r);
    return stmt_run_once(&q, e);
}

static int refuse(struct store *s, int64_t job, const struct resize_record *r, const char *what,
                  struct err *e)
{
    char text[64];
    snprintf(text, sizeof text, "%s resize %lld", what, (long long)r->generation);
    return attempt_refuse(s, job, r->attempt, text, e);
}

int store_attempt_resize(struct store *s, int64_t job, const struct resize_record *r, struct err *e)
{
    if (db_in_transaction(s, e) < 0)
        return -1;
    int none = count(s, STMT_JOB_RESIZE, JOB_RESIZE, job, r, e);
    if (none == 0)
        none = count(s, STMT_ATTEMPT_RESIZE, ATTEMPT_RESIZE, job, r, e);
    if (none)
        return none < 0 ? -1 : refuse(s, job, r, "takes no", e);
    if (r->to_cpus > r->from_cpus && store_attempt_resized(s, job, r, e) < 0)
        return -1;
    return event_resize(s, job, r, e);
}

int store_attempt_resized(struct store *s, int64_t job, const struct resize_record *r,
                          struct err *e)
{
    if (db_in_transaction(s, e) < 0)
        return -1;
    int none = hold_job(s, job, r, e);
    if (none == 0)
        none = hold_attempt(s, job, r, e);
    if (none)
        return none < 0 ? -1 : refuse(s, job, r, "does not hold", e);
    return 0;
}

static int read_resize(struct stmt *q, struct resize_record *r, struct err *e)
{
    r->attempt = (int)stmt_get_int(q);
    r->generation = stmt_get_int(q);
    r->time_us = stmt_get_time(q);
    r->from_cpus = stmt_get_int(q);
    r->to_cpus = stmt_get_int(q);
    r->mem_mb = stmt_get_int(q);
    r->cpu_list = stmt_get_text(q);
    r->reason = stmt_get_text(q);
    return q->nomem ? err_nomem(e) : 0;
}

int store_resize_each(struct store *s, int64_t job, int last,
                      int (*each)(void *ctx, const struct resize_record *r), void *ctx,
                      struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (stmt_open(&q, s, STMT_RESIZE_LIST, RESIZE_LIST, e) < 0)
        return -1;
    stmt_put_int(&q, job);
    stmt_put_int(&q, last);
    int got = 0;
    while ((got = stmt_step(&q, e)) == 1) {
        __attribute__((cleanup(resize_record_clear))) struct resize_record r = {0};
        if (read_resize(&q, &r, e) < 0)
            return -1;
        int stop = each(ctx, &r);
        if (stop)
            return stop;
    }
    return got;
}
