/* SPDX-License-Identifier: MIT */
/* path.h - files that were named on the command line. */
#pragma once

#include "api/frame.h"
#include "util/err.h"

/* Adds it to the request as a blob, an absolute path, which is a pattern
 * (util/pattern.h): what is relative is so to dir. `what` names
 * it in messages. NULL adds nothing. 0, or -1 with *e. */
int path_add(struct frame *request, const char *blob, const char *what, const char *path,
             const char *dir, struct err *e);
