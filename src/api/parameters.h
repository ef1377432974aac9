/* SPDX-License-Identifier: MIT */
/* parameters.h - the parameters of a sweep's tasks (util/sweep.h), in requests and replies
 * (docs/json.md). */
#pragma once

#include "api/json.h"
#include "api/request.h"

/* Reads the blob "sweep" into the record, which has its tasks, command, name and paths already. 0,
 * or -1 with ERR_INVALID. */
int parameters_read(const struct call *c, struct job_record *r, struct err *e);
/* Sets its name and command, with a task's values in them; and these, null of any other job. */
void parameters_set(struct object *o, const struct job_record *r);
/* What it is a part of; null if that is no sweep. */
json_t *parameters_sweep(const struct job_record *r);
