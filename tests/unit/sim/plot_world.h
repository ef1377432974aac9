/* SPDX-License-Identifier: MIT */
/* plot_world.h - traces and their replays for the tests of plots, made by hand and by dice. */
#pragma once

#include <stdlib.h>

#include "sim/replay.h"
#include "tap.h"
#include "util/times.h"

struct world {
    struct trace trace;
    struct replay_result result;
    int64_t procs;
};

/* All of its jobs start when they come; nobody waits. */
static struct world world_of(const struct trace_job *jobs, size_t count, int64_t procs)
{
    struct world w = {.procs = procs};
    w.trace.jobs = calloc(count + 1, sizeof *w.trace.jobs);
    w.result.jobs = calloc(count + 1, sizeof *w.result.jobs);
    if (!w.trace.jobs || !w.result.jobs)
        abort();
    w.trace.count = count;
    for (size_t i = 0; i < count; i++) {
        w.trace.jobs[i] = jobs[i];
        w.result.jobs[i].start_us = jobs[i].submit_us;
    }
    return w;
}

static void world_free(struct world *w)
{
    free(w->trace.jobs);
    free(w->result.jobs);
    *w = (struct world){0};
}

static inline uint32_t dice(uint32_t *state, uint32_t sides)
{
    *state = *state * 1664525 + 1013904223;
    return (*state >> 8) % sides;
}

static int64_t cpus_in_use(const struct world *w, size_t jobs, int64_t at_us)
{
    int64_t used = 0;
    for (size_t i = jobs > 100 ? jobs - 100 : 0; i < jobs; i++)
        if (w->result.jobs[i].start_us + w->trace.jobs[i].run_us > at_us)
            used += w->trace.jobs[i].procs;
    return used;
}

/* First come, first served on a machine that no more than the last 100 jobs run on at a time: each
 * job starts as soon as there is room behind the one before it. Every third one counts as
 * backfilled. */
static inline struct world world_random(uint32_t seed, size_t count, int64_t procs)
{
    struct trace_job *jobs = calloc(count + 1, sizeof *jobs);
    if (!jobs)
        abort();
    int64_t now = 1000 * US_PER_SEC;
    for (size_t i = 0; i < count; i++) {
        now += dice(&seed, 200) * US_PER_SEC;
        jobs[i] = (struct trace_job){.number = (int64_t)i + 1,
                                     .submit_us = now,
                                     .run_us = (1 + dice(&seed, 600)) * US_PER_SEC,
                                     .procs = 1 + dice(&seed, (uint32_t)procs / 2),
                                     .user = dice(&seed, 20)};
    }
    struct world w = world_of(jobs, count, procs);
    free(jobs);
    int64_t start = 0;
    for (size_t i = 0; i < count; i++) {
        struct trace_job *j = &w.trace.jobs[i];
        if (start < j->submit_us)
            start = j->submit_us;
        if (i >= 100 && start < w.result.jobs[i - 100].start_us + w.trace.jobs[i - 100].run_us)
            start = w.result.jobs[i - 100].start_us + w.trace.jobs[i - 100].run_us;
        while (cpus_in_use(&w, i, start) + j->procs > procs)
            start += US_PER_SEC;
        w.result.jobs[i] = (struct replay_job){start, i % 3 == 0};
    }
    return w;
}
