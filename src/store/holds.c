// SPDX-License-Identifier: MIT
#include "store/db.h"
#include "store/events.h"
#include "store/jobs.h"

static const char JOB_HELD[] = "UPDATE jobs SET held = ?2 WHERE id = ?1 AND status = 'PENDING'";

int store_job_hold(struct store *s, int64_t job, bool held, uint32_t uid, int64_t now_us,
                   struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (db_in_transaction(s, e) < 0 || stmt_open(&q, s, STMT_JOB_HELD, JOB_HELD, e) < 0)
        return -1;
    stmt_put_int(&q, job);
    stmt_put_int(&q, held);
    int none = stmt_run_once(&q, e);
    if (none)
        return none < 0 ? -1
                        : job_refuse(s, job,
                                     held ? "only a pending job can be held"
                                          : "only a pending job can be released",
                                     e);
    return event_hold(s, job, held, uid, now_us, e);
}
