/* SPDX-License-Identifier: MIT */
/* place.h - where a job is to be placed: reading it from a request, showing it. */
#pragma once

#include "api/request.h"
#include "core/job.h"

/* After what the request says of elastic jobs. 0, or -1 with ERR_INVALID. */
int place_read(const struct frame *f, struct job *j, struct err *e);
/* What it asked for; null if it was nothing. */
json_t *place_json(const struct job *j);
