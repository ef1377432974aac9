/* SPDX-License-Identifier: MIT */
/* why.h - why a pending job waits, and what would change that (pure; plain data).
 *
 * All of it is as of the next pass, which is tried and taken back: what that would start counts as
 * started. */
#pragma once

#include "core/amount.h"
#include "core/change.h"
#include "core/sched.h"

#define WHY_HOLDERS 16

/* A running job that holds something of what is missing. */
struct why_holder {
    int64_t id;
    struct amount holds;
    int64_t end_us; /* expected */
    bool limit;     /* at its time limit, so no later than that */
};

struct why {
    bool starts;           /* the next pass starts it, or it waits for nothing but what elastic jobs
                              give back: nothing below but earliest_us counts */
    struct amount missing; /* what is free is so much too little */
    /* In the order of their ends, until the job fits; none if it never does. */
    struct why_holder holders[WHY_HOLDERS];
    size_t nholders, more_holders;
    int64_t earliest_us; /* 0: it can never start here, or nobody can tell */
    bool firm;           /* no later than that, as far as it depends on the jobs there are: all of
                            them have time limits. Else expected */
    int64_t ahead;       /* it fits, but would delay this job, or is behind it; 0: none */
    int64_t ahead_us;    /* when that job is to start */
    struct change changes[CHANGE_KINDS]; /* what would start it now */
};

/* 0; -1 with *e: ERR_NOT_FOUND if there is no such job among the active ones, ERR_INVALID if it is
 * running, ERR_FULL. */
int sched_why(struct sched *s, int64_t id, int64_t now_us, struct why *w, struct err *e);
