// SPDX-License-Identifier: MIT
#include "api/access.h"
#include "api/each_job.h"

static int suspend(struct call *c, void *ctx, const struct job_record *r, struct object *entry,
                   struct err *e)
{
    (void)ctx;
    (void)entry;
    if (access_check(c->who, r, "suspend", e) < 0)
        return -1;
    if (r->cancel_us && job_state_runs(r->job.state))
        return err_set(e, ERR_INVALID, "job %jd is being cancelled", (intmax_t)r->job.id);
    if (store_job_suspend(c->api->store, r->job.id, c->who->uid, c->now_us, e) < 0 ||
        call_event(c, (struct event){.type = EVENT_SUSPEND}, &r->job, e) < 0)
        return -1;
    return call_control(c, &r->job, CONTROL_SUSPEND, e);
}

static int resume(struct call *c, void *ctx, const struct job_record *r, struct object *entry,
                  struct err *e)
{
    (void)ctx;
    (void)entry;
    if (access_check(c->who, r, "resume", e) < 0 ||
        store_job_resume(c->api->store, r->job.id, c->who->uid, c->now_us, e) < 0 ||
        call_event(c, (struct event){.type = EVENT_RESUME}, &r->job, e) < 0)
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

static const char *const fields[] = {"jobs", NULL};
static const char *const no_blobs[] = {NULL};

const struct request_type request_suspend = {
    .verb = "suspend",
    .changes = true,
    .fields = fields,
    .blobs = no_blobs,
    .serve = serve_suspend,
};
const struct request_type request_resume = {
    .verb = "resume",
    .changes = true,
    .fields = fields,
    .blobs = no_blobs,
    .serve = serve_resume,
};
