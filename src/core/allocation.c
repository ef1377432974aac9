// SPDX-License-Identifier: MIT
/* allocation.c - who holds which CPUs and how much memory. */
#include "core/world.h"

int64_t sched_mem_mb(const struct sched *s, const struct job *j)
{
    if (j->mem_mb > 0)
        return j->mem_mb;
    int64_t share = s->config.mem_mb / s->config.cpus * j->cpus;
    return share > 0 ? share : 1;
}

struct amount world_need(const struct sched *s, const struct job *j)
{
    return (struct amount){.cpus = j->cpus, .mem_mb = sched_mem_mb(s, j), .gpus = j->gpus};
}

bool world_ends_at_limit(const struct node *n)
{
    return n->job.limit_us > 0 && n->at_us == n->job.start_us + n->job.limit_us;
}

/* Moves n CPUs, lowest numbers first, from the free ones to *to. */
static int take_cpus(struct cpuset *free_set, int64_t n, struct cpuset *to)
{
    struct cpuset taken = {0};
    int cpu = -1;
    while (n-- > 0) {
        cpu = cpuset_next(free_set, cpu + 1);
        if (cpu < 0 || cpuset_add(&taken, cpu) < 0) {
            cpuset_free(&taken);
            return -1;
        }
    }
    for (cpu = cpuset_next(&taken, 0); cpu >= 0; cpu = cpuset_next(&taken, cpu + 1))
        cpuset_remove(free_set, cpu);
    cpuset_free(to);
    *to = taken;
    return 0;
}

int world_hold(struct sched *s, struct node *n, int64_t now_us)
{
    struct job *j = &n->job;
    int64_t end_us = now_us + n->estimate_us;
    if (s->config.cpu_set.nwords && take_cpus(&s->free_set, j->cpus, &j->alloc_set) < 0)
        return -1;
    reservations_started(s, n, now_us, end_us);
    world_leave(s, n);
    s->pending--;
    j->state = JOB_RUNNING;
    j->start_us = now_us;
    j->attempt++;
    j->alloc_cpus = n->need.cpus;
    j->alloc_mem_mb = n->need.mem_mb;
    amount_take(&s->free, &n->need);
    n->where = IN_RUNNING;
    n->at_us = end_us;
    timeline_insert(&s->running, n);
    return 0;
}

void world_release(struct sched *s, struct node *n, int64_t now_us)
{
    struct job *j = &n->job;
    reservations_ended(s, n, now_us);
    timeline_remove(&s->running, n);
    n->where = IN_NONE;
    amount_add(&s->free, &n->need);
    for (int cpu = cpuset_next(&j->alloc_set, 0); cpu >= 0;
         cpu = cpuset_next(&j->alloc_set, cpu + 1))
        if (cpuset_has(&s->config.cpu_set, cpu))
            cpuset_add(&s->free_set, cpu); /* has room: it held this number before */
    cpuset_free(&j->alloc_set);
    j->alloc_cpus = j->alloc_mem_mb = 0;
}

void world_unstart(struct sched *s, struct node *n, int64_t now_us)
{
    world_release(s, n, now_us);
    n->job.state = JOB_PENDING;
    n->job.start_us = 0;
    n->job.attempt--;
    s->pending++;
    /* It was eligible, even if the clock was set back since. */
    world_enqueue(s, n, now_us > n->job.eligible_us ? now_us : n->job.eligible_us);
}
