/* SPDX-License-Identifier: MIT */
/* checkpoint.h - how a job saves its work before it is ended, in requests and replies. */
#pragma once

#include "api/request.h"

/* Reads it from a submission, once the limit, its warning and what is elastic are known. 0, or -1
 * with ERR_INVALID. */
int checkpoint_read(const struct frame *f, struct job_record *r, struct err *e);
/* Whether the job, of which all is read now, and this machine can have it. The same. */
int checkpoint_check(const struct job_record *r, struct err *e);
/* Whether it still fits the job, whose time limit was changed. The same. */
int checkpoint_recheck(const struct job_record *r, struct err *e);
/* null if there is none. */
json_t *checkpoint_json(const struct job_record *r);
