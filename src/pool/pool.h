/* SPDX-License-Identifier: MIT */
/* pool.h - as many copies of one command as the job's CPUs are enough for, and at least one.
 *
 * More CPUs: workers are started. Fewer: those with the highest numbers are let go, that is, get
 * SIGTERM, and SIGKILL at the deadline in the control file, or after POOL_GRACE_US; when they are
 * gone the pool acknowledges.
 *
 * A worker that ends with 0 has found no more work: from then on none is started, and the pool is
 * done when the last has ended. But who is let go may hand back what he was at, so what others
 * found that had started before he was gone no longer counts.
 *
 * A worker that dies is started again, work or no work: it may have been at some. The pool fails if
 * more than POOL_RESTARTS have died within POOL_RESTARTS_US, or if the command can't be executed
 * (126 and 127, as shells say it). */
#pragma once

#include <mini_slurm_elastic.h>

#include "pool/worker.h"

#define POOL_RESTARTS    5
#define POOL_RESTARTS_US INT64_C(60000000)
#define POOL_GRACE_US    INT64_C(5000000)

/* Zero-initialise, and set the command. */
struct pool {
    struct worker_command command;
    struct mini_slurm_elastic elastic;
    struct worker *workers;
    size_t count, cap;
    size_t wanted;
    int64_t handed_back; /* so many may have: those who were let go, and are gone */
    bool drained;        /* somebody has found no more work, who started after the last of them */

    int64_t died_us[POOL_RESTARTS]; /* the last ones, in turn */
    size_t deaths;

    bool keeps_orphans; /* what a worker has started is seen to end, whoever started it */
    bool stops;
    int status; /* it ends with */
};

/* Until there is no more work, a worker can't be kept alive, or a signal orders the end: then it
 * ends this process, once all workers have gone. Returns the exit status. */
int pool_run(struct pool *p);
