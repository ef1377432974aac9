// SPDX-License-Identifier: MIT
#include "api/each_job.h"

#include <stdlib.h>

#include "api/fields.h"
#include "api/job_json.h"
#include "api/target.h"
#include "util/cleanup.h"

#define JOBS_MAX 100000 /* in one request: the answer has to fit into a frame */

/* The answer in the making. */
struct each {
    struct call *call;
    const struct job_act *act;
    void *ctx;
    json_t *done, *failed;
    size_t jobs; /* so far */
};

static void ids_free(struct ids *ids)
{
    free(ids->list);
}

static int too_many(const struct job_act *a, size_t jobs, struct err *e)
{
    return err_set(e, ERR_INVALID, "%s: %zu jobs at once (at most %d)", a->verb, jobs, JOBS_MAX);
}

static int act_on(struct each *x, int64_t id, struct object *entry, struct err *e)
{
    struct job_record r = {0};
    if (store_job_load(x->call->api->store, id, STORE_PLAIN, &r, e) < 0)
        return -1;
    if (r.job.array_id)
        job_json_array(entry, &r.job);
    int result = x->act->act(x->call, x->ctx, &r, entry, e);
    job_record_clear(&r);
    return result;
}

static bool is_refusal(const struct err *e)
{
    return e->code == ERR_INVALID || e->code == ERR_NOT_FOUND || e->code == ERR_DENIED;
}

static int add_refused(struct each *x, const json_t *target, const struct err *why, struct err *e)
{
    struct object entry = object_new();
    object_set(&entry, "job", json_deep_copy(target));
    object_set(&entry, "error", json_bytes(why->text));
    return json_array_append_new(x->failed, object_end(&entry)) < 0 ? err_nomem(e) : 0;
}

static int one_job(struct each *x, int64_t id, struct err *e)
{
    struct err why = {0};
    struct object entry = object_new();
    object_set(&entry, "job", json_integer(id));
    bool refused = act_on(x, id, &entry, &why) < 0;
    if (refused && !is_refusal(&why)) {
        json_decref(object_end(&entry));
        *e = why;
        return -1;
    }
    if (refused)
        object_set(&entry, "error", json_bytes(why.text));
    if (json_array_append_new(refused ? x->failed : x->done, object_end(&entry)) < 0)
        return err_nomem(e);
    return 0;
}

/* What the list has at one place: a job, or several. */
static int one_target(struct each *x, const json_t *value, struct err *e)
{
    _cleanup_(target_free) struct target t = {0};
    _cleanup_(ids_free) struct ids ids = {0};
    struct err why = {0};
    if (target_read("jobs", value, &t, e) < 0)
        return -1;
    if (target_jobs(x->call, &t, x->act->verb, &ids, &why) < 0) {
        if (is_refusal(&why))
            return add_refused(x, value, &why, e);
        *e = why;
        return -1;
    }
    x->jobs += ids.count;
    if (x->jobs > JOBS_MAX)
        return too_many(x->act, x->jobs, e);
    for (size_t i = 0; i < ids.count; i++)
        if (one_job(x, ids.list[i], e) < 0)
            return -1;
    return 0;
}

static int all_jobs(struct each *x, const json_t *targets, struct err *e)
{
    size_t i;
    json_t *target;
    json_array_foreach (targets, i, target)
        if (one_target(x, target, e) < 0)
            return -1;
    return 0;
}

int each_job(struct call *c, const struct job_act *a, void *ctx, struct err *e)
{
    struct each x = {.call = c, .act = a, .ctx = ctx, .done = json_array(), .failed = json_array()};
    const json_t *ids;
    struct object o = {.json = c->reply};
    object_set(&o, a->done ? a->done : "done", x.done);
    object_set(&o, "failed", x.failed);
    object_set(&o, "scheduler", json_boolean(c->api->sched != NULL));
    if (o.failed)
        return err_nomem(e);
    if (field_array(c->request, "jobs", &ids, e) < 0)
        return -1;
    if (json_array_size(ids) == 0)
        return err_set(e, ERR_INVALID, "%s: which jobs? (\"jobs\" lists none)", a->verb);
    if (json_array_size(ids) > JOBS_MAX)
        return too_many(a, json_array_size(ids), e);
    return all_jobs(&x, ids, e);
}
