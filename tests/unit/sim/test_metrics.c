// SPDX-License-Identifier: MIT
#include <math.h>
#include <stdlib.h>

#include "sim/metrics.h"
#include "tap.h"

#define S INT64_C(1000000)

static void is_near(double got, double want, const char *name)
{
    if (!ok(fabs(got - want) <= 1e-12 * fabs(want), "%s", name))
        printf("#   got %.17g, wanted %.17g\n", got, want);
}

/* A rigid job that starts then. */
static struct replay_job rigid(const struct trace_job *j, int64_t start_us, bool backfilled)
{
    return (struct replay_job){.start_us = start_us,
                               .backfilled = backfilled,
                               .end_us = start_us + j->run_us,
                               .cpus = (double)j->procs};
}

/* Waits 0, 90, 80 and 2 s; bounded slowdowns 1, 9.5, 11/3 and 1. The two in the middle are not
 * neighbours in the queue, and the last job in the queue is not the last to end. */
static void test_four_jobs(void)
{
    struct trace_job jobs[] = {
        {.submit_us = 1000 * S, .run_us = 100 * S, .procs = 4, .user = 1},
        {.submit_us = 1010 * S, .run_us = 5 * S, .procs = 1, .user = 1},
        {.submit_us = 1020 * S, .run_us = 30 * S, .procs = 2, .user = 2},
        {.submit_us = 1050 * S, .run_us = 2 * S, .procs = 1, .user = 2},
    };
    struct replay_job starts[] = {rigid(&jobs[0], 1000 * S, false),
                                  rigid(&jobs[1], 1100 * S, false), rigid(&jobs[2], 1100 * S, true),
                                  rigid(&jobs[3], 1052 * S, false)};
    struct trace t = {.jobs = jobs, .count = 4};
    struct replay_result r = {.jobs = starts, .max_queue = 3};
    struct metrics m;
    is_int(metrics_of(&t, &r, 4, &m), 0, "four jobs on four CPUs are measured");
    is_int((int64_t)m.jobs, 4, "all of them");
    is_near(m.makespan_s, 130, "the makespan is from the first submit to the last end");
    is_near(m.utilisation, (400 + 5 + 60 + 2) / (4 * 130.0), "the utilisation is over it");
    is_near(m.mean_wait_s, 43, "mean wait");
    is_near(m.mean_turnaround_s, 43 + (100 + 5 + 30 + 2) / 4.0, "mean turnaround");
    is_near(m.median_wait_s, 41, "median wait: the mean of the two in the middle");
    is_near(m.p95_wait_s, 90, "95 % of four jobs are all four");
    is_near(m.max_wait_s, 90, "longest wait");
    is_near(m.mean_bsld, (1 + 9.5 + 11.0 / 3 + 1) / 4,
            "mean bounded slowdown: 10 s are the least that counts");
    is_near(m.median_bsld, (1 + 11.0 / 3) / 2, "median bounded slowdown");
    is_near(m.p95_bsld, 9.5, "p95 of the bounded slowdown");
    is_near(m.max_bsld, 9.5, "largest bounded slowdown");
    is_near(m.mean_sld, (1 + 19 + 11.0 / 3 + 2) / 4, "mean slowdown, not bounded");
    double one = (1 + 9.5) / 2, two = (11.0 / 3 + 1) / 2;
    is_near(m.fairness, (one + two) * (one + two) / (2 * (one * one + two * two)),
            "Jain's index is over users, not over jobs");
    is_near(m.backfilled, 0.25, "one of four was backfilled");
    is_int((int64_t)m.max_queue, 3, "the longest queue is the replay's");
}

/* n jobs of 10 s, all submitted at 0, of which job i waits wait_s(i, n) seconds. */
static struct metrics waits(size_t n, int64_t (*wait_s)(size_t i, size_t n))
{
    struct trace t = {.jobs = calloc(n, sizeof *t.jobs), .count = n};
    struct replay_result r = {.jobs = calloc(n, sizeof *r.jobs)};
    if (!t.jobs || !r.jobs)
        abort();
    for (size_t i = 0; i < n; i++) {
        t.jobs[i] = (struct trace_job){.run_us = 10 * S, .procs = 1, .user = -1};
        r.jobs[i] = rigid(&t.jobs[i], wait_s(i, n) * S, false);
    }
    struct metrics m;
    if (metrics_of(&t, &r, 1, &m) < 0)
        abort();
    free(t.jobs);
    free(r.jobs);
    return m;
}

