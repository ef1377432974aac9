/* SPDX-License-Identifier: MIT */
/* warning.h - the signal that tells a job that its time limit is near, as Slurm writes it:
 * [B:]SIG[@SECONDS]. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "util/err.h"

struct warning {
    int signal;        /* 0: none */
    bool first;        /* B: its first process alone gets it */
    int64_t before_us; /* so long before the limit */
};

/* `what` begins the message: "--signal USR9@60: ...". 0, or -1 with ERR_INVALID. */
int warning_parse(const char *what, const char *text, struct warning *w, struct err *e);
/* Whether a job with this time limit (0: none) can have it. resize_signal: what tells it, if it is
 * elastic, that it is resized; else 0. The same. */
int warning_check(const char *what, const struct warning *w, int64_t limit_us, int resize_signal,
                  struct err *e);
/* The same of a checkpoint's, which a job without a limit may have as well. */
int warning_fits(const char *what, const struct warning *w, int64_t limit_us, int resize_signal,
                 struct err *e);
