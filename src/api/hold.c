// SPDX-License-Identifier: MIT
/* hold.c - hold and release: a held job waits until it is released, whatever is free. */
#include "api/access.h"
#include "api/each_job.h"
#include "api/select.h"

static int set_held(struct call *c, const struct job_record *r, bool held, struct err *e)
{
    struct job j = r->job;
    if (access_check(c->who, r, held ? "hold" : "release", e) < 0 ||
        store_job_hold(c->api->store, j.id, held, c->who->uid, c->now_us, e) < 0)
        return -1;
    j.held = held;
    return call_update(c, r, &j, e);
}

static int hold(struct call *c, void *ctx, const struct job_record *r, struct object *entry,
                struct err *e)
{
    (void)ctx;
    (void)entry;
    return set_held(c, r, true, e);
}

static int release(struct call *c, void *ctx, const struct job_record *r, struct object *entry,
                   struct err *e)
{
    (void)ctx;
    (void)entry;
    return set_held(c, r, false, e);
}

static int serve_hold(struct call *c, struct err *e)
{
    static const struct job_act act = {.verb = "hold", .done = "held", .act = hold};
    return each_job(c, &act, NULL, e);
}

static int serve_release(struct call *c, struct err *e)
{
    static const struct job_act act = {.verb = "release", .done = "released", .act = release};
    return each_job(c, &act, NULL, e);
}

static const char *const fields[] = {SELECT_FIELDS, NULL};
static const char *const blobs[] = {SELECT_BLOBS, NULL};

const struct request_type request_hold = {
    .verb = "hold",
    .changes = true,
    .fields = fields,
    .blobs = blobs,
    .states = 1u << JOB_PENDING,
    .serve = serve_hold,
};

const struct request_type request_release = {
    .verb = "release",
    .changes = true,
    .fields = fields,
    .blobs = blobs,
    .states = 1u << JOB_PENDING,
    .serve = serve_release,
};
