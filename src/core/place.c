// SPDX-License-Identifier: MIT
/* place.c - which CPUs a job gets: those that are closest together (placement.h). Without a
 * topology CPUs are counted only.
 *
 * A job that is particular about its CPUs (whole nodes, few switches) may not find its place though
 * enough are free. */
#include "core/world.h"

int place_create(struct sched *s, struct err *e)
{
    const struct topology *t = s->config.topology;
    if (!t)
        return 0;
    s->placement = placement_create(t, NULL, e);
    s->empty = s->placement ? placement_create(t, NULL, e) : NULL;
    s->scratch = s->empty ? placement_create(t, NULL, e) : NULL;
    return s->scratch ? 0 : -1;
}

void place_destroy(struct sched *s)
{
    placement_destroy(s->placement);
    placement_destroy(s->empty);
    placement_destroy(s->scratch);
}

bool place_is_particular(const struct sched *s, const struct job *j)
{
    return s->placement && (j->nodes || j->exclusive || j->whole_cores || j->max_switches);
}

int64_t place_relaxes_us(const struct job *j)
{
    int64_t since_us = j->eligible_us > j->submit_us ? j->eligible_us : j->submit_us;
    return j->max_switches && j->switches_wait_us ? since_us + j->switches_wait_us : 0;
}

/* Nodes are cores where the topology is the machine's. */
static bool has_cores(const struct topology *t)
{
    return t->switches[0].kind != TOPOLOGY_SWITCH;
}

static struct placement_request request_of(const struct sched *s, const struct job *j,
                                           int64_t now_us)
{
    int64_t relaxes_us = place_relaxes_us(j);
    struct placement_request q = {
        .cpus = j->cpus,
        .whole = j->exclusive,
        .nodes = j->nodes,
        .max_switches = relaxes_us && now_us >= relaxes_us ? 0 : j->max_switches,
    };
    if (j->whole_cores && !j->nodes && has_cores(s->config.topology))
        q.nodes = j->cpus; /* of each core one CPU */
    else if (j->nodes)
        q.node_cpus = (j->cpus + j->nodes - 1) / j->nodes;
    return q;
}

int place_find(const struct sched *s, struct placement *in, const struct job *j, int64_t now_us,
               struct cpuset *out)
{
    struct placement_request q = request_of(s, j, now_us);
    struct err e = {0};
    return placement_find(in, &q, out, NULL, &e);
}

int64_t place_cpus(const struct sched *s, const struct job *j)
{
    struct cpuset set _cleanup_cpuset_ = {0};
    if (!place_is_particular(s, j))
        return j->cpus;
    int found = place_find(s, s->empty, j, 0, &set);
    if (found == 0 && place_relaxes_us(j))
        found = place_find(s, s->empty, j, INT64_MAX, &set);
    if (found < 0)
        return j->cpus; /* no memory to look: it is seen when it is to start */
    return found ? cpuset_count(&set) : s->total.cpus + 1;
}

int place_start(struct sched *s, struct node *n, int64_t now_us)
{
    struct job *j = &n->job;
    if (!s->placement)
        return 1;
    int found = place_find(s, s->placement, j, now_us, &j->alloc_set);
    /* Tried where loans count as free, it would be placed on what is lent. */
    if (found == 0 && s->trying && !place_is_particular(s, j))
        return 1;
    if (found == 1)
        placement_take(s->placement, &j->alloc_set);
    return found;
}

bool place_fits(const struct sched *s, const struct node *n, struct placement *in, int64_t cpus,
                int64_t at_us)
{
    struct cpuset set _cleanup_cpuset_ = {0};
    return place_find(s, in, &n->job, at_us, &set) == 1 && cpuset_count(&set) <= cpus;
}

int place_more(struct sched *s, struct node *n, int64_t cpus)
{
    struct cpuset more _cleanup_cpuset_ = {0};
    struct cpuset *set = &n->job.alloc_set;
    struct err e = {0};
    if (!s->placement)
        return 0;
    struct placement_request anywhere = {.cpus = cpus};
    int found = cpuset_overlaps(set, placement_free(s->empty))
                    ? placement_grow(s->placement, set, cpus, &more, &e)
                    : placement_find(s->placement, &anywhere, &more, NULL, &e);
    if (found < 0 || cpuset_reserve(set, s->config.topology->cpu_end) < 0)
        return -1;
    placement_take(s->placement, &more);
    return cpuset_add_range(set, &more, 0, s->config.topology->cpu_end);
}

/* After a restart a job may have CPUs that are not handed out any more: they go first. How many. */
static int64_t drop_unknown(const struct topology *t, int64_t cpus, struct cpuset *held)
{
    int64_t dropped = 0;
    for (int cpu = cpuset_next(held, 0); cpu >= 0 && dropped < cpus;
         cpu = cpuset_next(held, cpu + 1))
        if (topology_node_of_cpu(t, cpu) < 0) {
            cpuset_remove(held, cpu);
            dropped++;
        }
    return dropped;
}

int place_fewer(const struct sched *s, const struct cpuset *held, int64_t cpus, struct cpuset *kept)
{
    struct cpuset back _cleanup_cpuset_ = {0};
    struct err e = {0};
    if (!s->placement)
        return 0;
    if (cpuset_copy(kept, held) < 0)
        return -1;
    cpus -= drop_unknown(s->config.topology, cpus, kept);
    if (cpus && placement_shrink(s->config.topology, kept, cpus, &back, &e) < 0) {
        cpuset_free(kept);
        return -1;
    }
    for (int cpu = cpuset_next(&back, 0); cpu >= 0; cpu = cpuset_next(&back, cpu + 1))
        cpuset_remove(kept, cpu);
    return 0;
}

void place_end(struct sched *s, struct cpuset *set)
{
    if (s->placement)
        placement_give(s->placement, set);
    cpuset_free(set);
}

void place_keep(struct sched *s, struct cpuset *set, const struct cpuset *kept)
{
    if (!s->placement)
        return;
    placement_give(s->placement, set);
    placement_take(s->placement, kept);
    for (int cpu = cpuset_next(set, 0); cpu >= 0; cpu = cpuset_next(set, cpu + 1))
        if (!cpuset_has(kept, cpu))
            cpuset_remove(set, cpu);
}

bool place_is_known(const struct sched *s, const struct job *j)
{
    return !s->placement || cpuset_count(&j->alloc_set) == j->alloc_cpus;
}
