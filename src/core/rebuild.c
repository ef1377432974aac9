// SPDX-License-Identifier: MIT
/* rebuild.c - conservative backfilling without promises: all reservations are made anew in each
 * pass, and who comes first gets the hole, whatever was planned before. */
#include "core/world.h"

/* Gives n its hole, or if it is a head the next of its tasks; whether that starts now: then there
 * may be another. -1 if no memory. */
static int plan_one(struct pass *p, struct node *n)
{
    struct sched *s = p->sched;
    struct hole h = reservation_hole(n);
    int64_t at_us = profile_earliest(&s->profile, &h, p->now_us);
    profile_take(&s->profile, at_us, time_after(at_us, n->estimate_us), &n->need);
    if (at_us != p->now_us)
        return 0;
    int blocked = pass_start(p, n);
    return blocked < 0 ? -1 : !blocked; /* who is not placed keeps its hole */
}

static int plan_all(struct pass *p, struct node *n)
{
    int started = 1;
    while (started > 0 && n->where == IN_QUEUES && pass_may_start(p))
        started = plan_one(p, n);
    return started;
}

int rebuild_pass(struct pass *p)
{
    struct sched *s = p->sched;
    const struct queue *q = &s->queues[QUEUE_MAIN];
    const struct node *head = queue_first(q);
    size_t count = q->count;
    if (head && !amount_fits(&head->need, &p->free))
        elastic_yield(p, head);
    queue_list(q, s->room);
    reservations_draw_running(s, p->now_us);
    /* Once nothing more can start now, the rest of the plan does not matter. */
    for (size_t i = 0; i < count && pass_may_start(p); i++)
        if (plan_all(p, s->room[i]) < 0)
            return -1;
    return 0;
}
