/* SPDX-License-Identifier: MIT */
/* plot_series.h - quantities that change in steps over time, brought to as many bins as a picture
 * has room for. */
#pragma once

#include "sim/replay.h"

struct series {
    size_t bins;
    double *mean, *peak; /* over each bin's time; owned */
};

/* CPUs in use, and jobs pending (what is submitted and started at one instant is not), from from_us
 * to to_us (later). 0, or -1 if no memory. *s is to be freed either way. */
int series_usage(struct series *s, const struct trace *t, const struct replay_result *r,
                 int64_t from_us, int64_t to_us, size_t bins);
int series_queue(struct series *s, const struct trace *t, const struct replay_result *r,
                 int64_t from_us, int64_t to_us, size_t bins);
void series_free(struct series *s);
double series_peak(const struct series *s);
