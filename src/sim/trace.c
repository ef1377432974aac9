// SPDX-License-Identifier: MIT
#include "sim/trace.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#define SECOND_US INT64_C(1000000)
#define FAR_US    (INT64_MAX / 4) /* a time that others can still be added to */

void trace_free(struct trace *t)
{
    free(t->jobs);
    free(t->name);
    *t = (struct trace){0};
}

int trace_add(struct trace *t, const struct trace_job *j)
{
    if (t->count == t->cap) {
        size_t cap = t->cap ? 2 * t->cap : 1024;
        struct trace_job *grown = reallocarray(t->jobs, cap, sizeof *grown);
        if (!grown)
            return -1;
        t->jobs = grown;
        t->cap = cap;
    }
    t->jobs[t->count++] = *j;
    return 0;
}

/* --- order ------------------------------------------------------------------------------------ */

struct key {
    int64_t submit_us;
    size_t at; /* in the source: with it no two are equal, which makes any sort a stable one */
};

static int compare(const void *a, const void *b)
{
    const struct key *k = a, *l = b;
    if (k->submit_us != l->submit_us)
        return k->submit_us < l->submit_us ? -1 : 1;
    return k->at < l->at ? -1 : k->at > l->at;
}

static bool is_sorted(const struct trace *t)
{
    for (size_t i = 1; i < t->count; i++)
        if (t->jobs[i].submit_us < t->jobs[i - 1].submit_us)
            return false;
    return true;
}

int trace_sort(struct trace *t)
{
    if (is_sorted(t))
        return 0;
    struct key *keys = calloc(t->count, sizeof *keys);
    struct trace_job *sorted = calloc(t->count, sizeof *sorted);
    if (!keys || !sorted) {
        free(keys);
        free(sorted);
        return -1;
    }
    for (size_t i = 0; i < t->count; i++)
        keys[i] = (struct key){t->jobs[i].submit_us, i};
    qsort(keys, t->count, sizeof *keys, compare);
    for (size_t i = 0; i < t->count; i++)
        sorted[i] = t->jobs[keys[i].at];
    free(keys);
    free(t->jobs);
    t->jobs = sorted;
    t->cap = t->count;
    return 0;
}

/* --- load ------------------------------------------------------------------------------------- */

/* The unit that all submit times are whole multiples of. */
static int64_t resolution_us(const struct trace *t)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->jobs[i].submit_us % SECOND_US != 0)
            return 1;
    return SECOND_US;
}

void trace_rescale(struct trace *t, double factor)
{
    if (t->count == 0)
        return;
    int64_t unit = resolution_us(t), first = t->jobs[0].submit_us, farthest = FAR_US / unit;
    for (size_t i = 0; i < t->count; i++) {
        int64_t units = (t->jobs[i].submit_us - first) / unit;
        double scaled = floor((double)units / factor);
        units = scaled < (double)farthest ? (int64_t)scaled : farthest;
        t->jobs[i].submit_us = first + units * unit;
    }
}
