// SPDX-License-Identifier: MIT
#include "core/why.h"

#include "api/fields.h"
#include "api/job_json.h"
#include "api/json.h"
#include "api/request.h"

static void set_amount(struct object *o, const struct amount *a)
{
    object_set(o, "cpus", json_integer(a->cpus));
    object_set(o, "mem_mb", json_integer(a->mem_mb));
    object_set(o, "gpus", json_integer(a->gpus));
}

static json_t *missing_json(const struct why *w)
{
    struct object o = object_new();
    set_amount(&o, &w->missing);
    return object_end(&o);
}

/* An active one. */
static void set_job(struct object *o, const struct sched *s, int64_t id)
{
    object_set(o, "job", json_integer(id));
    job_json_array(o, sched_job(s, id));
}

static json_t *holder_json(const struct sched *s, const struct why_holder *h)
{
    struct object o = object_new();
    set_job(&o, s, h->id);
    set_amount(&o, &h->holds);
    object_set(&o, "end_time", json_time_us(h->end_us));
    object_set(&o, "end_is_limit", json_boolean(h->limit));
    return object_end(&o);
}

static json_t *holders_json(const struct sched *s, const struct why *w)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < w->nholders; i++)
        if (json_array_append_new(list, holder_json(s, &w->holders[i])) < 0) {
            json_decref(list);
            return NULL;
        }
    return list;
}

static json_t *ahead_json(const struct sched *s, const struct why *w)
{
    if (!w->ahead)
        return json_null();
    struct object o = object_new();
    set_job(&o, s, w->ahead);
    object_set(&o, "start_time", json_time_us(w->ahead_us));
    return object_end(&o);
}

static json_t *changes_json(const struct why *w)
{
    static const char *const keys[CHANGE_KINDS] = {
        [CHANGE_CPUS] = "cpus",       [CHANGE_MEM] = "mem_mb",        [CHANGE_GPUS] = "gpus",
        [CHANGE_TIME] = "time_limit", [CHANGE_PRIORITY] = "priority",
    };
    struct object o = object_new();
    for (int kind = 0; kind < CHANGE_KINDS; kind++) {
        const struct change *c = &w->changes[kind];
        if (!c->helps)
            object_set(&o, keys[kind], json_null());
        else if (kind == CHANGE_TIME)
            object_set(&o, keys[kind], json_seconds_us(c->to));
        else
            object_set(&o, keys[kind], json_integer(c->to));
    }
    return object_end(&o);
}

/* why: NULL where no scheduler runs: then all that is known is that. */
static int fill(const struct call *c, const struct job_record *r, const struct why *w,
                struct err *e)
{
    const struct sched *s = c->api->sched;
    struct object o = {.json = c->reply};
    object_set(&o, "job", json_integer(r->job.id));
    object_set(&o, "reason", job_reason_json(c->api, r, c->now_us));
    object_set(&o, "starts_now", w ? json_boolean(w->starts) : json_null());
    object_set(&o, "missing", w ? missing_json(w) : json_null());
    object_set(&o, "held_by", w ? holders_json(s, w) : json_null());
    object_set(&o, "held_by_more", w ? json_integer((json_int_t)w->more_holders) : json_null());
    object_set(&o, "earliest", w ? json_time_us(w->earliest_us) : json_null());
    object_set(&o, "earliest_is_firm", w ? json_boolean(w->firm) : json_null());
    object_set(&o, "ahead", w ? ahead_json(s, w) : json_null());
    object_set(&o, "changes", w ? changes_json(w) : json_null());
    object_set(&o, "scheduler", json_boolean(w != NULL));
    return o.failed ? err_nomem(e) : 0;
}

static int explain(struct call *c, const struct job_record *r, struct err *e)
{
    struct why w;
    char job[JOB_LABEL];
    if (r->job.state != JOB_PENDING)
        return err_set(e, ERR_INVALID, "job %s is %s: only a pending job waits for something",
                       job_label(&r->job, job), job_state_name(r->job.state));
    if (!c->api->sched)
        return fill(c, r, NULL, e);
    if (sched_why(c->api->sched, r->job.id, c->now_us, &w, e) < 0)
        return -1;
    return fill(c, r, &w, e);
}

static int serve(struct call *c, struct err *e)
{
    return call_about_job(c, explain, e);
}

static const char *const fields[] = {"job", NULL};
static const char *const no_blobs[] = {NULL};

const struct request_type request_why = {
    .verb = "why",
    .fields = fields,
    .blobs = no_blobs,
    .serve = serve,
};
