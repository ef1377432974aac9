// SPDX-License-Identifier: MIT
/* greedy.c - whatever fits starts: the rule of the original mini-slurm. The queue is looked through
 * in its order, and each job that fits into what is free starts. A job that does not fit holds
 * nobody up, and may wait for ever. */
#include "core/world.h"

int greedy_pass(struct pass *p)
{
    const struct queue *q = &p->sched->queues[QUEUE_MAIN];
    if (fifo_pass(p) < 0) /* for the first in the queue others may have to yield */
        return -1;
    struct limits l = {.free = p->free, .window_us = INT64_MAX};
    struct node *n = NULL;
    while ((n = pass_find(p, q, n, &l))) {
        if (pass_start(p, n) < 0)
            return -1;
        l.free = p->free;
    }
    return 0;
}
