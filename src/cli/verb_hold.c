// SPDX-License-Identifier: MIT
/* hold and release. */
#include "cli/jobs.h"
#include "cli/verb.h"

static int run_hold(int argc, char **argv, struct err *e)
{
    return jobs_change(&verb_hold, "held", "Held", argc, argv, e);
}

static int run_release(int argc, char **argv, struct err *e)
{
    return jobs_change(&verb_release, "released", "Released", argc, argv, e);
}

const struct verb verb_hold = {
    .name = "hold",
    .command = {.name = "mini-slurm hold",
                .words = JOBS_WORDS,
                .summary = "let pending jobs wait until they are released",
                .options = jobs_change_options},
    .run = run_hold,
};

const struct verb verb_release = {
    .name = "release",
    .command = {.name = "mini-slurm release",
                .words = JOBS_WORDS,
                .summary = "let held jobs start",
                .options = jobs_change_options},
    .run = run_release,
};
