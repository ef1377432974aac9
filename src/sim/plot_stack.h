/* SPDX-License-Identifier: MIT */
/* plot_stack.h - which CPUs a job could have had, for the picture: the replay counts CPUs and does
 * not tell them apart. A job gets the first run of free CPUs that is long enough; if there is none,
 * it is split over the first free ones. */
#pragma once

#include "sim/replay.h"

struct stack_piece {
    size_t job;           /* trace.jobs[job] has, while it runs, */
    int64_t first, count; /* CPUs first to first + count - 1 */
};

/* Other than 0 stops. */
typedef int stack_fn(void *ctx, const struct stack_piece *p);

/* Tells every piece of every job, in the order of the starts; pieces that are there at one time
 * share no CPU. What does not fit on `procs` CPUs has no piece. 0, what `fn` stopped with, or -1 if
 * no memory. */
int stack_jobs(const struct trace *t, const struct replay_result *r, int64_t procs, stack_fn *fn,
               void *ctx);
