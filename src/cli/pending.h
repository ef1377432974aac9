/* SPDX-License-Identifier: MIT */
/* pending.h - waiting for a job to start, and saying why it does not. */
#pragma once

#include <jansson.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "cli/waiting.h"
#include "os/wait.h"
#include "util/err.h"

enum pending_state { PENDING_UNKNOWN, PENDING_WAITS, PENDING_RUNS, PENDING_ENDED };

struct pending {
    int64_t job;
    char label[64]; /* "12", "15_3" */
    bool quiet;
    struct waiting waiting;
    struct frame request; /* for when it has changed */
    char said[512];       /* last, of why it waits; "": nothing yet */
    int state;
    json_t *last; /* as `show` had it then; NULL: PENDING_UNKNOWN */
};

int pending_open(struct pending *p, int64_t job, bool quiet, struct err *e);
void pending_close(struct pending *p);
/* Sleeps until it may stand otherwise, or *other (NULL: none) is ready, a signal has come, or it is
 * until_us (boot clock; 0: no such time). 0, or -1 with *e. */
int pending_wait(struct pending *p, struct waiter *w, struct pollfd *other, int64_t until_us,
                 uint64_t *signals, struct err *e);
/* How it stands, as far as is known without waiting: an enum pending_state, or -1 with *e. If it
 * waits for another reason than last time, says so on standard error, with its place in the queue;
 * and when it starts. */
int pending_look(struct pending *p, struct err *e);
/* It is to be looked at again in a while, whether anything has changed or not. */
int pending_again(struct pending *p, struct err *e);
/* Says on standard error that it starts, if it was said that it waits. */
void pending_say_start(struct pending *p);
/* Says on standard error that it has ended, and why. */
void pending_say_end(const struct pending *p);
