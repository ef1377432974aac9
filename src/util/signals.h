/* SPDX-License-Identifier: MIT */
/* signals.h - signals by name. */
#pragma once

#include "util/err.h"

/* "TERM" for SIGTERM; NULL for one without a name (real-time signals). Static. */
const char *signal_name(int signal);
/* The signal that tells a program something: "USR1", "SIGUSR1" or its number; "none" is 0. Only
 * those that mean nothing else are taken. `what` begins the message: "--resize-signal KILL: ...".
 */
int signal_parse_notice(const char *what, const char *text, int *signal, struct err *e);
