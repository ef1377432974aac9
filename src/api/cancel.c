// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "api/access.h"
#include "api/fields.h"
#include "api/json.h"
#include "api/request.h"
#include "attempt/control.h"

#define CANCEL_MAX 100000 /* jobs in one request: the answer has to fit into a frame */

/* The answer in the making, and what is asked. */
struct cancel {
    struct call *call;
    bool now;
    json_t *cancelled, *failed;
};

/* Cancels one job. 0; 1: it can't be, and *e says why; -1: the whole request fails. */
static int cancel_record(struct cancel *x, const struct job_record *r, enum job_state *was,
                         struct err *e)
{
    struct call *c = x->call;
    char reason[320];
    if (access_check(c->who, r, "cancel", e) < 0)
        return 1;
    snprintf(reason, sizeof reason, "cancelled by %s", access_user_name(c->who->uid));
    if (store_cancel(c->api->store, r->job.id, c->who->uid, x->now, c->now_us, reason, was, e) < 0)
        return e->code == ERR_INVALID || e->code == ERR_NOT_FOUND ? 1 : -1;
    if (*was == JOB_PENDING)
        return call_event(c, (struct event){.type = EVENT_CANCEL}, &r->job, e);
    return call_control(c, &r->job, x->now ? CONTROL_KILL : CONTROL_CANCEL, e);
}

static int cancel_id(struct cancel *x, int64_t id, enum job_state *was, struct err *e)
{
    struct job_record r = {0};
    if (store_job_load(x->call->api->store, id, STORE_PLAIN, &r, e) < 0)
        return e->code == ERR_NOT_FOUND ? 1 : -1;
    int result = cancel_record(x, &r, was, e);
    job_record_clear(&r);
    return result;
}

static int cancel_one(struct cancel *x, int64_t id, struct err *e)
{
    enum job_state was = JOB_PENDING;
    struct err why = {0};
    int result = cancel_id(x, id, &was, &why);
    if (result < 0) {
        *e = why;
        return -1;
    }
    struct object o = object_new();
    object_set(&o, "job", json_integer(id));
    if (result == 0)
        object_set(&o, "was", json_string(job_state_name(was)));
    else
        object_set(&o, "error", json_bytes(why.text));
    if (json_array_append_new(result == 0 ? x->cancelled : x->failed, object_end(&o)) < 0)
        return err_nomem(e);
    return 0;
}

static int cancel_all(struct cancel *x, const json_t *ids, struct err *e)
{
    size_t i;
    json_t *id;
    char shown[64];
    json_array_foreach (ids, i, id) {
        if (!json_is_integer(id) || json_integer_value(id) < 1)
            return err_set(e, ERR_INVALID, "jobs %s: not a job's id (a whole number from 1)",
                           field_brief(id, shown, sizeof shown));
        if (cancel_one(x, json_integer_value(id), e) < 0)
            return -1;
    }
    return 0;
}

static int serve(struct call *c, struct err *e)
{
    struct cancel x = {.call = c, .cancelled = json_array(), .failed = json_array()};
    const json_t *ids;
    struct object o = {.json = c->reply};
    object_set(&o, "cancelled", x.cancelled);
    object_set(&o, "failed", x.failed);
    object_set(&o, "scheduler", json_boolean(c->api->sched != NULL));
    if (o.failed)
        return err_nomem(e);
    if (field_bool(c->request, "now", &x.now, e) < 0 ||
        field_array(c->request, "jobs", &ids, e) < 0)
        return -1;
    if (json_array_size(ids) == 0)
        return err_set(e, ERR_INVALID, "cancel: which jobs? (\"jobs\" lists none)");
    if (json_array_size(ids) > CANCEL_MAX)
        return err_set(e, ERR_INVALID, "cancel: %zu jobs at once (at most %d)",
                       json_array_size(ids), CANCEL_MAX);
    return cancel_all(&x, ids, e);
}

static const char *const fields[] = {"jobs", "now", NULL};
static const char *const no_blobs[] = {NULL};

const struct request_type request_cancel = {
    .verb = "cancel",
    .changes = true,
    .fields = fields,
    .blobs = no_blobs,
    .serve = serve,
};
