/* SPDX-License-Identifier: MIT */
/* dependency.h - what a job waits for, as Slurm writes it, and how each clause of it comes to stand
 * (pure).
 *
 *   text   = item { "," item }     all must hold
 *          | item { "?" item }     any of them suffices
 *   item   = "singleton" | word ":" target { ":" target }
 *   word   = "afterok" | "afterany" | "afternotok" | "after" | "aftercorr"
 *   target = job [ "_" task ] [ "+" minutes ]    (minutes only of "after") */
#pragma once

#include "core/job.h"
#include "util/err.h"

/* Clauses of one job. */
#define DEPENDENCY_MAX 100000

/* Where targets may also be called by other words than their ids: the id of the one that `word`
 * (of len bytes) means. 0, or -1 with *e. */
struct dependency_names {
    int (*find)(void *ctx, const char *word, size_t len, int64_t *id, struct err *e);
    void *ctx;
};

/* Fills *d (clauses that wait; `kept` is left alone), which is dependency_free()'s then. names:
 * NULL for ids only. 0, or -1 with *e (ERR_INVALID, which names the offending text, or ERR_FULL)
 * and no clauses. */
int dependency_parse(const char *text, const struct dependency_names *names, struct dependency *d,
                     struct err *e);
/* The shortest text that means the same: to free(), NULL if no memory. */
char *dependency_format(const struct dependency *d);
int dependency_copy(struct dependency *to, const struct dependency *from); /* -1 if no memory */
void dependency_free(struct dependency *d);
const char *clause_word(enum clause_type t); /* "afterok" */

/* What the target does makes the clause hold, or not: it started; that start did not come about
 * after all; it ended, having started at start_us (0: never). */
void clause_start(struct clause *c, int64_t start_us);
void clause_unstart(struct clause *c);
void clause_end(struct clause *c, enum job_state outcome, int64_t start_us, int64_t end_us);
/* "its dependency can never be satisfied: job 12 FAILED". Returns buf. */
char *clause_never_words(const struct clause *c, char *buf, size_t len);
