/* SPDX-License-Identifier: MIT */
/* efficiency.h - what a job used of what it held, and what it had better ask for (docs/json.md). */
#pragma once

#include <jansson.h>

/* Of a job as requests have it. A new object, with nulls for what can't be known; NULL if no
 * memory. */
json_t *efficiency_json(const json_t *job);
