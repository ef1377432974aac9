// SPDX-License-Identifier: MIT
/* namesakes.c - the active jobs of one user and name, in the order of their ids: whose dependency
 * is "singleton" waits until it is the first of them. */
#include <stdlib.h>
#include <utlist.h>

#include "core/world.h"

struct namesakes {
    uint64_t key;
    struct node *first;
    UT_hash_handle hh;
};

static struct namesakes *find(const struct sched *s, uint64_t key)
{
    struct namesakes *all;
    HASH_FIND(hh, s->namesakes, &key, sizeof key, all);
    return all;
}

static struct namesakes *find_or_make(struct sched *s, uint64_t key)
{
    struct namesakes *all = find(s, key);
    if (all)
        return all;
    all = calloc(1, sizeof *all);
    if (!all)
        return NULL;
    all->key = key;
    HASH_ADD(hh, s->namesakes, key, sizeof all->key, all);
    if (find(s, key) == all)
        return all;
    free(all); /* uthash could not grow */
    return NULL;
}

/* Where it stands: with the others of its array. */
static int64_t rank(const struct node *n)
{
    return n->job.array_id ? n->job.array_id : n->job.id;
}

/* Ids ascend: nearly always it is the last. */
static void insert(struct namesakes *all, struct node *n)
{
    struct node *after = all->first ? all->first->prev_namesake : NULL;
    while (after && rank(after) > rank(n))
        after = after == all->first ? NULL : after->prev_namesake;
    if (after)
        DL_APPEND_ELEM2(all->first, after, n, prev_namesake, next_namesake);
    else
        DL_PREPEND2(all->first, n, prev_namesake, next_namesake);
}

/* Of all that stand with n, which is in front, or not any more. */
static void tell(struct sched *s, struct node *n, bool front, int64_t now_us)
{
    for (struct node *at = n, *next; at && rank(at) == rank(n); at = next) {
        next = at->next_namesake;
        depends_on_namesakes(s, at, front, now_us);
    }
}

int namesakes_join(struct sched *s, struct node *n, int64_t now_us)
{
    if (!n->job.name_key)
        return 0;
    struct namesakes *all = find_or_make(s, n->job.name_key);
    if (!all)
        return -1;
    struct node *first = all->first;
    insert(all, n);
    n->namesakes = all;
    if (first && rank(first) > rank(n))
        tell(s, first, false, now_us);
    return 0;
}

void namesakes_leave(struct sched *s, struct node *n, int64_t now_us)
{
    struct namesakes *all = n->namesakes;
    if (!all)
        return;
    bool was_first = all->first == n;
    DL_DELETE2(all->first, n, prev_namesake, next_namesake);
    n->namesakes = NULL;
    if (all->first && was_first && rank(all->first) != rank(n))
        tell(s, all->first, true, now_us);
    if (all->first)
        return;
    HASH_DEL(s->namesakes, all);
    free(all);
}

const struct node *namesakes_before(const struct node *n)
{
    const struct node *before = n;
    if (!n->namesakes || rank(n->namesakes->first) == rank(n))
        return NULL;
    while (rank(before) == rank(n))
        before = before->prev_namesake;
    return before;
}

void namesakes_free(struct sched *s)
{
    struct namesakes *all, *next;
    HASH_ITER (hh, s->namesakes, all, next) {
        HASH_DEL(s->namesakes, all);
        free(all);
    }
}
