// SPDX-License-Identifier: MIT
#include "cli/external.h"
#include "cli/verb.h"

static int run(int argc, char **argv, struct err *e)
{
    return external_run("mini-slurm-simulate", argv, e);
}

const struct verb verb_simulate = {
    .name = "simulate",
    .command = {.name = "mini-slurm simulate",
                .summary = "replay traces under scheduling policies, and compare them"},
    .run = run,
};
