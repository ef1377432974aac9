// SPDX-License-Identifier: MIT
#include "pool/pool.h"
#include "util/options.h"

struct workers_options {
    int64_t cpus;
};

static const struct option_def options[] = {
    OPTION_NUMBER(struct workers_options, cpus, "cpus-per-worker", "N", 1, 65536,
                  "CPUs for each worker (default: 1)"),
    OPTIONS_END,
};

static const struct command command = {
    .name = "mini-slurm-workers",
    .words = "COMMAND [ARG]...",
    .summary = "run as many copies of a command as there are CPUs for",
    .notes =
        "It is what runs in a job that was submitted with --workers. See docs/elastic-jobs.md.\n",
    .options = options,
    .first_word_ends = true,
};

static int run(const void *given, int nwords, char **words, struct err *e)
{
    const struct workers_options *o = given;
    if (nwords == 0)
        return err_set(e, ERR_USAGE, "no command given");
    struct pool p = {.command = {.argv = words, .cpus = o->cpus}};
    return pool_run(&p);
}

int main(int argc, char **argv)
{
    struct workers_options o = {.cpus = 1};
    return options_main(&command, &o, argc, argv, run);
}
