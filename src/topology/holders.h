/* SPDX-License-Identifier: MIT */
/* holders.h - which running jobs hold which CPUs. */
#pragma once

#include <jansson.h>

#include "util/err.h"

struct holders;
/* topology: as in the reply of that name (docs/json.md). NULL with *e. */
struct holders *holders_create(const json_t *topology, struct err *e);
void holders_free(struct holders *h); /* NULL is fine */

/* A running job, as `list` has it. 0, or -1 with *e. */
int holders_add(struct holders *h, const json_t *job, struct err *e);
/* Gives each node of the topology its "jobs", and the topology those "elsewhere". 0, or -1 with *e.
 */
int holders_write(const struct holders *h, json_t *topology, struct err *e);
