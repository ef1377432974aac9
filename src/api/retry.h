/* SPDX-License-Identifier: MIT */
/* retry.h - what a job's owner says of running it again, in requests and replies (docs/json.md). */
#pragma once

#include "api/json.h"
#include "api/request.h"

#define RETRY_FIELDS                                                                               \
    "retries", "retry_on", "retry_delay", "retry_factor", "retry_mem", "max_mem_mb", "requeue"

/* Reads those that are there into the record, once its memory is known. 0, or -1 with ERR_INVALID.
 */
int retry_read_fields(const struct frame *f, struct job_record *r, struct err *e);
/* A new object; null for a job that is never retried; NULL if no memory. */
json_t *retry_json(const struct job_record *r);
