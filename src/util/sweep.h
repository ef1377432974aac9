/* SPDX-License-Identifier: MIT */
/* sweep.h - a sweep: an array whose tasks have named parameters.
 *
 *     NAME=a,b,c         these texts, as they stand
 *     NAME=1..5          whole numbers; 0..1:0.25 with a step
 *     NAME=lin:0..1:5    so many numbers, evenly spread; log:1e-5..1e-1:5 by a constant factor
 *
 * Nothing is kept of the tasks: what a task's values are follows from the sweep and the task's
 * number (0 to count - 1), always the same. In a random one each value is drawn for itself, by a
 * generator that counts; there lin:a..b, log:a..b and a..b with a point in it are all numbers
 * between, and whole ones if both ends are.
 *
 * In texts {NAME} stands for the task's value. {{NAME}} is {NAME} itself; every other brace, and
 * what follows a $ ("${HOME}"), is nothing special. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/buf.h"
#include "util/err.h"

#define SWEEP_PARAMS_MAX 32
#define SWEEP_TEXT_MAX   (32 * 1024) /* as text */

enum sweep_mode {
    SWEEP_GRID,   /* each combination; the last parameter changes fastest */
    SWEEP_ZIP,    /* the first value of each, the second of each, ... */
    SWEEP_RANDOM, /* each value drawn */
};

enum sweep_spread { SWEEP_LIST, SWEEP_STEPS, SWEEP_LINEAR, SWEEP_LOG };

struct sweep_param {
    char *name, *text; /* as they were typed */
    enum sweep_spread spread;
    int64_t count; /* of its values; 0: any number from low to high */
    double low, high, step;
    bool whole; /* both ends are whole numbers */
    bool used;  /* something names it: sweep_use() */
};

struct sweep {
    enum sweep_mode mode;
    int64_t count; /* of tasks */
    int64_t seed;  /* of a random one */
    bool by_env;   /* the command reads its environment: it need not name the parameters */
    char *metric;  /* what is looked for in the output, an extended regular expression, or NULL */
    struct sweep_param *params;
    size_t nparams;
};

void sweep_free(struct sweep *s);
#define _cleanup_sweep_ __attribute__((cleanup(sweep_free)))

/* All return 0, or -1 with *e, ERR_INVALID for what was typed. */

/* Adds NAME=VALUES; the mode is set before, and stays. */
int sweep_add(struct sweep *s, const char *word, struct err *e);
/* Only these bytes can be kept. Copied. */
int sweep_set_metric(struct sweep *s, const char *regex, struct err *e);
/* When all parameters are there: sets the count (of a random one it is set before). */
int sweep_settle(struct sweep *s, struct err *e);

/* As text, and back into the empty *s. */
void sweep_format(const struct sweep *s, struct buf *out);
int sweep_parse(const char *text, struct sweep *s, struct err *e);

/* NULL: there is none of that name. */
struct sweep_param *sweep_find(const struct sweep *s, const char *name, size_t len);
/* Appends the task's value. */
void sweep_value(const struct sweep *s, const struct sweep_param *p, int64_t task, struct buf *out);

/* What a value is put into. */
enum sweep_place {
    SWEEP_TEXT,  /* as it is */
    SWEEP_SHELL, /* a line for the shell: quoted, if it holds anything that means something there */
    SWEEP_FILE,  /* the name of a file: a / would make it a directory, it becomes a _ */
};

/* Appends the text with the task's values in it. */
void sweep_fill(const struct sweep *s, int64_t task, enum sweep_place place, const char *text,
                struct buf *out);
/* Notes which parameters the text names. `what` is in the message if it names something else. */
int sweep_use(struct sweep *s, const char *what, const char *text, struct err *e);
/* Refuses a parameter that nothing names, unless the command reads its environment. */
int sweep_all_used(const struct sweep *s, struct err *e);
/* Appends the text so that it means itself. */
void sweep_quote(const char *text, struct buf *out);
