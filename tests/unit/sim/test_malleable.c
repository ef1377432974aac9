// SPDX-License-Identifier: MIT
/* Which jobs are malleable, and a replay of some whose ends can be worked out by hand. */
#include "sim/malleable.h"

#include <stdlib.h>

#include "sim/replay.h"
#include "tap.h"

#define S INT64_C(1000000)

/* --- the draw --------------------------------------------------------------------------------- */

#define COUNT 1000

static bool *draw(double share, uint64_t seed)
{
    struct malleable_options o = {.share = share, .seed = seed};
    bool *drawn = malleable_draw(&o, COUNT);
    if (!drawn)
        abort();
    return drawn;
}

static int64_t count_of(const bool *drawn)
{
    int64_t n = 0;
    for (size_t i = 0; i < COUNT; i++)
        n += drawn[i];
    return n;
}

static void test_draw(void)
{
    static const double shares[] = {0, 0.001, 0.2, 0.2004, 0.5, 1};
    static const int64_t want[] = {0, 1, 200, 200, 500, 1000};
    bool *smaller = draw(0, 7), nested = true;
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
        bool *drawn = draw(shares[i], 7);
        is_int(count_of(drawn), want[i], "exactly the share is drawn");
        for (size_t k = 0; k < COUNT; k++)
            nested = nested && (drawn[k] || !smaller[k]);
        free(smaller);
        smaller = drawn;
    }
    ok(nested, "who is drawn with one share is with a larger one");
    free(smaller);
}

static void test_seeds(void)
{
    bool *one = draw(0.5, 1), *again = draw(0.5, 1), *two = draw(0.5, 2);
    int64_t both = 0;
    for (size_t i = 0; i < COUNT; i++)
        both += one[i] && two[i];
    ok(memcmp(one, again, COUNT) == 0, "the same seed draws the same jobs");
    ok(both > 200 && both < 300, "another one others: of 500 and 500 about 250 are the same");
    free(one);
    free(again);
    free(two);
}

static void test_limits(void)
{
    struct malleable_options o = {.min = 0.5, .max = 2};
    is_int(malleable_least(&o, 1), 1, "half of 1 CPU is 1");
    is_int(malleable_least(&o, 5), 3, "half of 5 is 3");
    is_int(malleable_most(&o, 5, 64), 10, "twice 5 is 10");
    is_int(malleable_most(&o, 40, 64), 64, "but no more than there are");
    o = (struct malleable_options){.min = 0.7, .max = 1.1};
    is_int(malleable_least(&o, 10), 7, "0.7 times 10 is 7, whatever binary numbers say");
    is_int(malleable_most(&o, 10, 64), 11, "and 1.1 times 10 is 11");
    o = (struct malleable_options){.min = 0, .max = 1};
    is_int(malleable_least(&o, 10), 1, "nobody has no CPU");
    is_int(malleable_most(&o, 10, 64), 10, "who may have what it asks for can't grow");
}

/* --- a replay --------------------------------------------------------------------------------- */

static void is_job(const struct replay_job *j, double start_s, double end_s, int64_t resizes,
                   const char *name)
{
    double start = (double)j->start_us / S, end = (double)j->end_us / S;
    bool good = start == start_s && end > end_s - 1e-5 && end < end_s + 1e-5;
    if (!ok(good && j->resizes == resizes, "%s", name))
        printf("#   from %.6f to %.6f, resized %" PRId64 " times\n", start, end, j->resizes);
}

static struct replay_result replay_all(struct trace_job *jobs, size_t count, double parallel,
                                       struct elastic_config elastic)
{
    struct trace t = {.jobs = jobs, .count = count, .procs = 4};
    struct replay_options o = {
        .sched = {.cpus = 4, .mem_mb = 4, .policy = POLICY_EASY, .elastic = elastic},
        .malleable = {.share = 1, .seed = 1, .parallel = parallel, .min = 0.5, .max = 2}};
    struct replay_result r;
    struct err e = {0};
    if (!ok(replay(&t, &o, &r, &e) == 0, "the replay goes to its end"))
        printf("#   %s\n", e.text);
    return r;
}

/* The first has all 4 CPUs until the second comes, and again when that has ended. */
static void test_loan(void)
{
    struct trace_job jobs[] = {
        {.number = 1, .submit_us = 0, .run_us = 100 * S, .estimate_us = 100 * S, .procs = 2},
        {.number = 2, .submit_us = 30 * S, .run_us = 20 * S, .estimate_us = 20 * S, .procs = 2},
    };
    struct replay_result r = replay_all(jobs, 2, 1, (struct elastic_config){0});
    is_job(&r.jobs[0], 0, 60, 3, "30 s at 2, 20 s at 1, and 10 s at 2 are 100 s");
    is_job(&r.jobs[1], 30, 50, 0, "what was on loan is there when it is asked for");
    ok(r.jobs[0].cpus == 200.0 / 60, "on average it had (120 + 40 + 40) / 60 CPUs");
    replay_free(&r);
    r = replay_all(jobs, 2, 0.5, (struct elastic_config){0});
    is_job(&r.jobs[0], 0, 50 + 44 / 1.2, 3, "half parallel: 36 s, 20 s, and 44 s at 1.2");
    replay_free(&r);
    r = replay_all(jobs, 2, 1, (struct elastic_config){.cooldown_us = 10 * S});
    is_job(&r.jobs[0], 0, 65, 3,
           "with a cooldown of 10 s it grows at 10 s, and when the other ends");
    replay_free(&r);
    r = replay_all(jobs, 2, 1, (struct elastic_config){.disabled = true});
    is_job(&r.jobs[0], 0, 100, 0, "resizing is switched off: the run time is the trace's");
    replay_free(&r);
}

/* The second needs 3 CPUs, and has a higher priority: the first gives one of its own. It may run
 * for 100 s, and takes longer: 50 s at 1, 10 s at 1/2; then it has 4. */
static void test_yield(void)
{
    struct trace_job jobs[] = {
        {.number = 1, .submit_us = 0, .run_us = 100 * S, .estimate_us = 100 * S, .procs = 2},
        {.number = 2,
         .submit_us = 10 * S,
         .run_us = 150 * S,
         .estimate_us = 150 * S,
         .procs = 3,
         .priority = 1},
    };
    struct replay_result r = replay_all(jobs, 2, 1, (struct elastic_config){0});
    is_job(&r.jobs[1], 10, 160, 0, "who has a higher priority starts at once");
    is_job(&r.jobs[0], 0, 162.5, 3, "20 s of work, 75 s at 1/2, and 5 s at 2: past its limit");
    replay_free(&r);
}

int main(void)
{
    test_draw();
    test_seeds();
    test_limits();
    test_loan();
    test_yield();
    return done_testing();
}
