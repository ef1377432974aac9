// SPDX-License-Identifier: MIT
#include "core/sched.h"

#include <stdlib.h>

#include "core/world.h"

/* A job whose start failed waits 0.2 s for the next, then twice as long each time, to 51 s. */
#define RETRY_FIRST_US INT64_C(200000)
#define RETRY_DOUBLED  8
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

static void node_free(struct node *n)
{
    cpuset_free(&n->job.alloc_set);
    cpuset_free(&n->target_set);
    free(n);
}

void sched_destroy(struct sched *s)
{
    if (!s)
        return;
    struct node *n, *next;
    HASH_ITER (hh, s->nodes, n, next) {
        HASH_DEL(s->nodes, n);
        node_free(n);
    }
    timeline_free(&s->later);
    timeline_free(&s->running);
    timeline_free(&s->reserved);
    timeline_free(&s->arrived);
    roster_free(&s->elastic);
    roster_free(&s->claims);
    profile_free(&s->profile);
    free(s->room);
    free(s->ranks);
    place_destroy(s);
    free(s);
}

struct node *world_find(const struct sched *s, int64_t id)
{
    struct node *n;
    HASH_FIND(hh, s->nodes, &id, sizeof id, n);
    return n;
}

struct queue *world_backfill_queue(struct sched *s)
{
    return &s->queues[s->config.backfill_order == s->config.order ? QUEUE_MAIN : QUEUE_BACKFILL];
}

const struct job *sched_job(const struct sched *s, int64_t id)
{
    const struct node *n = world_find(s, id);
    return n ? &n->job : NULL;
}

