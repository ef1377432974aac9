// SPDX-License-Identifier: MIT
/* depends.c - who waits for whom.
 *
 * Each clause that waits stands in the list of its target, so that what happens to a job costs what
 * that changes. The core knows active jobs only: of a target that is not here it is not known
 * whether it ever comes, and its clauses wait. Links last until the target's end, since a start may
 * turn out not to have come about. */
#include <stdlib.h>
#include <utlist.h>

#include "core/dependency.h"
#include "core/world.h"

/* One clause in the list of its target; NULL: in none. */
struct dependent {
    struct node *node;
    struct clause *clause;
    struct target *target;
    struct dependent *prev, *next;
};

struct target {
    int64_t id;
    struct dependent *waits;
    UT_hash_handle hh;
};

/* --- how they stand --------------------------------------------------------------------------- */

enum clause_state depends_state(const struct node *n)
{
    const struct dependency *d = &n->job.depends;
    bool holds = n->waiting + n->never < d->count;
    if (!d->count || (d->any && holds))
        return CLAUSE_HOLDS;
    if (d->any ? !n->waiting : n->never > 0)
        return CLAUSE_NEVER;
    return n->waiting ? CLAUSE_WAITS : CLAUSE_HOLDS;
}

static void count(struct node *n, enum clause_state state, size_t by)
{
    if (state == CLAUSE_WAITS)
        n->waiting += by;
    if (state == CLAUSE_NEVER)
        n->never += by;
}

/* c, which holds, is counted: of any of them the earliest time counts, of all of them the latest.
 */
static void count_time(struct node *n, const struct clause *c)
{
    const struct dependency *d = &n->job.depends;
    bool first = n->waiting + n->never + 1 == d->count;
    bool earlier = c->from_us < n->depends_us;
    if (d->any ? first || earlier : !earlier)
        n->depends_us = c->from_us;
}

static void count_all(struct node *n)
{
    const struct dependency *d = &n->job.depends;
    n->waiting = d->count;
    n->never = 0;
    n->depends_us = 0;
    for (size_t i = 0; i < d->count; i++) {
        const struct clause *c = &d->clauses[i];
        count(n, CLAUSE_WAITS, (size_t)-1);
        count(n, c->state, 1);
        if (c->state == CLAUSE_HOLDS)
            count_time(n, c);
    }
}

/* What they stood as is known; if the job has to stand elsewhere now, it does. */
static void follow(struct sched *s, struct node *n, enum clause_state before, int64_t before_us,
                   int64_t now_us)
{
    enum clause_state state = depends_state(n);
    bool placed = n->where == IN_QUEUES || n->where == IN_CLAIMS;
    if (n->job.state != JOB_PENDING || (state == before && n->depends_us == before_us) ||
        (state == CLAUSE_HOLDS && placed))
        return;
    if (n->where == IN_CLAIMS)
        world_unclaim(s, n, now_us);
    world_enqueue(s, n, now_us);
}

/* c stood otherwise before. */
static void changed(struct sched *s, struct node *n, const struct clause *c, enum clause_state was,
                    int64_t now_us)
{
    enum clause_state before = depends_state(n);
    int64_t before_us = n->depends_us;
    if (c->state == was)
        return;
    count(n, was, (size_t)-1);
    count(n, c->state, 1);
    if (was == CLAUSE_HOLDS)
        count_all(n);
    else if (c->state == CLAUSE_HOLDS)
        count_time(n, c);
    follow(s, n, before, before_us, now_us);
}

/* --- links ------------------------------------------------------------------------------------ */

static struct target *find(const struct sched *s, int64_t id)
{
    struct target *t;
    HASH_FIND(hh, s->targets, &id, sizeof id, t);
    return t;
}

static struct target *find_or_make(struct sched *s, int64_t id)
{
    struct target *t = find(s, id);
    if (t)
        return t;
    t = calloc(1, sizeof *t);
    if (!t)
        return NULL;
    t->id = id;
    HASH_ADD(hh, s->targets, id, sizeof t->id, t);
    if (find(s, id) == t)
        return t;
    free(t); /* uthash could not grow */
    return NULL;
}

static void forget(struct sched *s, struct target *t)
{
    if (s->targets) /* it is one of them */
        HASH_DEL(s->targets, t);
    free(t);
}

