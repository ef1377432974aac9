// SPDX-License-Identifier: MIT
/* yield.c - elastic jobs that give way to a higher priority: they are owed less, down to their
 * minimum, if that lets the first in the queue start. */
#include "core/world.h"

static int64_t can_yield(const struct node *n, const struct node *to)
{
    int64_t cpus = n->need.cpus - n->job.min_cpus;
    return n->job.priority < to->job.priority && cpus > 0 ? cpus : 0;
}

static bool all_can_yield(const struct sched *s, const struct node *to, struct amount lack)
{
    for (size_t i = 0; i < s->elastic.count; i++) {
        const struct node *n = s->elastic.nodes[i];
        struct amount back = world_cpus_of(n, can_yield(n, to));
        amount_take(&lack, &back);
    }
    return lack.cpus <= 0 && lack.mem_mb <= 0 && lack.gpus <= 0;
}

static int64_t at_least0(int64_t n)
{
    return n > 0 ? n : 0;
}

/* So many of its CPUs would be enough, or all it can give. */
static int64_t yields(const struct node *n, const struct node *to, const struct amount *lack)
{
    int64_t per_cpu_mb = n->job.mem_per_cpu_mb, most = can_yield(n, to);
    int64_t cpus = at_least0(lack->cpus);
    int64_t for_memory = per_cpu_mb ? (at_least0(lack->mem_mb) + per_cpu_mb - 1) / per_cpu_mb : 0;
    cpus = cpus > for_memory ? cpus : for_memory;
    return cpus < most ? cpus : most;
}

/* Of those who can: the lowest priority, then the one that came last. */
static struct node *next_to_yield(const struct sched *s, const struct node *to,
                                  const struct amount *lack)
{
    struct node *found = NULL;
    for (size_t i = s->elastic.count; i-- > 0;) {
        struct node *n = s->elastic.nodes[i];
        if (yields(n, to, lack) && (!found || n->job.priority < found->job.priority))
            found = n;
    }
    return found;
}

bool elastic_yield(struct pass *p, const struct node *head)
{
    struct sched *s = p->sched;
    struct amount lack = head->need;
    amount_take(&lack, &p->free);
    if (s->config.elastic.disabled || place_is_particular(s, &head->job) ||
        !all_can_yield(s, head, lack))
        return false;
    for (size_t i = 0; i < s->elastic.count; i++)
        s->elastic.nodes[i]->yielded_cpus = 0;
    for (struct node *n; (n = next_to_yield(s, head, &lack));) {
        struct amount back = world_cpus_of(n, yields(n, head, &lack));
        n->yielded_cpus = back.cpus;
        n->gave_way = n->gave_way || !s->trying;
        elastic_owe(p, n, -back.cpus);
        amount_take(&lack, &back);
    }
    return true;
}

void elastic_unyield(struct pass *p)
{
    const struct roster *elastic = &p->sched->elastic;
    for (size_t i = 0; i < elastic->count; i++)
        if (elastic->nodes[i]->yielded_cpus)
            elastic_owe(p, elastic->nodes[i], elastic->nodes[i]->yielded_cpus);
}

void elastic_untry(struct sched *s, int64_t now_us)
{
    for (size_t i = 0; i < s->elastic.count; i++) {
        struct node *n = s->elastic.nodes[i];
        if (n->tried_cpus)
            world_owe(s, n, -n->tried_cpus, now_us);
        n->tried_cpus = 0;
    }
}
