// SPDX-License-Identifier: MIT
/* shares.c - how many CPUs each running elastic job should have: what it is owed, and its share of
 * what nobody is owed.
 *
 * Equal shares are max-min fair: the CPUs rise to one level for all that are not above it already
 * and may have so many. What is left over, less than one for each, stays with who has it. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/world.h"

static const char *const names[] = {
    [SHARE_EQUAL] = "equal",
    [SHARE_PRIORITY] = "priority",
};

const char *elastic_share_name(enum elastic_share s)
{
    return names[s];
}

int elastic_share_parse(const char *name)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcasecmp(name, names[i]) == 0)
            return (int)i;
    return -1;
}

int64_t shares_most(const struct sched *s, const struct job *j)
{
    int64_t most = j->max_cpus > 0 && j->max_cpus < s->total.cpus ? j->max_cpus : s->total.cpus;
    if (j->wanted_cpus > 0 && j->wanted_cpus < most)
        most = j->wanted_cpus;
    if (j->suspended_us && j->alloc_cpus < most)
        most = j->alloc_cpus;
    return most > j->min_cpus ? most : j->min_cpus;
}

/* Raises its share by that, if it is to be had. */
static bool raise_share(const struct sched *s, struct node *n, int64_t by, struct amount *pool)
{
    struct amount more = world_cpus_of(n, by);
    if (by <= 0 || n->share_cpus + by > shares_most(s, &n->job) || !amount_fits(&more, pool))
        return false;
    amount_take(pool, &more);
    n->share_cpus += by;
    return true;
}

/* --- equal ------------------------------------------------------------------------------------ */

static int64_t up_to(const struct sched *s, const struct node *n, int64_t level)
{
    int64_t most = shares_most(s, &n->job);
    int64_t cpus = level < most ? level : most;
    return cpus > n->need.cpus ? cpus - n->need.cpus : 0;
}

static bool level_fits(const struct sched *s, int64_t level, const struct amount *pool)
{
    struct amount sum = {0};
    for (size_t i = 0; i < s->elastic.count; i++) {
        const struct node *n = s->elastic.nodes[i];
        struct amount more = world_cpus_of(n, up_to(s, n, level));
        amount_add(&sum, &more);
    }
    return amount_fits(&sum, pool);
}

static int64_t highest_level(const struct sched *s, const struct amount *pool)
{
    int64_t low = 0, high = s->total.cpus;
    while (low < high) {
        int64_t mid = low + (high - low + 1) / 2;
        if (level_fits(s, mid, pool))
            low = mid;
        else
            high = mid - 1;
    }
    return low;
}

/* One more for those at this level, who has it already before who does not. */
static void round_up(struct sched *s, int64_t level, struct amount *pool)
{
    for (int has_it = 1; has_it >= 0; has_it--)
        for (size_t i = 0; i < s->elastic.count; i++) {
            struct node *n = s->elastic.nodes[i];
            if (n->share_cpus <= level && (n->target_cpus > n->share_cpus) == has_it)
                raise_share(s, n, 1, pool);
        }
}

static void divide_equally(struct sched *s, struct amount pool)
{
    int64_t level = highest_level(s, &pool);
    for (size_t i = 0; i < s->elastic.count; i++) {
        struct node *n = s->elastic.nodes[i];
        raise_share(s, n, up_to(s, n, level), &pool);
    }
    for (; level < s->total.cpus && pool.cpus > 0; level++)
        round_up(s, level, &pool);
}

/* --- by priority ------------------------------------------------------------------------------ */

static int by_priority(const void *a, const void *b)
{
    const struct job *x = &(*(struct node *const *)a)->job, *y = &(*(struct node *const *)b)->job;
    if (x->priority != y->priority)
        return x->priority > y->priority ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

static void divide_by_priority(struct sched *s, struct amount pool)
{
    size_t count = s->elastic.count;
    memcpy(s->room, s->elastic.nodes, count * sizeof *s->room);
    qsort(s->room, count, sizeof *s->room, by_priority);
    for (size_t i = 0; i < count; i++) {
        struct node *n = s->room[i];
        int64_t more = shares_most(s, &n->job) - n->need.cpus;
        if (n->job.mem_per_cpu_mb && more > pool.mem_mb / n->job.mem_per_cpu_mb)
            more = pool.mem_mb / n->job.mem_per_cpu_mb;
        raise_share(s, n, more < pool.cpus ? more : pool.cpus, &pool);
    }
}

void shares_divide(struct sched *s)
{
    for (size_t i = 0; i < s->elastic.count; i++)
        s->elastic.nodes[i]->share_cpus = s->elastic.nodes[i]->need.cpus;
    if (s->free.cpus <= 0 || s->recall)
        return;
    if (s->config.elastic.share == SHARE_PRIORITY)
        divide_by_priority(s, s->free);
    else
        divide_equally(s, s->free);
}
