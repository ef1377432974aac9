// SPDX-License-Identifier: MIT
#include "api/cycle.h"

#include <stdlib.h>

#include "api/target.h"
#include "core/dependency.h"
#include "util/buf.h"
#include "util/cleanup.h"
#include "util/idhash.h"

#define WAY_SHOWN 8

/* A job that is waited for, by the one before. */
struct step {
    int64_t id;
    char label[JOB_LABEL];
    const struct step *by; /* NULL: by the job that is changed */
    struct step *next;     /* to be looked at */
    UT_hash_handle hh;
};

struct walk {
    struct call *call;
    const struct job *job;
    struct step *seen; /* by id (hash) */
    struct step *last; /* of the list */
};

/* Who waits for it last is the last that is named; of a long way only the end is. */
static void add_way(struct buf *out, const struct step *last)
{
    const struct step *way[WAY_SHOWN];
    size_t steps = 0;
    for (; last && steps < WAY_SHOWN; last = last->by)
        way[steps++] = last;
    buf_puts(out, last ? " -> ..." : "");
    while (steps)
        buf_printf(out, " -> %s", way[--steps]->label);
}

static int refuse(const struct walk *w, const struct step *by, struct err *e)
{
    _cleanup_buf_ struct buf way = {0};
    char job[JOB_LABEL];
    job_label(w->job, job);
    if (!by)
        return err_set(e, ERR_INVALID, "dependency: job %s can't wait for itself", job);
    add_way(&way, by);
    if (way.failed)
        return err_nomem(e);
    return err_set(e, ERR_INVALID, "dependency: a cycle: %s%s -> %s", job, way.data, job);
}

static int add(struct walk *w, int64_t id, const struct step *by, struct err *e)
{
    struct step *s;
    HASH_FIND(hh, w->seen, &id, sizeof id, s);
    if (s)
        return 0;
    s = calloc(1, sizeof *s);
    if (!s)
        return err_nomem(e);
    s->id = id;
    s->by = by;
    HASH_ADD(hh, w->seen, id, sizeof s->id, s);
    struct step *added;
    HASH_FIND(hh, w->seen, &id, sizeof id, added);
    if (!added) {
        free(s); /* uthash could not grow */
        return err_nomem(e);
    }
    if (w->last)
        w->last->next = s;
    w->last = s;
    return 0;
}

/* All that the clause means: of an array its active jobs. */
static int add_targets(struct walk *w, const struct clause *clause, const struct step *by,
                       struct err *e)
{
    static const struct target_act act = {.verb = "update"};
    _cleanup_target_ struct target t = {.id = clause->job};
    _cleanup_ids_ struct ids ids = {0};
    struct err why = {0};
    if (clause->task >= 0 && taskset_of(clause->task, &t.tasks) < 0)
        return err_nomem(e);
    if (target_jobs(w->call, &t, &act, &ids, &why) < 0 && why.code != ERR_NOT_FOUND) {
        *e = why;
        return -1;
    }
    for (size_t i = 0; i < ids.count; i++) {
        if (ids.list[i] == w->job->id)
            return refuse(w, by, e);
        if (add(w, ids.list[i], by, e) < 0)
            return -1;
    }
    return 0;
}

static int add_all(struct walk *w, const struct dependency *d, const struct step *by, struct err *e)
{
    for (size_t i = 0; i < d->count; i++)
        if (d->clauses[i].job && add_targets(w, &d->clauses[i], by, e) < 0)
            return -1;
    return 0;
}

/* What that one waits for, if it does. */
static int look(struct walk *w, struct step *s, struct err *e)
{
    _cleanup_job_record_ struct job_record r = {0};
    _cleanup_(dependency_free) struct dependency d = {0};
    if (store_job_load(w->call->api->store, s->id, STORE_PLAIN, &r, e) < 0)
        return -1;
    job_label(&r.job, s->label);
    if (r.job.state != JOB_PENDING || !r.dependency)
        return 0;
    return dependency_parse(r.dependency, NULL, &d, e) < 0 ? -1 : add_all(w, &d, s, e);
}

static void forget(struct walk *w)
{
    struct step *s, *next;
    HASH_ITER (hh, w->seen, s, next) {
        if (w->seen) /* it is one of them */
            HASH_DEL(w->seen, s);
        free(s);
    }
}

int cycle_check(struct call *c, const struct job *job, const struct dependency *d, struct err *e)
{
    struct walk w = {.call = c, .job = job};
    int rc = add_all(&w, d, NULL, e);
    for (struct step *s = w.seen; rc == 0 && s; s = s->next)
        rc = look(&w, s, e);
    forget(&w);
    return rc;
}
