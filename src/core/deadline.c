// SPDX-License-Identifier: MIT
/* deadline.c - pending jobs that are to end by some time: when it is too late for one to start, it
 * ends. They stand in sched.expiring by that time, then by id. */
#include <string.h>

#include "core/world.h"

/* It must run for some time, if it does not say for how long. */
static int64_t last_start(const struct job *j)
{
    return j->deadline_us - (j->limit_us > 0 ? j->limit_us : 1);
}

static bool before(const struct job *a, const struct job *b)
{
    int64_t x = last_start(a), y = last_start(b);
    return x != y ? x < y : a->id < b->id;
}

/* Where it stands, or would. */
static size_t place_of(const struct timeline *t, const struct node *n)
{
    size_t low = 0, high = t->count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (before(&t->nodes[mid]->job, &n->job))
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

void deadline_watch(struct sched *s, struct node *n)
{
    struct timeline *t = &s->expiring;
    if (!n->job.deadline_us)
        return;
    size_t at = place_of(t, n);
    memmove(t->nodes + at + 1, t->nodes + at, (t->count - at) * sizeof *t->nodes);
    t->nodes[at] = n;
    t->count++;
    n->expires = true;
}

void deadline_forget(struct sched *s, struct node *n)
{
    struct timeline *t = &s->expiring;
    if (!n->expires)
        return;
    size_t at = place_of(t, n);
    t->count--;
    memmove(t->nodes + at, t->nodes + at + 1, (t->count - at) * sizeof *t->nodes);
    n->expires = false;
}

int deadline_pass(struct pass *p)
{
    const struct timeline *t = &p->sched->expiring;
    const struct action end = {.state = JOB_DEADLINE, .end_reason = END_DEADLINE};
    if (p->sched->trying)
        return 0;
    while (t->count && last_start(&t->nodes[0]->job) < p->now_us)
        if (pass_end(p, t->nodes[0], end) < 0)
            return -1;
    return 0;
}

void deadline_wake(struct pass *p)
{
    const struct timeline *t = &p->sched->expiring;
    if (t->count)
        pass_wake_at(p, last_start(&t->nodes[0]->job) + 1);
}
