// SPDX-License-Identifier: MIT
/* recall.c - loans that stand in the way of a job which is particular about its place. How many
 * CPUs come back does not help it, but which ones: so all loans go back if it finds its place then,
 * and nothing is lent until it has started. */
#include "core/world.h"

/* What n would keep, if it had only what it is owed, is not free; the rest of what it has is. */
static int give_loan(const struct sched *s, const struct node *n)
{
    const struct cpuset *has = world_is_shrinking(n) ? &n->target_set : &n->job.alloc_set;
    struct cpuset kept _cleanup_cpuset_ = {0};
    int64_t loan = n->target_cpus - n->need.cpus;
    if ((loan > 0 ? place_fewer(s, has, loan, &kept) : cpuset_copy(&kept, has)) < 0)
        return -1;
    placement_give(s->scratch, &n->job.alloc_set);
    placement_take(s->scratch, &kept);
    return 0;
}

int recall_scratch(const struct sched *s)
{
    placement_copy(s->scratch, s->placement);
    for (size_t i = 0; i < s->elastic.count; i++)
        if (give_loan(s, s->elastic.nodes[i]) < 0)
            return -1;
    return 0;
}

int recall_for(struct pass *p, const struct node *n)
{
    struct sched *s = p->sched;
    if (!elastic_is_on(s) || s->recall || !place_is_particular(s, &n->job))
        return 0;
    if (recall_scratch(s) < 0)
        return -1;
    if (place_fits(s, n, s->scratch, s->free.cpus, p->now_us))
        s->recall = n;
    return 0;
}
