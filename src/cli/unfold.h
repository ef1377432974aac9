/* SPDX-License-Identifier: MIT */
/* unfold.h - the pending tasks of an array, which are listed as one job, one by one. */
#pragma once

#include <jansson.h>

#include "util/err.h"

/* Calls each() for every task of the job, or for the job itself if it is not several; each() is
 * given an object that is changed for the next one. 0; what each() returned, if that is not 0 (then
 * it is the last); -1 with *e if no memory. */
int unfold(json_t *job, int (*each)(void *ctx, const json_t *job, struct err *e), void *ctx,
           struct err *e);
