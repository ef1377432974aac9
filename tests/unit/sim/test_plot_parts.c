// SPDX-License-Identifier: MIT
/* What a plot shows, before it is ink: the CPUs a job could have had, and values over time. */
#include <math.h>

#include "plot_world.h"
#include "sim/plot_series.h"
#include "sim/plot_stack.h"
#include "util/buf.h"

#define SEC US_PER_SEC

/* --- stacking --------------------------------------------------------------------------------- */

static int write_piece(void *ctx, const struct stack_piece *p)
{
    buf_printf(ctx, "%s%c=%d-%d", ((struct buf *)ctx)->len ? " " : "", (char)('a' + p->job),
               (int)p->first, (int)(p->first + p->count - 1));
    return 0;
}

static void stacks(const struct trace_job *jobs, size_t count, int64_t procs, const char *want,
                   const char *name)
{
    struct world w = world_of(jobs, count, procs);
    struct buf got = {0};
    is_int(stack_jobs(&w.trace, &w.result, procs, write_piece, &got), 0, "it can be stacked");
    is_str(got.data, want, name);
    buf_free(&got);
    world_free(&w);
}

#define JOB(at, run, cpus)                                                                         \
    {                                                                                              \
        .submit_us = (at)*SEC, .run_us = (run)*SEC, .procs = (cpus)                                \
    }

static void test_places(void)
{
    stacks((struct trace_job[]){JOB(0, 9, 2), JOB(0, 9, 3), JOB(1, 9, 3)}, 3, 8,
           "a=0-1 b=2-4 c=5-7", "jobs are stacked from the lowest CPU");
    stacks((struct trace_job[]){JOB(0, 1, 2), JOB(0, 9, 2), JOB(1, 9, 4), JOB(2, 9, 2)}, 4, 8,
           "a=0-1 b=2-3 c=4-7 d=0-1", "the first free CPUs that are enough are taken");
    stacks((struct trace_job[]){JOB(0, 1, 2), JOB(0, 9, 2), JOB(0, 1, 2), JOB(1, 9, 4)}, 4, 6,
           "a=0-1 b=2-3 c=4-5 d=0-1 d=4-5", "a job without a place in one piece is split");
    stacks((struct trace_job[]){JOB(0, 5, 8), JOB(5, 5, 8)}, 2, 8, "a=0-7 b=0-7",
           "who ends makes room for who starts at that instant");
    stacks((struct trace_job[]){JOB(0, 2, 2), JOB(0, 1, 2), JOB(0, 3, 2), JOB(3, 1, 6)}, 4, 6,
           "a=0-1 b=2-3 c=4-5 d=0-5", "free CPUs side by side become one run again");
    stacks((struct trace_job[]){JOB(0, 5, 6), JOB(1, 5, 4)}, 2, 8, "a=0-5 b=6-7",
           "of more than the machine has, what fits is shown");
}

struct held_cpus {
    const struct world *world;
    int64_t until_us[64];
    int64_t *placed;
    bool clash;
};

static int hold_piece(void *ctx, const struct stack_piece *p)
{
    struct held_cpus *h = ctx;
    int64_t start = h->world->result.jobs[p->job].start_us;
    for (int64_t cpu = p->first; cpu < p->first + p->count; cpu++) {
        h->clash |= h->until_us[cpu] > start;
        h->until_us[cpu] = start + h->world->trace.jobs[p->job].run_us;
    }
    h->placed[p->job] += p->count;
    return 0;
}

static void test_no_cpu_twice(void)
{
    bool clash = false, whole = true;
    for (uint32_t seed = 1; seed <= 30; seed++) {
        struct world w = world_random(seed, 500, 64);
        struct held_cpus h = {.world = &w, .placed = calloc(500, sizeof *h.placed)};
        whole &= h.placed && stack_jobs(&w.trace, &w.result, 64, hold_piece, &h) == 0;
        for (size_t i = 0; whole && i < 500; i++)
            whole = h.placed[i] == w.trace.jobs[i].procs;
        clash |= h.clash;
        free(h.placed);
        world_free(&w);
    }
    ok(!clash, "no CPU is in two pieces at one time, in 30 random worlds");
    ok(whole, "every job has all of its CPUs");
}

static int stop_at_once(void *ctx, const struct stack_piece *p)
{
    (void)p;
    ++*(int *)ctx;
    return 7;
}

static void test_stop(void)
{
    struct world w = world_random(1, 10, 8);
    int calls = 0;
    is_int(stack_jobs(&w.trace, &w.result, 8, stop_at_once, &calls), 7, "who is told can stop it");
    is_int(calls, 1, "and is told nothing more");
    world_free(&w);
}

/* --- series ----------------------------------------------------------------------------------- */

/* One more decimal than the expected values have, so that nothing is hidden. */
static void series_are(const struct series *s, const char *mean, const char *peak, const char *name)
{
    struct buf means = {0}, peaks = {0};
    for (size_t i = 0; i < s->bins; i++) {
        buf_printf(&means, "%s%.2f", i ? " " : "", s->mean[i]);
        buf_printf(&peaks, "%s%.0f", i ? " " : "", s->peak[i]);
    }
    is_str(means.data, mean, name);
    is_str(peaks.data, peak, "and the most in each");
    buf_free(&means);
    buf_free(&peaks);
}

static void test_series(void)
{
    struct trace_job jobs[] = {JOB(0, 10, 2), JOB(5, 10, 4), JOB(5, 10, 1)};
    struct world w = world_of(jobs, 3, 8);
    struct series s;
    w.result.jobs[1].start_us = 12 * SEC;
    is_int(series_usage(&s, &w.trace, &w.result, 0, 30 * SEC, 6), 0, "usage, in bins of 5 s");
    series_are(&s, "2.00 3.00 3.40 4.00 1.60 0.00", "2 3 5 4 4 0", "CPUs in use, mean of each bin");
    series_free(&s);
    is_int(series_queue(&s, &w.trace, &w.result, 0, 30 * SEC, 6), 0, "the queue");
    series_are(&s, "0.00 1.00 0.40 0.00 0.00 0.00", "0 1 1 0 0 0",
               "jobs pending: who starts when he comes never is");
    ok(fabs(series_peak(&s) - 1) < 1e-9, "one job at most was pending");
    series_free(&s);
    world_free(&w);
}

static void test_series_of_nothing(void)
{
    struct world w = world_of(NULL, 0, 8);
    struct series s;
    is_int(series_usage(&s, &w.trace, &w.result, 0, SEC, 2), 0, "no job");
    series_are(&s, "0.00 0.00", "0 0", "uses nothing");
    series_free(&s);
    world_free(&w);
}

int main(void)
{
    test_places();
    test_no_cpu_twice();
    test_stop();
    test_series();
    test_series_of_nothing();
    return done_testing();
}
