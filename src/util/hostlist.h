/* SPDX-License-Identifier: MIT */
/* hostlist.h - Slurm's hostlist expressions: many names in a few words.
 *
 *   list  = item { "," item }
 *   item  = { letters | "[" range { "," range } "]" }     at least one
 *   range = number [ "-" number ]
 *
 * "r[1-2]n[08-10]" is r1n08, r1n09, r1n10, r2n08, r2n09, r2n10: the last bracket turns fastest, and
 * a first number that begins with 0 says how many digits all have. Names consist of letters,
 * digits, "-", "_" and ".", and have at most HOSTLIST_NAME_MAX of them. */
#pragma once

#include <stddef.h>

#include "util/err.h"
#include "util/strz.h"

#define HOSTLIST_MAX      1000000 /* names in one list */
#define HOSTLIST_NAME_MAX 63

/* Appends the names to *out (whose data is the caller's to free()), in the order in which they
 * stand, and however often. Returns how many; -1 with *e, which names the offending text, and *out
 * as it was: ERR_INVALID for what is no hostlist, is empty, or has more than `max` names; ERR_FULL.
 */
long hostlist_expand(const char *text, size_t max, struct strz *out, struct err *e);

/* The names as one expression, as Slurm prints them: neighbours that differ only in the number at
 * their end share a bracket, "n[01-04,7]". The order stays, so sorted names give the shortest. A
 * string to free(); empty for no names; NULL if no memory. */
char *hostlist_compress(const struct strz *names);
