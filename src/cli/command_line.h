/* SPDX-License-Identifier: MIT */
/* command_line.h - what the words behind the options of submit stand for.
 *
 * One word is a line for the shell; "-" is such a line, or a script, from standard input. Several
 * are an argument vector, and those NAME=value words that it begins with its environment. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "util/err.h"
#include "util/strz.h"

#define COMMAND_LINE_MAX (16u << 20) /* bytes from standard input */

struct command_line {
    struct strz argv;
    bool shell;     /* argv is one line for /bin/sh */
    size_t nassign; /* so many of the words are assignments */
    char *typed;    /* all of it, for people */
};

/* words: at least one, NULL-terminated. Fills the empty *c; clear it in any case. */
int command_line_read(char **words, struct command_line *c, struct err *e);
void command_line_clear(struct command_line *c);

#define _cleanup_command_line_ __attribute__((cleanup(command_line_clear)))
