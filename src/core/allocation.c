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

/* Moves n CPUs, lowest numbers first; *to has room. False if there are not so many: then none is
 * moved. */
static bool move_cpus(struct cpuset *from, struct cpuset *to, int64_t n)
{
    if (cpuset_count(from) < n)
        return false;
    for (int cpu = cpuset_next(from, 0); n-- > 0; cpu = cpuset_next(from, cpu + 1)) {
        cpuset_add(to, cpu);
        cpuset_remove(from, cpu);
    }
    return true;
}

/* Room for whatever it may ever hold. */
static int reserve_sets(const struct sched *s, struct node *n)
{
    int end = (int)s->config.cpu_set.nwords * 64;
    if (cpuset_reserve(&n->job.alloc_set, end) < 0)
        return -1;
    return n->job.elastic ? cpuset_reserve(&n->target_set, end) : 0;
}

/* n is owed what it needs from now on, and expected to need it until n->at_us. */
static void enter(struct sched *s, struct node *n, int64_t now_us)
{
    int64_t end_us = now_us + n->estimate_us;
    reservations_started(s, n, now_us, end_us);
    world_leave(s, n);
    n->job.start_us = now_us;
    amount_take(&s->free, &n->need);
    n->at_us = end_us;
    timeline_insert(&s->running, n);
}

static void withdraw(struct sched *s, struct node *n, int64_t now_us)
{
    reservations_ended(s, n, now_us);
    timeline_remove(&s->running, n);
    amount_add(&s->free, &n->need);
    n->where = IN_NONE;
}

int world_hold(struct sched *s, struct node *n, int64_t now_us)
{
    struct job *j = &n->job;
    if (reserve_sets(s, n) < 0)
        return -1;
    if (s->config.cpu_set.nwords && !move_cpus(&s->free_set, &j->alloc_set, n->need.cpus))
        return -1;
    enter(s, n, now_us);
    n->where = IN_RUNNING;
    s->pending--;
    j->state = JOB_RUNNING;
    j->attempt++;
    j->generation = 0;
    j->alloc_cpus = n->need.cpus;
    j->alloc_mem_mb = n->need.mem_mb;
    amount_take(&s->idle, &n->need);
    elastic_started(s, n, now_us);
    return 0;
}

int world_adopt(struct sched *s, struct node *n, const struct cpuset *set, int64_t owed_cpus,
                int64_t now_us)
{
    struct job *j = &n->job;
    struct amount held = {j->alloc_cpus, j->alloc_mem_mb, j->gpus};
    struct amount lent = world_cpus_of(n, j->alloc_cpus - owed_cpus);
    if (cpuset_copy(&j->alloc_set, set) < 0 || reserve_sets(s, n) < 0)
        return -1;
    n->need = held;
    amount_take(&n->need, &lent);
    enter(s, n, j->start_us);
    n->where = IN_RUNNING;
    amount_take(&s->idle, &held);
    for (int cpu = cpuset_next(set, 0); cpu >= 0; cpu = cpuset_next(set, cpu + 1))
        cpuset_remove(&s->free_set, cpu);
    elastic_started(s, n, now_us);
    return 0;
}

void world_claim(struct sched *s, struct node *n, int64_t now_us)
{
    enter(s, n, now_us);
    n->where = IN_CLAIMS;
    roster_add(&s->claims, n);
}

void world_unclaim(struct sched *s, struct node *n, int64_t now_us)
{
    withdraw(s, n, now_us);
    n->job.start_us = 0;
    roster_remove(&s->claims, n);
}

/* An adopted job may hold CPUs that are not handed out any more. */
static void free_cpu(struct sched *s, struct job *j, int cpu)
{
    cpuset_remove(&j->alloc_set, cpu);
    if (cpuset_has(&s->config.cpu_set, cpu))
        cpuset_add(&s->free_set, cpu); /* has room: it held this number before */
}

void world_release(struct sched *s, struct node *n, int64_t now_us)
{
    struct job *j = &n->job;
    struct amount held = {j->alloc_cpus, j->alloc_mem_mb, j->gpus};
    withdraw(s, n, now_us);
    roster_remove(&s->elastic, n);
    amount_add(&s->idle, &held);
    for (int cpu = cpuset_next(&j->alloc_set, 0); cpu >= 0;
         cpu = cpuset_next(&j->alloc_set, cpu + 1))
        free_cpu(s, j, cpu);
    cpuset_free(&j->alloc_set);
    cpuset_free(&n->target_set);
    j->alloc_cpus = j->alloc_mem_mb = 0;
}

/* --- elastic jobs ----------------------------------------------------------------------------- */

struct amount world_cpus_of(const struct node *n, int64_t cpus)
{
    return (struct amount){.cpus = cpus, .mem_mb = cpus * n->job.mem_per_cpu_mb};
}

void world_owe(struct sched *s, struct node *n, int64_t cpus, int64_t now_us)
{
    struct amount more = world_cpus_of(n, cpus);
    amount_add(&n->need, &more);
    amount_take(&s->free, &more);
    reservations_owed(s, n, &more, now_us);
}

void world_grow(struct sched *s, struct node *n, int64_t cpus)
{
    struct amount more = world_cpus_of(n, cpus);
    move_cpus(&s->free_set, &n->job.alloc_set, cpus);
    amount_take(&s->idle, &more);
    n->job.alloc_cpus += more.cpus;
    n->job.alloc_mem_mb += more.mem_mb;
    n->target_cpus = n->job.alloc_cpus;
    n->job.generation++;
}

/* What it is to have: the lowest numbers of those it has. */
static void choose_target(struct node *n)
{
    const struct cpuset *held = &n->job.alloc_set;
    int64_t left = n->target_cpus;
    for (int cpu = cpuset_next(held, 0); cpu >= 0; cpu = cpuset_next(held, cpu + 1)) {
        if (left-- > 0)
            cpuset_add(&n->target_set, cpu);
        else
            cpuset_remove(&n->target_set, cpu);
    }
}

void world_shrink(struct node *n, int64_t cpus)
{
    n->target_cpus -= cpus;
    n->job.generation++;
    choose_target(n);
}

void world_shrunk(struct sched *s, struct node *n, int64_t mem_mb, int64_t now_us)
{
    struct job *j = &n->job;
    struct amount back = world_cpus_of(n, j->alloc_cpus - n->target_cpus);
    struct amount kept = {0};
    if (mem_mb > j->alloc_mem_mb - back.mem_mb)
        kept.mem_mb = mem_mb - (j->alloc_mem_mb - back.mem_mb);
    for (int cpu = cpuset_next(&j->alloc_set, 0); cpu >= 0;
         cpu = cpuset_next(&j->alloc_set, cpu + 1))
        if (!cpuset_has(&n->target_set, cpu))
            free_cpu(s, j, cpu);
    amount_add(&s->idle, &back);
    amount_take(&s->idle, &kept);
    amount_take(&s->free, &kept);
    amount_add(&n->need, &kept);
    if (kept.mem_mb)
        reservations_owed(s, n, &kept, now_us);
    j->alloc_cpus = n->target_cpus;
    j->alloc_mem_mb += kept.mem_mb - back.mem_mb;
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
