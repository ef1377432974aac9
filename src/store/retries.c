// SPDX-License-Identifier: MIT
#include "store/retries.h"

#include "store/db.h"
#include "store/events.h"
#include "store/jobs.h"

static const char JOB_REQUEUE_WISH[] =
    "UPDATE jobs SET requeue_time = ?2, requeue_uid = ?3, requeue_hold = ?4"
    " WHERE id = ?1 AND " STATUS_RUNS;
/* It is as it was before it ran, but for what it went through. */
static const char JOB_REQUEUE[] =
    "UPDATE jobs SET status = 'PENDING', restarts = restarts + (start_time IS NOT NULL),"
    " eligible_time = ?2, req_mem_mb = ?3, mem_mb = coalesce(?3, 0), retried = ?4, held = ?5,"
    " reason = ?6, start_time = NULL, end_time = NULL, wait_time = NULL, runtime = NULL,"
    " return_code = NULL, exit_code = NULL, signal = NULL, cpu_user_time = NULL,"
    " cpu_system_time = NULL, mem_peak_kb = NULL, levels = NULL, alloc_cpus = NULL,"
    " alloc_mem_mb = NULL, alloc_cpu_list = NULL, nodes = NULL, current_cpus = NULL,"
    " wanted_cpus = NULL, suspend_time = NULL, suspended = NULL,"
    " cancel_time = NULL, cancel_uid = NULL, cancel_now = 0, requeue_time = NULL,"
    " requeue_uid = NULL, requeue_hold = 0"
    " WHERE id = ?1 AND NOT " STATUS_ACTIVE;

/* --- the policy ------------------------------------------------------------------------------- */

/* By the words' places, which stay what they are: 1 fail, 2 timeout, 4 oom, 8 node. */
static int64_t on_to_number(unsigned on)
{
    unsigned bit;
    int64_t number = 0;
    for (size_t i = 0; retry_on_word(i, &bit); i++)
        number |= on & bit ? INT64_C(1) << i : 0;
    return number;
}

static unsigned on_of_number(int64_t number)
{
    unsigned bit, on = 0;
    for (size_t i = 0; retry_on_word(i, &bit); i++)
        on |= number & INT64_C(1) << i ? bit : 0;
    return on;
}

void retry_read(struct stmt *q, struct retry_policy *p)
{
    p->retries = (int)stmt_get_int(q);
    p->on = on_of_number(stmt_get_int(q));
    p->delay_us = stmt_get_seconds_or(q, 0);
    p->delay_factor = stmt_get_real(q);
    p->mem_factor = stmt_get_real(q);
    p->max_mem_mb = stmt_get_int(q);
    p->requeue = stmt_get_int(q) != 0;
}

void retry_put(struct stmt *q, const struct retry_policy *p)
{
    bool any = p->retries > 0;
    stmt_put_int(q, p->retries);
    stmt_put_int_or_null(q, any, on_to_number(p->on));
    stmt_put_seconds(q, any, p->delay_us);
    stmt_put_real(q, any, p->delay_factor);
    stmt_put_real(q, p->max_mem_mb != 0, p->mem_factor);
    stmt_put_int_or_null(q, p->max_mem_mb != 0, p->max_mem_mb);
    stmt_put_int(q, p->requeue);
}

/* --- jobs that are put back ------------------------------------------------------------------- */

int store_requeue_wish(struct store *s, int64_t job, bool hold, uint32_t uid, int64_t now_us,
                       struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (db_in_transaction(s, e) < 0 ||
        stmt_open(&q, s, STMT_JOB_REQUEUE_WISH, JOB_REQUEUE_WISH, e) < 0)
        return -1;
    stmt_put_int(&q, job);
    stmt_put_seconds(&q, true, now_us);
    stmt_put_int(&q, uid);
    stmt_put_int(&q, hold);
    int none = stmt_run_once(&q, e);
    return none > 0 ? job_refuse(s, job, "it does not run", e) : none;
}

int store_job_requeue(struct store *s, const struct requeue_record *r, struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (db_in_transaction(s, e) < 0 || stmt_open(&q, s, STMT_JOB_REQUEUE, JOB_REQUEUE, e) < 0)
        return -1;
    stmt_put_int(&q, r->job);
    stmt_put_seconds(&q, true, r->eligible_us);
    stmt_put_int_or_null(&q, r->mem_mb != 0, r->mem_mb);
    stmt_put_int(&q, r->retried);
    stmt_put_int(&q, r->held);
    stmt_put_text(&q, r->reason);
    int none = stmt_run_once(&q, e);
    if (none)
        return none < 0 ? -1 : job_refuse(s, r->job, "only what has ended is put back", e);
    return event_requeue(s, r, e);
}
