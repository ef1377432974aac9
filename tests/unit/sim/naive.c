// SPDX-License-Identifier: MIT
#include "naive.h"

#include <stdlib.h>

#include "core/amount.h"

struct world {
    const struct trace *trace;
    const struct sched_config *config;
    struct naive_job *jobs;
    int64_t now_us;
    size_t queue[64], queued; /* pending jobs in the order of the queue */
};

static struct amount need_of(const struct world *w, size_t i)
{
    const struct trace_job *t = &w->trace->jobs[i];
    return (struct amount){t->procs, t->mem_mb, 0};
}

static bool runs(const struct world *w, size_t i)
{
    return w->jobs[i].start_us >= 0 && w->now_us < w->jobs[i].start_us + w->trace->jobs[i].run_us;
}

static bool waits(const struct world *w, size_t i)
{
    return w->jobs[i].start_us < 0 && w->trace->jobs[i].submit_us <= w->now_us;
}

/* From when to when the job is expected to hold what it needs; false: it has no place. */
static bool place_of(const struct world *w, size_t i, int64_t *from_us, int64_t *to_us)
{
    bool here = runs(w, i);
    *from_us = here ? w->now_us : w->jobs[i].reserved_us;
    *to_us = (here ? w->jobs[i].start_us : *from_us) + w->trace->jobs[i].estimate_us;
    return here || (waits(w, i) && *from_us >= 0);
}

static struct amount free_at(const struct world *w, int64_t at_us)
{
    struct amount free_then = {w->config->cpus, w->config->mem_mb, 0};
    for (size_t i = 0; i < w->trace->count; i++) {
        int64_t from_us, to_us;
        struct amount need = need_of(w, i);
        if (place_of(w, i, &from_us, &to_us) && from_us <= at_us && at_us < to_us)
            amount_take(&free_then, &need);
    }
    return free_then;
}

static bool fits_now(const struct world *w, size_t i)
{
    struct amount need = need_of(w, i), free_now = free_at(w, w->now_us);
    return amount_fits(&need, &free_now);
}

/* Free from at_us on for as long as it wants: what is free only becomes less where a place begins.
 */
static bool is_hole(const struct world *w, size_t i, int64_t at_us)
{
    struct amount need = need_of(w, i), there = free_at(w, at_us);
    if (!amount_fits(&need, &there))
        return false;
    for (size_t k = 0; k < w->trace->count; k++) {
        int64_t from_us, to_us;
        if (!place_of(w, k, &from_us, &to_us) || from_us <= at_us ||
            from_us >= at_us + w->trace->jobs[i].estimate_us)
            continue;
        there = free_at(w, from_us);
        if (!amount_fits(&need, &there))
            return false;
    }
    return true;
}

/* A hole begins now or where a place ends. */
static int64_t earliest(const struct world *w, size_t i)
{
    int64_t best_us = is_hole(w, i, w->now_us) ? w->now_us : INT64_MAX;
    for (size_t k = 0; k < w->trace->count; k++) {
        int64_t from_us, to_us;
        if (place_of(w, k, &from_us, &to_us) && to_us > w->now_us && to_us < best_us &&
            is_hole(w, i, to_us))
            best_us = to_us;
    }
    return best_us;
}

/* --- the queue -------------------------------------------------------------------------------- */

struct rank {
    double key[2];
    size_t job;
};

static int by_rank(const void *a, const void *b)
{
    const struct rank *x = a, *y = b;
    for (int i = 0; i < 2; i++)
        if (x->key[i] != y->key[i])
            return x->key[i] < y->key[i] ? -1 : 1;
    return x->job < y->job ? -1 : 1; /* the trace stands by submit time */
}

static void line_up(struct world *w, enum order o)
{
    struct rank ranks[64];
    w->queued = 0;
    for (size_t i = 0; i < w->trace->count; i++) {
        const struct trace_job *t = &w->trace->jobs[i];
        struct job j = {.submit_us = t->submit_us, .cpus = t->procs, .mem_mb = t->mem_mb};
        if (!waits(w, i))
            continue;
        struct rank *r = &ranks[w->queued++];
        order_key(o, NULL, &j, t->estimate_us, w->now_us, r->key);
        r->job = i;
    }
    qsort(ranks, w->queued, sizeof *ranks, by_rank);
    for (size_t k = 0; k < w->queued; k++)
        w->queue[k] = ranks[k].job;
}

/* --- policies --------------------------------------------------------------------------------- */

static void start(struct world *w, size_t i)
{
    w->jobs[i].start_us = w->now_us;
}

