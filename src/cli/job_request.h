/* SPDX-License-Identifier: MIT */
/* job_request.h - the request that a job's options and command make, for submit, run and sweep, and
 * for each line of a file of jobs. */
#pragma once

#include "api/frame.h"
#include "cli/command_line.h"
#include "cli/job_options.h"
#include "cli/submit_file.h"

/* The request for one job, whose command the words are (NULL-terminated), into the empty *request,
 * and what the words stand for into the empty *c; clear both in any case. 0, or -1 with *e. */
int job_request_make(const struct job_options *o, char **words, struct command_line *c,
                     struct frame *request, struct err *e);

/* Says on standard error that nobody is there to start it, if the reply says so. */
void job_request_warn(const struct frame *reply);

/* The absolute path of the directory that the job, or a file's jobs, run in, to free(); NULL with
 * *e. */
char *job_request_directory(const struct job_options *o, struct err *e);
/* What the lines of a file have in common, of which dir is the directory, into the empty *request.
 */
int job_request_common(const struct job_options *o, const char *dir, struct frame *request,
                       struct err *e);
/* What one of them has for itself. */
int job_request_line(const struct job_options *o, const char *dir, char **words, struct line *l,
                     struct err *e);
