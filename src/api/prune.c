// SPDX-License-Identifier: MIT
/* prune: old jobs are forgotten, a few in each request, so that a scheduler has time for others in
 * between; then the events of jobs that are not there any more. */
#include <stdlib.h>

#include "api/access.h"
#include "api/fields.h"
#include "api/prune_files.h"
#include "api/request.h"
#include "util/times.h"

#define JOBS_AT_ONCE   200
#define EVENTS_AT_ONCE 2000

struct prune {
    struct call *call;
    struct store_past past;
    bool dry, logs;
    int64_t events_after; /* -1: it is jobs that are removed */
    struct prune_files files;
    struct object *reply;
};

/* Those that one request removes; a listing must not change what it lists. */
struct found {
    struct prune *prune;
    int64_t ids[JOBS_AT_ONCE];
    size_t count;
    int64_t last_us;
    struct err *err;
};

/* The files first: if the rest fails, the job is there to be removed again. */
static int take(void *ctx, const struct job_record *r)
{
    struct found *x = ctx;
    x->ids[x->count++] = r->job.id;
    x->last_us = r->end_us;
    return x->prune->logs ? prune_files(&x->prune->files, r, x->err) : 0;
}

static int count_jobs(struct prune *p, struct err *e)
{
    int64_t n = 0;
    if (store_past_count(p->call->api->store, &p->past, &n, e) < 0)
        return -1;
    object_set(p->reply, "jobs", json_integer(n));
    return 0;
}

static int remove_jobs(struct prune *p, struct err *e)
{
    struct store *s = p->call->api->store;
    struct found x = {.prune = p, .err = e};
    int64_t environments = 0;
    if (store_past_each(s, &p->past, take, &x, e) < 0)
        return -1;
    for (size_t i = 0; i < x.count; i++)
        if (store_job_remove(s, x.ids[i], &environments, e) < 0)
            return -1;
    object_set(p->reply, "jobs", json_integer((json_int_t)x.count));
    object_set(p->reply, "files", json_integer(p->files.files));
    object_set(p->reply, "bytes", json_integer(p->files.bytes));
    object_set(p->reply, "environments", json_integer(environments));
    object_set(p->reply, "after", x.count == JOBS_AT_ONCE ? json_time_us(x.last_us) : json_null());
    return 0;
}

static int sweep_events(struct prune *p, struct err *e)
{
    int64_t after = p->events_after, removed = 0;
    if (store_event_sweep(p->call->api->store, p->past.before_us, EVENTS_AT_ONCE, &after, &removed,
                          e) < 0)
        return -1;
    object_set(p->reply, "events", json_integer(removed));
    object_set(p->reply, "events_after", after ? json_integer(after) : json_null());
    return 0;
}

static bool has_active(unsigned states)
{
    for (int s = 0; s < JOB_STATES; s++)
        if (!job_state_ended((enum job_state)s) && states & 1u << s)
            return true;
    return false;
}

static int read_request(struct prune *p, struct err *e)
{
    const struct frame *f = p->call->request;
    if (field_states(f, "states", &p->past.states, e) < 0 ||
        field_time_us(f, "before", &p->past.before_us, e) < 0 ||
        field_time_us(f, "after", &p->past.after_us, e) < 0 ||
        field_bool(f, "dry", &p->dry, e) < 0 || field_bool(f, "logs", &p->logs, e) < 0 ||
        field_int(f, "events_after", 0, INT64_MAX, &p->events_after, e) < 0)
        return -1;
    if (has_active(p->past.states))
        return err_set(e, ERR_INVALID, "states: only jobs that have ended can be removed");
    if (p->past.before_us == 0)
        return err_set(e, ERR_INVALID, "prune: which jobs? (\"before\" is missing)");
    if (p->past.before_us > p->call->now_us)
        return err_set(e, ERR_INVALID, "before: that time is yet to come");
    return 0;
}

static int serve(struct call *c, struct err *e)
{
    struct object o = {.json = c->reply};
    struct prune p = {.call = c,
                      .past = {.limit = JOBS_AT_ONCE},
                      .logs = true,
                      .events_after = -1,
                      .files = {.logs = c->api->paths->logs, .kept = json_array()},
                      .reply = &o};
    object_set(&o, "kept", p.files.kept);
    if (o.failed)
        return err_nomem(e);
    if (access_check_all(c->who, "remove history", e) < 0 || read_request(&p, e) < 0)
        return -1;
    int r = p.dry                 ? count_jobs(&p, e)
            : p.events_after >= 0 ? sweep_events(&p, e)
                                  : remove_jobs(&p, e);
    return r == 0 && o.failed ? err_nomem(e) : r;
}

static const char *const fields[] = {"before", "after",        "states", "dry",
                                     "logs",   "events_after", NULL};
static const char *const no_blobs[] = {NULL};

const struct request_type request_prune = {
    .verb = "prune",
    .changes = true,
    .fields = fields,
    .blobs = no_blobs,
    .serve = serve,
};