static void unlink_one(struct sched *s, struct dependent *w)
{
    struct target *t = w->target;
    if (!t)
        return;
    DL_DELETE(t->waits, w);
    w->target = NULL;
    if (!t->waits)
        forget(s, t);
}

/* What has started before of what c waits for, as far as it is all there: of an array, all of it.
 */
static void note_start(const struct sched *s, struct clause *c)
{
    const struct array *a = array_find(s, c->job);
    const struct node *n = a ? NULL : world_find(s, c->job);
    if (a)
        n = c->task < 0 ? array_last_start(a, NULL) : array_task(a, c->task);
    if (n && job_state_runs(n->job.state))
        clause_start(c, n->job.start_us);
}

static int link_one(struct sched *s, struct dependent *w)
{
    w->target = find_or_make(s, w->clause->job);
    if (!w->target)
        return -1;
    DL_APPEND(w->target->waits, w);
    note_start(s, w->clause);
    return 0;
}

/* What happens to its target may still change it: also a start may turn out not to have been. */
static bool is_open(const struct clause *c)
{
    return c->state == CLAUSE_WAITS || (c->type == CLAUSE_START && !c->ended);
}

int depends_link(struct sched *s, struct node *n)
{
    struct dependency *d = &n->job.depends;
    n->waits = d->count ? calloc(d->count, sizeof *n->waits) : NULL;
    if (d->count && !n->waits)
        return -1;
    for (size_t i = 0; i < d->count; i++) {
        struct clause *c = &d->clauses[i];
        n->waits[i] = (struct dependent){.node = n, .clause = c};
        if (c->type == CLAUSE_SINGLETON)
            c->state = namesakes_before(n) ? CLAUSE_WAITS : CLAUSE_HOLDS;
        else if (is_open(c) && link_one(s, &n->waits[i]) < 0)
            return -1;
    }
    count_all(n);
    return 0;
}

static void unlink_all(struct sched *s, struct dependent *waits, size_t count)
{
    for (size_t i = 0; waits && i < count; i++)
        unlink_one(s, &waits[i]);
    free(waits);
}

void depends_unlink(struct sched *s, struct node *n)
{
    unlink_all(s, n->waits, n->job.depends.count);
    n->waits = NULL;
}

int depends_replace(struct sched *s, struct node *n, const struct dependency *d)
{
    struct dependency before = n->job.depends;
    struct dependent *waits = n->waits;
    n->job.depends = *d;
    if (depends_link(s, n) < 0) {
        unlink_all(s, n->waits, d->count);
        n->job.depends = before;
        n->waits = waits;
        return -1;
    }
    unlink_all(s, waits, before.count);
    dependency_free(&before);
    return 0;
}

void depends_free(struct sched *s)
{
    struct target *t, *next;
    HASH_ITER (hh, s->targets, t, next)
        forget(s, t);
}

/* --- what happens to a target ----------------------------------------------------------------- */

/* w waits for all of the array that n is of. */
static bool waits_for_all(const struct dependent *w, const struct node *n)
{
    return n->array && w->target->id == n->array->id && w->clause->task < 0;
}

/* n is of the array that w waits for a task of: is it that one? */
static bool is_other_task(const struct dependent *w, const struct node *n)
{
    int64_t task = w->clause->task;
    if (!n->array || w->target->id != n->array->id || task < 0)
        return false;
    return array_is_head(n) ? !taskset_has(&n->job.tasks, task) : n->job.task != task;
}

/* By its own id, and by its array's: the last task has both in one. */
static size_t targets_of(const struct sched *s, const struct node *n, struct target *of[2])
{
    size_t count = 0;
    of[count] = find(s, n->job.id);
    count += of[count] != NULL;
    if (!n->array || n->array->id == n->job.id)
        return count;
    of[count] = find(s, n->array->id);
    return count + (of[count] != NULL);
}

static bool start_target(struct sched *s, const struct target *t, const struct node *n,
                         int64_t now_us)
{
    struct dependent *w;
    bool queued = false;
    DL_FOREACH(t->waits, w)
    {
        enum clause_state was = w->clause->state;
        if (is_other_task(w, n) || (waits_for_all(w, n) && !array_last_start(n->array, NULL)))
            continue;
        clause_start(w->clause, n->job.start_us);
        changed(s, w->node, w->clause, was, now_us);
        queued |= w->clause->state != was && w->node->where == IN_QUEUES;
    }
    return queued;
}

