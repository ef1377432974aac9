// SPDX-License-Identifier: MIT
#include "sim/plot_series.h"

#include <stdlib.h>

#include "util/cleanup.h"

struct step {
    int64_t at_us, by;
};

static int step_order(const void *a, const void *b)
{
    const struct step *x = a, *y = b;
    return x->at_us < y->at_us ? -1 : x->at_us > y->at_us;
}

/* The quantity is `value` from bin `from` to bin `to`, which may be parts of bins. */
static void series_hold(struct series *s, double from, double to, double value)
{
    if (from < 0)
        from = 0;
    if (to > (double)s->bins)
        to = (double)s->bins;
    for (size_t bin = (size_t)from; (double)bin < to; bin++) {
        double low = from > (double)bin ? from : (double)bin;
        double high = to < (double)bin + 1 ? to : (double)bin + 1;
        s->mean[bin] += value * (high - low);
        if (s->peak[bin] < value)
            s->peak[bin] = value;
    }
}

static int series_make(struct series *s, struct step *steps, size_t count, int64_t from_us,
                       int64_t to_us, size_t bins)
{
    *s = (struct series){bins, calloc(bins, sizeof(double)), calloc(bins, sizeof(double))};
    if (!s->mean || !s->peak)
        return -1;
    qsort(steps, count, sizeof *steps, step_order);
    double per_us = (double)bins / (double)(to_us - from_us);
    int64_t value = 0;
    for (size_t i = 0; i < count; i++) {
        int64_t until = i + 1 < count ? steps[i + 1].at_us : to_us;
        value += steps[i].by;
        if (until > steps[i].at_us)
            series_hold(s, (double)(steps[i].at_us - from_us) * per_us,
                        (double)(until - from_us) * per_us, (double)value);
    }
    return 0;
}

int series_usage(struct series *s, const struct trace *t, const struct replay_result *r,
                 int64_t from_us, int64_t to_us, size_t bins)
{
    *s = (struct series){0};
    _cleanup_free_ struct step *steps = calloc(2 * t->count + 1, sizeof *steps);
    if (!steps)
        return -1;
    for (size_t i = 0; i < t->count; i++) {
        const struct trace_job *j = &t->jobs[i];
        int64_t start = r->jobs[i].start_us;
        steps[2 * i] = (struct step){start, j->procs};
        steps[2 * i + 1] = (struct step){start + j->run_us, -j->procs};
    }
    return series_make(s, steps, 2 * t->count, from_us, to_us, bins);
}

int series_queue(struct series *s, const struct trace *t, const struct replay_result *r,
                 int64_t from_us, int64_t to_us, size_t bins)
{
    *s = (struct series){0};
    _cleanup_free_ struct step *steps = calloc(2 * t->count + 1, sizeof *steps);
    if (!steps)
        return -1;
    for (size_t i = 0; i < t->count; i++) {
        steps[2 * i] = (struct step){t->jobs[i].submit_us, 1};
        steps[2 * i + 1] = (struct step){r->jobs[i].start_us, -1};
    }
    return series_make(s, steps, 2 * t->count, from_us, to_us, bins);
}

void series_free(struct series *s)
{
    free(s->mean);
    free(s->peak);
    *s = (struct series){0};
}

double series_peak(const struct series *s)
{
    double most = 0;
    for (size_t i = 0; i < s->bins; i++)
        if (most < s->peak[i])
            most = s->peak[i];
    return most;
}
