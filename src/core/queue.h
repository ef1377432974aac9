/* SPDX-License-Identifier: MIT */
/* queue.h - the pending jobs in the order in which they are considered (pure).
 *
 * A sorted array of pointers: scanning it is what a pass does, and an arrival almost always goes to
 * the end. Borrows the jobs: they must not change what they are ordered by while they stand here.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/job.h"

struct queue {
    struct job **jobs;
    size_t count, cap;
};

void queue_free(struct queue *q);
/* Whether a stands before b: higher priority, then earlier arrival, then lower id. */
bool queue_before(const struct job *a, const struct job *b);
/* 0, or -1 if no memory (the queue is as it was). */
int queue_insert(struct queue *q, struct job *j);
void queue_remove(struct queue *q, const struct job *j);
