/* SPDX-License-Identifier: MIT */
/* times.h - durations and points in time as text. All values are microseconds (_us). */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "util/err.h"

#define US_PER_SEC INT64_C(1000000)

/* Slurm's forms: M, M:S, H:M:S, D-H, D-H:M, D-H:M:S (a field may exceed 59, as in 0:90), and
 * 30s, 5m, 2h, 1d12h (units d h m s, each once, in that order). More than zero, at most 100 years.
 */
int duration_parse_us(const char *what, const char *text, int64_t *us, struct err *e);
/* The same, or "0": at once. */
int delay_parse_us(const char *what, const char *text, int64_t *us, struct err *e);
/* [D-]HH:MM:SS, as Slurm prints time limits. Returns buf. */
char *duration_format(int64_t us, char *buf, size_t len);
/* Local wall-clock time, "2026-11-23 03:10:00"; "-" for 0. Returns buf. */
char *time_format(int64_t wall_us, char *buf, size_t len);
/* ISO 8601 with offset, microseconds cut to milliseconds: "2026-11-23T03:10:00.123+01:00". */
char *time_format_iso(int64_t wall_us, char *buf, size_t len);
