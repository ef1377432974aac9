// SPDX-License-Identifier: MIT
#include "core/timeline.h"

#include <stdlib.h>
#include <string.h>

#include "core/world.h"

void timeline_free(struct timeline *t)
{
    free(t->nodes);
    *t = (struct timeline){0};
}

int timeline_reserve(struct timeline *t, size_t count)
{
    size_t cap = t->cap ? t->cap : 64;
    while (cap < count)
        cap *= 2;
    if (cap == t->cap)
        return 0;
    struct node **grown = realloc(t->nodes, cap * sizeof *grown);
    if (!grown)
        return -1;
    t->nodes = grown;
    t->cap = cap;
    return 0;
}

/* The first place of a time later than (or_at: at) at_us. */
static size_t place_of(const struct timeline *t, int64_t at_us, bool or_at)
{
    size_t low = 0, high = t->count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int64_t here = t->nodes[mid]->at_us;
        if (here < at_us || (here == at_us && !or_at))
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

void timeline_insert(struct timeline *t, struct node *n)
{
    size_t at = place_of(t, n->at_us, false);
    memmove(t->nodes + at + 1, t->nodes + at, (t->count - at) * sizeof *t->nodes);
    t->nodes[at] = n;
    t->count++;
}

static size_t index_of(const struct timeline *t, const struct node *n)
{
    size_t at = place_of(t, n->at_us, true);
    while (at < t->count && t->nodes[at] != n)
        at++;
    return at;
}

void timeline_remove(struct timeline *t, const struct node *n)
{
    size_t at = index_of(t, n);
    if (at == t->count)
        return;
    t->count--;
    memmove(t->nodes + at, t->nodes + at + 1, (t->count - at) * sizeof *t->nodes);
}

void timeline_move(struct timeline *t, struct node *n, int64_t to_us)
{
    size_t from = index_of(t, n), to = place_of(t, to_us, false);
    memmove(t->nodes + to + 1, t->nodes + to, (from - to) * sizeof *t->nodes);
    t->nodes[to] = n;
    n->at_us = to_us;
}
