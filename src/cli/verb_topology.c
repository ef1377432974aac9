// SPDX-License-Identifier: MIT
#include "cli/external.h"
#include "cli/verb.h"

static int run(int argc, char **argv, struct err *e)
{
    return external_run("mini-slurm-topology", argv, e);
}

const struct verb verb_topology = {
    .name = "topology",
    .command = {.name = "mini-slurm topology",
                .summary = "draw the machine, or the switches, with who runs where"},
    .run = run,
};
