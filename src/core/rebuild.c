// SPDX-License-Identifier: MIT
/* rebuild.c - conservative backfilling without promises: all reservations are made anew in each
 * pass, and who comes first gets the hole, whatever was planned before. */
#include "core/world.h"

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
    for (size_t i = 0; i < count && pass_may_start(p); i++) {
        struct node *n = s->room[i];
        struct hole h = reservation_hole(n);
        int64_t at_us = profile_earliest(&s->profile, &h, p->now_us);
        profile_take(&s->profile, at_us, time_after(at_us, n->estimate_us), &n->need);
        if (at_us == p->now_us && pass_start(p, n) < 0)
            return -1; /* who is not placed keeps its hole: nobody behind it may take that */
    }
    return 0;
}
