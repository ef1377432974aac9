// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>

#include "cli/ask.h"
#include "cli/cell.h"
#include "cli/jobs.h"
#include "cli/states.h"
#include "cli/verb.h"

struct cancel_options {
    struct jobs_options which;
    bool now, json;
};

static const struct option_def options[] = {
    JOBS_OPTIONS(struct cancel_options, which),
    OPTION_FLAG(struct cancel_options, now, "now", "SIGKILL at once, no SIGTERM and grace first"),
    OPTION_FLAG(struct cancel_options, json, "json", "print JSON"),
    OPTIONS_END,
};

static void say(const void *ctx, const json_t *entry)
{
    const struct cancel_options *o = ctx;
    struct buf job _cleanup_buf_ = {0};
    cell_job(&job, entry, "job");
    if (job.failed)
        return;
    if (states_runs(entry, "was"))
        printf("Cancelling job %s: %s\n", job.data,
               o->now ? "SIGKILL sent" : "SIGTERM sent, SIGKILL in 5 s");
    else
        printf("Cancelled job %s\n", job.data);
}

static int run(int argc, char **argv, struct err *e)
{
    struct cancel_options o = {0};
    int r = options_parse(&verb_cancel.command, &o, &argc, argv, e);
    if (r)
        return r;
    struct frame request _cleanup_frame_ = {0}, reply _cleanup_frame_ = {0};
    if (client_request(&request, "cancel") < 0)
        return err_nomem(e);
    if (jobs_select(&request, &o.which, argv, e) < 0 ||
        ask_set(&request, "now", json_boolean(o.now), e) < 0 || ask(&request, &reply, e) < 0)
        return -1;
    return jobs_print(&verb_cancel, &reply, "cancelled", say, &o, o.json, e);
}

const struct verb verb_cancel = {
    .name = "cancel",
    .command = {.name = "mini-slurm cancel",
                .words = JOBS_WORDS,
                .summary = "end jobs, pending or running",
                .notes = "Of several conditions all must hold: cancel 10-20 --state PENDING.\n",
                .options = options},
    .run = run,
};
