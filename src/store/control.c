// SPDX-License-Identifier: MIT
/* What is done to a running job, beside ending it. */
#include "store/db.h"
#include "store/events.h"
#include "store/jobs.h"

int store_job_signal(struct store *s, int64_t job, int signal, bool first, uint32_t uid,
                     int64_t now_us, struct err *e)
{
    enum job_state state = JOB_PENDING;
    if (db_in_transaction(s, e) < 0 || job_state_load(s, job, &state, e) < 0)
        return -1;
    if (state != JOB_RUNNING)
        return job_refuse(s, job, "only a running job can be signalled", e);
    return event_signal(s, job, signal, first, uid, now_us, e);
}
