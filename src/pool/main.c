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

static int run(int argc, char **argv, struct err *e)
{
    struct workers_options o = {.cpus = 1};
    int r = options_parse(&command, &o, &argc, argv, e);
    if (r == OPTIONS_HELP)
        return options_help(&command, stdout), 0;
    if (r < 0)
        return -1;
    if (argc == 0)
        return err_set(e, ERR_USAGE, "no command given");
    struct pool p = {.command = {.argv = argv, .cpus = o.cpus}};
    return pool_run(&p);
}

int main(int argc, char **argv)
{
    struct err e = {0};
    int status = run(argc, argv, &e);
    return status < 0 ? options_refuse(&command, &e) : status;
}
