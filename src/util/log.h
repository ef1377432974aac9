/* SPDX-License-Identifier: MIT */
/* log.h - lines for the operator, prefixed "[mini-slurm] ".
 *
 * log_info() goes to standard output (what the scheduler does), log_warn() to standard error. A
 * line is one write(), so that lines of several processes do not mix. With log_timestamps(true) a
 * local time stands in front (used where the output is a file). A failed write is ignored: there is
 * nobody left to tell. */
#pragma once

#include <stdbool.h>

void log_timestamps(bool on);
void log_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
