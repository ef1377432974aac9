/* SPDX-License-Identifier: MIT */
/* launch.h - starting the shepherd of an attempt that is durably begun. */
#pragma once

#include "daemon/runs.h"

/* Starts it and watches it. On failure r->failed and r->why are set: no shepherd runs, none ever
 * will for this attempt. */
void launch(struct daemon *d, struct run *r);
