/* SPDX-License-Identifier: MIT */
/* states.h - the states of a job as they can be typed: "PENDING", "pd". */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "util/err.h"

/* The states of a comma-separated list as an array of names; NULL with *e (ERR_USAGE), which names
 * the nearest one. */
json_t *states_parse(const char *what, const char *list, struct err *e);
/* Whether the state that a reply has there is that of a job with an attempt that is not over. */
bool states_runs(const json_t *object, const char *key);
