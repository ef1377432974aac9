// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "api/access.h"
#include "api/each_job.h"
#include "api/fields.h"
#include "api/select.h"
#include "attempt/control.h"

static int cancel(struct call *c, void *ctx, const struct job_record *r, struct object *entry,
                  struct err *e)
{
    const bool *now = ctx;
    enum job_state was = JOB_PENDING;
    char reason[320];
    if (access_check(c->who, r, "cancel", e) < 0)
        return -1;
    snprintf(reason, sizeof reason, "cancelled by %s", access_user_name(c->who->uid));
    if (store_cancel(c->api->store, r->job.id, c->who->uid, *now, c->now_us, reason, &was, e) < 0)
        return -1;
    object_set(entry, "was", json_string(job_state_name(was)));
    if (was == JOB_PENDING)
        return call_event(c, (struct event){.type = EVENT_CANCEL}, &r->job, e);
    return call_control(c, &r->job, *now ? CONTROL_KILL : CONTROL_CANCEL, e);
}

static const struct job_act act = {.verb = "cancel", .done = "cancelled", .act = cancel};

static int serve(struct call *c, struct err *e)
{
    bool now = false;
    if (field_bool(c->request, "now", &now, e) < 0)
        return -1;
    return each_job(c, &act, &now, e);
}

static const char *const fields[] = {SELECT_FIELDS, "now", NULL};
static const char *const blobs[] = {SELECT_BLOBS, NULL};

const struct request_type request_cancel = {
    .verb = "cancel",
    .changes = true,
    .fields = fields,
    .blobs = blobs,
    .serve = serve,
};
