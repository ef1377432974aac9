/* SPDX-License-Identifier: MIT */
/* lines.h - the lines of a file, plain or gzip by its contents, in big blocks. */
#pragma once

#include <stddef.h>

#include "util/err.h"

struct lines;

struct line {
    const char *text; /* ends with a newline, also where the file's last line does not; may have
                         NULs in it; valid until the next one is asked for */
    size_t number;    /* from 1 */
};

/* "-" is standard input. Borrows the path. NULL with *e. */
struct lines *lines_open(const char *path, struct err *e);
void lines_close(struct lines *l); /* NULL is fine */
/* What the lines' source is called in messages. */
const char *lines_name(const struct lines *l);
/* 1; 0 at the end; or -1 with *e (naming file and line) if it can't be read, or if its gzip data
 * are damaged or cut short. */
int lines_next(struct lines *l, struct line *line, struct err *e);
