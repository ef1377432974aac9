/* SPDX-License-Identifier: MIT */
/* control.h - what is said about when, and how often, a job runs, in requests and replies
 * (docs/json.md). */
#pragma once

#include "api/json.h"
#include "api/request.h"
#include "api/retry.h"

/* The fields that control_read() knows. */
#define CONTROL_FIELDS  "held", CONTROL_UPDATES
#define CONTROL_UPDATES "begin", "deadline", RETRY_FIELDS

/* Reads those that are there into the record, which has its time limit and memory already. 0, or -1
 * with ERR_INVALID. */
int control_read(const struct call *c, struct job_record *r, struct err *e);
/* Sets what a job has of it. */
void control_set(struct object *o, const struct job_record *r);
