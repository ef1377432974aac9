/* SPDX-License-Identifier: MIT */
/* submit_file.h - submit --file: many jobs in one request. Each line is a JSON object, and means
 * what its keys would mean as options; so all that submit can say of one job it can say of many. */
#pragma once

#include "api/frame.h"
#include "util/err.h"
#include "util/options.h"

/* One line on its way. */
struct line {
    struct frame frame;    /* the job's own request */
    struct buf assign;     /* variables of its own: each followed by a NUL */
    struct buf dependency; /* as Slurm writes it; "" for nothing */
    const char *name;      /* borrowed; NULL: it has none */
    bool has_cwd;          /* it says where it runs */
};

/* What a verb makes of a line: of `options`, its struct of `size` bytes, as filled in from the
 * command line, each line gets a copy, which its keys change. */
struct line_format {
    const struct command *command;
    const void *options;
    size_t size;
    /* The request's frame, with what all lines have in common. 0, or -1 with *e. */
    int (*common)(const void *options, struct frame *request, struct err *e);
    /* Fills in the line, which may have `assign` and `has_cwd` already; words are its command's,
     * NULL-terminated. The same. */
    int (*line)(void *options, char **words, struct line *l, struct err *e);
};

enum submitted_as { SUBMITTED_WORDS, SUBMITTED_IDS, SUBMITTED_JSON };

/* path "-": standard input. Prints which ids they got. What a verb returns. */
int submit_file(const struct line_format *format, const char *path, enum submitted_as as,
                struct err *e);

/* submit_line.c: what the JSON text says, into the empty *l; 0, or -1 with *e, which names the key.
 * Either way it is to be cleared. */
int submit_line_read(const struct line_format *format, const char *text, size_t len, struct line *l,
                     json_t **json, struct err *e);
void submit_line_clear(struct line *l);
