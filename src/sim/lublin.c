// SPDX-License-Identifier: MIT
#include "sim/lublin.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "util/times.h"

#define BUCKETS       48 /* of a day */
#define BUCKET_S      1800
#define FIRST_BUCKET  11 /* where the day of the daily cycle's gamma begins */
#define LOG_RUN_MAX   12 /* e^12 s: nearly two days */
#define LOG_PAUSE_MAX 13 /* e^13 s: five days */

/* Of a gamma distribution: shape and scale. */
struct gamma {
    double a, b;
};

static const struct {
    double serial, pow2;         /* shares of serial jobs, and of those of a power of two */
    double low, med_below_high;  /* log2 of parallel sizes is uniform over [low, med) in `small`, */
    double small;                /* and over [med, high) in the rest; high is the machine's */
    struct gamma brief, lasting; /* of ln(run time) */
    double p_slope, p_offset;    /* share of the brief: p_slope * CPUs + p_offset */
    struct gamma pause;          /* of ln(time to the next arrival), were all hours alike */
    struct gamma day;            /* of an arrival's half hour */
} model = {
    .serial = 0.2927,
    .pow2 = 0.6686,
    .low = 1.2,
    .med_below_high = 2,
    .small = 0.875,
    .brief = {6.57, 0.823},
    .lasting = {639.1, 0.0156},
    .p_slope = -0.003,
    .p_offset = 0.6986,
    .pause = {6.0415 * 1.0519, 0.8531},
    .day = {6.1271, 5.2740},
};

struct random {
    uint64_t state;
};

/* SplitMix64 (Steele, Lea and Flood, 2014): all 64-bit seeds are good ones, and integers are the
 * same everywhere. C libraries differ in the last bit of log() and exp(), but a trace in whole
 * seconds hardly ever shows it. */
static uint64_t next(struct random *r)
{
    uint64_t z = r->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* [0, 1) */
static double uniform(struct random *r)
{
    return (double)(next(r) >> 11) * 0x1p-53;
}

/* Marsaglia's polar method; the second of each pair is not used. */
static double normal(struct random *r)
{
    for (;;) {
        double x = 2 * uniform(r) - 1, y = 2 * uniform(r) - 1, s = x * x + y * y;
        if (s > 0 && s < 1)
            return x * sqrt(-2 * log(s) / s);
    }
}

/* Marsaglia and Tsang, "A simple method for generating gamma variables" (2000): for shapes of 1 and
 * more. */
static double gamma_draw(struct random *r, struct gamma g)
{
    double d = g.a - 1.0 / 3, c = 1 / sqrt(9 * d);
    for (;;) {
        double x = normal(r), v = 1 + c * x;
        if (v <= 0)
            continue;
        v = v * v * v;
        if (log(1 - uniform(r)) < x * x / 2 + d - d * v + d * log(v))
            return d * v * g.b;
    }
}

/* On a machine of less than 12 CPUs low and med would meet, and most parallel jobs be of one size;
 * for one of 8 the authors advise 1.5. */
static double draw_log_size(struct random *r, double high)
{
    double low = fmin(model.low, high);
    double med = fmin(fmax(high - model.med_below_high, low + 0.3), high);
    bool small = uniform(r) < model.small;
    double from = small ? low : med, to = small ? med : high;
    return from + (to - from) * uniform(r);
}

static int64_t draw_procs(struct random *r, int64_t machine)
{
    double kind = uniform(r);
    if (kind < model.serial)
        return 1;
    double high = log2((double)machine), log_size = draw_log_size(r, high);
    if (kind < model.serial + model.pow2)
        log_size = fmin(round(log_size), floor(high));
    int64_t procs = llround(exp2(log_size));
    return procs < machine ? procs : machine;
}

static int64_t draw_run_s(struct random *r, int64_t procs)
{
    double brief = model.p_slope * (double)procs + model.p_offset, log_run;
    do
        log_run = gamma_draw(r, uniform(r) < brief ? model.brief : model.lasting);
    while (log_run > LOG_RUN_MAX);
    return (int64_t)exp(log_run);
}

/* Pauses are drawn in even time, as if all hours were alike; the more jobs arrive in a half hour of
 * the day, the more even time passes in it. Counted in whole microseconds, no error adds up. */
struct arrivals {
    int64_t even_us[BUCKETS]; /* of the half hours from midnight: BUCKET_S in the mean */
    int64_t bucket;           /* since the beginning */
    int64_t spent_us;         /* even time of that bucket */
};

static double density(double x)
{
    return exp((model.day.a - 1) * log(x) - x / model.day.b);
}

/* The gamma distribution's mass in each half hour, by Simpson's rule; as the sum is made a day, its
 * constant factor does not matter. */
static void arrivals_init(struct arrivals *a)
{
    double mass[BUCKETS], sum = 0;
    for (int i = 0; i < BUCKETS; i++) {
        double x = FIRST_BUCKET + i;
        mass[i] = density(x - 0.5) + 4 * density(x) + density(x + 0.5);
        sum += mass[i];
    }
    *a = (struct arrivals){0};
    for (int i = 0; i < BUCKETS; i++)
        a->even_us[(FIRST_BUCKET - 1 + i) % BUCKETS] =
            llround(mass[i] / sum * BUCKETS * BUCKET_S * US_PER_SEC);
}

/* Seconds since the beginning, a midnight. */
static int64_t next_arrival_s(struct random *r, struct arrivals *a)
{
    double log_pause;
    do
        log_pause = gamma_draw(r, model.pause);
    while (log_pause > LOG_PAUSE_MAX);
    a->spent_us += llround(exp(log_pause) * US_PER_SEC);
    while (a->spent_us > a->even_us[a->bucket % BUCKETS])
        a->spent_us -= a->even_us[a->bucket++ % BUCKETS];
    return a->bucket * BUCKET_S + BUCKET_S * a->spent_us / a->even_us[a->bucket % BUCKETS];
}

static int draw_jobs(const struct lublin_options *o, struct trace *t)
{
    struct random r = {o->seed};
    struct arrivals a;
    arrivals_init(&a);
    for (size_t i = 0; i < o->jobs; i++) {
        struct trace_job j = {.number = (int64_t)i + 1, .user = -1, .group = -1, .executable = -1};
        j.submit_us = next_arrival_s(&r, &a) * US_PER_SEC;
        j.procs = draw_procs(&r, o->procs);
        j.run_us = j.estimate_us = draw_run_s(&r, j.procs) * US_PER_SEC;
        if (trace_add(t, &j) < 0)
            return -1;
    }
    return 0;
}

int lublin_make(const struct lublin_options *o, struct trace *t, struct err *e)
{
    if (o->procs < 2)
        return err_set(e, ERR_INVALID, "a machine of %" PRId64 " CPUs: the model needs 2 or more",
                       o->procs);
    t->procs = o->procs;
    if (asprintf(&t->name, "lublin-%" PRId64 "-seed%" PRIu64, o->procs, o->seed) < 0)
        t->name = NULL;
    if (t->name && draw_jobs(o, t) == 0)
        return 0;
    trace_free(t);
    return err_nomem(e);
}
