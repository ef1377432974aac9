/* SPDX-License-Identifier: MIT */
/* notify.h - what is run when a job starts or ends, in requests and replies. */
#pragma once

#include "api/request.h"

/* Reads it from a submission. 0, or -1 with *e. */
int notify_read(const struct frame *f, struct job_record *r, struct err *e);
/* null if there is nothing. */
json_t *notify_json(const struct job_record *r);
