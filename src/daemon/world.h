/* SPDX-License-Identifier: MIT */
/* world.h - building the core's world from the store. */
#pragma once

#include "daemon/daemon.h"
#include "daemon/runs.h"

/* At the start: settles every attempt that an earlier scheduler left (adopts, records its outcome,
 * voids it), durably, then loads. */
int world_recover(struct daemon *d, struct err *e);
/* Throws d->sched away and makes a new one from the store: after a failed commit. */
int world_load(struct daemon *d, struct err *e);
/* What became of an attempt whose shepherd has ended, by its files: fills *a for
 * store_attempt_end() and returns 0; 1 if it never began and never will. Ends what is left of it.
 */
int world_outcome(struct daemon *d, int64_t job, int attempt, struct attempt_record *a,
                  struct err *e);
