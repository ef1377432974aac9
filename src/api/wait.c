// SPDX-License-Identifier: MIT
/* wait: how jobs ended, as soon as they have. A scheduler puts the request off until there is
 * something to say; where none runs, nobody would notice that: the client asks again. The id of an
 * array is all of it: also of tasks that are not there yet as jobs of their own. */
#include <inttypes.h>

#include "api/fields.h"
#include "api/job_json.h"
#include "api/json.h"
#include "api/select.h"
#include "api/target.h"

#define AGAIN_US 1000000

struct wait {
    struct call *call;
    bool any, park;
    int64_t seen; /* the revision that the client knows; 0: none */
    json_t *ended, *active;
    int64_t pending, running;
    int64_t tasks_ended; /* of arrays that have not */
};

/* Whether the core has the job, anything of the array, or the task. */
static bool is_active(const struct call *c, const json_t *item)
{
    const struct sched *s = c->api->sched;
    struct target t _cleanup_target_ = {0};
    int64_t pending, running;
    if (target_named(c, "jobs", item, &t, NULL) < 0)
        return false;
    if (t.tasks.count)
        return sched_task(s, t.id, t.tasks.first) != NULL;
    return sched_job(s, t.id) || sched_array(s, t.id, &pending, &running);
}

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
        if (is_active(w->call, json_array_get(jobs, i)) != w->any)
            return !w->any;
    return w->any;
}

/* --- one job ---------------------------------------------------------------------------------- */

/* Takes the reference: what is to be asked about further on. */
static int add_active(struct wait *w, json_t *item, enum job_state state, struct err *e)
{
    if (state == JOB_PENDING)
        w->pending++;
    else
        w->running++;
    return json_array_append_new(w->active, item) < 0 ? err_nomem(e) : 0;
}

static void set_outcome(struct object *o, const struct job_record *r)
{
    object_set(o, "state", json_string(job_state_name(r->job.state)));
    object_set(o, "exit_code", r->has_result ? json_integer(r->exit_code) : json_null());
    object_set(o, "signal", r->has_result ? json_integer(r->signal) : json_null());
}

static int add_ended(struct wait *w, const struct job_record *r, struct err *e)
{
    struct object o = object_new();
    object_set(&o, "job", json_integer(r->job.id));
    set_outcome(&o, r);
    if (r->job.array_id)
        job_json_array(&o, &r->job);
    return json_array_append_new(w->ended, object_end(&o)) < 0 ? err_nomem(e) : 0;
}

/* --- an array --------------------------------------------------------------------------------- */

/* As its first task that did not complete; or as r, its own row, if all have. */
static int add_ended_array(struct wait *w, const struct job_record *r,
                           const int64_t by_state[JOB_STATES], struct err *e)
{
    struct object o = object_new();
    struct job_record bad = {0};
    int64_t id = 0;
    int rc = store_array_first_bad(w->call->api->store, r->job.id, &id, e);
    if (rc == 0 && id)
        rc = store_job_load(w->call->api->store, id, STORE_PLAIN, &bad, e);
    object_set(&o, "job", json_integer(r->job.id));
    set_outcome(&o, id ? &bad : r);
    object_set(&o, "states", states_json(by_state));
    job_record_clear(&bad);
    json_t *entry = object_end(&o);
    if (rc < 0) {
        json_decref(entry);
        return -1;
    }
    return json_array_append_new(w->ended, entry) < 0 ? err_nomem(e) : 0;
}

/* Where the core has it, its tasks need not be looked at. */
static int add_array(struct wait *w, const struct job_record *r, struct err *e)
{
    const struct api *a = w->call->api;
    int64_t pending, running, by_state[JOB_STATES] = {0};
    if (a->sched && sched_array(a->sched, r->job.id, &pending, &running)) {
        w->tasks_ended += r->array.count - pending - running;
    } else {
        if (store_array_states(a->store, r->job.id, by_state, e) < 0)
            return -1;
        pending = by_state[JOB_PENDING];
        running = by_state[JOB_RUNNING] + by_state[JOB_SUSPENDED];
        if (pending + running == 0)
            return add_ended_array(w, r, by_state, e);
        w->tasks_ended += states_ended(by_state);
    }
    w->pending += pending;
    w->running += running;
    return json_array_append_new(w->active, json_integer(r->job.id)) < 0 ? err_nomem(e) : 0;
}

/* --- all of them ------------------------------------------------------------------------------ */

static int add_loaded(struct wait *w, const struct job_record *r, json_t *item, struct err *e)
{
    if (!job_state_ended(r->job.state))
        return add_active(w, item, r->job.state, e);
    json_decref(item);
    return add_ended(w, r, e);
}

static int add_job(struct wait *w, int64_t id, struct err *e)
{
    const struct api *a = w->call->api;
    const struct job *j = a->sched ? sched_job(a->sched, id) : NULL;
    if (j && j->array_id != id)
        return add_active(w, json_integer(id), j->state, e);
    struct job_record r = {0};
    if (store_job_load(a->store, id, STORE_PLAIN, &r, e) < 0)
        return -1;
    int rc = r.job.array_id == id ? add_array(w, &r, e) : add_loaded(w, &r, json_integer(id), e);
    job_record_clear(&r);
    return rc;
}

static int add_task(struct wait *w, const struct select_task *t, struct err *e)
{
    const struct api *a = w->call->api;
    const struct job *j = a->sched ? sched_task(a->sched, t->array, t->task) : NULL;
    json_t *item = json_sprintf("%" PRId64 "_%" PRId64, t->array, t->task);
    struct job_record r = {0};
    if (j)
        return add_active(w, item, j->state, e);
    int rc = target_load_task(w->call, t->array, t->task, &r, e);
    if (rc == 0)
        rc = add_loaded(w, &r, item, e);
    else
        json_decref(item);
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
    for (size_t i = 0; i < jobs.ntasks; i++)
        if (add_task(w, &jobs.tasks[i], e) < 0)
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
    object_set(&o, "tasks_ended", json_integer(w->tasks_ended));
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
    .arrays = true,
    .serve = serve,
};
