/* SPDX-License-Identifier: MIT */
/* job_json.h - a job, an attempt, a resize as JSON objects (docs/json.md). */
#pragma once

#include "api/api.h"
#include "api/json.h"

/* A new object, with times that count on as of now_us; NULL if no memory. */
json_t *job_json(const struct api *a, const struct job_record *r, int64_t now_us);
/* Why it waits, is being cancelled, or ended as it did: "" if there is nothing to say. */
json_t *job_reason_json(const struct api *a, const struct job_record *r, int64_t now_us);
/* Adds which part of which array it is. */
void job_json_array(struct object *o, const struct job *j);
/* {"PENDING": 3, ...} */
json_t *states_json(const int64_t by_state[JOB_STATES]);
/* How many of them have ended. */
int64_t states_ended(const int64_t by_state[JOB_STATES]);
json_t *attempt_json(const struct api *a, const struct job_record *job,
                     const struct attempt_record *r, int64_t now_us);
json_t *resize_json(const struct resize_record *r);
