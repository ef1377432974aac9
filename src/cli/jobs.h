/* SPDX-License-Identifier: MIT */
/* jobs.h - verbs about several jobs (api/select.h), each of which may be refused alone
 * (api/each_job.h). */
#pragma once

#include "api/frame.h"
#include "cli/verb.h"

/* Which jobs, by what must hold of them; NULL or false: nothing must. */
struct jobs_options {
    const char *name, *state, *user;
    bool all;
};

/* The rows of a verb's table of options, of its struct s, whose field is a struct jobs_options. */
#define JOBS_OPTIONS(s, field)                                                                     \
    OPTION_TEXT(s, field.name, "name", "GLOB", "only jobs with such a name: 'train-*'"),           \
        OPTION_TEXT(s, field.state, "state", "S", "only jobs in this state, or these: PENDING,R"), \
        OPTION_TEXT(s, field.user, "user", "NAME", "only this user's (without IDs: else yours)"),  \
        OPTION_FLAG(s, field.all, "all", "your active jobs")
#define JOBS_WORDS "[ID|FROM-TO|last]..."

/* Whether anything must hold. */
bool jobs_narrowed(const struct jobs_options *o);
/* Sets the request's "jobs" to what was typed, one word a job, or range of jobs; and what must hold
 * of them; without words those of which that holds. */
int jobs_select(struct frame *request, const struct jobs_options *o, char **words, struct err *e);
/* Calls say(), which prints a line, for every entry of the reply's list `done` (or prints JSON),
 * and what was refused, or that there was nothing to do, on standard error as the verb's. What the
 * verb returns. */
int jobs_print(const struct verb *v, struct frame *reply, const char *done,
               void (*say)(const void *ctx, const json_t *entry), const void *ctx, bool json,
               struct err *e);

/* All of a verb that is said of jobs, and of nothing else (hold, suspend). Its options are these;
 * done and did as in jobs_print(): the list in the reply, and what is said of each. */
extern const struct option_def jobs_change_options[];
int jobs_change(const struct verb *v, const char *done, const char *did, int argc, char **argv,
                struct err *e);
