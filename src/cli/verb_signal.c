// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "cli/ask.h"
#include "cli/cell.h"
#include "cli/jobs.h"
#include "cli/verb.h"
#include "util/signals.h"

struct signal_options {
    struct jobs_options which;
    const char *signal;
    bool first, json;
};

static const struct option_def options[] = {
    JOBS_OPTIONS(struct signal_options, which),
    OPTION_TEXT(struct signal_options, signal, "signal", "SIG",
                "which: a name (USR1, SIGUSR1) or a number (default: TERM)"),
    OPTION_LETTER("s", "signal"),
    OPTION_FLAG(struct signal_options, first, "first", "to the job's first process alone"),
    OPTION_FLAG(struct signal_options, json, "json", "print JSON"),
    OPTIONS_END,
};

static const char notes[] =
    "Every process of the job gets it. (USR1, USR2, HUP, WINCH and real-time signals are not for "
    "a\n"
    "first process that does not handle them and has others below it, such as the shell of a\n"
    "command line: it would die of them.) A job that ends by it is not cancelled: it has FAILED.\n";

static void say(const void *ctx, const json_t *entry)
{
    const int *signal = ctx;
    struct buf job _cleanup_buf_ = {0};
    char name[16];
    cell_job(&job, entry, "job");
    if (!job.failed)
        printf("Sent %s to job %s\n", signal_format(*signal, name, sizeof name), job.data);
}

static int run(int argc, char **argv, struct err *e)
{
    struct signal_options o = {.signal = "TERM"};
    int signal;
    int r = options_parse(&verb_signal.command, &o, &argc, argv, e);
    if (r)
        return r;
    if (signal_parse("--signal", o.signal, &signal, e) < 0)
        return err_usage(e);
    struct frame request _cleanup_frame_ = {0}, reply _cleanup_frame_ = {0};
    if (client_request(&request, "signal") < 0)
        return err_nomem(e);
    if (jobs_select(&request, &o.which, argv, e) < 0 ||
        ask_set(&request, "signal", json_string(o.signal), e) < 0 ||
        ask_set(&request, "first", json_boolean(o.first), e) < 0 || ask(&request, &reply, e) < 0)
        return -1;
    return jobs_print(&verb_signal, &reply, "signalled", say, &signal, o.json, e);
}

const struct verb verb_signal = {
    .name = "signal",
    .command = {.name = "mini-slurm signal",
                .words = JOBS_WORDS,
                .summary = "send a signal to the processes of running jobs",
                .notes = notes,
                .options = options},
    .run = run,
};
