/* SPDX-License-Identifier: MIT */
/* output.h - the file that a job's output goes to, as it grows. */
#pragma once

#include <stdint.h>

#include "util/err.h"

struct output {
    int fd;     /* -1: not open */
    int64_t at; /* what stands before has been printed */
};

/* ERR_NOT_FOUND: there is no such file; ERR_INVALID: it keeps nothing that could be read. */
int output_open(struct output *o, const char *path, struct err *e);
void output_close(struct output *o);
/* Goes on with the last so many lines. */
int output_skip(struct output *o, int64_t lines, struct err *e);
/* Prints what has been added; from the beginning, if the file was emptied. 0, or -1 with *e. */
int output_print(struct output *o, struct err *e);
