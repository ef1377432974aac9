// SPDX-License-Identifier: MIT
/* submit_file.c - many jobs in one request: all or nothing.
 *
 * Each job is a frame as that of "submit", one behind the other in the blob "jobs". What nearly all
 * have in common comes once: "env" and "cwd" are of all jobs whose frame does not have its own, and
 * the variables in a job's "assign" are added to the environment, or replace its. */
#include <stdlib.h>
#include <string.h>

#include "api/correspond.h"
#include "api/depend.h"
#include "api/fields.h"
#include "api/json.h"
#include "api/submission.h"
#include "api/submit_graph.h"
#include "api/target.h"
#include "util/buf.h"
#include "util/cleanup.h"
#include "util/text.h"

struct batch {
    struct call *call;
    const struct frame *whole; /* the request */
    struct submit_graph graph;
    const char *at, *end; /* what is left of "jobs" */
    struct ids arrays;    /* that wait for others, task by task */
};

/* --- one job's frame -------------------------------------------------------------------------- */

static int next_frame(struct batch *b, struct frame *f, struct err *e)
{
    size_t len = 0;
    int known = frame_size(b->at, (size_t)(b->end - b->at), &len, e);
    if (known < 0)
        return -1;
    if (known == 0 || len > (size_t)(b->end - b->at))
        return err_set(e, ERR_INVALID, "the job is cut short");
    const char *at = b->at;
    b->at += len;
    return frame_decode(at, len, f, e);
}

static int share(struct frame *f, const char *name, const struct frame *whole, struct err *e)
{
    const struct frame_blob *b = frame_blob(whole, name);
    if (!b || frame_blob(f, name))
        return 0;
    return frame_add_blob(f, name, b->data, b->len) < 0 ? err_nomem(e) : 0;
}

static bool replaces(const struct strz *assign, const char *var)
{
    size_t name = strcspn(var, "=") + 1;
    strz_each (other, assign)
        if (strncmp(other, var, name) == 0)
            return true;
    return false;
}

/* Takes "assign" out of the frame, into its "env". */
static int assign(struct frame *f, struct err *e)
{
    struct strz own = {0};
    _cleanup_buf_ struct buf env = {0};
    if (field_strz(f, "assign", &own, e) < 0)
        return -1;
    _cleanup_free_ char *data = own.data;
    if (!data)
        return 0;
    const struct frame_blob *base = frame_blob(f, "env");
    struct strz all = {base ? base->data : NULL, base ? base->len : 0};
    if (!strz_valid(all.data, all.len))
        return err_set(e, ERR_INVALID, "env does not end with a NUL byte");
    strz_each (var, &all)
        if (!replaces(&own, var))
            buf_add(&env, var, strlen(var) + 1);
    buf_add(&env, own.data, own.len);
    frame_drop_blob(f, "env");
    frame_drop_blob(f, "assign");
    return env.failed || frame_add_blob(f, "env", env.data, env.len) < 0 ? err_nomem(e) : 0;
}

static int complete(const struct batch *b, size_t i, struct frame *f, struct err *e)
{
    const char *name = b->graph.names[i];
    if (share(f, "env", b->whole, e) < 0 || share(f, "cwd", b->whole, e) < 0 || assign(f, e) < 0)
        return -1;
    if (*name && frame_add_blob(f, "name", name, strlen(name)) < 0)
        return err_nomem(e);
    if (json_object_get(f->head, "dependency"))
        return err_set(e, ERR_INVALID, "dependency: its place is in \"dependencies\"");
    return request_check(&request_submit, f, e);
}

/* --- all of them ------------------------------------------------------------------------------ */

static int submit_frame(struct batch *b, size_t i, const struct frame *f, struct err *e)
{
    struct job_record r = {0};
    struct call *c = b->call;
    c->request = f;
    int rc = submission_read(c, &r, e);
    r.job.depends = b->graph.jobs[i];
    b->graph.jobs[i] = (struct dependency){0};
    if (rc == 0)
        rc = depend_check(c, b->graph.first, &r, e);
    if (rc == 0)
        rc = submission_store(c, &r, e);
    if (rc == 0 && r.job.id != b->graph.first + (int64_t)i)
        rc = err_set(e, ERR_CORRUPT, "the store's ids do not ascend one by one");
    if (rc == 0 && correspond_waits(&r.job))
        rc = ids_add(&b->arrays, r.job.id, e);
    job_record_clear(&r);
    c->request = b->whole;
    return rc;
}

static int submit_next(struct batch *b, size_t i, struct err *e)
{
    _cleanup_frame_ struct frame f = {0};
    if (next_frame(b, &f, e) < 0 || complete(b, i, &f, e) < 0 || submit_frame(b, i, &f, e) < 0)
        return err_wrap(e, "line %zu", i + 1);
    return 0;
}

static int submit_all(struct batch *b, struct err *e)
{
    for (size_t i = 0; i < b->graph.count; i++)
        if (submit_next(b, i, e) < 0)
            return -1;
    if (b->at != b->end)
        return err_set(e, ERR_INVALID, "more jobs than names");
    for (size_t i = 0; i < b->arrays.count; i++)
        if (correspond_submit(b->call, b->arrays.list[i], e) < 0)
            return -1;
    struct object o = {.json = b->call->reply};
    object_set(&o, "first", json_integer(b->graph.first));
    object_set(&o, "last", json_integer(b->graph.first + (json_int_t)b->graph.count - 1));
    object_set(&o, "scheduler", json_boolean(b->call->api->sched != NULL));
    return o.failed ? err_nomem(e) : 0;
}

static int read_graph(struct batch *b, struct err *e)
{
    struct strz names = {0}, texts = {0};
    int64_t first = 0;
    const struct frame_blob *jobs = frame_blob(b->whole, "jobs");
    const struct frame_blob *n = frame_blob(b->whole, "names");
    const struct frame_blob *d = frame_blob(b->whole, "dependencies");
    if (!jobs || !n || !d)
        return err_set(e, ERR_INVALID, "submit_file: jobs, names or dependencies are missing");
    names = (struct strz){n->data, n->len};
    texts = (struct strz){d->data, d->len};
    if (!strz_valid(n->data, n->len) || !strz_valid(d->data, d->len))
        return err_set(e, ERR_INVALID, "names or dependencies do not end with a NUL byte");
    b->at = jobs->data;
    b->end = jobs->data + jobs->len;
    if (store_next_id(b->call->api->store, &first, e) < 0)
        return -1;
    return submit_graph_read(&b->graph, &names, &texts, first, e);
}

static int serve(struct call *c, struct err *e)
{
    struct batch b = {.call = c, .whole = c->request};
    int rc = read_graph(&b, e);
    if (rc == 0)
        rc = submit_all(&b, e);
    submit_graph_free(&b.graph);
    ids_free(&b.arrays);
    return rc;
}

static const char *const fields[] = {NULL};
static const char *const blobs[] = {"jobs", "names", "dependencies", "env", "cwd", NULL};

const struct request_type request_submit_file = {
    .verb = "submit_file",
    .changes = true,
    .fields = fields,
    .blobs = blobs,
    .serve = serve,
};
