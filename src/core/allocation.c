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

bool world_can_ever_fit(const struct sched *s, const struct job *j)
{
    return j->cpus <= s->config.cpus && sched_mem_mb(s, j) <= s->config.mem_mb;
}

bool world_fits(const struct sched *s, const struct job *j)
{
    return j->cpus <= s->free_cpus && sched_mem_mb(s, j) <= s->free_mem_mb;
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

int world_start(struct sched *s, struct job *j, int64_t now_us)
{
    if (queue_insert(&s->running, j) < 0)
        return -1;
    if (s->config.cpu_set.nwords && take_cpus(&s->free_set, j->cpus, &j->alloc_set) < 0) {
        queue_remove(&s->running, j);
        return -1;
    }
    j->alloc_cpus = j->cpus;
    j->alloc_mem_mb = sched_mem_mb(s, j);
    s->free_cpus -= j->alloc_cpus;
    s->free_mem_mb -= j->alloc_mem_mb;
    j->state = JOB_RUNNING;
    j->start_us = now_us;
    j->attempt++;
    return 0;
}

void world_release(struct sched *s, struct job *j)
{
    queue_remove(&s->running, j);
    s->free_cpus += j->alloc_cpus;
    s->free_mem_mb += j->alloc_mem_mb;
    for (int cpu = cpuset_next(&j->alloc_set, 0); cpu >= 0;
         cpu = cpuset_next(&j->alloc_set, cpu + 1))
        if (cpuset_has(&s->config.cpu_set, cpu))
            cpuset_add(&s->free_set, cpu); /* has room: it held this number before */
    cpuset_free(&j->alloc_set);
    j->alloc_cpus = j->alloc_mem_mb = 0;
}
