/* SPDX-License-Identifier: MIT */
/* cycle.h - jobs that would wait for each other for ever. */
#pragma once

#include "api/request.h"

/* Whether the pending job may wait for that: not if anything it names waits for it, or it is among
 * it. 0, or -1 with *e: ERR_INVALID, which names the way ("3 -> 5 -> 3"). (By "singleton" only
 * earlier jobs are waited for: it is not looked at.) */
int cycle_check(struct call *c, const struct job *job, const struct dependency *d, struct err *e);
