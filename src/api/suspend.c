// SPDX-License-Identifier: MIT
#include "api/access.h"
#include "api/each_job.h"
#include "api/select.h"

static int suspend(struct call *c, void *ctx, const struct job_record *r, struct object *entry,
                   struct err *e)
{
    char job[JOB_LABEL];
    (void)ctx;
    (void)entry;
    if (access_check(c->who, r, "suspend", e) < 0)
        return -1;
    if ((r->cancel_us || r->requeue_us) && job_state_runs(r->job.state))
        return err_set(e, ERR_INVALID, "job %s is being %s", job_label(&r->job, job),
                       r->cancel_us ? "cancelled" : "requeued");
    if (store_job_suspend(c->api->store, r->job.id, c->who->uid, c->now_us, e) < 0 ||
        call_event(c, (struct event){.type = EVENT_SUSPEND}, &r->job, e) < 0)
        return -1;
    return call_control(c, &r->job, CONTROL_SUSPEND, e);
}

static int resume(struct call *c, void *ctx, const struct job_record *r, struct object *entry,
                  struct err *e)
{
    struct job j = r->job;
    (void)ctx;
    (void)entry;
    if (access_check(c->who, r, "resume", e) < 0 ||
        store_job_resume(c->api->store, r->job.id, c->who->uid, c->now_us, e) < 0 ||
        call_event(c, (struct event){.type = EVENT_RESUME}, &r->job, e) < 0)
        return -1;
    j.stood_us += c->now_us > j.suspended_us ? c->now_us - j.suspended_us : 0;
    if (job_ends_at_deadline(&j) && call_limit(c, &j, e) < 0)
        return -1;
    return call_control(c, &r->job, CONTROL_RESUME, e);
}

static int serve_suspend(struct call *c, struct err *e)
{
    static const struct job_act act = {.verb = "suspend", .done = "suspended", .act = suspend};
    return each_job(c, &act, NULL, e);
}

static int serve_resume(struct call *c, struct err *e)
{
    static const struct job_act act = {.verb = "resume", .done = "resumed", .act = resume};
    return each_job(c, &act, NULL, e);
}

static const char *const fields[] = {SELECT_FIELDS, NULL};
static const char *const blobs[] = {SELECT_BLOBS, NULL};

const struct request_type request_suspend = {
    .verb = "suspend",
    .changes = true,
    .fields = fields,
    .blobs = blobs,
    .states = 1u << JOB_RUNNING,
    .serve = serve_suspend,
};
const struct request_type request_resume = {
    .verb = "resume",
    .changes = true,
    .fields = fields,
    .blobs = blobs,
    .states = 1u << JOB_SUSPENDED,
    .serve = serve_resume,
};
