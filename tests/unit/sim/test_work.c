// SPDX-License-Identifier: MIT
/* Amdahl's law with numbers that can be worked out by hand, and work that is conserved through any
 * sequence of resizes. */
#include "sim/work.h"

#include <math.h>

#include "dice.h"
#include "tap.h"

#define S INT64_C(1000000)

static void is_near(double got, double want, const char *name)
{
    if (!ok(fabs(got - want) <= 1e-12 * fabs(want), "%s", name))
        printf("#   got %.17g, wanted %.17g\n", got, want);
}

static void test_speedup(void)
{
    is_near(work_speedup(1, 8), 8, "all parallel: 8 CPUs are 8 times as fast as one");
    is_near(work_speedup(0, 8), 1, "nothing parallel: they are no faster");
    is_near(work_speedup(0.5, 4), 1.6, "half: 1 / (1/2 + 1/8)");
    is_near(work_speedup(0.99, 1), 1, "one CPU is as fast as one");
}

/* Asks for 2 CPUs for 100 s; after 40 s it has others. */
static int64_t end_with(double parallel, int64_t cpus)
{
    struct work w = work_begin(parallel, 2, 100 * S, 1000 * S);
    return work_resize(&w, cpus, 1040 * S) - 1000 * S;
}

static void test_resized(void)
{
    is_int(end_with(1, 4), 70 * S, "all parallel: with twice the CPUs 60 s are 30 s");
    is_int(end_with(1, 1), 160 * S, "with half of them 120 s");
    is_int(end_with(0.5, 4), 90 * S, "half: S(4) / S(2) = 1.6 / (4/3) = 1.2, and 60 s are 50 s");
    is_int(end_with(0.5, 1), 120 * S, "S(1) / S(2) = 3/4: they are 80 s");
    is_int(end_with(0, 4), 100 * S, "nothing parallel: it ends when it would have");
    is_int(end_with(0.5, 2), 100 * S, "as it does if nothing changes");
    is_int(end_with(1, 7), 40 * S + 17142858, "an end is the first microsecond after the work");
}

static void test_held(void)
{
    struct work w = work_begin(0.5, 2, 100 * S, 0);
    work_resize(&w, 4, 40 * S);
    work_resize(&w, 1, 65 * S);
    ok(work_end(&w, 105 * S), "40 s at 1, 25 s at 1.2 and 40 s at 3/4 are the work of 100 s");
    is_near(w.cpu_us, (double)((80 + 100 + 40) * S), "for which it held 220 s of CPU time");
}

static void test_not_conserved(void)
{
    struct work w = work_begin(0.5, 2, 100 * S, 0);
    work_resize(&w, 4, 40 * S);
    struct work early = w, late = w;
    ok(!work_end(&early, 90 * S - 10), "an end that is 10 us too early is found");
    ok(!work_end(&late, 90 * S + 10), "and one that is too late");
}

static const char *run_world(uint64_t number)
{
    int64_t cpus = 1 + rnd(100), run_us = 1 + rnd(rnd(2) ? 1000 : 100000 * S), now_us = rnd(S);
    struct work w = work_begin((double)rnd(1001) / 1000, cpus, run_us, now_us);
    int64_t end_us = now_us + run_us;
    (void)number;
    for (int64_t resizes = rnd(200); resizes > 0 && end_us > now_us + 1; resizes--) {
        now_us += rnd((end_us - now_us) / (1 + rnd(100)) + 1);
        if (now_us >= end_us)
            break;
        end_us = work_resize(&w, 1 + rnd(2 * cpus), now_us);
        if (end_us <= now_us)
            return "it ends before it is resized";
    }
    return work_end(&w, end_us) ? NULL : "the work is not conserved";
}

int main(void)
{
    test_speedup();
    test_resized();
    test_held();
    test_not_conserved();
    ok(!dice_try(20000, run_world), "work is conserved through 20,000 random lives");
    return done_testing();
}
