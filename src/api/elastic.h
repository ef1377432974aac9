/* SPDX-License-Identifier: MIT */
/* elastic.h - what elastic jobs have beside others, in requests and replies (docs/json.md). */
#pragma once

#include "api/request.h"

/* Reads those fields of a submission, once r->job.cpus is known. 0, or -1 with ERR_INVALID. */
int elastic_read(const struct call *c, struct job_record *r, struct err *e);
/* The limits alone, where they are given; they must fit together. */
int elastic_read_limits(const struct frame *f, struct job *j, struct err *e);
/* What the job may have at most: what it asked for, or all there are; 0: no scheduler knows. */
int64_t elastic_max(const struct api *a, const struct job *j);
json_t *elastic_max_json(const struct api *a, const struct job *j); /* null for 0 */
/* A new object; null for a job that is not elastic; NULL if no memory. */
json_t *elastic_json(const struct api *a, const struct job_record *r);
