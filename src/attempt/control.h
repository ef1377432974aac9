/* SPDX-License-Identifier: MIT */
/* control.h - telling a running job's shepherd something: lines into its FIFO.
 *
 * The FIFO has a reader as long as the shepherd lives, and the kernel says so: opening it for
 * writing without blocking fails with ENXIO once it is gone. A line is shorter than PIPE_BUF, so
 * lines of several writers do not mix. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "util/err.h"

/* The words. */
#define CONTROL_CANCEL "cancel" /* SIGTERM to every process, SIGKILL after the grace */
#define CONTROL_KILL   "kill"   /* SIGKILL at once */
#define CONTROL_RESIZE "resize" /* there is a new order: resize.h */

/* 0: told. 1: no shepherd is there any more, or not yet: one that comes will find the line all the
 * same, for it is noted in <job>.<attempt>.note. -1 with *e. */
int control_send(const char *run_dir, int64_t job, int attempt, const char *word, struct err *e);

/* Whether the line (without its newline) is that word for that attempt. */
bool control_is(const char *line, const char *word, int64_t job, int attempt);

/* The shepherd's end: makes the FIFO and opens it, with a writer so that it never ends. -1 with *e.
 */
int control_open(const char *run_dir, int64_t job, int attempt, struct err *e);
/* What was noted before the FIFO was there: once, after control_open(). A string to free(); NULL if
 * there is nothing. */
char *control_note(const char *run_dir, int64_t job, int attempt);
