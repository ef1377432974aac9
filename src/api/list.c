// SPDX-License-Identifier: MIT
#include <string.h>

#include "api/drain_json.h"
#include "api/fields.h"
#include "api/job_json.h"
#include "api/json.h"
#include "api/request.h"
#include "util/times.h"

/* A page ends after so many jobs, or when their commands come to so many bytes: a page must fit
 * into a frame. */
#define PAGE_JOBS  1000
#define PAGE_BYTES ((size_t)16 << 20)

struct page {
    const struct call *call;
    json_t *jobs;
    size_t bytes;
    int64_t limit, last_id;
    bool more;
};

enum { PAGE_FULL = 1 };

static int add_job(void *ctx, const struct job_record *r)
{
    struct page *p = ctx;
    size_t have = json_array_size(p->jobs);
    json_t *job = NULL;
    p->more = (int64_t)have == p->limit;
    if (!p->more) {
        job = job_json(p->call->api, r, p->call->now_us);
        p->bytes += json_string_length(json_object_get(job, "command"));
        p->more = have > 0 && p->bytes > PAGE_BYTES;
    }
    if (p->more) {
        json_decref(job);
        return PAGE_FULL;
    }
    p->last_id = r->job.id;
    return json_array_append_new(p->jobs, job);
}

static int read_filter(const struct frame *f, struct store_filter *filter, bool *active,
                       int64_t *limit, struct err *e)
{
    if (field_states(f, "states", &filter->states, e) < 0 ||
        field_time_us(f, "ended_after", &filter->ended_after_us, e) < 0 ||
        field_int(f, "after_id", 0, INT64_MAX, &filter->after_id, e) < 0 ||
        field_int(f, "array", 1, INT64_MAX, &filter->array, e) < 0 ||
        field_bool(f, "last", &filter->last, e) < 0 || field_bool(f, "active", active, e) < 0 ||
        field_int(f, "limit", 1, INT64_MAX, limit, e) < 0)
        return -1;
    if (filter->array && (filter->last || filter->ended_after_us))
        return err_set(e, ERR_INVALID, "array: not together with last or ended_after");
    if (*limit > PAGE_JOBS)
        *limit = PAGE_JOBS;
    /* One more tells whether there is a next page. */
    filter->limit = (int)*limit + !filter->last;
    return 0;
}

/* Leaves the active states of those that are wanted; false if there are none. */
static bool leave_active(unsigned *states)
{
    *states = *states ? *states & JOB_STATES_ACTIVE : JOB_STATES_ACTIVE;
    return *states != 0;
}

static bool wants_ended(unsigned states)
{
    return !states || states & JOB_STATES_ENDED;
}

static int serve(struct call *c, struct err *e)
{
    struct store_filter filter = {0};
    struct page page = {.call = c, .limit = PAGE_JOBS};
    int64_t older = 0;
    bool active = false;
    if (read_filter(c->request, &filter, &active, &page.limit, e) < 0)
        return -1;
    bool none = active && !leave_active(&filter.states);
    if (filter.ended_after_us && wants_ended(filter.states) &&
        store_count_older(c->api->store, filter.ended_after_us, &older, e) < 0)
        return -1;

    struct object o = {.json = c->reply};
    page.jobs = json_array();
    object_set(&o, "jobs", page.jobs);
    if (o.failed)
        return err_nomem(e);
    if (drain_add(c->api, &o, e) < 0)
        return -1;
    err_nomem(e); /* unless the store says something else */
    if (!none && store_job_each(c->api->store, &filter, add_job, &page, e) < 0)
        return -1;
    object_set(&o, "next", page.more ? json_integer(page.last_id) : json_null());
    object_set(&o, "older", json_integer(older));
    object_set(&o, "scheduler", json_boolean(c->api->sched != NULL));
    return o.failed ? err_nomem(e) : 0;
}

static const char *const fields[] = {"states", "ended_after", "after_id", "limit",
                                     "last",   "active",      "array",    NULL};
static const char *const no_blobs[] = {NULL};

const struct request_type request_list = {
    .verb = "list",
    .fields = fields,
    .blobs = no_blobs,
    .serve = serve,
};
