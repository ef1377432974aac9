/* SPDX-License-Identifier: MIT */
/* states.h - the states of a job as they can be typed: "PENDING", "pd". */
#pragma once

#include <jansson.h>

#include "util/err.h"

/* The states of a comma-separated list as an array of names; NULL with *e (ERR_USAGE), which names
 * the nearest one. */
json_t *states_parse(const char *what, const char *list, struct err *e);
