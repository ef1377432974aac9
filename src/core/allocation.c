// SPDX-License-Identifier: MIT
/* allocation.c - who holds which CPUs and how much memory. */
#include "core/world.h"

int64_t sched_mem_mb(const struct sched *s, const struct job *j)
{
    if (j->mem_mb > 0)
        return j->mem_mb;
    int64_t share = s->config.mem_mb / s->config.cpus * place_cpus(s, j);
    return share > 0 ? share : 1;
}

struct amount world_need(const struct sched *s, const struct job *j)
{
    return (struct amount){.cpus = place_cpus(s, j), .mem_mb = sched_mem_mb(s, j), .gpus = j->gpus};
}

bool world_ends_at_limit(const struct node *n)
{
    const struct job *j = &n->job;
    return j->limit_us > 0 && !j->suspended_us &&
           n->at_us == j->start_us + j->stood_us + j->limit_us;
}

/* n is owed what it needs from now on, and expected to need it until n->at_us. */
static void enter(struct sched *s, struct node *n, int64_t now_us)
{
    int64_t end_us = now_us + n->job.stood_us + n->estimate_us;
    reservations_started(s, n, now_us, end_us);
    world_leave(s, n);
    n->job.start_us = now_us;
    amount_take(&s->free, &n->need);
    n->at_us = end_us;
    timeline_insert(&s->running, n);
    array_started(s, n, now_us);
}

static void withdraw(struct sched *s, struct node *n, int64_t now_us)
{
    reservations_ended(s, n, now_us);
    timeline_remove(&s->running, n);
    amount_add(&s->free, &n->need);
    n->where = IN_NONE;
    array_stopped(s, n, now_us);
}

/* Nodes may be of different sizes: n, which is particular, needs what it was given. False if that
 * is more than there is: it has nothing then. */
static bool need_exactly(struct sched *s, struct node *n)
{
    int64_t cpus = cpuset_count(&n->job.alloc_set);
    if (cpus == n->need.cpus)
        return true;
    if (cpus > s->free.cpus) {
        place_end(s, &n->job.alloc_set);
        return false;
    }
    world_leave(s, n);
    if (n->reserved) /* a task's, which stands nowhere */
        reservation_give_back(s, n);
    n->need.cpus = cpus;
    reservations_overrun(s);
    return true;
}

int world_hold(struct sched *s, struct node *n, int64_t now_us)
{
    struct job *j = &n->job;
    int placed = place_start(s, n, now_us);
    if (placed <= 0)
        return placed < 0 ? -1 : 1;
    if (place_is_particular(s, j) && !need_exactly(s, n))
        return 1;
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

int world_redeem(struct sched *s, struct node *n, int64_t now_us)
{
    bool vacated = s->vacated;
    int64_t vacated_until_us = s->vacated_until_us;
    if (n->job.start_us < now_us)
        reservations_overrun(s); /* its end moves as well */
    world_unclaim(s, n, now_us);
    s->vacated = vacated; /* the same place is taken again */
    s->vacated_until_us = vacated_until_us;
    return world_hold(s, n, now_us) == 0 ? 0 : -1;
}

int world_adopt(struct sched *s, struct node *n, const struct cpuset *set, int64_t owed_cpus,
                int64_t now_us)
{
    struct job *j = &n->job;
    struct amount held = {j->alloc_cpus, j->alloc_mem_mb, j->gpus};
    struct amount lent = world_cpus_of(n, j->alloc_cpus - owed_cpus);
    if (cpuset_copy(&j->alloc_set, set) < 0)
        return -1;
    if (s->placement)
        placement_take(s->placement, set);
    n->need = held;
    amount_take(&n->need, &lent);
    enter(s, n, j->start_us);
    n->where = IN_RUNNING;
    amount_take(&s->idle, &held);
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

void world_release(struct sched *s, struct node *n, int64_t now_us)
{
    struct job *j = &n->job;
    struct amount held = {j->alloc_cpus, j->alloc_mem_mb, j->gpus};
    withdraw(s, n, now_us);
    roster_remove(&s->elastic, n);
    amount_add(&s->idle, &held);
    place_end(s, &j->alloc_set);
    cpuset_free(&n->target_set);
    j->alloc_cpus = j->alloc_mem_mb = 0;
    j->suspended_us = j->stood_us = 0;
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

int world_grow(struct sched *s, struct node *n, int64_t cpus)
{
    struct amount more = world_cpus_of(n, cpus);
    if (place_more(s, n, cpus) < 0)
        return -1;
    amount_take(&s->idle, &more);
    n->job.alloc_cpus += more.cpus;
    n->job.alloc_mem_mb += more.mem_mb;
    n->target_cpus = n->job.alloc_cpus;
    n->job.generation++;
    return 0;
}

int world_shrink(const struct sched *s, struct node *n, int64_t cpus)
{
    struct cpuset kept = {0};
    if (place_fewer(s, &n->job.alloc_set, cpus, &kept) < 0)
        return -1;
    cpuset_free(&n->target_set);
    n->target_set = kept;
    n->target_cpus -= cpus;
    n->job.generation++;
    return 0;
}

int64_t world_due_mem_mb(const struct node *n)
{
    if (!world_is_shrinking(n))
        return n->job.alloc_mem_mb; /* what it keeps is not asked back */
    struct amount back = world_cpus_of(n, n->job.alloc_cpus - n->target_cpus);
    return n->job.alloc_mem_mb - back.mem_mb - n->kept_mb;
}

void world_shrunk(struct sched *s, struct node *n, int64_t mem_mb, int64_t now_us)
{
    struct job *j = &n->job;
    if (!world_is_shrinking(n))
        return; /* it took nothing away */
    int64_t due_mb = world_due_mem_mb(n);
    int64_t kept_mb = mem_mb > due_mb ? mem_mb - due_mb : 0;
    struct amount more = {.mem_mb = kept_mb - n->kept_mb};
    struct amount back = {j->alloc_cpus - n->target_cpus, j->alloc_mem_mb - due_mb - kept_mb, 0};
    place_keep(s, &j->alloc_set, &n->target_set);
    amount_add(&s->idle, &back);
    amount_take(&s->free, &more);
    amount_add(&n->need, &more);
    if (more.mem_mb)
        reservations_owed(s, n, &more, now_us);
    j->alloc_cpus = n->target_cpus;
    j->alloc_mem_mb = due_mb + kept_mb;
    n->kept_mb = kept_mb;
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
