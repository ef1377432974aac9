// SPDX-License-Identifier: MIT
#include "api/rerun.h"

#include <stdio.h>

#include "api/access.h"

int rerun_requeue(struct store *store, const struct requeue_record *r, struct job *again,
                  struct err *e)
{
    _cleanup_job_record_ struct job_record next = {0};
    if (store_job_requeue(store, r, e) < 0 ||
        store_job_load(store, r->job, STORE_PLAIN, &next, e) < 0)
        return -1;
    if (store_dependency_load(store, &next, &next.job.depends, e) < 0)
        return -1;
    if (!next.job.limit_us &&
        store_predict(store, next.job.uid, next.command, &next.job.estimate_us, e) < 0)
        return -1;
    return job_copy(again, &next.job) < 0 ? err_nomem(e) : 0;
}

static bool goes_on(const struct attempt_record *end)
{
    return end->checkpointed && retry_from_checkpoint(end->state);
}

/* "attempt 1 FAILED (checkpointed; exit code 3)" */
static void say_why(const struct attempt_record *end, const struct retry *t, char *buf, size_t len)
{
    char more[48] = "";
    if (t->mem_mb)
        snprintf(more, sizeof more, "; it gets %jd MB now", (intmax_t)t->mem_mb);
    snprintf(buf, len, "attempt %d %s%s%s%s%s", end->attempt, job_state_name(end->state),
             end->reason ? " (" : "", end->reason ? end->reason : "", end->reason ? ")" : "", more);
}

/* Whether it is put back, and how: what its owner said last counts. */
static bool decide(const struct job_record *job, const struct attempt_record *end, int64_t now_us,
                   struct requeue_record *r, char *why, size_t len)
{
    *r = (struct requeue_record){.job = end->job,
                                 .time_us = now_us,
                                 .eligible_us = now_us,
                                 .mem_mb = job->job.mem_mb,
                                 .reason = why};
    if (job->cancel_us)
        return false;
    if (job->requeue_us) {
        r->held = job->requeue_hold;
        snprintf(why, len, "requeued by %s", access_user_name(job->requeue_uid));
        return true;
    }
    struct retry t = {.again = true, .at_us = now_us};
    if (!goes_on(end))
        t = retry_decide(&job->retry, end->state, job->retried, job->job.alloc_mem_mb, now_us);
    r->eligible_us = t.at_us;
    r->retried = job->retried + t.counts;
    if (t.mem_mb)
        r->mem_mb = t.mem_mb;
    say_why(end, &t, why, len);
    return t.again;
}

int rerun_settle(struct store *store, const struct attempt_record *end, int64_t now_us,
                 struct job *again, struct err *e)
{
    _cleanup_job_record_ struct job_record job = {0};
    struct attempt_record said = *end;
    struct requeue_record r;
    char reason[640], why[768];
    if (goes_on(end)) {
        snprintf(reason, sizeof reason, "checkpointed%s%s", end->reason ? "; " : "",
                 end->reason ? end->reason : "");
        said.reason = reason;
    }
    if (store_attempt_end(store, &said, e) < 0 ||
        store_job_load(store, end->job, STORE_PLAIN, &job, e) < 0)
        return -1;
    if (!decide(&job, &said, now_us, &r, why, sizeof why))
        return 0;
    return rerun_requeue(store, &r, again, e) < 0 ? -1 : 1;
}
