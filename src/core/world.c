// SPDX-License-Identifier: MIT
/* world.c - the jobs of the world, and where each pending one stands. */
#include "core/world.h"

#include <stdlib.h>
#include <utlist.h>

void world_free(struct node *n)
{
    job_free(&n->job);
    cpuset_free(&n->target_set);
    free(n->waits);
    free(n);
}

void world_forget_ended(struct sched *s)
{
    while (s->ended) {
        struct node *n = s->ended;
        s->ended = n->next_ended;
        world_free(n);
    }
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
    struct timeline *all[] = {&s->later, &s->running, &s->reserved, &s->arrived, &s->expiring};
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

static struct node *node_create(struct sched *s, const struct job *job)
{
    struct node *n = make_room(s) < 0 ? NULL : calloc(1, sizeof *n);
    if (!n)
        return NULL;
    if (job_copy(&n->job, job) < 0) {
        free(n);
        return NULL;
    }
    n->estimate_us = estimate_of(s, job);
    n->where = IN_NONE;
    return n;
}

/* It has its places in the indexes of the world. */
static int join_all(struct sched *s, struct node *n, int64_t now_us)
{
    if (array_join(s, n) < 0 || namesakes_join(s, n, now_us) < 0)
        return -1;
    return depends_link(s, n);
}

struct node *world_add(struct sched *s, const struct job *job, int64_t now_us, struct err *e)
{
    if (world_find(s, job->id)) {
        err_set(e, ERR_INVALID, "job %jd is there already", (intmax_t)job->id);
        return NULL;
    }
    struct node *n = node_create(s, job);
    if (n) {
        HASH_ADD(hh, s->nodes, job.id, sizeof n->job.id, n);
        if (world_find(s, job->id) == n) {
            if (job->id >= s->next_id)
                s->next_id = job->id + 1;
            if (join_all(s, n, now_us) == 0)
                return n;
            world_remove(s, n, now_us);
        } else {
            world_free(n); /* uthash could not grow */
        }
    }
    free(n);
    err_nomem(e);
    return NULL;
}

/* It is no node of the world any more; what becomes of it is the caller's to say. */
static void take_out(struct sched *s, struct node *n, int64_t now_us)
{
    depends_unlink(s, n);
    namesakes_leave(s, n, now_us);
    HASH_DEL(s->nodes, n);
    array_part(s, n);
}

void world_remove(struct sched *s, struct node *n, int64_t now_us)
{
    take_out(s, n, now_us);
    world_free(n);
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
    if (n->where == IN_BLOCKED)
        s->blocked--;
    if (n->doomed)
        DL_DELETE2(s->doomed, n, prev_doomed, next_doomed);
    n->doomed = false;
    deadline_forget(s, n);
    n->where = IN_NONE;
}

/* The next pass ends it. */
static void doom(struct sched *s, struct node *n)
{
    n->doomed = true;
    DL_APPEND2(s->doomed, n, prev_doomed, next_doomed);
}

int64_t world_due_us(const struct node *n)
{
    return n->depends_us > n->job.eligible_us ? n->depends_us : n->job.eligible_us;
}

void world_enqueue(struct sched *s, struct node *n, int64_t now_us)
{
    world_leave(s, n);
    deadline_watch(s, n);
    n->need = world_need(s, &n->job);
    if (depends_state(n) == CLAUSE_NEVER && !n->job.depends.kept)
        doom(s, n);
    if (!amount_fits(&n->need, &s->total))
        return;
    if (world_blocked(n)) {
        n->where = IN_BLOCKED;
        s->blocked++;
        return;
    }
    if (world_due_us(n) > now_us) {
        n->where = IN_LATER;
        n->at_us = world_due_us(n);
        timeline_insert(&s->later, n);
        return;
    }
    n->where = IN_QUEUES;
    join(s, &s->queues[QUEUE_MAIN], s->config.order, n, now_us);
    if (world_backfill_queue(s) != &s->queues[QUEUE_MAIN])
        join(s, world_backfill_queue(s), s->config.backfill_order, n, now_us);
    reservations_came(s, n);
}

void world_relimit(struct sched *s, struct node *n, const struct job *job, int64_t now_us)
{
    int64_t was_us = n->at_us;
    n->job.priority = job->priority;
    n->job.limit_us = job->limit_us;
    n->job.deadline_us = job->deadline_us;
    n->job.may_rerun = job->may_rerun;
    n->job.estimate_us = job->estimate_us;
    n->estimate_us = estimate_of(s, &n->job);
    timeline_remove(&s->running, n);
    n->at_us = n->job.start_us + n->job.stood_us + n->estimate_us;
    timeline_insert(&s->running, n);
    reservations_end_moved(s, n, was_us, now_us);
}

void world_end(struct sched *s, struct node *n, enum job_state state, int64_t now_us)
{
    n->job.state = state;
    s->pending--;
    depends_ended(s, n, state, now_us);
    take_out(s, n, now_us);
    n->next_ended = s->ended;
    s->ended = n;
}

void world_ask(struct sched *s, struct node *n, const struct job *job, int64_t now_us)
{
    bool queued = n->where == IN_QUEUES;
    world_leave(s, n);
    n->job = *job;
    n->estimate_us = estimate_of(s, job);
    array_set_limit(s, n, now_us);
    world_enqueue(s, n, queued && world_due_us(n) > now_us ? world_due_us(n) : now_us);
}