enum sched_policy sched_policy(const struct sched *s)
{
    return s->config.policy;
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

static int sorting_room(struct sched *s, size_t count)
{
    const struct sched_config *c = &s->config;
    if (count <= s->room_cap)
        return 0;
    struct node **room = realloc(s->room, 2 * count * sizeof *room);
    if (!room)
        return -1;
    s->room = room;
    if (order_changes(c->order, c->order_expr) || order_changes(c->backfill_order, c->order_expr)) {
        struct rank *ranks = realloc(s->ranks, 2 * count * sizeof *ranks);
        if (!ranks)
            return -1;
        s->ranks = ranks;
    }
    s->room_cap = 2 * count;
    return 0;
}

/* As many places everywhere as there may be jobs: nothing that moves a job needs memory. */
static int make_room(struct sched *s)
{
    size_t count = HASH_COUNT(s->nodes) + 1;
    struct timeline *all[] = {&s->later, &s->running, &s->reserved, &s->arrived};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (timeline_reserve(all[i], count) < 0)
            return -1;
    if (roster_reserve(&s->elastic, count) < 0 || roster_reserve(&s->claims, count) < 0)
        return -1;
    return sorting_room(s, count) < 0 ? -1 : profile_reserve(&s->profile, count);
}

static int64_t estimate_of(const struct sched *s, const struct job *j)
{
    bool trusted = s->config.trust_predictions && j->estimate_us > 0;
    if (j->limit_us > 0 && !(trusted && j->estimate_us < j->limit_us))
        return j->limit_us;
    return j->estimate_us > 0 ? j->estimate_us : s->config.estimate_us;
}

/* A copy of the job with a node of its own, in the hash. NULL with *e. */
static struct node *node_add(struct sched *s, const struct job *job, struct err *e)
{
    if (world_find(s, job->id)) {
        err_set(e, ERR_INVALID, "job %jd is there already", (intmax_t)job->id);
        return NULL;
    }
    struct node *n = make_room(s) < 0 ? NULL : calloc(1, sizeof *n);
    if (n) {
        n->job = *job;
        n->job.alloc_set = (struct cpuset){0};
        n->estimate_us = estimate_of(s, job);
        n->where = IN_NONE;
        HASH_ADD(hh, s->nodes, job.id, sizeof n->job.id, n);
        if (world_find(s, job->id) == n)
            return n;
        free(n); /* uthash could not grow */
    }
    err_nomem(e);
    return NULL;
}

static void node_remove(struct sched *s, struct node *n)
{
    HASH_DEL(s->nodes, n);
    node_free(n);
}

static void join(struct sched *s, struct queue *q, enum order o, struct node *n, int64_t now_us)
{
    if (!q->count)
        q->keys_us = now_us;
    else if (q->keys_us != now_us)
        q->keys_us = INT64_MIN;
    order_key(o, s->config.order_expr, &n->job, n->estimate_us, now_us, n->places[q->which].key);
    queue_insert(q, n);
}

void world_leave(struct sched *s, struct node *n)
{
    if (n->where == IN_LATER)
        timeline_remove(&s->later, n);
    if (n->where == IN_QUEUES) {
        queue_remove(&s->queues[QUEUE_MAIN], n);
        if (world_backfill_queue(s) != &s->queues[QUEUE_MAIN])
            queue_remove(world_backfill_queue(s), n);
        reservations_left(s, n);
    }
    n->where = IN_NONE;
}

void world_enqueue(struct sched *s, struct node *n, int64_t now_us)
{
    world_leave(s, n);
    n->need = world_need(s, &n->job);
    if (!amount_fits(&n->need, &s->total))
        return;
    if (n->job.eligible_us > now_us) {
        n->where = IN_LATER;
        n->at_us = n->job.eligible_us;
        timeline_insert(&s->later, n);
        return;
    }
    n->where = IN_QUEUES;
    join(s, &s->queues[QUEUE_MAIN], s->config.order, n, now_us);
    if (world_backfill_queue(s) != &s->queues[QUEUE_MAIN])
        join(s, world_backfill_queue(s), s->config.backfill_order, n, now_us);
    reservations_came(s, n);
}

void world_ask(struct sched *s, struct node *n, const struct job *job, int64_t now_us)
{
    bool queued = n->where == IN_QUEUES;
    world_leave(s, n);
    n->job = *job;
    n->estimate_us = estimate_of(s, job);
    world_enqueue(s, n, queued && job->eligible_us > now_us ? job->eligible_us : now_us);
}

static int apply_submit(struct sched *s, const struct event *ev, struct err *e)
{
    struct node *n = node_add(s, ev->job, e);
    if (!n)
        return -1;
    n->job.state = JOB_PENDING;
    s->pending++;
    world_enqueue(s, n, ev->now_us);
    return 0;
}

/* What an adopted job is owed of what it holds. */
static int64_t owed_cpus(const struct sched *s, const struct job *j)
{
    bool lent = j->elastic && !s->config.elastic.disabled && j->alloc_cpus > j->cpus;
    return lent ? j->cpus : j->alloc_cpus;
}

/* A running job from before: what it holds is taken as a fact, also if the machine is smaller now
 * (then less than nothing is free until enough has ended). */
static int apply_adopt(struct sched *s, const struct event *ev, struct err *e)
{
    struct node *n = node_add(s, ev->job, e);
    if (!n)
        return -1;
    struct job *j = &n->job;
    j->state = JOB_RUNNING;
    if (world_adopt(s, n, &ev->job->alloc_set, owed_cpus(s, j), ev->now_us) == 0)
        return 0;
    node_remove(s, n);
    return err_nomem(e);
}

static int apply_cancel(struct sched *s, struct node *n, int64_t now_us)
{
    if (n->where == IN_CLAIMS)
        world_unclaim(s, n, now_us);
    if (n->job.state == JOB_PENDING) {
        world_leave(s, n);
        s->pending--;
        node_remove(s, n);
    }
    return 0;
}

static int not_running(const struct node *n, struct err *e)
{
    return err_set(e, ERR_INVALID, "job %jd does not run", (intmax_t)n->job.id);
}

static int apply_finish(struct sched *s, struct node *n, const struct event *ev, struct err *e)
{
    if (n->job.state != JOB_RUNNING)
        return not_running(n, e);
    world_release(s, n, ev->now_us);
    node_remove(s, n);
    return 0;
}

/* Perhaps it is the machine: then nothing is started for a while. Perhaps it is this job: then it
 * waits longer than that, so that others are tried before it. */
static int apply_start_failed(struct sched *s, struct node *n, const struct event *ev,
                              struct err *e)
{
    struct job *j = &n->job;
    if (j->state != JOB_RUNNING)
        return not_running(n, e);
    world_release(s, n, ev->now_us);
    j->state = JOB_PENDING;
    j->start_us = 0;
    int64_t delay_us = RETRY_FIRST_US
                       << (j->failed_starts < RETRY_DOUBLED ? j->failed_starts : RETRY_DOUBLED);
    j->failed_starts++;
    j->eligible_us = ev->now_us + delay_us;
    if (ev->retry_us > s->hold_until_us)
        s->hold_until_us = ev->retry_us;
    s->pending++;
    world_enqueue(s, n, ev->now_us);
    return 0;
}

static int apply_resize(struct sched *s, struct node *n, const struct event *ev, struct err *e)
{
    struct job *j = &n->job;
    if (j->state != JOB_RUNNING)
        return not_running(n, e);
    if (!j->elastic)
        return err_set(e, ERR_INVALID, "job %jd is not elastic", (intmax_t)j->id);
    if (!sched_resizes(s))
        return err_set(e, ERR_INVALID, "elastic jobs are not resized");
    j->wanted_cpus = ev->cpus;
    n->asked = true;
    if (n->need.cpus > shares_most(s, j))
        world_owe(s, n, shares_most(s, j) - n->need.cpus, ev->now_us);
    if (n->need.cpus == shares_most(s, j))
        n->gave_way = false; /* it has what it wants */
    return 0;
}

/* Of an order that another has followed nothing is known. */
static int apply_resized(struct sched *s, struct node *n, const struct event *ev, struct err *e)
{
    if (n->job.state != JOB_RUNNING)
        return not_running(n, e);
    if (n->job.elastic && ev->generation == n->job.generation)
        world_shrunk(s, n, ev->mem_mb, ev->now_us);
    return 0;
}

int sched_apply(struct sched *s, const struct event *ev, struct err *e)
{
    switch (ev->type) {
    case EVENT_SUBMIT:
        return apply_submit(s, ev, e);
    case EVENT_ADOPT:
        return apply_adopt(s, ev, e);
    case EVENT_TICK:
        return 0;
    case EVENT_CANCEL:
    case EVENT_FINISH:
    case EVENT_START_FAILED:
    case EVENT_RESIZE:
    case EVENT_RESIZED:
        break;
    }
    struct node *n = world_find(s, ev->id);
    if (!n)
        return err_set(e, ERR_INVALID, "job %jd is not active", (intmax_t)ev->id);
    if (ev->type == EVENT_CANCEL)
        return apply_cancel(s, n, ev->now_us);
    if (ev->type == EVENT_FINISH)
        return apply_finish(s, n, ev, e);
    if (ev->type == EVENT_RESIZE)
        return apply_resize(s, n, ev, e);
    if (ev->type == EVENT_RESIZED)
        return apply_resized(s, n, ev, e);
    return apply_start_failed(s, n, ev, e);
}
