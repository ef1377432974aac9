/* SPDX-License-Identifier: MIT */
/* target.h - jobs as people name them: 15, "15_3" (a task of array 15), "15_[3-7,9]" (several). */
#pragma once

#include "api/request.h"

struct target {
    int64_t id;           /* a job's, or an array's */
    struct taskset tasks; /* of that array; empty: none were named */
};

/* Reads into the empty *t, which is to be freed. 0, or -1 with ERR_INVALID or ERR_FULL. `what`
 * names it in messages. */
int target_read(const char *what, const json_t *value, struct target *t, struct err *e);
void target_free(struct target *t);
#define _cleanup_target_ __attribute__((cleanup(target_free)))
void ids_free(struct ids *ids);
#define _cleanup_ids_ __attribute__((cleanup(ids_free)))

/* Appends the ids of the jobs it means: the one with that id; of an array all that are active; or
 * the named tasks. Of those that are in the pending rest of an array, and not all of it, a job of
 * their own is made: whatever `verb` does to them, the others don't get (NULL, to look at them: the
 * job of all of them is meant). 0, or -1 with *e:
 * ERR_NOT_FOUND or ERR_DENIED (who may not `verb` them), and nothing has changed. */
int target_jobs(struct call *c, const struct target *t, const char *verb, struct ids *ids,
                struct err *e);
/* The record of the one job it means: for reading. A task that is pending with others is the record
 * of all of them, with its own number. ERR_INVALID for several tasks. */
int target_load(struct call *c, const struct target *t, struct job_record *r, struct err *e);
