// SPDX-License-Identifier: MIT
#include "core/sched.h"

#include <stdlib.h>

#include "core/world.h"

/* Of a job of which nothing is known. */
#define ESTIMATE_US INT64_C(3600000000)

struct sched *sched_create(const struct sched_config *c, struct err *e)
{
    struct sched *s = calloc(1, sizeof *s);
    if (!s)
        goto nomem;
    s->config = *c;
    if (place_create(s, e) < 0)
        goto nomem;
    if (s->config.estimate_us <= 0)
        s->config.estimate_us = ESTIMATE_US;
    if (s->config.elastic.step <= 0)
        s->config.elastic.step = 1;
    s->next_id = c->next_id > 0 ? c->next_id : 1;
    s->total = s->free = s->idle = (struct amount){c->cpus, c->mem_mb, c->gpus};
    for (int i = 0; i < QUEUES; i++)
        s->queues[i].which = i;
    if (profile_init(&s->profile, &s->total, 0) < 0)
        goto nomem;
    return s;
nomem:
    sched_destroy(s);
    err_nomem(e);
    return NULL;
}

void sched_destroy(struct sched *s)
{
    if (!s)
        return;
    struct node *n, *next;
    world_forget_ended(s);
    HASH_ITER (hh, s->nodes, n, next) {
        HASH_DEL(s->nodes, n);
        array_part(s, n);
        world_free(n);
    }
    depends_free(s);
    namesakes_free(s);
    timeline_free(&s->later);
    timeline_free(&s->running);
    timeline_free(&s->reserved);
    timeline_free(&s->arrived);
    timeline_free(&s->expiring);
    roster_free(&s->elastic);
    roster_free(&s->claims);
    profile_free(&s->profile);
    free(s->room);
    free(s->ranks);
    place_destroy(s);
    free(s);
}

const struct job *sched_job(const struct sched *s, int64_t id)
{
    const struct node *n = world_find(s, id);
    return n ? &n->job : NULL;
}

int sched_before(const struct sched *s, int64_t id)
{
    const struct queue *q = &s->queues[QUEUE_MAIN];
    const struct node *n = world_find(s, id), *b;
    int before = 0;
    if (!n || n->where != IN_QUEUES)
        return -1;
    for (b = queue_first(q); b != n && before < SCHED_BEFORE_MAX; b = queue_next(q, b))
        before++;
    return before;
}

enum sched_policy sched_policy(const struct sched *s)
{
    return s->config.policy;
}

bool sched_drained(const struct sched *s)
{
    return s->drained;
}

bool sched_resizes(const struct sched *s)
{
    return !s->config.elastic.disabled;
}

void sched_usage(const struct sched *s, struct sched_usage *u)
{
    *u = (struct sched_usage){
        .cpus_total = s->config.cpus,
        .cpus_used = s->total.cpus - s->idle.cpus,
        .mem_total_mb = s->config.mem_mb,
        .mem_used_mb = s->total.mem_mb - s->idle.mem_mb,
        .gpus_total = s->config.gpus,
        .gpus_used = s->total.gpus - s->idle.gpus,
        .pending = s->pending,
        .running = s->running.count - s->claims.count,
    };
}
