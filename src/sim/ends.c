// SPDX-License-Identifier: MIT
#include "sim/ends.h"

#include <stdbool.h>
#include <stdlib.h>

static bool before(const struct end *a, const struct end *b)
{
    return a->at_us != b->at_us ? a->at_us < b->at_us : a->started < b->started;
}

static void put(struct ends *h, size_t at, struct end e)
{
    h->heap[at] = e;
    h->place[e.job] = at;
}

static void rise(struct ends *h, size_t at, struct end e)
{
    for (; at && before(&e, &h->heap[(at - 1) / 2]); at = (at - 1) / 2)
        put(h, at, h->heap[(at - 1) / 2]);
    put(h, at, e);
}

static void sink(struct ends *h, size_t at, struct end e)
{
    for (size_t child; (child = 2 * at + 1) < h->count; at = child) {
        if (child + 1 < h->count && before(&h->heap[child + 1], &h->heap[child]))
            child++;
        if (!before(&h->heap[child], &e))
            break;
        put(h, at, h->heap[child]);
    }
    put(h, at, e);
}

int ends_init(struct ends *h, size_t jobs)
{
    *h = (struct ends){
        .heap = calloc(jobs + 1, sizeof *h->heap),
        .place = calloc(jobs + 1, sizeof *h->place),
    };
    return h->heap && h->place ? 0 : -1;
}

void ends_free(struct ends *h)
{
    free(h->heap);
    free(h->place);
    *h = (struct ends){0};
}

void ends_add(struct ends *h, struct end e)
{
    rise(h, h->count++, e);
}

struct end ends_pop(struct ends *h)
{
    struct end top = h->heap[0];
    if (--h->count)
        sink(h, 0, h->heap[h->count]);
    return top;
}

void ends_move(struct ends *h, size_t job, int64_t at_us)
{
    size_t at = h->place[job];
    struct end e = h->heap[at];
    bool earlier = at_us < e.at_us;
    e.at_us = at_us;
    if (earlier)
        rise(h, at, e);
    else
        sink(h, at, e);
}
