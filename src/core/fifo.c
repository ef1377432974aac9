// SPDX-License-Identifier: MIT
/* fifo.c - strictly in the order of the queue: who does not fit holds up all behind. */
#include "core/world.h"

int fifo_pass(struct pass *p)
{
    const struct queue *q = &p->sched->queues[QUEUE_MAIN];
    struct node *n;
    int blocked = 0;
    while (!blocked && (n = queue_first(q)) &&
           (amount_fits(&n->need, &p->free) || elastic_yield(p, n)))
        blocked = pass_start(p, n);
    return blocked < 0 ? -1 : 0;
}
