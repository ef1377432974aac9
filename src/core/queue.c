// SPDX-License-Identifier: MIT
#include "core/queue.h"

#include <stdlib.h>
#include <string.h>

void queue_free(struct queue *q)
{
    free(q->jobs);
    *q = (struct queue){0};
}

bool queue_before(const struct job *a, const struct job *b)
{
    if (a->priority != b->priority)
        return a->priority > b->priority;
    if (a->submit_us != b->submit_us)
        return a->submit_us < b->submit_us;
    return a->id < b->id;
}

/* The first place whose job does not stand before j. */
static size_t place_of(const struct queue *q, const struct job *j)
{
    size_t low = 0, high = q->count;
    if (q->count && queue_before(q->jobs[q->count - 1], j))
        return q->count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (queue_before(q->jobs[mid], j))
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

int queue_insert(struct queue *q, struct job *j)
{
    if (q->count == q->cap) {
        size_t cap = q->cap ? q->cap * 2 : 64;
        struct job **grown = realloc(q->jobs, cap * sizeof *grown);
        if (!grown)
            return -1;
        q->jobs = grown;
        q->cap = cap;
    }
    size_t at = place_of(q, j);
    memmove(q->jobs + at + 1, q->jobs + at, (q->count - at) * sizeof *q->jobs);
    q->jobs[at] = j;
    q->count++;
    return 0;
}

void queue_remove(struct queue *q, const struct job *j)
{
    size_t at = place_of(q, j);
    if (at == q->count || q->jobs[at] != j)
        return;
    q->count--;
    memmove(q->jobs + at, q->jobs + at + 1, (q->count - at) * sizeof *q->jobs);
}
