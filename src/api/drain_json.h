/* SPDX-License-Identifier: MIT */
/* drain_json.h - that the scheduler is drained, as JSON (docs/json.md). */
#pragma once

#include "api/api.h"
#include "api/json.h"

/* Sets "drained": null, or since when and by whom. 0, or -1 with *e. */
int drain_add(const struct api *a, struct object *o, struct err *e);
