/* SPDX-License-Identifier: MIT */
/* front.h - sitting in front of a running job: what is typed goes to it, what it writes is shown
 * (attempt/console.h). */
#pragma once

#include "attempt/console.h"
#include "os/wait.h"
#include "util/err.h"

/* How it came out. */
enum front_end {
    FRONT_EXIT,    /* the job has ended */
    FRONT_LEFT,    /* we let go of it */
    FRONT_HUNG_UP, /* our terminal is gone */
    FRONT_CUT,     /* its shepherd is gone, and did not say anything */
};

struct front {
    int fd;        /* to its shepherd */
    bool pty;      /* the job has a terminal */
    bool attached; /* we only watch, and may leave: by FRONT_LEAVE at a terminal, or a signal */
};

#define FRONT_LEAVE 0x1d /* Ctrl-] */

/* Signals that are wanted, for those who wait before they sit in front of anything: blocks them,
 * and leaves alone those that stop us. */
int front_open(struct waiter *w, struct err *e);
/* Those of them that mean to end us. */
bool front_is_end(uint64_t signals);
/* The first of them, a number. */
int front_signal(uint64_t signals);

/* An enum front_end; with FRONT_EXIT *how says how (console_get_exit()). -1 with *e. */
int front_sit(const struct front *f, struct waiter *w, struct attempt_status *how, struct err *e);
/* What we exit with: as a shell says it, and never 0 if it did not end by itself. */
int front_exit_status(const struct attempt_status *how);
