/* SPDX-License-Identifier: MIT */
/* depend.h - what a job waits for: the fields "dependency" and "kill_on_invalid_dep". */
#pragma once

#include "api/request.h"
#include "core/dependency.h"

/* Fills r->job.depends in, as its clauses stand now. */
int depend_read(const struct call *c, struct job_record *r, struct err *e);
/* The same, but its clauses are in job.depends already; jobs from id `from` on come with this
 * request (0: none do). */
int depend_check(const struct call *c, int64_t from, struct job_record *r, struct err *e);

/* What the stored job r waits for from now on; fills r->job.depends in as above, and refuses
 * cycles. An empty text is for nothing. */
int depend_update(struct call *c, struct job_record *r, struct err *e);

/* These jobs, arrays among them, wait or run again though they had ended: who waits for them may
 * have to wait again. Sorts them. */
int depend_again(struct call *c, struct ids *targets, struct err *e);

/* Its clauses as they stand, [] without any: of `show`. NULL with *e. */
json_t *depend_json(const struct call *c, const struct job_record *r, struct err *e);
