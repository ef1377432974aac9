// SPDX-License-Identifier: MIT
#include "core/trial.h"

#include "core/world.h"

/* --- the copy --------------------------------------------------------------------------------- */

static int put_job(struct trial *t, enum event_type type, const struct job *job, struct err *e)
{
    struct job j = *job;
    struct event ev = {.type = type, .now_us = t->now_us, .id = j.id, .job = &j};
    j.alloc_set = (struct cpuset){0};
    return sched_apply(t->world, &ev, e);
}

static int put_all(struct trial *t, struct err *e)
{
    for (const struct node *n = t->from->nodes; n; n = n->hh.next) {
        /* Who stands in the queue stays there, even if the clock was set back. */
        if (n->where == IN_QUEUES && n->job.eligible_us > t->now_us)
            t->now_us = n->job.eligible_us;
        if (put_job(t, n->where == IN_RUNNING ? EVENT_ADOPT : EVENT_SUBMIT, &n->job, e) < 0)
            return -1;
    }
    return 0;
}

int trial_open(struct trial *t, const struct sched *from, int64_t id, int64_t now_us, struct err *e)
{
    struct sched_config c = from->config;
    c.cpu_set = (struct cpuset){0}; /* which CPUs it would be does not matter */
    *t = (struct trial){.from = from, .id = id, .now_us = now_us, .world = sched_create(&c, e)};
    if (!t->world || put_all(t, e) < 0) {
        trial_close(t);
        return -1;
    }
    t->world->hold_until_us = from->hold_until_us;
    return 0;
}

void trial_close(struct trial *t)
{
    plan_free(&t->plan);
    sched_destroy(t->world);
}

/* --- back to what it was ---------------------------------------------------------------------- */

static void undo_starts(struct trial *t)
{
    while (t->plan.count > 0) {
        int64_t id = t->plan.actions[--t->plan.count].job->id;
        world_unstart(t->world, world_find(t->world, id), t->now_us);
    }
}

/* When those that run are expected to end: a pass changes that if they are late. */
static void restore_running(struct trial *t)
{
    const struct timeline *from = &t->from->running;
    struct timeline *to = &t->world->running;
    for (size_t i = 0; i < from->count; i++) {
        to->nodes[i] = world_find(t->world, from->nodes[i]->job.id);
        to->nodes[i]->at_us = from->nodes[i]->at_us;
    }
}

/* What was promised in the world is promised in its copy. */
static void restore_reservations(struct trial *t)
{
    const struct sched *from = t->from;
    struct sched *to = t->world;
    reservations_drop(to);
    to->arrived.count = 0;
    if (!reservations_kept(to))
        return;
    for (size_t i = 0; i < from->reserved.count; i++) {
        struct node *n = world_find(to, from->reserved.nodes[i]->job.id);
        n->at_us = from->reserved.nodes[i]->at_us;
        n->reserved = true;
        to->reserved.nodes[to->reserved.count++] = n;
    }
    for (struct node *n = to->nodes; n; n = n->hh.next)
        if (n->where == IN_QUEUES && !n->reserved)
            reservations_came(to, n);
    profile_copy(&to->profile, &from->profile);
    to->vacated = from->vacated;
    to->vacated_until_us = from->vacated_until_us;
    to->overrun = from->overrun;
}

/* The job asks for that, as if it had never asked for anything else. */
static int replace(struct trial *t, const struct job *job, struct err *e)
{
    if (put_job(t, EVENT_CANCEL, job, e) < 0)
        return -1;
    return put_job(t, EVENT_SUBMIT, job, e);
}

static int restore(struct trial *t, struct err *e)
{
    undo_starts(t);
    if (replace(t, &world_find(t->from, t->id)->job, e) < 0)
        return -1;
    restore_running(t);
    restore_reservations(t);
    return 0;
}

int trial_pass(struct trial *t, const struct job *changed, struct err *e)
{
    if (restore(t, e) < 0 || (changed && replace(t, changed, e) < 0) ||
        sched_pass(t->world, t->now_us, &t->plan, e) < 0)
        return -1;
    return world_find(t->world, t->id)->job.state == JOB_RUNNING;
}
