/* SPDX-License-Identifier: MIT */
/* depend.h - what a job waits for: the fields "dependency" and "kill_on_invalid_dep". */
#pragma once

#include "api/request.h"
#include "core/dependency.h"

/* Fills r->job.depends in, as its clauses stand now. names: NULL for ids only; from: the first id
 * that comes with this request (0: there is none). */
int depend_read(const struct call *c, const struct dependency_names *names, int64_t from,
                struct job_record *r, struct err *e);

/* Its clauses as they stand, [] without any: of `show`. NULL with *e. */
json_t *depend_json(const struct call *c, const struct job_record *r, struct err *e);
