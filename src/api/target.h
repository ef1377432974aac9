/* SPDX-License-Identifier: MIT */
/* target.h - jobs as people name them: 15, "15_3" (a task of array 15), "15_[3-7,9]" (several). */
#pragma once

#include "api/request.h"

struct target {
    int64_t id;           /* a job's, or an array's */
    struct taskset tasks; /* of that array; empty: none were named */
};

/* Reads a request's value into the empty *t, which is to be freed; "last" is what the caller
 * submitted last. 0, or -1 with *e: ERR_INVALID, ERR_FULL, ERR_NOT_FOUND. `what` names it in
 * messages. */
int target_named(const struct call *c, const char *what, const json_t *value, struct target *t,
                 struct err *e);
void target_free(struct target *t);
#define _cleanup_target_ __attribute__((cleanup(target_free)))

/* What they are wanted for. */
struct target_act {
    const char *verb; /* "hold": for messages */
    /* Tasks that are one job with others, in one of these states, leave them: whatever is done to
     * them, the others don't get. In other states the job of all of them is meant. */
    unsigned divides;
    bool ended; /* of an array all is meant, and not only what is active */
};

/* Appends the ids of the jobs it means: the one with that id; of an array all that are active; or
 * the named tasks. 0, or -1 with *e: ERR_NOT_FOUND or ERR_DENIED (who may not `verb` them), and
 * nothing has changed. */
int target_jobs(struct call *c, const struct target *t, const struct target_act *act,
                struct ids *ids, struct err *e);
/* The first task of the array from that number on that is a job of its own, or (unless `begun`)
 * pending with others. ERR_NOT_FOUND if there is none. */
int target_next_task(struct call *c, int64_t array, int64_t from, bool begun, int64_t *task,
                     struct err *e);
/* The record of that task: for reading. One that is pending with others is the record of all of
 * them, with its own number. */
int target_load_task(struct call *c, int64_t array, int64_t task, struct job_record *r,
                     struct err *e);
/* The record of the one job it means, or of that task. ERR_INVALID for several tasks. */
int target_load(struct call *c, const struct target *t, struct job_record *r, struct err *e);
