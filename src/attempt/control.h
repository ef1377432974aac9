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

/* What can be said. A line is a message and for which attempt it is. */
#define CONTROL_CANCEL  "cancel"  /* SIGTERM to every process, SIGKILL after the grace */
#define CONTROL_KILL    "kill"    /* SIGKILL at once */
#define CONTROL_RESIZE  "resize"  /* there is a new order: resize.h */
#define CONTROL_SUSPEND "suspend" /* nobody of it runs, until CONTROL_RESUME */
#define CONTROL_RESUME  "resume"
/* As CANCEL; a job with a checkpoint is first told to save its work, and has its time for that. */
#define CONTROL_CHECKPOINT "checkpoint"

/* The longest message, its end included. */
#define CONTROL_MESSAGE 48

/* A signal for the job's processes, or for the first of them. The token tells it from others: a
 * line may arrive twice. */
struct control_signal {
    int signal;
    bool first;
    int64_t token;
};
/* As a message. Returns buf. */
char *control_signal_format(const struct control_signal *c, char buf[CONTROL_MESSAGE]);
/* Whether the message is one. */
bool control_signal_parse(const char *message, struct control_signal *c);

/* For how long it may run from now on, counted from its start; 0: for ever. The same two. */
char *control_limit_format(int64_t limit_us, char buf[CONTROL_MESSAGE]);
bool control_limit_parse(const char *message, int64_t *limit_us);

/* 0: told. 1: no shepherd is there any more, or not yet: one that comes will find the line all the
 * same, for it is noted in <job>.<attempt>.note. -1 with *e. */
int control_send(const char *run_dir, int64_t job, int attempt, const char *message, struct err *e);

/* Whether the line (without its newline) is for that attempt: then its message. */
bool control_parse(const char *line, int64_t job, int attempt, char message[CONTROL_MESSAGE]);

/* The shepherd's end: makes the FIFO and opens it, with a writer so that it never ends. -1 with *e.
 */
int control_open(const char *run_dir, int64_t job, int attempt, struct err *e);
/* What was noted before the FIFO was there: once, after control_open(). A string to free(); NULL if
 * there is nothing. */
char *control_note(const char *run_dir, int64_t job, int attempt);
