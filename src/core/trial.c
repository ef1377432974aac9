// SPDX-License-Identifier: MIT
#include "core/trial.h"

#include "core/world.h"

int trial_open(struct trial *t, struct sched *world, struct node *n, int64_t now_us, struct err *e)
{
    *t = (struct trial){.world = world, .node = n, .asked = n->job, .now_us = now_us};
    pass_admit(world, now_us);
    if (snapshot_take(&t->before, world) < 0) {
        snapshot_free(&t->before);
        return err_nomem(e);
    }
    world->trying = true;
    return 0;
}

void trial_close(struct trial *t)
{
    trial_back(t);
    t->world->trying = false;
    snapshot_free(&t->before);
    plan_free(&t->plan);
}

int trial_pass(struct trial *t, const struct job *changed, struct err *e)
{
    t->changed = changed != NULL;
    if (changed)
        world_ask(t->world, t->node, changed, t->now_us);
    if (sched_pass(t->world, t->now_us, &t->plan, e) < 0)
        return -1;
    const struct job *j = &t->node->job;
    return j->state == JOB_RUNNING || j->tasks.count < t->asked.tasks.count;
}

void trial_back(struct trial *t)
{
    reservations_drop(t->world);
    pass_undo(t->world, &t->plan, t->now_us);
    elastic_untry(t->world, t->now_us);
    if (t->changed)
        world_ask(t->world, t->node, &t->asked, t->now_us);
    t->changed = false;
    snapshot_restore(&t->before, t->world);
}
