/* SPDX-License-Identifier: MIT */
/* jobs.h - verbs about several jobs, each of which may be refused alone (api/each_job.h). */
#pragma once

#include "api/frame.h"
#include "cli/verb.h"

/* Sets the request's "jobs" to what was typed: one word a job. */
int jobs_add(struct frame *request, char **words, struct err *e);
/* Calls say(), which prints a line, for every entry of the reply's list `done` (or prints JSON),
 * and what was refused on standard error as the verb's. What the verb returns. */
int jobs_print(const struct verb *v, struct frame *reply, const char *done,
               void (*say)(const void *ctx, const json_t *entry), const void *ctx, bool json,
               struct err *e);
