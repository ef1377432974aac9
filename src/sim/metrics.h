/* SPDX-License-Identifier: MIT */
/* metrics.h - what a replay comes to. */
#pragma once

#include "sim/replay.h"

#define METRICS_TAU_US 10000000 /* bounded slowdown is max(1, (wait + run) / max(run, tau)) */

/* Of no jobs all is 0, and the fairness 1. The median of an even number is the mean of the two in
 * the middle; p95 is the nearest rank: the smallest that 95 % do not exceed. */
struct metrics {
    size_t jobs;
    double makespan_s;  /* first submit to last end */
    double utilisation; /* CPU time held of CPU time there was, over the makespan; what malleable
                           jobs hold beyond what they asked for they use less well */
    double mean_turnaround_s; /* submit to end */
    double mean_wait_s, median_wait_s, p95_wait_s, max_wait_s;
    /* Bounded slowdown. Of a malleable job: by its run time on the CPUs it asked for, so that it is
     * none to have had more. */
    double mean_bsld, median_bsld, p95_bsld, max_bsld;
    double mean_sld;   /* not bounded */
    double fairness;   /* Jain's index of the users' mean bounded slowdowns; 1: all alike */
    double backfilled; /* share of jobs */
    size_t max_queue;
    size_t malleable; /* jobs */
    int64_t resizes;
};

/* procs: of the machine. 0, or -1 if no memory. */
int metrics_of(const struct trace *t, const struct replay_result *r, int64_t procs,
               struct metrics *m);
