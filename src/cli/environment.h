/* SPDX-License-Identifier: MIT */
/* environment.h - the environment a job gets, as --export and leading NAME=value words say. */
#pragma once

#include "util/err.h"
#include "util/strz.h"

/* export: "ALL" (also NULL), "NONE", or a comma-separated list of NAME (taken over if it is set),
 * NAME=value and ALL. Without ALL a job has HOME, USER, LOGNAME, SHELL and a plain PATH beside the
 * list. assignments: nassign words NAME=value, which win. *out->data is to free(). */
int environment_build(const char *export, char *const assignments[], size_t nassign,
                      struct strz *out, struct err *e);
