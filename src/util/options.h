/* SPDX-License-Identifier: MIT */
/* options.h - command lines from a table: parsing, usage errors and help have one source.
 *
 *     struct opts { int64_t cpus; bool json; };
 *     static const struct option_def options[] = {
 *         OPTION_NUMBER(struct opts, cpus, "cpus", "N", 1, 65536, "CPUs to hold (default: 1)"),
 *         OPTION_FLAG(struct opts, json, "json", "print JSON"),
 *         OPTIONS_END,
 *     };
 *     static const struct command command = {
 *         .name = "mini-slurm frob", .words = "ID...", .summary = "frob jobs", .options = options};
 *
 *     struct opts o = {.cpus = 1};
 *     return options_main(&command, &o, argc, argv, frob);
 *
 * Options are long: --name VALUE or --name=VALUE; --help is always there. A few have a letter as
 * well: -n VALUE or -nVALUE. They may stand before and
 * after words; "--" ends them, and where `first_word_ends` so does the first word. An option given
 * twice counts as the last one says. Defaults are what the struct held before. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "util/err.h"

enum option_type {
    OPTION_TYPE_FLAG,     /* bool; takes no value */
    OPTION_TYPE_TEXT,     /* const char *: points into argv */
    OPTION_TYPE_NUMBER,   /* int64_t from min to max */
    OPTION_TYPE_DECIMAL,  /* double from min to max */
    OPTION_TYPE_MAYBE,    /* the same, or left out: then the field is 0 */
    OPTION_TYPE_SIZE,     /* int64_t, MB (size.h) */
    OPTION_TYPE_DURATION, /* int64_t, microseconds (times.h) */
    OPTION_TYPE_LETTER,   /* of another option, which `help` names */
    OPTION_TYPE_CLAUSES,  /* struct option_clauses; given again, more of them */
};

/* A value and all that follow it and look like LETTERS:SOMETHING: "--after ok:12,13 any:14". */
#define OPTION_CLAUSES_MAX 32
struct option_clauses {
    const char *list[OPTION_CLAUSES_MAX]; /* they point into argv */
    size_t count;
};

struct option_def {
    const char *name;    /* without the dashes; NULL ends the table */
    const char *metavar; /* what stands for the value in the help; NULL for a flag */
    const char *help;    /* may hold newlines */
    enum option_type type;
    size_t offset;   /* of the field in the struct that is filled in */
    double min, max; /* whole numbers up to 2^53 are exact */
};

/* The field's offset; does not compile if the field is not of that type. */
#define OPTION_FIELD(type, s, field)                                                               \
    (offsetof(s, field) +                                                                          \
     0 * sizeof(char[__builtin_types_compatible_p(type, __typeof__(((s *)0)->field)) ? 1 : -1]))

#define OPTION_FLAG(s, field, name, help)                                                          \
    {                                                                                              \
        name, NULL, help, OPTION_TYPE_FLAG, OPTION_FIELD(bool, s, field), 0, 0                     \
    }
#define OPTION_TEXT(s, field, name, metavar, help)                                                 \
    {                                                                                              \
        name, metavar, help, OPTION_TYPE_TEXT, OPTION_FIELD(const char *, s, field), 0, 0          \
    }
#define OPTION_NUMBER(s, field, name, metavar, min, max, help)                                     \
    {                                                                                              \
        name, metavar, help, OPTION_TYPE_NUMBER, OPTION_FIELD(int64_t, s, field), min, max         \
    }
#define OPTION_DECIMAL(s, field, name, metavar, min, max, help)                                    \
    {                                                                                              \
        name, metavar, help, OPTION_TYPE_DECIMAL, OPTION_FIELD(double, s, field), min, max         \
    }
/* The next word is its value if it begins with a digit. min is above 0. */
#define OPTION_MAYBE_DECIMAL(s, field, name, metavar, min, max, help)                              \
    {                                                                                              \
        name, "[" metavar "]", help, OPTION_TYPE_MAYBE, OPTION_FIELD(double, s, field), min, max   \
    }
#define OPTION_SIZE(s, field, name, metavar, help)                                                 \
    {                                                                                              \
        name, metavar, help, OPTION_TYPE_SIZE, OPTION_FIELD(int64_t, s, field), 0, 0               \
    }
#define OPTION_DURATION(s, field, name, metavar, help)                                             \
    {                                                                                              \
        name, metavar, help, OPTION_TYPE_DURATION, OPTION_FIELD(int64_t, s, field), 0, 0           \
    }
#define OPTION_CLAUSES(s, field, name, metavar, help)                                              \
    {                                                                                              \
        name, metavar, help, OPTION_TYPE_CLAUSES, OPTION_FIELD(struct option_clauses, s, field),   \
            0, 0                                                                                   \
    }
/* -f for --follow, -n N for --lines N. */
#define OPTION_LETTER(letter, name)                                                                \
    {                                                                                              \
        letter, NULL, name, OPTION_TYPE_LETTER, 0, 0, 0                                            \
    }
#define OPTIONS_END                                                                                \
    {                                                                                              \
        NULL, NULL, NULL, OPTION_TYPE_FLAG, 0, 0, 0                                                \
    }

struct command {
    const char *name;    /* as it is typed: "mini-slurm submit" */
    const char *words;   /* what may stand beside the options: "ID..."; NULL: nothing may */
    const char *summary; /* one line, no full stop */
    const char *notes;   /* printed below the options; may be NULL */
    const struct option_def *options;
    bool first_word_ends; /* what follows the first word belongs to it */
};

#define OPTIONS_HELP 1

/* argv[0] is skipped. Fills in *into; then argv[0 .. *argc-1] are the words alone, and argv[*argc]
 * is NULL. Returns 0; OPTIONS_HELP if --help was asked for;
 * -1 with ERR_USAGE. */
int options_parse(const struct command *c, void *into, int *argc, char **argv, struct err *e);
/* For values that come from elsewhere, and are named without dashes in messages. NULL: there is no
 * such option. The value of a flag is not looked at. */
const struct option_def *options_find(const struct command *c, const char *name);
int options_set(const struct option_def *o, void *into, const char *value, struct err *e);
void options_help(const struct command *c, FILE *to);
/* Prints the error, and for a usage error where to find help, to standard error. Returns the exit
 * status: 2 for ERR_USAGE, else 1. */
int options_refuse(const struct command *c, const struct err *e);
/* All of main() for a program that is one command: prints the help if that is asked for; else fills
 * in *into, and calls run() with it and the words. run() returns the exit status, or -1 with *e,
 * which is printed. Returns the exit status. */
int options_main(const struct command *c, void *into, int argc, char **argv,
                 int (*run)(const void *given, int nwords, char **words, struct err *e));
