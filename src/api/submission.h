/* SPDX-License-Identifier: MIT */
/* submission.h - one job that is handed in, alone or with others. */
#pragma once

#include "api/request.h"

/* Fills the empty *r, which the caller clears in any case, with what c->request asks for, but for
 * what it waits for (depend.h). */
int submission_read(const struct call *c, struct job_record *r, struct err *e);
/* The path in that blob, with the names of the job filled in (util/pattern.h), not the numbers;
 * *path stays as it is if there is none. 0, or -1 with *e. */
int submission_path(const struct call *c, const char *blob, const struct job_record *r, char **path,
                    struct err *e);
/* Stores it; the host will be told. (Of one that correspond_waits() not yet: correspond.h.) */
int submission_store(struct call *c, struct job_record *r, struct err *e);
