// SPDX-License-Identifier: MIT
/* graph.c - who waits for whom: the active jobs, page by page, each with the clauses of its
 * dependency. */
#include <string.h>

#include "api/depend.h"
#include "api/fields.h"
#include "api/json.h"

/* A page ends after so many jobs, or clauses: its head must not get too large for a frame. */
#define PAGE_JOBS    1000
#define PAGE_CLAUSES 20000

struct page {
    const struct call *call;
    struct err *err;
    json_t *jobs;
    size_t clauses;
    int64_t last_id;
    bool more;
};

enum { PAGE_FULL = 1 };

static json_t *node_json(const struct job_record *r, json_t *clauses)
{
    struct object o = object_new();
    object_set(&o, "id", json_integer(r->job.id));
    object_set(&o, "name", json_bytes(r->name));
    object_set(&o, "state", json_string(job_state_name(r->job.state)));
    object_set(&o, "dependency", json_bytes(r->dependency));
    object_set(&o, "dependencies", clauses);
    return object_end(&o);
}

static int add_job(void *ctx, const struct job_record *r)
{
    struct page *p = ctx;
    p->more = json_array_size(p->jobs) == PAGE_JOBS || p->clauses > PAGE_CLAUSES;
    if (p->more)
        return PAGE_FULL;
    json_t *clauses = depend_json(p->call, r, p->err);
    if (!clauses)
        return -1;
    p->clauses += json_array_size(clauses);
    p->last_id = r->job.id;
    return json_array_append_new(p->jobs, node_json(r, clauses)) < 0 ? err_nomem(p->err) : 0;
}

static int serve(struct call *c, struct err *e)
{
    struct page page = {.call = c, .err = e, .jobs = json_array()};
    struct store_filter active = {.states = JOB_STATES_ACTIVE};
    struct object o = {.json = c->reply};
    object_set(&o, "jobs", page.jobs);
    active.limit = PAGE_JOBS + 1;
    if (o.failed)
        return err_nomem(e);
    if (field_int(c->request, "after_id", 0, INT64_MAX, &active.after_id, e) < 0 ||
        store_job_each(c->api->store, &active, add_job, &page, e) < 0)
        return -1;
    object_set(&o, "next", page.more ? json_integer(page.last_id) : json_null());
    return o.failed ? err_nomem(e) : 0;
}

static const char *const fields[] = {"after_id", NULL};
static const char *const no_blobs[] = {NULL};

const struct request_type request_graph = {
    .verb = "graph",
    .fields = fields,
    .blobs = no_blobs,
    .serve = serve,
};
