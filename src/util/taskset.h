/* SPDX-License-Identifier: MIT */
/* taskset.h - the numbers of an array's tasks: an ascending set, kept as ranges with a step.
 *
 *   set   = range { "," range } [ "%" limit ]
 *   range = first [ "-" last [ ":" step ] ]
 *
 * A million numbers cost as much as the ranges they are in. Tasks are taken from the front one
 * after the other; that, and taking it back, needs no memory. Zero-initialise for the empty set. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/buf.h"
#include "util/err.h"

#define TASKSET_MAX 1000000   /* numbers in one set */
#define TASK_MAX    INT32_MAX /* the largest number */

struct task_range;

/* Owns its ranges; free with taskset_free(). A copy by assignment borrows them. */
struct taskset {
    struct task_range *ranges; /* ascending, none within another's first and last */
    size_t nranges;
    size_t at;     /* the range that the first number is in: all before it are used up */
    int64_t first; /* if there are any left */
    int64_t count; /* how many are left */
};

void taskset_free(struct taskset *t); /* empty again */
/* *to, empty before, becomes what is left in *from. 0, or -1 if no memory. */
int taskset_copy(struct taskset *to, const struct taskset *from);

/* Reads into the empty *t; numbers that come twice count once. *limit: what stands behind "%"; 0 if
 * nothing does. NULL: none may. `what` names it in messages: "--array 5-1: ...". 0; -1 with
 * ERR_INVALID or ERR_FULL, and *t is empty. */
int taskset_parse(const char *what, const char *text, struct taskset *t, int64_t *limit,
                  struct err *e);
/* *t, empty before, has only that number. 0, or -1 if no memory. */
int taskset_of(int64_t task, struct taskset *t);
/* What is left: "1,3,7-19:2"; nothing for the empty set. */
void taskset_format(const struct taskset *t, struct buf *out);

bool taskset_has(const struct taskset *t, int64_t task);
int64_t taskset_last(const struct taskset *t); /* of one that is not empty */
/* The distance between neighbours, if that is the same everywhere; else 1. */
int64_t taskset_step(const struct taskset *t);
/* The least number that is not less; -1 if there is none. */
int64_t taskset_next(const struct taskset *t, int64_t from);

/* Takes the first one out, of a set that is not empty. */
int64_t taskset_pop(struct taskset *t);
/* Takes the last taskset_pop() back, which returned that. Nothing else may have changed the set
 * since. */
void taskset_unpop(struct taskset *t, int64_t task);
/* All below are taken out from the front. */
void taskset_skip(struct taskset *t, int64_t below);
/* Those that are in `by` too go to *common, empty before; the others stay. 0; -1 if no memory:
 * nothing has changed. */
int taskset_divide(struct taskset *t, const struct taskset *by, struct taskset *common);