/* The first that does not fit; trace->count if all started. */
static size_t start_in_order(struct world *w)
{
    line_up(w, w->config->order);
    for (size_t k = 0; k < w->queued; k++) {
        if (!fits_now(w, w->queue[k]))
            return w->queue[k];
        start(w, w->queue[k]);
    }
    return w->trace->count;
}

static void promise(struct world *w, size_t i, int64_t at_us)
{
    if (w->jobs[i].promised_us < 0)
        w->jobs[i].promised_us = at_us;
}

static void greedy(struct world *w)
{
    line_up(w, w->config->order);
    for (size_t k = 0; k < w->queued; k++)
        if (fits_now(w, w->queue[k]))
            start(w, w->queue[k]);
}

static void easy(struct world *w)
{
    size_t head = start_in_order(w);
    if (head == w->trace->count)
        return;
    int64_t shadow_us = earliest(w, head);
    struct amount need = need_of(w, head), spare = free_at(w, shadow_us);
    promise(w, head, shadow_us);
    amount_take(&spare, &need);
    line_up(w, w->config->backfill_order);
    for (size_t k = 0; k < w->queued; k++) {
        size_t i = w->queue[k];
        bool long_one = w->now_us + w->trace->jobs[i].estimate_us > shadow_us;
        need = need_of(w, i);
        if (!fits_now(w, i) || (long_one && !amount_fits(&need, &spare)))
            continue;
        start(w, i);
        if (long_one)
            amount_take(&spare, &need);
    }
}

/* One job at a time is taken out and put back at its earliest: never later than it was. */
static void conservative(struct world *w, bool ended)
{
    line_up(w, w->config->order);
    for (size_t k = 0; k < w->queued; k++) {
        struct naive_job *j = &w->jobs[w->queue[k]];
        int64_t had_us = j->reserved_us;
        if (had_us >= 0 && !ended)
            continue;
        j->reserved_us = -1;
        int64_t at_us = earliest(w, w->queue[k]);
        j->reserved_us = had_us >= 0 && had_us < at_us ? had_us : at_us;
        promise(w, w->queue[k], j->reserved_us);
    }
    for (size_t k = 0; k < w->queued; k++)
        if (w->jobs[w->queue[k]].reserved_us <= w->now_us)
            start(w, w->queue[k]);
}

static void rebuild(struct world *w)
{
    line_up(w, w->config->order);
    for (size_t k = 0; k < w->queued; k++)
        w->jobs[w->queue[k]].reserved_us = -1;
    for (size_t k = 0; k < w->queued; k++)
        w->jobs[w->queue[k]].reserved_us = earliest(w, w->queue[k]);
    for (size_t k = 0; k < w->queued; k++)
        if (w->jobs[w->queue[k]].reserved_us == w->now_us)
            start(w, w->queue[k]);
}

static void pass(struct world *w, bool ended)
{
    switch (w->config->policy) {
    case POLICY_FIFO:
        start_in_order(w);
        break;
    case POLICY_GREEDY:
        greedy(w);
        break;
    case POLICY_EASY:
        easy(w);
        break;
    case POLICY_CONSERVATIVE:
        conservative(w, ended);
        break;
    case POLICY_CONSERVATIVE_REBUILD:
        rebuild(w);
        break;
    }
}

/* The next instant at which a job arrives or ends; INT64_MAX if there is none. */
static int64_t next_instant(const struct world *w, bool *ended)
{
    int64_t next_us = INT64_MAX;
    for (size_t i = 0; i < w->trace->count; i++) {
        const struct trace_job *t = &w->trace->jobs[i];
        int64_t end_us = w->jobs[i].start_us + t->run_us;
        if (t->submit_us > w->now_us && t->submit_us < next_us)
            next_us = t->submit_us;
        if (w->jobs[i].start_us >= 0 && end_us > w->now_us && end_us < next_us)
            next_us = end_us;
    }
    *ended = false;
    for (size_t i = 0; i < w->trace->count; i++)
        *ended |=
            w->jobs[i].start_us >= 0 && w->jobs[i].start_us + w->trace->jobs[i].run_us == next_us;
    return next_us;
}

void naive_replay(const struct trace *t, const struct sched_config *c, struct naive_job *jobs)
{
    struct world w = {.trace = t, .config = c, .jobs = jobs, .now_us = -1};
    bool ended;
    for (size_t i = 0; i < t->count; i++)
        jobs[i] = (struct naive_job){-1, -1, -1};
    while ((w.now_us = next_instant(&w, &ended)) != INT64_MAX)
        pass(&w, ended);
}
