// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "api/access.h"
#include "api/checkpoint.h"
#include "api/depend.h"
#include "api/each_job.h"
#include "api/fields.h"
#include "api/rerun.h"
#include "api/select.h"
#include "util/cleanup.h"

struct requeue {
    bool hold;
    struct ids again; /* of what had ended, and the arrays of those */
};

/* It is ended, and put back when that is done. */
static int requeue_running(struct call *c, const struct job_record *r, bool hold, struct err *e)
{
    struct job j = r->job;
    char job[JOB_LABEL];
    if (r->cancel_us)
        return err_set(e, ERR_INVALID, "job %s is being cancelled", job_label(&j, job));
    if (store_requeue_wish(c->api->store, j.id, hold, c->who->uid, c->now_us, e) < 0)
        return -1;
    j.may_rerun = true;
    if (call_update(c, r, &j, e) < 0)
        return -1;
    return call_control(c, &r->job, r->checkpoint ? CONTROL_CHECKPOINT : CONTROL_CANCEL, e);
}

static int requeue_ended(struct call *c, const struct job_record *r, struct requeue *x,
                         struct err *e)
{
    char why[320];
    _cleanup_(job_free) struct job again = {0};
    struct requeue_record back = {
        .job = r->job.id,
        .time_us = c->now_us,
        .eligible_us = c->now_us,
        .mem_mb = r->job.mem_mb,
        .held = x->hold,
        .reason = why,
    };
    snprintf(why, sizeof why, "requeued by %s", access_user_name(c->who->uid));
    if (rerun_requeue(c->api->store, &back, &again, e) < 0 || ids_add(&x->again, back.job, e) < 0 ||
        (r->job.array_id && ids_add(&x->again, r->job.array_id, e) < 0))
        return -1;
    return call_event(c, (struct event){.type = EVENT_SUBMIT}, &again, e);
}

static int requeue(struct call *c, void *ctx, const struct job_record *r, struct object *entry,
                   struct err *e)
{
    struct requeue *x = ctx;
    enum job_state was = r->job.state;
    char job[JOB_LABEL];
    if (access_check(c->who, r, "requeue", e) < 0)
        return -1;
    if (was == JOB_PENDING)
        return err_set(e, ERR_INVALID, "job %s is PENDING: it waits already",
                       job_label(&r->job, job));
    if (r->client)
        return err_set(e, ERR_INVALID, "job %s had a client in front of it: run it again",
                       job_label(&r->job, job));
    object_set(entry, "was", json_string(job_state_name(was)));
    object_set(entry, "checkpoint", checkpoint_json(r));
    return job_state_ended(was) ? requeue_ended(c, r, x, e) : requeue_running(c, r, x->hold, e);
}

static const struct job_act act = {.verb = "requeue", .done = "requeued", .act = requeue};

static int serve(struct call *c, struct err *e)
{
    struct requeue x = {0};
    int r = field_bool(c->request, "hold", &x.hold, e);
    if (r == 0)
        r = each_job(c, &act, &x, e);
    if (r == 0)
        r = depend_again(c, &x.again, e);
    ids_free(&x.again);
    return r;
}

static const char *const fields[] = {SELECT_FIELDS, "hold", NULL};
static const char *const blobs[] = {SELECT_BLOBS, NULL};

const struct request_type request_requeue = {
    .verb = "requeue",
    .changes = true,
    .fields = fields,
    .blobs = blobs,
    .states = JOB_STATES_RUN,
    .of_array = JOB_STATES_RUN | JOB_STATES_ENDED,
    .serve = serve,
};
