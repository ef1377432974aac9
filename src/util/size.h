/* SPDX-License-Identifier: MIT */
/* size.h - amounts of memory: 512, 512M, 512MB, 0.5g, 1T; a bare number is MB. 1 MB is 2^20 bytes.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "util/err.h"

/* Whole megabytes, rounded up; K, M, G, T with or without B, any case. Zero, negative, overflow
 * (over 2^40 MB) and nonsense are refused: "--mem 8XB: not a size (use K, M, G or T, e.g. 8G)". */
int size_parse_mb(const char *what, const char *text, int64_t *mb, struct err *e);
/* A short form for people: "512 MB", "1.5 GB". Returns buf. */
char *size_format_mb(int64_t mb, char *buf, size_t len);
