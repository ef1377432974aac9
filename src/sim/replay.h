/* SPDX-License-Identifier: MIT */
/* replay.h - a trace through the scheduler in virtual time. */
#pragma once

#include <stdbool.h>

#include "core/sched.h"
#include "sim/malleable.h"
#include "sim/trace.h"

enum event_order {
    EVENTS_BATCH,     /* at one instant all ends, then all arrivals, then one pass: as it is live */
    EVENTS_PER_EVENT, /* as pyss and the SC'15 study: arrivals in file order, then ends in the order
                       of the starts, a pass after each */
};

struct replay_options {
    struct sched_config sched; /* policy, orders, CPUs, memory */
    enum event_order event_order;
    bool predict; /* jobs are expected to run as long as the last ones of the same user did
                     (predictor.h), not as long as they may. For EVENTS_BATCH: where
                     the expected end is taken for the end that would oversubscribe the machine */
    /* Jobs that grow and shrink while they run, as sched.elastic says; for EVENTS_BATCH, for the
     * same reason. A shrinking takes no time. What a job may run for at most is what the policies
     * plan with, and ends nobody: one that has had fewer CPUs than it asked for runs until its work
     * is done. */
    struct malleable_options malleable;
    /* Told now and then: so many of the jobs have ended. May be NULL. */
    void (*progress)(void *ctx, size_t ended, size_t all);
    void *ctx;
};

/* What became of one job of the trace. */
struct replay_job {
    int64_t start_us;
    bool backfilled; /* it started while one before it in the queue did not */
    bool malleable;
    int64_t end_us;
    int64_t resizes;
    double cpus; /* that it had, on average over its run */
};

struct replay_result {
    struct replay_job *jobs; /* of trace.jobs[i]; owned */
    size_t max_queue;        /* most jobs pending after a pass */
};

/* 0, or -1 with *e: also if a malleable job ends without having done its work, or more than that.
 * *r is to be freed either way. */
int replay(const struct trace *t, const struct replay_options *o, struct replay_result *r,
           struct err *e);
void replay_free(struct replay_result *r);
