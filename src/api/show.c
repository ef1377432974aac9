// SPDX-License-Identifier: MIT
#include <string.h>

#include "api/depend.h"
#include "api/fields.h"
#include "api/job_json.h"
#include "api/json.h"
#include "api/parameters.h"
#include "api/request.h"
#include "api/target.h"

#define RESIZES_SHOWN 50 /* the last ones; the job's own "resizes" counts them all */

struct attempts {
    const struct call *call;
    const struct job_record *job;
    json_t *list;
};

static int add_attempt(void *ctx, const struct attempt_record *r)
{
    struct attempts *all = ctx;
    const struct call *c = all->call;
    return json_array_append_new(all->list, attempt_json(c->api, all->job, r, c->now_us));
}

static json_t *attempts_json(const struct call *c, const struct job_record *r, struct err *e)
{
    struct attempts all = {.call = c, .job = r, .list = json_array()};
    err_nomem(e); /* unless the store says something else */
    if (all.list && store_attempt_each(c->api->store, r->job.id, add_attempt, &all, e) == 0)
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

/* Of an array that was not named as one of its tasks: how many are in each state. null otherwise.
 */
static json_t *array_json(const struct call *c, const struct job_record *r, struct err *e)
{
    int64_t by_state[JOB_STATES] = {0};
    const char *name = json_string_value(json_object_get(c->request->head, "job"));
    if (r->job.array_id != r->job.id || (name && strchr(name, '_')))
        return json_null();
    err_nomem(e); /* unless the store says something else */
    if (store_array_states(c->api->store, r->job.id, by_state, e) < 0)
        return NULL;
    struct object o = object_new();
    object_set(&o, "count", json_integer(r->array.count));
    object_set(&o, "min", json_integer(r->array.min));
    object_set(&o, "max", json_integer(r->array.max));
    object_set(&o, "step", json_integer(r->array.step));
    object_set(&o, "states", states_json(by_state));
    return object_end(&o);
}

/* null if it stands in no queue, or no scheduler runs. */
static json_t *before_json(const struct call *c, int64_t id)
{
    int before = c->api->sched ? sched_before(c->api->sched, id) : -1;
    return before < 0 ? json_null() : json_integer(before);
}

static int fill(struct call *c, const struct job_record *r, struct err *e)
{
    struct object o = {.json = c->reply};
    object_set(&o, "job", job_json(c->api, r, c->now_us));
    object_set(&o, "before", before_json(c, r->job.id));
    if (set_list(&o, "attempts", attempts_json(c, r, e)) < 0 ||
        set_list(&o, "resizes", resizes_json(c, r, e)) < 0 ||
        set_list(&o, "dependencies", depend_json(c, r, e)) < 0)
        return -1;
    object_set(&o, "array", array_json(c, r, e));
    object_set(&o, "sweep", parameters_sweep(r));
    object_set(&o, "scheduler", json_boolean(c->api->sched != NULL));
    return o.failed ? (e->code ? -1 : err_nomem(e)) : 0;
}

static int show_task(struct call *c, int64_t task, struct err *e)
{
    struct job_record r = {0};
    int64_t array = json_integer_value(json_object_get(c->request->head, "job"));
    bool begun = false;
    int rc = field_bool(c->request, "begun", &begun, e);
    if (rc == 0)
        rc = target_next_task(c, array, task, begun, &task, e);
    if (rc == 0)
        rc = target_load_task(c, array, task, &r, e);
    if (rc == 0)
        rc = fill(c, &r, e);
    job_record_clear(&r);
    return rc;
}

static int serve(struct call *c, struct err *e)
{
    int64_t from = -1;
    if (field_int(c->request, "from_task", 0, INT64_MAX, &from, e) < 0)
        return -1;
    return from < 0 ? call_about_job(c, fill, e) : show_task(c, from, e);
}

static const char *const fields[] = {"job", "from_task", "begun", NULL};
static const char *const no_blobs[] = {NULL};

const struct request_type request_show = {
    .verb = "show",
    .fields = fields,
    .blobs = no_blobs,
    .serve = serve,
};
