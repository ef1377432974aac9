/* SPDX-License-Identifier: MIT */
/* resizes.h - orders to the shepherds of elastic jobs, and what these report.
 *
 * An order is a row of the store first. After the commit it is written into the attempt's file, and
 * the shepherd told; an order that can't be written (a full disk) stays with its run and is tried
 * again. That CPUs were given up is heard through a FIFO, and is input of a later batch.
 *
 * When the world has been loaded from the store, nobody knows how far the last order of a job got:
 * told or not, carried out or not, reported or not. So its shepherd is ordered anew, to what the
 * store says is allocated; that is never less than the job has, for what a shrinking takes away
 * stays allocated until its report is committed. With N the generation in the store, this order is
 * N + 1, and has no row: whoever loads the same store gives the same order, the core's next is
 * N + 2, and reports of N have no meaning any more. */
#pragma once

#include "daemon/runs.h"

/* The FIFO; before anybody is ordered anything. 0, or -1 with *e. */
int resizes_open(struct daemon *d, struct err *e);
/* Once the loop has let go of it. */
void resizes_close(struct daemon *d);

/* In the transaction: what was reported since the last one. */
int resizes_hear(struct daemon *d, struct err *e);
/* In the transaction: an ACTION_RESIZE of the plan becomes a row, and the order of its run. */
int resizes_order(struct daemon *d, const struct action *a, struct err *e);
/* While the world is loaded: orders a job with a run anew, if it ever was ordered anything.
 * j->generation is that order's then. */
int resizes_order_anew(struct daemon *d, struct job *j, struct err *e);
/* After the commit: tells the shepherds that have not been told. */
void resizes_tell(struct daemon *d);
/* For the log: what an ACTION_RESIZE does. */
void resizes_log(const struct daemon *d, const struct action *a);
