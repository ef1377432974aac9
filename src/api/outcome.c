// SPDX-License-Identifier: MIT
#include "api/outcome.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/access.h"
#include "api/rerun.h"
#include "util/cleanup.h"
#include "util/text.h"

static enum job_state end_state(const struct attempt_status *s)
{
    switch (s->outcome) {
    case OUTCOME_EXITED:
        return s->exit_code == 0 && s->signal == 0 ? JOB_COMPLETED : JOB_FAILED;
    case OUTCOME_CANCELLED:
        return JOB_CANCELLED;
    case OUTCOME_TIMEOUT:
        return JOB_TIMEOUT;
    case OUTCOME_OOM:
        return JOB_OUT_OF_MEMORY;
    case OUTCOME_NOT_STARTED:
        return JOB_FAILED;
    }
    return JOB_NODE_FAIL; /* an outcome of a newer shepherd: not known is not success */
}

/* What to say where the shepherd said nothing. */
static void default_reason(const struct attempt_status *s, enum job_state state, char *buf,
                           size_t len)
{
    buf[0] = '\0';
    if (s->outcome == OUTCOME_NOT_STARTED)
        text_copy(buf, len, "could not be started");
    else if (state == JOB_FAILED && s->signal)
        snprintf(buf, len, "ended by signal %d (%s)", s->signal, strsignal(s->signal));
    else if (state == JOB_FAILED)
        snprintf(buf, len, "exit code %d", s->exit_code);
    else if (state == JOB_CANCELLED)
        text_copy(buf, len, "cancelled");
    else if (state == JOB_TIMEOUT)
        text_copy(buf, len, "reached its time limit");
    else if (state == JOB_OUT_OF_MEMORY)
        text_copy(buf, len, "exceeded its memory");
    else if (state == JOB_NODE_FAIL)
        text_copy(buf, len, "how it ended is not known");
}

int outcome_to_attempt(const struct attempt_status *s, struct attempt_record *r)
{
    char reason[sizeof s->reason];
    *r = (struct attempt_record){
        .job = s->job,
        .attempt = s->attempt,
        .state = end_state(s),
        .start_us = s->started_us,
        .end_us = s->ended_us,
        .runtime_us = s->runtime_us,
        .exit_code = s->exit_code,
        .signal = s->signal,
        .cpu_user_us = s->usage.cpu_user_us,
        .cpu_system_us = s->usage.cpu_system_us,
        .mem_peak_kb = s->usage.mem_peak_kb,
        .levels = s->levels,
        .checkpointed = s->checkpointed > 0,
    };
    r->has_result = r->state != JOB_NODE_FAIL && s->outcome != OUTCOME_NOT_STARTED;
    text_copy(r->boot_id, sizeof r->boot_id, s->boot_id);
    default_reason(s, r->state, reason, sizeof reason);
    const char *say = s->reason[0] ? s->reason : reason;
    if (!say[0])
        return 0;
    r->reason = strdup(say);
    return r->reason ? 0 : -1;
}

/* What its shepherd can't know: who cancelled it, and what its limit was. */
static void add_known(const struct job_record *job, struct attempt_record *r)
{
    char reason[320] = "";
    if (r->state == JOB_TIMEOUT && job_ends_at_deadline(&job->job)) {
        r->state = JOB_DEADLINE;
        text_copy(reason, sizeof reason, "reached its deadline");
    } else if (r->state == JOB_CANCELLED && job->cancel_us) {
        snprintf(reason, sizeof reason, "cancelled by %s", access_user_name(job->cancel_uid));
    } else if (r->state == JOB_CANCELLED && job->requeue_us) {
        snprintf(reason, sizeof reason, "requeued by %s", access_user_name(job->requeue_uid));
    }
    if (!*reason)
        return;
    free(r->reason);
    r->reason = strdup(reason);
}

static int ask_store(struct store *store, struct attempt_record *r, struct err *e)
{
    struct job_record job = {0};
    if (store_job_load(store, r->job, STORE_PLAIN, &job, e) < 0)
        return -1;
    add_known(&job, r);
    job_record_clear(&job);
    return r->reason ? 0 : err_nomem(e);
}

int outcome_load(struct store *store, const struct attempt_status *s, struct attempt_record *r,
                 struct err *e)
{
    if (outcome_to_attempt(s, r) < 0)
        return err_nomem(e);
    bool asks = r->state == JOB_CANCELLED || r->state == JOB_TIMEOUT;
    return asks ? ask_store(store, r, e) : 0;
}

int outcome_record(struct store *store, const struct attempt_status *s, struct err *e)
{
    struct attempt_record r = {0};
    _cleanup_(job_free) struct job again = {0};
    int result = outcome_load(store, s, &r, e);
    if (result == 0)
        result = rerun_settle(store, &r, s->ended_us, &again, e);
    attempt_record_clear(&r);
    return result < 0 ? -1 : 0;
}
