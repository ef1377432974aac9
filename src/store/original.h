/* SPDX-License-Identifier: MIT */
/* original.h - databases of the original mini-slurm, which was written in Python. Private to
 * store/.
 *
 * Three generations of its one table `jobs`: the first has no elastic columns, the second none for
 * nodes. */
#pragma once

#include "store/store.h"

/* ERR_CORRUPT, saying what was found, if the tables are not the original's. */
int original_check(struct store *s, struct err *e);
/* Replaces its table by ours, with everything that was in it, inside the caller's transaction.
 * Pending jobs stay pending: they will run as the calling user, in the home directory, without a
 * stored environment. What became of running ones is not known: NODE_FAIL. */
int original_import(struct store *s, struct err *e);
