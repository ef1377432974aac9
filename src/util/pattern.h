/* SPDX-License-Identifier: MIT */
/* pattern.h - file names with words of the job's own in them, as sbatch's --output has them.
 *
 *   %j  the job's id           %x  the job's name      %t  the number of the process: 0
 *   %A  the array's id, or %j  %u  the user's name     %%  %
 *   %a  the task's number      %N  the machine's name
 *
 * %5j is a number of at least five digits, zeros in front (10 at most; names don't care). */
#pragma once

#include <stdint.h>

#include "util/buf.h"
#include "util/err.h"

#define PATTERN_NO_TASK INT64_C(4294967294) /* what %a is for a job of no array, as in Slurm */

/* `what` names it in the message: "--output": "--output out%q: %q is none of ...". */
int pattern_check(const char *what, const char *pattern, struct err *e);
/* Appends the pattern with the names filled in, which is one still. A / in the job's name would
 * make it a directory: it becomes a _. */
void pattern_fill_names(const char *pattern, const char *name, const char *user, const char *host,
                        struct buf *out);
/* Appends what it means for that job; array 0: it is of none. */
void pattern_fill_numbers(const char *pattern, int64_t job, int64_t array, int64_t task,
                          struct buf *out);
/* Appends the text as a pattern that means just that. */
void pattern_quote(const char *text, struct buf *out);
