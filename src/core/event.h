/* SPDX-License-Identifier: MIT */
/* event.h - everything that can happen to the world the core keeps (pure; plain data).
 *
 * The time is in the event: the core has no clock. */
#pragma once

#include <stdint.h>

#include "core/job.h"

enum event_type {
    EVENT_SUBMIT,  /* .job: a new pending job (copied) */
    EVENT_ADOPT,   /* .job: a job that already runs, with its allocation (copied): recovery */
    EVENT_CANCEL,  /* .id: a pending job ends as CANCELLED; a running one goes on until FINISH */
    EVENT_FINISH,  /* .id, .state: the running attempt is over, and how; its resources are free */
    EVENT_REQUEUE, /* .id, .job: the running attempt is over, and its resources free; the job waits
                      again, and asks for this from now on (copied) */
    EVENT_DIVIDE,  /* .id, .job: some of the head's tasks, .job->tasks or, if that is empty,
                      .job->task, are a pending job of their own, .job->id, and not the head's */
    EVENT_UPDATE,  /* .id, .job: the pending job asks for this from now on (copied); of a running
                      one its priority, time limit and deadline are what .job says */
    EVENT_DEPEND,  /* .id, .job: the pending job waits for .job->depends from now on (copied) */
    EVENT_START_FAILED, /* .id: the start did not come about: pending again, and later than before;
                           nothing at all is started before .retry_us */
    EVENT_RESIZE,  /* .id, .cpus: a running elastic job wants that many, or fewer; 0: as many as
                      it can get */
    EVENT_RESIZED, /* .id, .generation, .mem_mb: what that order to shrink took away is seen to be
                      unused; of memory it may have kept more */
    EVENT_DRAIN,   /* nothing new is started until EVENT_RESUME_ALL; what runs goes on */
    EVENT_RESUME_ALL,
    EVENT_SUSPEND, /* .id: a running job stands still; it keeps what it holds */
    EVENT_RESUME,  /* .id: it goes on; its end is later by as long as it stood still */
    EVENT_TICK,    /* only the time has come */
};

struct event {
    enum event_type type;
    int64_t now_us;
    int64_t id;
    const struct job *job;
    enum job_state state;
    int64_t retry_us;
    int64_t cpus, generation, mem_mb;
};
