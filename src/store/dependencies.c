// SPDX-License-Identifier: MIT
#include "core/dependency.h"

#include <stdlib.h>

#include "store/columns.h"
#include "store/db.h"
#include "store/jobs.h"
#include "util/cleanup.h"

static const char DEPENDENCY_TARGET[] =
    "SELECT status, start_time, end_time, array_job_id FROM jobs WHERE id = ?";

static const char DEPENDENCIES[] = "SELECT id, dependency FROM jobs INDEXED BY jobs_active"
                                   " WHERE " STATUS_ACTIVE " AND dependency IS NOT NULL";

static const char JOB_DEPENDS[] = "UPDATE jobs SET dependency = ?2, kill_on_invalid_dep = ?3"
                                  " WHERE id = ?1 AND status = 'PENDING'";

/* Why there is nothing to wait for. */
enum missing { MISSING_NOTHING, MISSING_JOB, MISSING_ARRAY, MISSING_TASK };

/* A target's row. */
struct row {
    enum job_state state;
    int64_t start_us, end_us, array;
};

/* 0, MISSING_JOB, or -1 with *e. */
static int load_row(struct store *s, int64_t id, struct row *r, struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (stmt_open(&q, s, STMT_DEPENDENCY_TARGET, DEPENDENCY_TARGET, e) < 0)
        return -1;
    stmt_put_int(&q, id);
    int got = stmt_step(&q, e);
    if (got <= 0)
        return got < 0 ? -1 : MISSING_JOB;
    if (stmt_get_state(&q, id, &r->state, e) < 0)
        return -1;
    r->start_us = stmt_get_time(&q);
    r->end_us = stmt_get_time(&q);
    r->array = stmt_get_int(&q);
    return 0;
}

static void settle_by(const struct row *r, struct clause *c)
{
    if (job_state_ended(r->state))
        clause_end(c, r->state, r->start_us, r->end_us);
}

/* Of a whole array: when all its tasks have ended. */
static int settle_array(struct store *s, struct row *r, struct clause *c, struct err *e)
{
    int64_t by_state[JOB_STATES] = {0};
    bool active = false;
    if (store_array_states(s, c->job, by_state, e) < 0)
        return -1;
    for (int state = 0; state < JOB_STATES; state++) {
        bool ended = job_state_ended((enum job_state)state);
        active |= !ended && by_state[state];
        if (ended && state != JOB_COMPLETED && by_state[state] && !c->outcome)
            c->outcome = (enum job_state)state;
    }
    r->state = c->outcome ? c->outcome : JOB_COMPLETED;
    if (!active)
        settle_by(r, c);
    return 0;
}

/* One that has not left its array: 0, MISSING_TASK, or -1. */
static int settle_in_heads(struct store *s, const struct ids *heads, struct clause *c,
                           struct err *e)
{
    for (size_t i = 0; i < heads->count; i++) {
        _cleanup_job_record_ struct job_record r = {0};
        if (store_job_load(s, heads->list[i], STORE_PLAIN, &r, e) < 0)
            return -1;
        struct row row = {.state = r.job.state, .end_us = r.end_us};
        if (!taskset_has(&r.job.tasks, c->task))
            continue;
        settle_by(&row, c);
        return 0;
    }
    return MISSING_TASK;
}

static int settle_task(struct store *s, struct clause *c, struct err *e)
{
    _cleanup_ids_ struct ids own = {0}, heads = {0};
    struct row r;
    if (store_array_tasks(s, c->job, c->task, c->task, &own, e) < 0 ||
        store_array_heads(s, c->job, &heads, e) < 0)
        return -1;
    if (!own.count)
        return settle_in_heads(s, &heads, c, e);
    int rc = load_row(s, own.list[0], &r, e);
    if (rc == 0)
        settle_by(&r, c);
    return rc;
}

/* If the target has ended, that is what it is. 0, enum missing, or -1. */
static int settle_one(struct store *s, struct clause *c, struct err *e)
{
    struct row r;
    int rc = load_row(s, c->job, &r, e);
    if (rc)
        return rc;
    if (c->task >= 0)
        return r.array == c->job ? settle_task(s, c, e) : MISSING_ARRAY;
    if (r.array == c->job)
        return settle_array(s, &r, c, e);
    settle_by(&r, c);
    return 0;
}

