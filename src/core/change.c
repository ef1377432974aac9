// SPDX-License-Identifier: MIT
#include "core/change.h"

#include "core/trial.h"
#include "core/world.h"

#define SEC_US INT64_C(1000000)
/* So many values are tried one after the other; where a pass goes through all reservations, fewer.
 */
#define FEW      64
#define FEW_KEPT 4
/* What can be asked for (docs/json.md). */
#define PRIORITY_MAX INT64_C(1000000000)

/* The values that a change may have: count of them, from the nearest to what is asked for now. */
struct range {
    enum change_kind kind;
    int64_t nearest, step, count;
};

static struct range range_down(enum change_kind kind, int64_t below, int64_t to)
{
    return (struct range){kind, below - 1, -1, below - to};
}

/* Above all others is high enough. */
static struct range range_up(const struct sched *s, const struct node *n)
{
    const struct queue *q = &s->queues[QUEUE_MAIN];
    const struct node *first = queue_first(q);
    int64_t top = n->job.priority;
    if (first == n)
        first = queue_next(q, n);
    if (first && first->job.priority >= top)
        top = first->job.priority + INT64_C(1);
    if (top > PRIORITY_MAX)
        top = PRIORITY_MAX;
    return (struct range){CHANGE_PRIORITY, n->job.priority + INT64_C(1), 1, top - n->job.priority};
}

static struct range range_of(const struct sched *s, const struct node *n, enum change_kind kind)
{
    switch (kind) {
    case CHANGE_CPUS:
        return range_down(kind, n->need.cpus, 1);
    case CHANGE_MEM:
        return range_down(kind, n->need.mem_mb, 1);
    case CHANGE_GPUS:
        return range_down(kind, n->need.gpus, 0);
    case CHANGE_TIME:
        return range_down(kind, (n->estimate_us + SEC_US - 1) / SEC_US, 1);
    case CHANGE_PRIORITY:
        if (s->config.order == ORDER_PRIORITY)
            return range_up(s, n);
        break;
    case CHANGE_KINDS:
        break;
    }
    return (struct range){.kind = kind};
}

static int64_t value_of(const struct range *r, int64_t i)
{
    int64_t v = r->nearest + r->step * i;
    return r->kind == CHANGE_TIME ? v * SEC_US : v;
}

void change_apply(struct job *j, enum change_kind kind, int64_t to)
{
    switch (kind) {
    case CHANGE_CPUS:
        j->cpus = to;
        break;
    case CHANGE_MEM:
        j->mem_mb = to;
        break;
    case CHANGE_GPUS:
        j->gpus = to;
        break;
    case CHANGE_TIME:
        j->limit_us = to;
        break;
    case CHANGE_PRIORITY:
        j->priority = (int)to;
        break;
    case CHANGE_KINDS:
        break;
    }
}

/* Whether the i-th value starts the job. */
static int try_value(struct trial *t, const struct range *r, int64_t i, struct err *e)
{
    const struct sched *s = t->world;
    struct job changed = t->asked;
    change_apply(&changed, r->kind, value_of(r, i));
    struct amount need = world_need(s, &changed);
    if (!amount_fits(&need, s->config.expected_is_end ? &s->total : &s->free))
        return 0;
    int starts = trial_pass(t, &changed, e);
    trial_back(t);
    return starts;
}

static int search_each(struct trial *t, const struct range *r, int64_t *at, struct err *e)
{
    int starts = 0;
    for (*at = 0; *at < r->count && !starts; ++*at)
        starts = try_value(t, r, *at, e);
    --*at;
    return starts;
}

/* Where the farthest value helps, the nearest that does is found by halving: nearly always whatever
 * is farther than a value that helps does so too. */
static int search_halving(struct trial *t, const struct range *r, int64_t *at, struct err *e)
{
    int64_t low = 0;
    *at = r->count - 1;
    int starts = try_value(t, r, *at, e);
    if (starts <= 0)
        return starts;
    while (low < *at) {
        int64_t mid = low + (*at - low) / 2;
        starts = try_value(t, r, mid, e);
        if (starts < 0)
            return -1;
        if (starts)
            *at = mid;
        else
            low = mid + 1;
    }
    return 1;
}

static int find_one(struct trial *t, enum change_kind kind, struct change *c, struct err *e)
{
    struct range r = range_of(t->world, t->node, kind);
    int64_t at = 0, few = reservations_kept(t->world) ? FEW_KEPT : FEW;
    int starts = (r.count <= few ? search_each : search_halving)(t, &r, &at, e);
    if (starts < 0)
        return -1;
    if (starts)
        *c = (struct change){.helps = true, .to = value_of(&r, at)};
    return 0;
}

int change_find(struct trial *t, struct change changes[CHANGE_KINDS], struct err *e)
{
    for (int kind = 0; kind < CHANGE_KINDS; kind++)
        if (find_one(t, (enum change_kind)kind, &changes[kind], e) < 0)
            return -1;
    return 0;
}
