// SPDX-License-Identifier: MIT
#include "store/db.h"
#include "store/events.h"
#include "store/jobs.h"

static const char JOB_CANCEL[] =
    "UPDATE jobs SET status = 'CANCELLED', end_time = ?2, cancel_time = ?2, cancel_uid = ?3,"
    " cancel_now = ?4, reason = ?5 WHERE id = ?1 AND status = 'PENDING'";
/* Who asks first is who cancelled it; asking again can only add impatience. */
static const char JOB_WISH[] =
    "UPDATE jobs SET cancel_time = coalesce(cancel_time, ?2), cancel_uid = coalesce(cancel_uid, "
    "?3),"
    " cancel_now = max(cancel_now, ?4) WHERE id = ?1 AND " STATUS_RUNS;

static const char JOB_END_PENDING[] =
    "UPDATE jobs SET status = ?2, end_time = ?3, reason = ?4 WHERE id = ?1 AND status = 'PENDING'";

int store_job_end(struct store *s, int64_t job, enum job_state state, const char *reason,
                  int64_t now_us, struct err *e)
{
    struct attempt_record end = {.job = job, .state = state, .end_us = now_us};
    _cleanup_stmt_ struct stmt q = {0};
    if (db_in_transaction(s, e) < 0 ||
        stmt_open(&q, s, STMT_JOB_END_PENDING, JOB_END_PENDING, e) < 0)
        return -1;
    stmt_put_int(&q, job);
    stmt_put_text(&q, job_state_name(state));
    stmt_put_seconds(&q, true, now_us);
    stmt_put_text(&q, reason);
    int none = stmt_run_once(&q, e);
    if (none)
        return none < 0 ? -1 : job_refuse(s, job, "it does not wait", e);
    return event_end(s, &end, e);
}

int store_cancel(struct store *s, int64_t job, uint32_t uid, bool now, int64_t now_us,
                 const char *reason, enum job_state *was, struct err *e)
{
    if (db_in_transaction(s, e) < 0 || job_state_load(s, job, was, e) < 0)
        return -1;
    if (job_state_ended(*was))
        return job_refuse_ended(s, job, e);
    bool pending = *was == JOB_PENDING;
    _cleanup_stmt_ struct stmt q = {0};
    if (pending ? stmt_open(&q, s, STMT_JOB_CANCEL, JOB_CANCEL, e)
                : stmt_open(&q, s, STMT_JOB_WISH, JOB_WISH, e))
        return -1;
    stmt_put_int(&q, job);
    stmt_put_seconds(&q, true, now_us);
    stmt_put_int(&q, uid);
    stmt_put_int(&q, now);
    if (pending)
        stmt_put_text(&q, reason);
    if (stmt_run(&q, NULL, e) < 0)
        return -1;
    return event_cancel(s, job, uid, now, now_us, *was, e);
}
