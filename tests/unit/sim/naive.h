/* SPDX-License-Identifier: MIT */
/* naive.h - the policies once more, as simply as they can be said: everything is worked out anew
 * from the list of jobs at each instant. To hold the core against. */
#pragma once

#include "sim/replay.h"

struct naive_job {
    int64_t start_us;        /* -1: not yet */
    int64_t expected_us;     /* how long it was expected to run when it arrived */
    int64_t expected_end_us; /* of one that has started, as is expected now */
    int64_t reserved_us;     /* conservative: its place; -1: none */
    int64_t place;           /* its number among all that were handed out */
    int64_t promised_us;     /* easy: when it was first the first that waits, its shadow time then;
                                conservative: its first reservation; -1: none */
};

/* Fills jobs[t->count]. As replay() with EVENTS_BATCH, and with predict if c->trust_predictions. */
void naive_replay(const struct trace *t, const struct sched_config *c, struct naive_job *jobs);