bool depends_started(struct sched *s, const struct node *n, int64_t now_us)
{
    struct target *of[2];
    bool queued = false;
    for (size_t i = 0, count = targets_of(s, n, of); i < count; i++)
        queued |= start_target(s, of[i], n, now_us);
    return queued;
}

static void unstart_target(struct sched *s, const struct target *t, const struct node *n,
                           int64_t now_us)
{
    struct dependent *w;
    DL_FOREACH(t->waits, w)
    {
        enum clause_state was = w->clause->state;
        if (is_other_task(w, n))
            continue;
        clause_unstart(w->clause);
        changed(s, w->node, w->clause, was, now_us);
    }
}

void depends_unstarted(struct sched *s, const struct node *n, int64_t now_us)
{
    struct target *of[2];
    for (size_t i = 0, count = targets_of(s, n, of); i < count; i++)
        unstart_target(s, of[i], n, now_us);
}

/* One job of the array that c waits for has ended, and others are there. */
static void note_end(struct clause *c, const struct node *n, enum job_state outcome)
{
    const struct node *last = array_last_start(n->array, n);
    if (outcome != JOB_COMPLETED && !c->outcome)
        c->outcome = outcome;
    if (last)
        clause_start(c, last->job.start_us);
}

/* Whether that is the end of what w waits for. Of an array all tasks have to end, and the first
 * that did not end well is remembered until then. */
static bool end_clause(const struct dependent *w, const struct node *n, enum job_state outcome,
                       int64_t now_us)
{
    struct clause *c = w->clause;
    if (is_other_task(w, n))
        return false;
    if (waits_for_all(w, n) && !array_is_last(n)) {
        note_end(c, n, outcome);
        return false;
    }
    if (waits_for_all(w, n) && c->outcome)
        outcome = c->outcome;
    clause_end(c, outcome, n->job.start_us, now_us);
    return true;
}

static void end_target(struct sched *s, struct target *t, const struct node *n,
                       enum job_state outcome, int64_t now_us)
{
    struct dependent *w, *next;
    DL_FOREACH_SAFE (t->waits, w, next) {
        enum clause_state was = w->clause->state;
        if (end_clause(w, n, outcome, now_us)) {
            DL_DELETE(t->waits, w);
            w->target = NULL;
        }
        changed(s, w->node, w->clause, was, now_us);
    }
    if (!t->waits)
        forget(s, t);
}

void depends_ended(struct sched *s, const struct node *n, enum job_state outcome, int64_t now_us)
{
    struct target *of[2];
    for (size_t i = 0, count = targets_of(s, n, of); i < count; i++)
        end_target(s, of[i], n, outcome, now_us);
}

void depends_on_namesakes(struct sched *s, struct node *n, bool hold, int64_t now_us)
{
    struct dependency *d = &n->job.depends;
    for (size_t i = 0; i < d->count; i++) {
        struct clause *c = &d->clauses[i];
        enum clause_state was = c->state;
        if (c->type != CLAUSE_SINGLETON)
            continue;
        c->state = hold ? CLAUSE_HOLDS : CLAUSE_WAITS;
        changed(s, n, c, was, now_us);
    }
}

/* --- in a pass -------------------------------------------------------------------------------- */

static const struct clause *never_holds(const struct node *n)
{
    const struct clause *c = n->job.depends.clauses;
    while (c->state != CLAUSE_NEVER)
        c++;
    return c;
}

int depends_end_doomed(struct pass *p)
{
    struct sched *s = p->sched;
    while (s->doomed && !s->trying) {
        struct node *n = s->doomed;
        struct action end = {
            .state = JOB_CANCELLED,
            .end_reason = END_DEPENDENCY,
            .clause = never_holds(n),
        };
        if (pass_end(p, n, end) < 0)
            return -1;
    }
    return 0;
}

void depends_follow_starts(struct pass *p)
{
    struct sched *s = p->sched;
    if (s->trying || !s->targets)
        return;
    for (size_t i = 0; i < p->plan->count; i++) {
        const struct action *a = &p->plan->actions[i];
        if (a->type == ACTION_START && depends_started(s, world_find(s, a->job->id), p->now_us))
            pass_wake_at(p, p->now_us);
    }
}
