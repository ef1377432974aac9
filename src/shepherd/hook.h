/* SPDX-License-Identifier: MIT */
/* hook.h - a command that is run beside the job: the site's prolog and epilog, what the job's user
 * wants to be done when it starts and ends.
 *
 * A process of its own, which guards it, is nobody's child: the command is outside of the job, its
 * groups and limits, outlives its shepherd, and is killed with all it started when its time is
 * over. What it leaves in the background when it ends in time is its own affair. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "util/err.h"
#include "util/strz.h"

struct shepherd;

struct hook {
    const char *command;    /* for /bin/sh -c */
    const struct strz *env; /* all of it */
    bool as_user; /* as the job's user, in the job's directory, its output nowhere; else as the
                     shepherd, in /, its output in the scheduler's log */
    int64_t timeout_us;
    int gate; /* it begins when a byte comes there, and never if that ends; -1: at once */
};

/* What became of it. */
struct hook_end {
    int status; /* as of wait(2) */
    bool timed_out;
};

/* Starts it. A descriptor in which hook_end comes, or nothing if its guard was killed: to close,
 * also before; -1 with *e. */
int hook_start(const struct shepherd *s, const struct hook *h, struct err *e);

/* Starts it and waits for its end; cancels and all else that is told is heard meanwhile. 0, or -1
 * with *e: how it ended is not known. */
int hook_run(struct shepherd *s, const struct hook *h, struct hook_end *end, struct err *e);

/* announce.c: spec.notify, on what its user wants to hear of. */
void announce_prepare(struct shepherd *s); /* before the job runs */
void announce_start(struct shepherd *s);   /* it does */
void announce_end(struct shepherd *s);     /* its outcome is written */
/* It did not start. */
void announce_forget(struct shepherd *s);

/* site.c: spec.prolog, spec.epilog. */
/* Whether the job may start; else s->failure says why not, or it was cancelled meanwhile. */
bool site_prolog(struct shepherd *s);
/* The job is over, and its outcome known. */
void site_epilog(struct shepherd *s);
