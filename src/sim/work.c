// SPDX-License-Identifier: MIT
#include "sim/work.h"

#include <math.h>

/* Of the work: what thousands of additions may lose. */
#define ROUNDING 1e-9

double work_speedup(double parallel, int64_t cpus)
{
    return 1 / (1 - parallel + parallel / (double)cpus);
}

static double speed(const struct work *w)
{
    return work_speedup(w->parallel, w->cpus) / work_speedup(w->parallel, w->asked_cpus);
}

struct work work_begin(double parallel, int64_t cpus, int64_t run_us, int64_t now_us)
{
    return (struct work){
        .parallel = parallel,
        .asked_cpus = cpus,
        .total_us = (double)run_us,
        .since_us = now_us,
        .cpus = cpus,
    };
}

static void advance(struct work *w, int64_t now_us)
{
    double passed_us = (double)(now_us - w->since_us);
    w->done_us += passed_us * speed(w);
    w->cpu_us += passed_us * (double)w->cpus;
    w->since_us = now_us;
}

int64_t work_resize(struct work *w, int64_t cpus, int64_t now_us)
{
    advance(w, now_us);
    w->cpus = cpus;
    return now_us + (int64_t)fmax(1, ceil((w->total_us - w->done_us) / speed(w)));
}

bool work_end(struct work *w, int64_t now_us)
{
    double microsecond = fmax(1, speed(w));
    advance(w, now_us);
    return fabs(w->done_us - w->total_us) <= microsecond + ROUNDING * w->total_us;
}