static int refuse(const struct clause *c, int missing, struct err *e)
{
    if (missing == MISSING_ARRAY)
        return err_set(e, ERR_INVALID, "job %lld is no array: it has no task %lld",
                       (long long)c->job, (long long)c->task);
    if (missing == MISSING_TASK)
        return err_set(e, ERR_NOT_FOUND, "array %lld has no task %lld", (long long)c->job,
                       (long long)c->task);
    return err_set(e, ERR_NOT_FOUND, "there is no job %lld that could be waited for",
                   (long long)c->job);
}

int store_dependency_settle(struct store *s, struct dependency *d, int64_t from, struct err *e)
{
    for (size_t i = 0; i < d->count; i++) {
        struct clause *c = &d->clauses[i];
        if (c->type == CLAUSE_SINGLETON || (from && c->job >= from))
            continue;
        int rc = settle_one(s, c, e);
        if (rc)
            return rc < 0 ? -1 : refuse(c, rc, e);
    }
    return 0;
}

static int load_one(struct store *s, struct clause *c, struct err *e)
{
    int rc = c->type == CLAUSE_SINGLETON ? 0 : settle_one(s, c, e);
    if (rc > 0)
        c->state = CLAUSE_NEVER;
    return rc < 0 ? -1 : 0;
}

static int damaged(struct store *s, const struct job_record *r, struct err *e)
{
    return err_set(e, ERR_CORRUPT, "%s is damaged: job %lld has the dependency \"%s\"", s->path,
                   (long long)r->job.id, r->dependency);
}

int store_dependency_load(struct store *s, const struct job_record *r, struct dependency *d,
                          struct err *e)
{
    struct err why = {0};
    *d = (struct dependency){.kept = r->job.depends.kept};
    if (!r->dependency)
        return 0;
    if (dependency_parse(r->dependency, NULL, d, &why) < 0)
        return why.code == ERR_INVALID ? damaged(s, r, e) : err_nomem(e);
    for (size_t i = 0; i < d->count; i++)
        if (load_one(s, &d->clauses[i], e) < 0) {
            dependency_free(d);
            return -1;
        }
    return 0;
}

int store_job_depends(struct store *s, int64_t job, const struct dependency *d, struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    _cleanup_free_ char *text = dependency_format(d);
    if (!text)
        return err_nomem(e);
    if (db_in_transaction(s, e) < 0 || stmt_open(&q, s, STMT_JOB_DEPENDS, JOB_DEPENDS, e) < 0)
        return -1;
    stmt_put_int(&q, job);
    stmt_put_text(&q, d->count ? text : NULL);
    stmt_put_int(&q, !d->kept);
    int none = stmt_run_once(&q, e);
    return none > 0 ? job_refuse(s, job, "it waits for nothing any more", e) : none;
}

/* --- who depends ------------------------------------------------------------------------------ */

int dependencies_each(struct store *s, dependency_each *each, void *ctx, struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    int got;
    if (stmt_open(&q, s, STMT_DEPENDENCIES, DEPENDENCIES, e) < 0)
        return -1;
    while ((got = stmt_step(&q, e)) == 1) {
        _cleanup_(dependency_free) struct dependency d = {0};
        int64_t id = stmt_get_int(&q);
        if (dependency_parse(stmt_peek_text(&q), NULL, &d, e) < 0 || each(ctx, id, &d, e) < 0)
            return -1;
    }
    return got;
}

struct search {
    const struct ids *targets;
    struct ids *found;
};

static int add_dependent(void *ctx, int64_t id, const struct dependency *d, struct err *e)
{
    const struct search *x = ctx;
    for (size_t i = 0; i < d->count; i++)
        if (ids_has(x->targets, d->clauses[i].job))
            return ids_add(x->found, id, e);
    return 0;
}

int store_dependents(struct store *s, const struct ids *sorted, struct ids *dependents,
                     struct err *e)
{
    struct search x = {.targets = sorted, .found = dependents};
    return dependencies_each(s, add_dependent, &x, e);
}
