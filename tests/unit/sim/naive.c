// SPDX-License-Identifier: MIT
#include "naive.h"

#include <stdlib.h>

#include "core/amount.h"

struct world {
    const struct trace *trace;
    const struct sched_config *config;
    struct naive_job *jobs;
    int64_t now_us;
    bool ended;               /* somebody just has */
    bool overrun;             /* somebody has just run longer than expected */
    int64_t places;           /* handed out so far */
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
    *to_us = here ? w->jobs[i].expected_end_us : *from_us + w->jobs[i].expected_us;
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
            from_us >= at_us + w->jobs[i].expected_us)
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

/* --- predictions -------------------------------------------------------------------------------
 */

#define NONE ((int64_t)-1)

static bool has_ended(const struct world *w, size_t i)
{
    return w->jobs[i].start_us >= 0 && !runs(w, i);
}

/* Of two that ended at one instant, the one that was started later did so later. */
static bool ended_later(const struct world *w, size_t a, size_t b)
{
    int64_t a_us = w->jobs[a].start_us + w->trace->jobs[a].run_us;
    int64_t b_us = w->jobs[b].start_us + w->trace->jobs[b].run_us;
    return a_us != b_us ? a_us > b_us : w->jobs[a].start_us > w->jobs[b].start_us;
}

/* The last job but one that has ended, of the user of i; of i's executable or of any. */
static int64_t last_ended(const struct world *w, size_t i, bool any, int64_t but)
{
    const struct trace_job *all = w->trace->jobs;
    int64_t last = NONE;
    for (size_t k = 0; k < w->trace->count; k++)
        if ((int64_t)k != but && has_ended(w, k) && all[k].user == all[i].user &&
            (any || all[k].executable == all[i].executable) &&
            (last == NONE || ended_later(w, k, (size_t)last)))
            last = (int64_t)k;
    return last;
}

/* The mean of the last two run times; 0 if there is none. */
static int64_t guess(const struct world *w, size_t i, bool any)
{
    int64_t last = last_ended(w, i, any, NONE);
    if (last == NONE)
        return 0;
    int64_t other = last_ended(w, i, any, last), run_us = w->trace->jobs[last].run_us;
    return other == NONE ? run_us : (run_us + w->trace->jobs[other].run_us) / 2;
}

/* How long a job that arrives will run. */
static int64_t expected(const struct world *w, size_t i)
{
    const struct trace_job *t = &w->trace->jobs[i];
    int64_t guess_us = 0;
    if (w->config->trust_predictions && t->user >= 0) {
        guess_us = t->executable >= 0 ? guess(w, i, false) : 0;
        guess_us = guess_us ? guess_us : guess(w, i, true);
    }
    return guess_us && guess_us < t->estimate_us ? guess_us : t->estimate_us;
}

/* What is expected now: who runs longer than he should is expected to need all his time. */
static void expect(struct world *w)
{
    w->overrun = false;
    for (size_t i = 0; i < w->trace->count; i++) {
        struct naive_job *j = &w->jobs[i];
        if (w->trace->jobs[i].submit_us == w->now_us)
            j->expected_us = expected(w, i);
        if (runs(w, i) && j->expected_end_us <= w->now_us) {
            j->expected_end_us = j->start_us + w->trace->jobs[i].estimate_us;
            w->overrun = true;
        }
    }
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
        order_key(o, NULL, &j, w->jobs[i].expected_us, w->now_us, r->key);
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
    w->jobs[i].expected_end_us = w->now_us + w->jobs[i].expected_us;
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
        bool long_one = w->now_us + w->jobs[i].expected_us > shadow_us;
        need = need_of(w, i);
        if (!fits_now(w, i) || (long_one && !amount_fits(&need, &spare)))
            continue;
        start(w, i);
        if (long_one)
            amount_take(&spare, &need);
    }
}

static void reserve(struct world *w, size_t i, int64_t at_us)
{
    w->jobs[i].reserved_us = at_us;
    w->jobs[i].place = ++w->places;
    promise(w, i, at_us);
}

/* One job at a time is taken out and put back at its earliest: never later than it was. */
static void compress(struct world *w)
{
    for (size_t k = 0; k < w->queued; k++) {
        size_t i = w->queue[k];
        int64_t had_us = w->jobs[i].reserved_us;
        if (had_us >= 0 && !w->ended)
            continue;
        w->jobs[i].reserved_us = NONE;
        int64_t at_us = earliest(w, i);
        w->jobs[i].reserved_us = had_us;
        if (had_us < 0 || at_us < had_us)
            reserve(w, i, at_us);
    }
}

static int by_place(const void *a, const void *b)
{
    const struct naive_job *x = *(struct naive_job *const *)a, *y = *(struct naive_job *const *)b;
    if (x->reserved_us != y->reserved_us)
        return x->reserved_us < y->reserved_us ? -1 : 1;
    return x->place < y->place ? -1 : 1;
}

/* All get new places, in the order of those they had: of places at one time, whose was made first.
 */
static void reserve_again(struct world *w)
{
    struct naive_job *had[64];
    size_t count = 0;
    for (size_t i = 0; i < w->trace->count; i++)
        if (waits(w, i) && w->jobs[i].reserved_us >= 0)
            had[count++] = &w->jobs[i];
    qsort(had, count, sizeof *had, by_place);
    for (size_t k = 0; k < count; k++)
        had[k]->reserved_us = NONE;
    for (size_t k = 0; k < count; k++)
        reserve(w, (size_t)(had[k] - w->jobs), earliest(w, (size_t)(had[k] - w->jobs)));
}

static void conservative(struct world *w)
{
    line_up(w, w->config->order);
    if (w->overrun)
        reserve_again(w);
    compress(w);
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

static void pass(struct world *w)
{
    expect(w);
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
        conservative(w);
        break;
    case POLICY_CONSERVATIVE_REBUILD:
        rebuild(w);
        break;
    }
}

/* The next instant at which a job arrives or ends, or is to start; INT64_MAX if there is none. */
static int64_t next_instant(struct world *w)
{
    const bool reserves = w->config->policy == POLICY_CONSERVATIVE;
    int64_t next_us = INT64_MAX;
    for (size_t i = 0; i < w->trace->count; i++) {
        const struct trace_job *t = &w->trace->jobs[i];
        int64_t end_us = w->jobs[i].start_us + t->run_us;
        if (t->submit_us > w->now_us && t->submit_us < next_us)
            next_us = t->submit_us;
        if (w->jobs[i].start_us >= 0 && end_us > w->now_us && end_us < next_us)
            next_us = end_us;
        if (reserves && waits(w, i) && w->jobs[i].reserved_us < next_us)
            next_us = w->jobs[i].reserved_us;
    }
    w->ended = false;
    for (size_t i = 0; i < w->trace->count; i++)
        w->ended |=
            w->jobs[i].start_us >= 0 && w->jobs[i].start_us + w->trace->jobs[i].run_us == next_us;
    return next_us;
}

void naive_replay(const struct trace *t, const struct sched_config *c, struct naive_job *jobs)
{
    struct world w = {.trace = t, .config = c, .jobs = jobs, .now_us = -1};
    for (size_t i = 0; i < t->count; i++)
        jobs[i] = (struct naive_job){.start_us = -1, .reserved_us = -1, .promised_us = -1};
    while ((w.now_us = next_instant(&w)) != INT64_MAX)
        pass(&w);
}
