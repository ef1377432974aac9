// SPDX-License-Identifier: MIT
#include "api/access.h"
#include "api/drain_json.h"
#include "api/fields.h"
#include "api/request.h"

/* The core is told also if nothing changes: it may be told twice. */
static int tell(struct call *c, bool drained, struct err *e)
{
    static const struct job nobody;
    struct event ev = {.type = drained ? EVENT_DRAIN : EVENT_RESUME_ALL};
    return call_event(c, ev, &nobody, e);
}

static int serve(struct call *c, struct err *e)
{
    struct store *s = c->api->store;
    struct store_drain was;
    bool drained = true;
    if (field_bool(c->request, "drained", &drained, e) < 0 ||
        access_check_all(c->who, drained ? "drain it" : "resume it", e) < 0 ||
        store_drain_get(s, &was, e) < 0)
        return -1;
    if ((drained ? store_drain(s, c->who->uid, c->now_us, e)
                 : store_resume_all(s, c->who->uid, c->now_us, e)) < 0)
        return -1;
    struct object o = {.json = c->reply};
    if (drain_add(c->api, &o, e) < 0)
        return -1;
    object_set(&o, "changed", json_boolean(drained != (was.time_us != 0)));
    object_set(&o, "scheduler", json_boolean(c->api->sched != NULL));
    return o.failed ? err_nomem(e) : tell(c, drained, e);
}

static const char *const fields[] = {"drained", NULL};
static const char *const no_blobs[] = {NULL};

const struct request_type request_drain = {
    .verb = "drain",
    .changes = true,
    .fields = fields,
    .blobs = no_blobs,
    .serve = serve,
};
