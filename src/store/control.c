// SPDX-License-Identifier: MIT
/* What is done to a running job, beside ending it. */
#include "store/db.h"
#include "store/events.h"
#include "store/jobs.h"

static const char JOB_SUSPEND[] =
    "UPDATE jobs SET status = 'SUSPENDED', suspend_time = ?2 WHERE id = ?1 AND status = 'RUNNING'";
static const char JOB_RESUME[] = "UPDATE jobs SET status = 'RUNNING', suspend_time = NULL,"
                                 " suspended = coalesce(suspended, 0) + max(0, ?2 - suspend_time)"
                                 " WHERE id = ?1 AND status = 'SUSPENDED'";

int store_job_signal(struct store *s, int64_t job, int signal, bool first, uint32_t uid,
                     int64_t now_us, struct err *e)
{
    enum job_state state = JOB_PENDING;
    if (db_in_transaction(s, e) < 0 || job_state_load(s, job, &state, e) < 0)
        return -1;
    if (!job_state_runs(state))
        return job_refuse(s, job, "only a running job can be signalled", e);
    return event_signal(s, job, signal, first, uid, now_us, e);
}

/* 1: it is not in the state that is to be changed. */
static int change(struct store *s, enum store_stmt name, const char *sql, int64_t job,
                  int64_t now_us, struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (db_in_transaction(s, e) < 0 || stmt_open(&q, s, name, sql, e) < 0)
        return -1;
    stmt_put_int(&q, job);
    stmt_put_seconds(&q, true, now_us);
    return stmt_run_once(&q, e);
}

int store_job_suspend(struct store *s, int64_t job, uint32_t uid, int64_t now_us, struct err *e)
{
    int none = change(s, STMT_JOB_SUSPEND, JOB_SUSPEND, job, now_us, e);
    if (none)
        return none < 0 ? -1 : job_refuse(s, job, "only a running job can be suspended", e);
    return event_suspend(s, job, uid, now_us, e);
}

int store_job_resume(struct store *s, int64_t job, uint32_t uid, int64_t now_us, struct err *e)
{
    int none = change(s, STMT_JOB_RESUME, JOB_RESUME, job, now_us, e);
    if (none)
        return none < 0 ? -1 : job_refuse(s, job, "only a suspended job can be resumed", e);
    return event_resume(s, job, uid, now_us, e);
}
