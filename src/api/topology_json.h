/* SPDX-License-Identifier: MIT */
/* topology_json.h - switches and nodes as JSON (docs/json.md). */
#pragma once

#include <jansson.h>

#include "core/topology.h"

/* NULL if no memory; null for NULL. */
json_t *topology_json(const struct topology *t);
