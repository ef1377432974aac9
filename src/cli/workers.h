/* SPDX-License-Identifier: MIT */
/* workers.h - submit --workers: the job is the program that runs a pool of its command. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "cli/command_line.h"
#include "util/err.h"

struct workers_options {
    int64_t cpus; /* for each worker; 0: not given */
};

/* Whether they make sense, with --workers or without. 0, or -1 with ERR_USAGE. */
int workers_check(const struct workers_options *o, bool workers, struct err *e);
/* Changes what is executed, not what was typed. 0, or -1 with *e. */
int workers_wrap(const struct workers_options *o, struct command_line *c, struct err *e);
