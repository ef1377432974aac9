// SPDX-License-Identifier: MIT
#include "core/dependency.h"

#include "store/columns.h"
#include "store/db.h"

static const char DEPENDENCY_TARGET[] =
    "SELECT status, start_time, end_time FROM jobs WHERE id = ?";

/* If the target has ended, that is what it is. 1: there is no such job. */
static int settle_one(struct store *s, struct clause *c, struct err *e)
{
    enum job_state state;
    _cleanup_stmt_ struct stmt q = {0};
    if (stmt_open(&q, s, STMT_DEPENDENCY_TARGET, DEPENDENCY_TARGET, e) < 0)
        return -1;
    stmt_put_int(&q, c->job);
    int got = stmt_step(&q, e);
    if (got <= 0)
        return got < 0 ? -1 : 1;
    if (stmt_get_state(&q, c->job, &state, e) < 0)
        return -1;
    int64_t start_us = stmt_get_time(&q), end_us = stmt_get_time(&q);
    if (job_state_ended(state))
        clause_end(c, state, start_us, end_us);
    return 0;
}

int store_dependency_settle(struct store *s, struct dependency *d, int64_t from, struct err *e)
{
    for (size_t i = 0; i < d->count; i++) {
        struct clause *c = &d->clauses[i];
        if (c->type == CLAUSE_SINGLETON || (from && c->job >= from))
            continue;
        int rc = settle_one(s, c, e);
        if (rc < 0)
            return -1;
        if (rc == 0 && c->task >= 0)
            return err_set(e, ERR_INVALID, "job %lld is no array: it has no task %lld",
                           (long long)c->job, (long long)c->task);
        if (rc)
            return err_set(e, ERR_NOT_FOUND, "there is no job %lld that could be waited for",
                           (long long)c->job);
    }
    return 0;
}

static int load_one(struct store *s, struct clause *c, struct err *e)
{
    int rc = c->type == CLAUSE_SINGLETON ? 0 : settle_one(s, c, e);
    if (rc == 1)
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
