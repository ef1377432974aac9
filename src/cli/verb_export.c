// SPDX-License-Identifier: MIT
#include <string.h>

#include "cli/external.h"
#include "cli/verb.h"
#include "util/cleanup.h"

/* The laboratory can read the store, so it also writes what it reads. */
static int run(int argc, char **argv, struct err *e)
{
    _cleanup_free_ char **args = calloc((size_t)argc + 2, sizeof *args);
    char mode[] = "--export";
    if (!args)
        return err_nomem(e);
    args[1] = mode;
    memcpy(args + 2, argv + 1, (size_t)argc * sizeof *args); /* with the NULL at the end */
    return external_run("mini-slurm-simulate", args, e);
}

const struct verb verb_export = {
    .name = "export",
    .command = {.name = "mini-slurm export",
                .summary = "write the history of jobs as a trace, for simulations"},
    .run = run,
};
