// SPDX-License-Identifier: MIT
/* greedy.c - whatever fits starts: the rule of the original mini-slurm. The queue is looked through
 * in order (priority, then arrival), and each job that fits into what is free starts. A job that
 * does not fit holds nobody up. */
#include "core/world.h"

static void unstart(struct sched *s, struct job *j)
{
    world_release(s, j);
    j->state = JOB_PENDING;
    j->start_us = 0;
    j->attempt--;
}

static int start(struct sched *s, struct job *j, int64_t now_us, struct plan *plan)
{
    if (world_start(s, j, now_us) < 0)
        return -1;
    if (plan_add(plan, ACTION_START, j) < 0) {
        unstart(s, j);
        return -1;
    }
    return 0;
}

static void undo(struct sched *s, struct plan *plan)
{
    for (size_t i = 0; i < plan->count; i++)
        unstart(s, (struct job *)plan->actions[i].job);
    plan->count = 0;
}

static void note_wake(struct plan *plan, int64_t at_us)
{
    if (!plan->wake_us || at_us < plan->wake_us)
        plan->wake_us = at_us;
}

int greedy_pass(struct sched *s, int64_t now_us, struct plan *plan)
{
    struct queue *q = &s->pending;
    for (size_t i = 0; i < q->count && s->free_cpus > 0 && s->free_mem_mb > 0; i++) {
        struct job *j = q->jobs[i];
        if (j->eligible_us > now_us) {
            note_wake(plan, j->eligible_us);
            continue;
        }
        if (!world_fits(s, j))
            continue;
        if (start(s, j, now_us, plan) < 0) {
            undo(s, plan);
            return -1;
        }
    }
    return 0;
}
