// SPDX-License-Identifier: MIT
#include "sim/plot_stack.h"

#include <stdlib.h>
#include <string.h>

#include "util/cleanup.h"

struct range {
    int64_t first, count;
};

/* A range that a job holds, in a list per job; `next` counts from 1, 0 ends it. */
struct held {
    struct range range;
    size_t next;
};

struct change {
    int64_t at_us;
    size_t job;
    bool start;
};

struct stack {
    struct range *holes; /* the free CPUs, from the lowest; no two of them touch */
    size_t hole_count, hole_cap;
    struct held *held;
    size_t held_count, held_cap, unused; /* `unused` begins the list of those given back */
    size_t *of_job;                      /* the list of each job */
};

static int change_order(const void *a, const void *b)
{
    const struct change *x = a, *y = b;
    if (x->at_us != y->at_us)
        return x->at_us < y->at_us ? -1 : 1;
    if (x->start != y->start)
        return x->start ? 1 : -1; /* who ends makes room first */
    return x->job < y->job ? -1 : x->job > y->job;
}

static struct change *changes_of(const struct trace *t, const struct replay_result *r)
{
    struct change *all = calloc(2 * t->count + 1, sizeof *all);
    if (!all)
        return NULL;
    for (size_t i = 0; i < t->count; i++) {
        int64_t start = r->jobs[i].start_us;
        all[2 * i] = (struct change){start, i, true};
        all[2 * i + 1] = (struct change){start + t->jobs[i].run_us, i, false};
    }
    qsort(all, 2 * t->count, sizeof *all, change_order);
    return all;
}

/* The items with room for one more of `size` bytes behind `count`; NULL if no memory. */
static void *with_room(void *items, size_t *cap, size_t count, size_t size)
{
    if (count < *cap)
        return items;
    size_t more = *cap ? *cap * 2 : 64;
    void *grown = realloc(items, more * size);
    if (grown)
        *cap = more;
    return grown;
}

static void hole_delete(struct stack *s, size_t at)
{
    s->hole_count--;
    memmove(s->holes + at, s->holes + at + 1, (s->hole_count - at) * sizeof *s->holes);
}

static int hole_insert(struct stack *s, size_t at, struct range r)
{
    struct range *holes = with_room(s->holes, &s->hole_cap, s->hole_count, sizeof *holes);
    if (!holes)
        return -1;
    s->holes = holes;
    memmove(s->holes + at + 1, s->holes + at, (s->hole_count - at) * sizeof *s->holes);
    s->holes[at] = r;
    s->hole_count++;
    return 0;
}

static size_t hole_behind(const struct stack *s, int64_t cpu)
{
    size_t low = 0, high = s->hole_count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (s->holes[mid].first < cpu)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static int give_back(struct stack *s, struct range r)
{
    size_t at = hole_behind(s, r.first);
    struct range *above = at < s->hole_count ? s->holes + at : NULL;
    struct range *below = at ? s->holes + at - 1 : NULL;
    bool touches_above = above && above->first == r.first + r.count;
    if (below && below->first + below->count == r.first) {
        below->count += r.count;
        if (touches_above) {
            below->count += above->count;
            hole_delete(s, at);
        }
        return 0;
    }
    if (!touches_above)
        return hole_insert(s, at, r);
    above->first = r.first;
    above->count += r.count;
    return 0;
}

static int release(struct stack *s, size_t job)
{
    for (size_t at = s->of_job[job], next; at && s->held; at = next) {
        struct held *h = &s->held[at - 1];
        if (give_back(s, h->range) < 0)
            return -1;
        next = h->next;
        h->next = s->unused;
        s->unused = at;
    }
    s->of_job[job] = 0;
    return 0;
}

static int hold(struct stack *s, size_t job, struct range r)
{
    size_t at = s->unused;
    if (at) {
        s->unused = s->held[at - 1].next;
    } else {
        struct held *held = with_room(s->held, &s->held_cap, s->held_count, sizeof *held);
        if (!held)
            return -1;
        s->held = held;
        at = ++s->held_count;
    }
    s->held[at - 1] = (struct held){r, s->of_job[job]};
    s->of_job[job] = at;
    return 0;
}

/* Takes `count` CPUs, or as many as the hole has, from its low end. */
static struct range take(struct stack *s, size_t at, int64_t count)
{
    struct range *hole = &s->holes[at];
    struct range got = {hole->first, count < hole->count ? count : hole->count};
    hole->first += got.count;
    hole->count -= got.count;
    if (!hole->count)
        hole_delete(s, at);
    return got;
}

/* The first hole that has room for `count`, else the first of all. */
static size_t hole_for(const struct stack *s, int64_t count)
{
    for (size_t i = 0; i < s->hole_count; i++)
        if (s->holes[i].count >= count)
            return i;
    return 0;
}

static int place(struct stack *s, size_t job, int64_t procs, stack_fn *fn, void *ctx)
{
    size_t at = hole_for(s, procs);
    while (procs > 0 && s->hole_count) {
        struct range got = take(s, at, procs);
        if (hold(s, job, got) < 0)
            return -1;
        int stop = fn(ctx, &(struct stack_piece){job, got.first, got.count});
        if (stop)
            return stop;
        procs -= got.count;
    }
    return 0;
}

static void stack_free(struct stack *s)
{
    free(s->holes);
    free(s->held);
    free(s->of_job);
}

int stack_jobs(const struct trace *t, const struct replay_result *r, int64_t procs, stack_fn *fn,
               void *ctx)
{
    _cleanup_(stack_free) struct stack s = {.of_job = calloc(t->count + 1, sizeof(size_t))};
    _cleanup_free_ struct change *all = changes_of(t, r);
    if (!s.of_job || !all || hole_insert(&s, 0, (struct range){0, procs}) < 0)
        return -1;
    for (size_t i = 0; i < 2 * t->count; i++) {
        size_t job = all[i].job;
        int rc = all[i].start ? place(&s, job, t->jobs[job].procs, fn, ctx) : release(&s, job);
        if (rc)
            return rc;
    }
    return 0;
}