static int64_t falling(size_t i, size_t n)
{
    return (int64_t)(n - i);
}

static int64_t pipe_organ(size_t i, size_t n)
{
    return (int64_t)(i < n / 2 ? i : n - 1 - i);
}

static int64_t mostly_none(size_t i, size_t n)
{
    return i % 10 == 7 ? (int64_t)i : 0;
}

static void test_ranks(void)
{
    struct metrics m = waits(20, falling);
    is_near(m.p95_wait_s, 19, "of waits 1 to 20, 19 is the least that 95 % do not exceed");
    is_near(m.median_wait_s, 10.5, "their median lies between 10 and 11");
    m = waits(21, falling);
    is_near(m.p95_wait_s, 20, "of waits 1 to 21 it is 20, as 19 of 21 are fewer than 95 %");
    is_near(m.median_wait_s, 11, "the median is the middle one");
    m = waits(1, falling);
    ok(m.median_wait_s == 1 && m.p95_wait_s == 1 && m.max_wait_s == 1, "one job is all of them");
    is_near(m.median_bsld, 1.1, "and its slowdown is (1 + 10) / 10");

    m = waits(100001, pipe_organ);
    is_near(m.median_wait_s, 25000, "the median of waits that rise and fall");
    is_near(m.p95_wait_s, 47500, "and their p95");
    is_near(m.max_wait_s, 50000, "and the longest");
    m = waits(100000, mostly_none);
    is_near(m.median_wait_s, 0, "the median where nine in ten do not wait");
    is_near(m.p95_wait_s, 49997, "and the p95: the middle of those who do");
}

static void test_edges(void)
{
    struct metrics m = waits(10, falling);
    is_near(m.fairness, 1, "jobs of one user, or of nobody known, are fair");
    m = waits(0, falling);
    ok(m.jobs == 0 && m.makespan_s == 0 && m.utilisation == 0 && m.mean_bsld == 0,
       "of no jobs all is 0");
    is_near(m.fairness, 1, "but the fairness");

    struct trace_job job = {.submit_us = 0, .run_us = S / 2, .procs = 1};
    struct replay_job start = rigid(&job, 15 * S / 10, false);
    struct trace t = {.jobs = &job, .count = 1};
    struct replay_result r = {.jobs = &start};
    metrics_of(&t, &r, 1, &m);
    is_near(m.mean_wait_s, 1.5, "parts of a second count");
    is_near(m.mean_bsld, 1, "less than 10 s in all is no slowdown");
    is_near(m.mean_sld, 4, "unless it is not bounded");
}

/* A job that asked for 2 CPUs for 100 s has 3 on average, and ends after 80 s; 20 s it has waited.
 * Another one is rigid. */
static void test_malleable(void)
{
    struct trace_job jobs[] = {{.submit_us = 0, .run_us = 100 * S, .procs = 2},
                               {.submit_us = 0, .run_us = 50 * S, .procs = 1}};
    struct replay_job ran[] = {
        {.start_us = 20 * S, .end_us = 100 * S, .malleable = true, .resizes = 3, .cpus = 3},
        rigid(&jobs[1], 0, false)};
    struct trace t = {.jobs = jobs, .count = 2};
    struct replay_result r = {.jobs = ran};
    struct metrics m;
    metrics_of(&t, &r, 4, &m);
    is_near(m.makespan_s, 100, "a resized job ends when it ends");
    is_near(m.utilisation, (3 * 80 + 50) / 400.0, "the utilisation counts what it held");
    is_near(m.mean_turnaround_s, 75, "the turnaround is to its end");
    is_near(m.mean_bsld, 1, "what it gained is no slowdown");
    is_int((int64_t)m.malleable, 1, "one of two is malleable");
    is_int(m.resizes, 3, "and was resized three times");
}

int main(void)
{
    test_four_jobs();
    test_malleable();
    test_ranks();
    test_edges();
    return done_testing();
}
