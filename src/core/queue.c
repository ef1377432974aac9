// SPDX-License-Identifier: MIT
#include "core/queue.h"

#include <stdlib.h>

#include "core/world.h"

static struct place *place(const struct queue *q, struct node *n)
{
    return &n->places[q->which];
}

static int compare(const struct node *a, const struct node *b, int which)
{
    const struct place *p = &a->places[which], *r = &b->places[which];
    const struct job *j = &a->job, *k = &b->job;
    if (p->key[0] != r->key[0])
        return p->key[0] < r->key[0] ? -1 : 1;
    if (p->key[1] != r->key[1])
        return p->key[1] < r->key[1] ? -1 : 1;
    if (j->priority != k->priority)
        return j->priority > k->priority ? -1 : 1;
    if (j->submit_us != k->submit_us)
        return j->submit_us < k->submit_us ? -1 : 1;
    return (j->id > k->id) - (j->id < k->id);
}

bool queue_before(const struct queue *q, const struct node *a, const struct node *b)
{
    return compare(a, b, q->which) < 0;
}

/* The heap's order: any that does not depend on the queue's. */
static uint64_t weight(const struct node *n)
{
    uint64_t x = (uint64_t)n->job.id * UINT64_C(0x9E3779B97F4A7C15);
    x ^= x >> 32;
    return x * UINT64_C(0xD6E8FEB86659FD93);
}

static void pull_from(struct place *p, const struct queue *q, struct node *child)
{
    if (!child)
        return;
    const struct place *c = place(q, child);
    amount_least(&p->least, &c->least);
    if (c->least_us < p->least_us)
        p->least_us = c->least_us;
}

static void pull(const struct queue *q, struct node *n)
{
    struct place *p = place(q, n);
    p->least = n->need;
    p->least_us = n->estimate_us;
    pull_from(p, q, p->left);
    pull_from(p, q, p->right);
}

/* All before n go to *left, the others to *right. */
static void split(const struct queue *q, struct node *t, const struct node *n, struct node **left,
                  struct node **right)
{
    if (!t) {
        *left = *right = NULL;
        return;
    }
    if (queue_before(q, t, n)) {
        split(q, place(q, t)->right, n, &place(q, t)->right, right);
        *left = t;
    } else {
        split(q, place(q, t)->left, n, left, &place(q, t)->left);
        *right = t;
    }
    pull(q, t);
}

static struct node *merge(const struct queue *q, struct node *a, struct node *b)
{
    if (!a || !b)
        return a ? a : b;
    if (weight(a) > weight(b)) {
        place(q, a)->right = merge(q, place(q, a)->right, b);
        pull(q, a);
        return a;
    }
    place(q, b)->left = merge(q, a, place(q, b)->left);
    pull(q, b);
    return b;
}

static void insert(const struct queue *q, struct node **t, struct node *n)
{
    if (!*t || weight(n) > weight(*t)) {
        struct place *p = place(q, n);
        split(q, *t, n, &p->left, &p->right);
        *t = n;
    } else {
        struct place *p = place(q, *t);
        insert(q, queue_before(q, *t, n) ? &p->right : &p->left, n);
    }
    pull(q, *t);
}

void queue_insert(struct queue *q, struct node *n)
{
    insert(q, &q->root, n);
    q->count++;
}

static void erase(const struct queue *q, struct node **t, struct node *n)
{
    struct place *p = place(q, *t);
    if (*t == n) {
        *t = merge(q, p->left, p->right);
        return;
    }
    erase(q, queue_before(q, *t, n) ? &p->right : &p->left, n);
    pull(q, *t);
}

void queue_remove(struct queue *q, struct node *n)
{
    erase(q, &q->root, n);
    q->count--;
}

struct node *queue_first(const struct queue *q)
{
    struct node *t = q->root;
    while (t && place(q, t)->left)
        t = place(q, t)->left;
    return t;
}

struct node *queue_next(const struct queue *q, const struct node *n)
{
    struct node *next = NULL;
    for (struct node *t = q->root; t;) {
        bool behind = queue_before(q, n, t);
        if (behind)
            next = t;
        t = behind ? place(q, t)->left : place(q, t)->right;
    }
    return next;
}

static bool within(const struct amount *need, int64_t us, const struct limits *l)
{
    return amount_fits(need, &l->free) && (us <= l->window_us || amount_fits(need, &l->spare));
}

static struct node *find(const struct queue *q, struct node *t, const struct node *after,
                         const struct limits *l)
{
    if (!t || !within(&place(q, t)->least, place(q, t)->least_us, l))
        return NULL;
    if (after && !queue_before(q, after, t))
        return find(q, place(q, t)->right, after, l);
    struct node *found = find(q, place(q, t)->left, after, l);
    if (found)
        return found;
    if (within(&t->need, t->estimate_us, l))
        return t;
    return find(q, place(q, t)->right, NULL, l);
}

bool queue_fits(const struct node *n, const struct limits *l)
{
    return within(&n->need, n->estimate_us, l);
}

struct node *queue_find(const struct queue *q, const struct node *after, const struct limits *l)
{
    return find(q, q->root, after, l);
}

/* --- sorting anew ----------------------------------------------------------------------------- */

static size_t collect(const struct queue *q, struct node *t, struct node **room)
{
    if (!t)
        return 0;
    size_t n = collect(q, place(q, t)->left, room);
    room[n++] = t;
    return n + collect(q, place(q, t)->right, room + n);
}

static int by_rank(const struct rank *a, const struct rank *b, int which)
{
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    return compare(a->node, b->node, which);
}

static int by_main(const void *a, const void *b)
{
    return by_rank(a, b, QUEUE_MAIN);
}

static int by_backfill(const void *a, const void *b)
{
    return by_rank(a, b, QUEUE_BACKFILL);
}

/* A treap of nodes in their order: the heaviest on top, in one go from the left. `room`'s front is
 * used as the stack of the nodes on the right edge. */
static struct node *build(const struct queue *q, struct node **room, size_t count)
{
    size_t depth = 0;
    for (size_t i = 0; i < count; i++) {
        struct node *n = room[i], *last = NULL;
        while (depth && weight(room[depth - 1]) < weight(n)) {
            last = room[--depth];
            pull(q, last);
        }
        place(q, n)->left = last;
        place(q, n)->right = NULL;
        if (depth)
            place(q, room[depth - 1])->right = n;
        room[depth++] = n;
    }
    for (size_t i = depth; i > 0; i--)
        pull(q, room[i - 1]);
    return depth ? room[0] : NULL;
}

void queue_list(const struct queue *q, struct node **room)
{
    collect(q, q->root, room);
}

void queue_sort(struct queue *q, struct node **listed, struct rank *ranks)
{
    for (size_t i = 0; i < q->count; i++)
        ranks[i] = (struct rank){place(q, listed[i])->key[0], listed[i]};
    qsort(ranks, q->count, sizeof *ranks, q->which == QUEUE_MAIN ? by_main : by_backfill);
    for (size_t i = 0; i < q->count; i++)
        listed[i] = ranks[i].node;
    q->root = build(q, listed, q->count);
}
