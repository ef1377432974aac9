// SPDX-License-Identifier: MIT
#include "cli/external.h"
#include "cli/verb.h"

static int run(int argc, char **argv, struct err *e)
{
    return external_run("mini-slurm-scheduler", argv, e);
}

const struct verb verb_scheduler = {
    .name = "scheduler",
    .command = {.name = "mini-slurm scheduler", .summary = "run the scheduler: it starts the jobs"},
    .run = run,
};
