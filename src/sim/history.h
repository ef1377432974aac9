/* SPDX-License-Identifier: MIT */
/* history.h - a store's own jobs as a trace: "what if we had run EASY last month?"
 *
 * Jobs that have ended, and had run: as long as their last attempt did, but not beyond the time
 * limit, which is the estimate. Without a limit it is what was known when the job came: the mean of
 * the last two run times of the same user and command, or else of the same user (predictor.h), if
 * they had ended by then and are read here; else an hour; and in any case at least the run time,
 * since a trace's jobs are killed at their estimates. So such estimates are better than those that
 * a scheduler had, where the prediction was too low.
 *
 * Times begin at the second of the first submission. Users, groups and commands are numbered, in
 * the order in which they appear: a trace does not say whose jobs they were. */
#pragma once

#include <stdbool.h>

#include "sim/swf.h"
#include "store/store.h"

struct history_options {
    int64_t cpus; /* of the machine: jobs that want more are left out. 0: as many as this one has */
    int64_t own_cpus, own_mem_mb; /* this machine's; or, if that is more, what the largest job
                                     wants, or what CPUs were in use at once. Memory 0: not known,
                                     it does not matter */
    int64_t since_us;             /* jobs submitted before this (wall clock) are left out */
    bool estimate_is_run;         /* clairvoyant */
};

struct history {
    struct trace trace;       /* "history" */
    struct swf_report lines;  /* jobs instead of lines */
    int64_t begin_us, end_us; /* wall clock: what 0 is in the trace; the last end */
};

/* Fills the empty *h. 0, or -1 with *e. *h is to be freed either way. */
int history_read(struct store *s, const struct history_options *o, struct history *h,
                 struct err *e);
void history_free(struct history *h);
