// SPDX-License-Identifier: MIT
/* wait: how jobs ended, as soon as they have. A scheduler puts the request off until there is
 * something to say; where none runs, nobody would notice that: the client asks again. */
#include "api/fields.h"
#include "api/json.h"
#include "api/select.h"

#define AGAIN_US 1000000

struct wait {
    struct call *call;
    bool any, park;
    int64_t seen; /* the revision that the client knows; 0: none */
    json_t *ended, *active;
    int64_t pending, running;
};

/* Whether there is nothing to say yet. The job that was submitted last mostly ends last: it is
 * looked at first. */
static bool is_early(const struct wait *w, const json_t *jobs)
{
    const struct api *a = w->call->api;
    if (!w->park || !a->parks || (w->seen && w->seen != a->revision))
        return false;
    if (json_array_size(jobs) == 0)
        return w->seen != 0;
    for (size_t i = json_array_size(jobs); i-- > 0;)
        if ((sched_job(a->sched, json_integer_value(json_array_get(jobs, i))) != NULL) != w->any)
            return !w->any;
    return w->any;
}

static int add_active(struct wait *w, int64_t id, enum job_state state, struct err *e)
{
    if (state == JOB_PENDING)
        w->pending++;
    else
        w->running++;
    return json_array_append_new(w->active, json_integer(id)) < 0 ? err_nomem(e) : 0;
}

static int add_ended(struct wait *w, const struct job_record *r, struct err *e)
{
    struct object o = object_new();
    object_set(&o, "job", json_integer(r->job.id));
    object_set(&o, "state", json_string(job_state_name(r->job.state)));
    object_set(&o, "exit_code", r->has_result ? json_integer(r->exit_code) : json_null());
    object_set(&o, "signal", r->has_result ? json_integer(r->signal) : json_null());
    return json_array_append_new(w->ended, object_end(&o)) < 0 ? err_nomem(e) : 0;
}

static int add_job(struct wait *w, int64_t id, struct err *e)
{
    const struct api *a = w->call->api;
    const struct job *j = a->sched ? sched_job(a->sched, id) : NULL;
    if (j)
        return add_active(w, id, j->state, e);
    struct job_record r = {0};
    if (store_job_load(a->store, id, STORE_PLAIN, &r, e) < 0)
        return -1;
    int rc = job_state_ended(r.job.state) ? add_ended(w, &r, e) : add_active(w, id, r.job.state, e);
    job_record_clear(&r);
    return rc;
}

/* Who asks only for changes names none. */
static int add_jobs(struct wait *w, struct err *e)
{
    _cleanup_selection_ struct selection jobs = {0};
    bool named = json_array_size(json_object_get(w->call->request->head, "jobs")) > 0;
    if ((named || !w->seen) && select_jobs(w->call, &jobs, e) < 0)
        return -1;
    for (size_t i = 0; i < jobs.count; i++)
        if (add_job(w, jobs.ids[i], e) < 0)
            return -1;
    return 0;
}

static int fill(struct wait *w, struct err *e)
{
    const struct api *a = w->call->api;
    struct object o = {.json = w->call->reply};
    w->ended = json_array();
    w->active = json_array();
    object_set(&o, "ended", w->ended);
    object_set(&o, "active", w->active);
    if (o.failed)
        return err_nomem(e);
    if (add_jobs(w, e) < 0)
        return -1;
    object_set(&o, "pending", json_integer(w->pending));
    object_set(&o, "running", json_integer(w->running));
    object_set(&o, "revision", a->revision ? json_integer(a->revision) : json_null());
    object_set(&o, "again_after", a->parks ? json_null() : json_seconds_us(AGAIN_US));
    object_set(&o, "scheduler", json_boolean(a->sched != NULL));
    return o.failed ? err_nomem(e) : 0;
}

static int serve(struct call *c, struct err *e)
{
    struct wait w = {.call = c};
    const json_t *jobs;
    if (field_bool(c->request, "any", &w.any, e) < 0 ||
        field_bool(c->request, "park", &w.park, e) < 0 ||
        field_int(c->request, "revision", 1, INT64_MAX, &w.seen, e) < 0 ||
        field_array(c->request, "jobs", &jobs, e) < 0)
        return -1;
    return is_early(&w, jobs) ? CALL_LATER : fill(&w, e);
}

static const char *const fields[] = {SELECT_FIELDS, "any", "park", "revision", NULL};
static const char *const blobs[] = {SELECT_BLOBS, NULL};

const struct request_type request_wait = {
    .verb = "wait",
    .fields = fields,
    .blobs = blobs,
    .serve = serve,
};
