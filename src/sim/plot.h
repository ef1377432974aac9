/* SPDX-License-Identifier: MIT */
/* plot.h - replays of one trace, side by side, as a picture: SVG, PNG or PDF by the file's name. */
#pragma once

#include "sim/replay.h"

struct plot_run {
    const char *name; /* "easy", "easy, order sjf" */
    const struct replay_result *result;
};

/* Jobs have the CPUs they asked for as long as the trace says: not for runs with malleable ones.
 * For each run a column: a Gantt chart of the allocations (job by CPU, as the counter-like machine
 * lets them be stacked; for many jobs by density), utilisation and queue length over time below it;
 * and below all of them one chart with the waits' distributions, a line a run. Deterministic: same
 * input, same bytes (no dates in the file; but cairo's ids in an SVG go on counting in a process
 * that draws several). 0, or -1 with *e: ERR_USAGE for a name that ends in something else. */
int plot_write(const char *path, const struct trace *t, int64_t procs, const struct plot_run *runs,
               size_t count, struct err *e);

/* What a run with a share of malleable jobs comes to. */
struct plot_share {
    const char *setting; /* "easy": those of one setting stand in a row */
    double share;        /* 0 to 1 */
    double turnaround_s; /* mean */
    double utilisation;  /* 0 to 1 */
};

/* Mean turnaround and utilisation over the share, a line a setting. The rest as plot_write(). */
int plot_shares_write(const char *path, const struct trace *t, int64_t procs,
                      const struct plot_share *shares, size_t count, struct err *e);
/* Whether plot_write() knows what to draw there, which it finds out first: 0, or the same -1. */
int plot_check_name(const char *path, struct err *e);
