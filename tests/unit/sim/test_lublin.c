// SPDX-License-Identifier: MIT
/* The bounds are four to five standard deviations, as many seeds gave them. */
#include <math.h>
#include <stdbool.h>

#include "sim/lublin.h"
#include "tap.h"

#define S INT64_C(1000000)

static struct trace make(size_t jobs, int64_t procs, uint64_t seed)
{
    struct trace t = {0};
    struct err e;
    struct lublin_options o = {.jobs = jobs, .procs = procs, .seed = seed};
    ok(lublin_make(&o, &t, &e) == 0 && t.count == jobs,
       "%zu jobs for %" PRId64 " CPUs, seed %" PRIu64, jobs, procs, seed);
    return t;
}

static bool same(const struct trace *a, const struct trace *b, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (a->jobs[i].submit_us != b->jobs[i].submit_us ||
            a->jobs[i].run_us != b->jobs[i].run_us || a->jobs[i].procs != b->jobs[i].procs)
            return false;
    return true;
}

static void test_seeds(void)
{
    static const struct {
        int64_t submit_s, run_s, procs;
    } first[] = {
        {938, 2264, 32},   {964, 166, 4},   {14884, 27730, 1},
        {17720, 15014, 4}, {17898, 326, 4}, {18026, 25090, 16},
    };
    struct trace a = make(6, 256, 42), b = make(1000, 256, 42), c = make(1000, 256, 43);
    for (size_t i = 0; i < 6; i++)
        ok(a.jobs[i].submit_us == first[i].submit_s * S && a.jobs[i].run_us == first[i].run_s * S &&
               a.jobs[i].procs == first[i].procs,
           "seed 42 gives this job %zu everywhere", i + 1);
    ok(same(&a, &b, 6), "more jobs of the same seed begin with the same");
    ok(!same(&b, &c, 6), "another seed gives others");
    is_str(a.name, "lublin-256-seed42", "the trace's name says how to make it again");
    trace_free(&a);
    trace_free(&b);
    trace_free(&c);
}

static bool job_is_sound(const struct trace *t, size_t i)
{
    const struct trace_job *j = &t->jobs[i];
    return j->number == (int64_t)i + 1 && j->submit_us % S == 0 && j->run_us % S == 0 &&
           j->submit_us >= (i ? j[-1].submit_us : 0) && j->run_us >= 1 * S &&
           j->run_us <= 162754 * S && j->estimate_us == j->run_us && j->procs >= 1 &&
           j->procs <= t->procs && j->mem_mb == 0 && j->user == -1;
}

static void test_ranges(void)
{
    static const int64_t machines[] = {2, 3, 8, 100, 256, 80640};
    for (size_t m = 0; m < sizeof machines / sizeof *machines; m++) {
        struct trace t = make(20000, machines[m], 1);
        size_t sound = 0;
        int64_t largest = 0;
        for (size_t i = 0; i < t.count; i++) {
            sound += job_is_sound(&t, i);
            largest = t.jobs[i].procs > largest ? t.jobs[i].procs : largest;
        }
        is_int((int64_t)sound, 20000, "in order, whole seconds, up to two days, and they fit");
        ok(largest > machines[m] * 9 / 10, "the largest nearly fills the machine");
        is_int(t.procs, machines[m], "the machine is the one asked for");
        trace_free(&t);
    }
}

static bool is_pow2(int64_t n)
{
    return (n & (n - 1)) == 0;
}

static void is_about(double got, double want, double within, const char *name)
{
    ok(fabs(got - want) <= within, "%s: %.4g, expected %.4g +- %.2g", name, got, want, within);
}

static void test_sizes(const struct trace *t)
{
    double n = (double)t->count, serial = 0, pow2 = 0, log_size = 0;
    for (size_t i = 0; i < t->count; i++) {
        int64_t procs = t->jobs[i].procs;
        serial += procs == 1;
        pow2 += procs > 1 && is_pow2(procs);
        log_size += log2((double)procs);
    }
    is_about(serial / n, 0.2927, 0.015, "share of serial jobs");
    /* 0.5 % of all are so by chance */
    is_about(pow2 / n, 0.6686 + 0.005, 0.017, "share of parallel jobs that are a power of two");
    is_about(log_size / (n - serial), (0.875 * 1.2 + 6 + 0.125 * 8) / 2, 0.07,
             "mean log2 of the parallel jobs' sizes");
}

/* Of ln(run time): shapes times scales, in the shares for one CPU. */
static void test_runs(const struct trace *t)
{
    double serial = 0, serial_run = 0, large = 0, large_run = 0;
    for (size_t i = 0; i < t->count; i++) {
        double run = log((double)t->jobs[i].run_us / (double)S);
        if (t->jobs[i].procs == 1) {
            serial++;
            serial_run += run;
        } else if (t->jobs[i].procs > 233) {
            large++;
            large_run += run;
        }
    }
    is_about(serial_run / serial, 0.6956 * 6.57 * 0.823 + 0.3044 * 639.1 * 0.0156, 0.2,
             "mean ln(run time) of serial jobs");
    is_about(large_run / large, 639.1 * 0.0156, 0.1,
             "mean ln(run time) of jobs above 233 CPUs, none of which is brief");
}

static void test_arrivals(const struct trace *t)
{
    const struct trace_job *last = &t->jobs[t->count - 1];
    double pause_s =
        (double)(last->submit_us - t->jobs[0].submit_us) / (double)S / (double)(t->count - 1);
    is_about(pause_s, 3517, 600, "mean time between arrivals: that of the gamma, cut at e^13 s");
    size_t day = 0, night = 0;
    for (size_t i = 0; i < t->count; i++) {
        int64_t hour = t->jobs[i].submit_us / S % 86400 / 3600;
        day += hour >= 10 && hour < 16;
        night += hour < 6;
    }
    is_about((double)day / (double)t->count, 0.40, 0.06, "share from 10 to 16 h");
    is_about((double)night / (double)t->count, 0.097, 0.025, "share from 0 to 6 h");
}

int main(void)
{
    test_seeds();
    test_ranges();

    struct trace t = make(20000, 256, 7);
    test_sizes(&t);
    test_runs(&t);
    test_arrivals(&t);
    trace_free(&t);

    struct err e;
    struct lublin_options one = {.jobs = 1, .procs = 1, .seed = 1};
    is_int(lublin_make(&one, &t, &e), -1, "a machine of one CPU is refused");
    is_str(e.text, "a machine of 1 CPUs: the model needs 2 or more", "with the reason");
    return done_testing();
}
