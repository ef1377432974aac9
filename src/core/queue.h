/* SPDX-License-Identifier: MIT */
/* queue.h - the pending jobs in the order in which they are considered (pure).
 *
 * A treap (R. Seidel, C. R. Aragon, "Randomized search trees", Algorithmica 16, 1996) of the jobs'
 * nodes themselves, so that no operation needs memory. Each node knows the least that any job of
 * its subtree needs of each resource, so that the next job that fits is found without looking at
 * those that do not. A node stands in up to QUEUES queues at a time. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/amount.h"
#include "core/job.h"

enum { QUEUE_MAIN, QUEUE_BACKFILL, QUEUES };

struct node;

/* Where a node stands in one queue. */
struct place {
    struct node *left, *right;
    double key[2]; /* order.h */
    struct amount least;
    int64_t least_us;
};

struct queue {
    struct node *root;
    size_t count;
    int which;       /* QUEUE_MAIN... */
    int64_t keys_us; /* when all the keys were worked out; INT64_MIN: not all at one time */
};

/* What a job must be to be taken: it fits into `free`, and it ends within window_us, or fits into
 * `spare` as well. */
struct limits {
    struct amount free, spare;
    int64_t window_us; /* INT64_MAX: `spare` does not matter */
};

/* Whether a stands before b. */
bool queue_before(const struct queue *q, const struct node *a, const struct node *b);
/* By its place's key, which must not change while it stands there. */
void queue_insert(struct queue *q, struct node *n);
void queue_remove(struct queue *q, struct node *n);
struct node *queue_first(const struct queue *q);
/* The next behind n. */
struct node *queue_next(const struct queue *q, const struct node *n);
/* The first within the limits, behind `after` (NULL: of all); NULL if there is none. */
struct node *queue_find(const struct queue *q, const struct node *after, const struct limits *l);
/* Whether n itself is within the limits. */
bool queue_fits(const struct node *n, const struct limits *l);
/* All of them in their order; `room` holds q->count nodes. */
void queue_list(const struct queue *q, struct node **room);
/* For sorting: the nodes themselves are all over the memory. */
struct rank {
    double key;
    struct node *node;
};

/* Sorts anew, after all the places' keys have changed. `listed`: queue_list(); it and `ranks` are
 * used as room. */
void queue_sort(struct queue *q, struct node **listed, struct rank *ranks);
