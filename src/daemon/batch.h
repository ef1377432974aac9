/* SPDX-License-Identifier: MIT */
/* batch.h - the work of one turn of the loop, done in one transaction. */
#pragma once

#include "daemon/daemon.h"

/* Deals with the requests that have come, with the runs that are over or failed (d->settle), and
 * with d->tick. Nothing to do: returns at once. */
void batch_run(struct daemon *d);
