/* SPDX-License-Identifier: MIT */
/* runs.h - the running attempts, and noticing that one is over. */
#pragma once

#include "attempt/resize.h"
#include "daemon/daemon.h"
#include "util/idhash.h"

enum run_phase {
    RUN_BEGUN,  /* its shepherd prepares; it may not claim the attempt before the commit */
    RUN_ACTIVE, /* its shepherd runs the job */
    RUN_OVER,   /* the outcome is written, or its shepherd gone; not in the store yet */
    RUN_FAILED, /* no shepherd could be started: `why` says what happened */
};

struct run {
    int64_t job; /* the hash's key is job and attempt */
    int attempt;
    enum run_phase phase;
    struct shepherd_process *shepherd; /* NULL: an earlier scheduler's, or it is over */
    char why[256];
    char task[32];   /* " (15_3)", of an array, for the log */
    char title[256]; /* what it runs on and what, for the log */
    /* Of an elastic job. */
    bool elastic;
    int64_t resize_grace_us;
    struct resize_order order; /* its shepherd has not been told yet; generation 0: it has */
    /* The outcome, worked out for the batch that writes it down. */
    struct attempt_record end;
    bool never_began;
    bool again;           /* the job is to be run again */
    enum job_state state; /* of the job, after it */
    bool settled;         /* written down in the transaction that is open, or was just committed */

    int fd; /* of an adopted one: readable when the shepherd has ended; -1 */
    uv_poll_t poll;
    struct daemon *daemon;
    UT_hash_handle hh;
};

/* A new run in d->runs, RUN_BEGUN; NULL if no memory. */
struct run *runs_add(struct daemon *d, int64_t job, int attempt);
struct run *runs_find(const struct daemon *d, int64_t job, int attempt);
/* Begins to watch for the end of a shepherd that an earlier scheduler started; start as in
 * process_watch(). */
int runs_adopt(struct run *r, pid_t shepherd, int64_t start, struct err *e);
/* What is to be known of its job while it runs. */
void runs_know(struct run *r, const struct job_record *job);
/* Its shepherd has no more to do with it. */
void runs_over(struct run *r);
/* Forgets the run. */
void runs_remove(struct run *r);

/* Tells the shepherd of a run that was let go (control.h's message); one that is not ready to
 * listen yet finds it noted. */
void runs_tell(struct daemon *d, int64_t job, int attempt, const char *message);
