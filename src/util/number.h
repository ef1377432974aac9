/* SPDX-License-Identifier: MIT */
/* number.h - whole and decimal numbers from text, strictly: no sign surprises, no trailing bytes.
 */
#pragma once

#include <stdint.h>

#include "util/err.h"

/* `what` names the value in the message (e.g. "--cpus"): "--cpus x: not a whole number from 1 to
 * 8". */
int number_parse(const char *what, const char *text, int64_t min, int64_t max, int64_t *out,
                 struct err *e);
/* Decimal, finite, in [min, max]: "0.5", "2". */
int number_parse_decimal(const char *what, const char *text, double min, double max, double *out,
                         struct err *e);
