/* SPDX-License-Identifier: MIT */
/* timeline.h - jobs by the time at which something is expected of them: running ones by their end,
 * pending ones by when they become eligible (pure). A sorted array of borrowed nodes. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct node;

struct timeline {
    struct node **nodes; /* by at_us, then in the order in which they came */
    size_t count, cap;
};

void timeline_free(struct timeline *t);
/* Makes room, so that so many fit without memory. 0, or -1. */
int timeline_reserve(struct timeline *t, size_t count);
/* By n->at_us, which must not change while it stands there. There is room. */
void timeline_insert(struct timeline *t, struct node *n);
/* Without effect if it does not stand there. */
void timeline_remove(struct timeline *t, const struct node *n);
/* It stands there, and gets an earlier time. */
void timeline_move(struct timeline *t, struct node *n, int64_t to_us);
