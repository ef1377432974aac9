// SPDX-License-Identifier: MIT
#include "api/correspond.h"

#include <inttypes.h>

#include "api/target.h"
#include "core/dependency.h"
#include "util/cleanup.h"

/* An array on its way to being divided. */
struct division {
    struct call *call;
    struct job_record *head;
    struct taskset rest; /* what has not left it */
    int64_t first;       /* the first that is to; the head's row is its own if nobody stays there */
    struct dependency of; /* that of the first */
};

static bool is_open(const struct clause *c)
{
    return c->type == CLAUSE_CORR && c->task < 0;
}

bool correspond_waits(const struct job *j)
{
    for (size_t i = 0; j->tasks.count && i < j->depends.count; i++)
        if (is_open(&j->depends.clauses[i]))
            return true;
    return false;
}

/* --- what a task waits for -------------------------------------------------------------------- */

static int has_task(struct call *c, int64_t array, int64_t task, bool *has, struct err *e)
{
    struct job_record r = {0};
    struct err why = {0};
    *has = target_load_task(c, array, task, &r, &why) == 0;
    job_record_clear(&r);
    if (*has || why.code == ERR_NOT_FOUND)
        return 0;
    *e = why;
    return -1;
}

/* Names the task in the clauses of *d whose target has it. 1; 0 if there are none; -1 with *e. */
static int name_task(struct call *c, struct dependency *d, int64_t task, struct err *e)
{
    bool any = false, has;
    for (size_t i = 0; i < d->count; i++) {
        struct clause *clause = &d->clauses[i];
        if (!is_open(clause))
            continue;
        if (has_task(c, clause->job, task, &has, e) < 0)
            return -1;
        if (has)
            *clause = (struct clause){.type = clause->type, .job = clause->job, .task = task};
        any |= has;
    }
    return any;
}

/* The same of the head's, into the empty *d; 0: the task stays with the head. */
static int depends_of(const struct division *x, int64_t task, struct dependency *d, struct err *e)
{
    struct call *c = x->call;
    if (dependency_copy(d, &x->head->job.depends) < 0)
        return err_nomem(e);
    int any = name_task(c, d, task, e);
    if (any > 0 && store_dependency_settle(c->api->store, d, 0, e) < 0)
        return -1;
    return any;
}

int correspond_update(struct call *c, const struct job *j, struct dependency *d, struct err *e)
{
    struct job next = *j;
    next.depends = *d;
    if (correspond_waits(&next))
        return err_set(e, ERR_INVALID,
                       "dependency aftercorr: of an array when it is submitted, or of one task");
    return j->array_id ? name_task(c, d, j->task, e) : 0;
}

/* --- the task leaves -------------------------------------------------------------------------- */

/* What is left of the array, or a task of it, is the job j now, and waits for that. */
static int submit(struct division *x, struct job *j, const struct dependency *d, struct err *e)
{
    j->depends = *d;
    if (store_job_depends(x->call->api->store, j->id, d, e) < 0)
        return -1;
    return call_event(x->call, (struct event){.type = EVENT_SUBMIT}, j, e);
}

static int leave(struct division *x, int64_t task, const struct dependency *d, struct err *e)
{
    _cleanup_(taskset_free) struct taskset one = {0}, common = {0};
    struct job j = x->head->job;
    if (taskset_of(task, &one) < 0 || taskset_divide(&x->rest, &one, &common) < 0)
        return err_nomem(e);
    j.task = task;
    j.tasks = (struct taskset){0};
    if (store_tasks_leave(x->call->api->store, x->head->job.id, &j, &x->rest, e) < 0)
        return -1;
    return submit(x, &j, d, e);
}

static int leave_or_stay(struct division *x, int64_t task, struct err *e)
{
    _cleanup_(dependency_free) struct dependency d = {0};
    int leaves = depends_of(x, task, &d, e);
    if (leaves <= 0)
        return leaves;
    if (x->first >= 0)
        return leave(x, task, &d, e);
    x->first = task;
    x->of = d;
    d = (struct dependency){0};
    return 0;
}

/* The row of the head is the first task's now. */
static int take_over(struct division *x, struct err *e)
{
    struct job j = x->head->job;
    j.task = x->first;
    j.tasks = (struct taskset){0};
    if (store_task_leave(x->call->api->store, j.id, &j, e) < 0)
        return -1;
    return submit(x, &j, &x->of, e);
}

static int finish(struct division *x, struct err *e)
{
    if (x->first >= 0 && x->rest.count == 1)
        return take_over(x, e);
    if (x->first >= 0 && leave(x, x->first, &x->of, e) < 0)
        return -1;
    struct job j = x->head->job;
    j.tasks = x->rest;
    return call_event(x->call, (struct event){.type = EVENT_SUBMIT}, &j, e);
}

static int divide(struct division *x, struct err *e)
{
    _cleanup_(taskset_free) struct taskset left = {0};
    const struct taskset *tasks = &x->head->job.tasks;
    if (tasks->count > CORRESPOND_MAX)
        return err_set(e, ERR_INVALID,
                       "dependency aftercorr: of an array of %" PRId64 " tasks: %d at most",
                       tasks->count, CORRESPOND_MAX);
    if (taskset_copy(&left, tasks) < 0 || taskset_copy(&x->rest, tasks) < 0)
        return err_nomem(e);
    while (left.count)
        if (leave_or_stay(x, taskset_pop(&left), e) < 0)
            return -1;
    return finish(x, e);
}

int correspond_submit(struct call *c, int64_t head, struct err *e)
{
    _cleanup_job_record_ struct job_record r = {0};
    struct division x = {.call = c, .head = &r, .first = -1};
    struct store *s = c->api->store;
    if (store_job_load(s, head, STORE_PLAIN, &r, e) < 0 ||
        store_dependency_load(s, &r, &r.job.depends, e) < 0 || call_estimate(c, &r, &r.job, e) < 0)
        return -1;
    int rc = divide(&x, e);
    taskset_free(&x.rest);
    dependency_free(&x.of);
    return rc;
}
