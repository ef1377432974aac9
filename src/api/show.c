// SPDX-License-Identifier: MIT
#include "api/depend.h"
#include "api/fields.h"
#include "api/job_json.h"
#include "api/json.h"
#include "api/request.h"

#define RESIZES_SHOWN 50 /* the last ones; the job's own "resizes" counts them all */

struct attempts {
    const struct call *call;
    json_t *list;
};

static int add_attempt(void *ctx, const struct attempt_record *r)
{
    struct attempts *all = ctx;
    const struct call *c = all->call;
    return json_array_append_new(all->list, attempt_json(c->api, r, c->now_us));
}

static json_t *attempts_json(const struct call *c, int64_t id, struct err *e)
{
    struct attempts all = {.call = c, .list = json_array()};
    err_nomem(e); /* unless the store says something else */
    if (all.list && store_attempt_each(c->api->store, id, add_attempt, &all, e) == 0)
        return all.list;
    json_decref(all.list);
    return NULL;
}

static int add_resize(void *ctx, const struct resize_record *r)
{
    return json_array_append_new(ctx, resize_json(r));
}

static json_t *resizes_json(const struct call *c, const struct job_record *r, struct err *e)
{
    json_t *list = json_array();
    err_nomem(e); /* unless the store says something else */
    if (list && (!r->resizes || store_resize_each(c->api->store, r->job.id, RESIZES_SHOWN,
                                                  add_resize, list, e) == 0))
        return list;
    json_decref(list);
    return NULL;
}

/* The list's reference is the object's then; NULL is what failed. */
static int set_list(struct object *o, const char *key, json_t *list)
{
    if (!list)
        return -1;
    object_set(o, key, list);
    return 0;
}

static int fill(struct call *c, const struct job_record *r, struct err *e)
{
    struct object o = {.json = c->reply};
    object_set(&o, "job", job_json(c->api, r, c->now_us));
    if (set_list(&o, "attempts", attempts_json(c, r->job.id, e)) < 0 ||
        set_list(&o, "resizes", resizes_json(c, r, e)) < 0 ||
        set_list(&o, "dependencies", depend_json(c, r, e)) < 0)
        return -1;
    object_set(&o, "scheduler", json_boolean(c->api->sched != NULL));
    return o.failed ? err_nomem(e) : 0;
}

static int serve(struct call *c, struct err *e)
{
    return call_about_job(c, fill, e);
}

static const char *const fields[] = {"job", NULL};
static const char *const no_blobs[] = {NULL};

const struct request_type request_show = {
    .verb = "show",
    .fields = fields,
    .blobs = no_blobs,
    .serve = serve,
};
