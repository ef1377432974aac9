/* SPDX-License-Identifier: MIT */
/* runs.h - the running attempts, and noticing that one is over. */
#pragma once

#include "daemon/daemon.h"
#include "util/idhash.h"

enum run_phase {
    RUN_BEGUN,  /* its shepherd prepares; it may not claim the attempt before the commit */
    RUN_ACTIVE, /* its shepherd runs the job */
    RUN_OVER,   /* its shepherd has ended; the outcome is not in the store yet */
    RUN_FAILED, /* no shepherd could be started: `why` says what happened */
};

struct run {
    int64_t job;
    int attempt;
    enum run_phase phase;
    pid_t shepherd;
    bool child; /* ours to reap; false: adopted from an earlier scheduler */
    char why[256];
    char title[256]; /* what it runs on and what, for the log */
    int go_fd;       /* launch_go() or launch_abandon() closes it; -1 */
    /* The outcome, worked out for the batch that writes it down. */
    struct attempt_record end;
    bool never_began;
    enum job_state state; /* of the job, after it */
    bool settled;         /* written down in the transaction that is open, or was just committed */

    int fd; /* readable when the shepherd has ended; -1 */
    uv_poll_t poll;
    bool abandoned;
    struct daemon *daemon;
    UT_hash_handle hh;
};

/* A new run in d->runs, RUN_BEGUN; NULL if no memory. */
struct run *runs_add(struct daemon *d, int64_t job, int attempt);
struct run *runs_find(const struct daemon *d, int64_t job);
/* Begins to watch for the end of the shepherd; start as in process_watch(). */
int runs_watch(struct run *r, pid_t shepherd, int64_t start, struct err *e);
/* Forgets the run: its end is in the store. */
void runs_remove(struct run *r);

/* The same, of one whose shepherd is about to end: it is still taken in. */
void runs_abandon(struct run *r);

/* Tells the shepherd of a run that was let go (control.h's word); one that is not ready to listen
 * yet finds it noted. */
void runs_tell(struct daemon *d, int64_t job, int attempt, const char *word);
