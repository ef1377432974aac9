// SPDX-License-Identifier: MIT
#include "api/each_job.h"

#include "api/job_json.h"
#include "api/select.h"

/* The answer in the making. */
struct each {
    struct call *call;
    const struct job_act *act;
    void *ctx;
    json_t *done, *failed;
};

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

static int one_job(struct each *x, int64_t id, struct err *e)
{
    struct err why = {0};
    struct object entry = object_new();
    object_set(&entry, "job", json_integer(id));
    bool refused = act_on(x, id, &entry, &why) < 0;
    if (refused && !select_is_refusal(&why)) {
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

int each_job(struct call *c, const struct job_act *a, void *ctx, struct err *e)
{
    struct each x = {.call = c, .act = a, .ctx = ctx, .done = json_array(), .failed = json_array()};
    _cleanup_selection_ struct selection jobs = {.refused = x.failed};
    struct object o = {.json = c->reply};
    object_set(&o, a->done ? a->done : "done", x.done);
    object_set(&o, "failed", x.failed);
    object_set(&o, "scheduler", json_boolean(c->api->sched != NULL));
    if (o.failed)
        return err_nomem(e);
    if (select_jobs(c, &jobs, e) < 0)
        return -1;
    for (size_t i = 0; i < jobs.count; i++)
        if (one_job(&x, jobs.ids[i], e) < 0)
            return -1;
    return 0;
}
