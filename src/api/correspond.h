/* SPDX-License-Identifier: MIT */
/* correspond.h - aftercorr between arrays: each task of the one waits for that with its number in
 * the other.
 *
 * So each of them is a job of its own from the submission on, with a dependency of its own
 * (aftercorr:15 of task 3 is aftercorr:15_3). Tasks whose number the other does not have wait, as
 * in Slurm, for all of it to end well, and stay together. */
#pragma once

#include "api/request.h"

/* Tasks of one array that wait so: each takes a row. */
#define CORRESPOND_MAX 10000

/* Whether the job that is handed in waits so; then it is correspond_submit() that tells the host of
 * it, once all that it waits for is stored. */
bool correspond_waits(const struct job *j);
/* A job that is stored is to wait for that: if it is a task, the clauses mean the tasks with its
 * number. ERR_INVALID of a head, which would have to be divided. */
int correspond_update(struct call *c, const struct job *j, struct dependency *d, struct err *e);
/* The stored job with this id, the head of an array, is divided as it has to be. 0, or -1 with *e:
 * ERR_INVALID if it has too many tasks. */
int correspond_submit(struct call *c, int64_t head, struct err *e);
