/* SPDX-License-Identifier: MIT */
/* scheduler_json.h - the scheduler as a JSON object (docs/json.md). */
#pragma once

#include "api/api.h"

/* A new object; null if no scheduler runs; NULL if no memory. */
json_t *scheduler_json(const struct api *a);
