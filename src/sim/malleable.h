/* SPDX-License-Identifier: MIT */
/* malleable.h - which jobs of a trace are taken to be malleable, and how far.
 *
 * No trace says it, so a share of the jobs is drawn. They ask for the CPUs that the trace says, and
 * may have, while they run, from `min` times to `max` times as many. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct malleable_options {
    double share; /* of the jobs: 0 to 1; 0: all are rigid */
    uint64_t seed;
    double parallel; /* fraction of their work: 0 to 1 (work.h) */
    double min, max; /* 0 to 1; 1 or more */
};

/* For each of so many jobs, whether it is: share * count of them, rounded. What is with one share
 * is with every larger one. The caller frees it. NULL if no memory. */
bool *malleable_draw(const struct malleable_options *o, size_t count);
/* How many CPUs a malleable job that asks for `cpus` may have, on a machine of so many: at least
 * and at most. */
int64_t malleable_least(const struct malleable_options *o, int64_t cpus);
int64_t malleable_most(const struct malleable_options *o, int64_t cpus, int64_t machine);
