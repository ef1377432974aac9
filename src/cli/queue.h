/* SPDX-License-Identifier: MIT */
/* queue.h - the queue as a table, printed once (verb_queue.c) or drawn again and again. */
#pragma once

#include <stdbool.h>

#include "api/frame.h"
#include "cli/columns.h"
#include "util/err.h"

struct queue_options {
    const char *status; /* NULL: all */
    bool all, reason, unfold, json;
    double watch; /* seconds; 0: as it pleases; below: no */
};

/* An empty table of jobs. One at a time. */
void queue_table(struct table *t, bool reason);
/* Which jobs the request is about: of some states; of ended ones those of the last day, unless all
 * are asked for. */
int queue_filter(const struct queue_options *o, struct frame *request, struct err *e);
/* Draws it until a signal ends the program. -1 with *e. */
int queue_watch(const struct queue_options *o, struct err *e);
