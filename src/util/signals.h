/* SPDX-License-Identifier: MIT */
/* signals.h - signals by name. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "util/err.h"

/* "TERM" for SIGTERM; NULL for one without a name (real-time signals). Static. */
const char *signal_name(int signal);
/* Its name, else its number. Returns buf. */
char *signal_format(int signal, char *buf, size_t len);
/* Any signal: "TERM", "SIGTERM" or its number. `what` begins the message: "--signal X: ...". 0, or
 * -1 with ERR_INVALID. */
int signal_parse(const char *what, const char *text, int *signal, struct err *e);
/* It tells a program something, and has no other meaning. */
bool signal_is_notice(int signal);
/* The signal that tells a program something: "USR1", "SIGUSR1" or its number; "none" is 0. Only
 * those that mean nothing else are taken. */
int signal_parse_notice(const char *what, const char *text, int *signal, struct err *e);
