/* SPDX-License-Identifier: MIT */
/* warning.h - the warning of a time limit, in requests and replies. */
#pragma once

#include "api/request.h"

/* Reads it from a submission, once the limit and what is elastic are known. 0, or -1 with
 * ERR_INVALID. */
int warning_read(const struct frame *f, struct job_record *r, struct err *e);
/* null if there is none; that of a checkpoint is told with that. */
json_t *warning_json(const struct job_record *r);
