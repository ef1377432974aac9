// SPDX-License-Identifier: MIT
#include "cli/external.h"
#include "cli/verb.h"

static int run(int argc, char **argv, struct err *e)
{
    return external_run("mini-slurm-doctor", argv, e);
}

const struct verb verb_doctor = {
    .name = "doctor",
    .command = {.name = "mini-slurm doctor",
                .summary = "say what this machine enforces, and where the files are"},
    .run = run,
};
