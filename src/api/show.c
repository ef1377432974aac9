// SPDX-License-Identifier: MIT
#include "api/depend.h"
#include "api/fields.h"
#include "api/job_json.h"
#include "api/json.h"
#include "api/request.h"

#define RESIZES_SHOWN 50 /* the last ones; the job's own "resizes" counts them all */

struct attempts {
    const struct call *call;
    const struct job *job;
    json_t *list;
};

static int add_attempt(void *ctx, const struct attempt_record *r)
{
    struct attempts *all = ctx;
    const struct call *c = all->call;
    return json_array_append_new(all->list, attempt_json(c->api, all->job, r, c->now_us));
}

static json_t *attempts_json(const struct call *c, const struct job *j, struct err *e)
{
    struct attempts all = {.call = c, .job = j, .list = json_array()};
    err_nomem(e); /* unless the store says something else */
    if (all.list && store_attempt_each(c->api->store, j->id, add_attempt, &all, e) == 0)
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

/* Of an array that was named by its id: how many of its tasks are in each state. null otherwise. */
static json_t *array_json(const struct call *c, const struct job_record *r, struct err *e)
{
    int64_t by_state[JOB_STATES] = {0};
    if (r->job.array_id != r->job.id || !json_is_integer(json_object_get(c->request->head, "job")))
        return json_null();
    err_nomem(e); /* unless the store says something else */
    if (store_array_states(c->api->store, r->job.id, by_state, e) < 0)
        return NULL;
    struct object states = object_new(), o = object_new();
    for (int s = 0; s < JOB_STATES; s++)
        object_set(&states, job_state_name((enum job_state)s), json_integer(by_state[s]));
    object_set(&o, "count", json_integer(r->array.count));
    object_set(&o, "min", json_integer(r->array.min));
    object_set(&o, "max", json_integer(r->array.max));
    object_set(&o, "step", json_integer(r->array.step));
    object_set(&o, "states", object_end(&states));
    return object_end(&o);
}

static int fill(struct call *c, const struct job_record *r, struct err *e)
{
    struct object o = {.json = c->reply};
    object_set(&o, "job", job_json(c->api, r, c->now_us));
    if (set_list(&o, "attempts", attempts_json(c, &r->job, e)) < 0 ||
        set_list(&o, "resizes", resizes_json(c, r, e)) < 0 ||
        set_list(&o, "dependencies", depend_json(c, r, e)) < 0)
        return -1;
    object_set(&o, "array", array_json(c, r, e));
    object_set(&o, "scheduler", json_boolean(c->api->sched != NULL));
    return o.failed ? (e->code ? -1 : err_nomem(e)) : 0;
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
