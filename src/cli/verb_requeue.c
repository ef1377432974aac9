// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "cli/ask.h"
#include "cli/cell.h"
#include "cli/jobs.h"
#include "cli/requeue.h"
#include "cli/states.h"
#include "cli/verb.h"

struct requeue_options {
    struct jobs_options which;
    bool hold, json;
};

static const struct option_def options[] = {
    JOBS_OPTIONS(struct requeue_options, which),
    OPTION_FLAG(struct requeue_options, hold, "hold", "they wait until they are released"),
    OPTION_FLAG(struct requeue_options, json, "json", "print JSON"),
    OPTIONS_END,
};

static const char notes[] =
    "Each run of a job is an attempt of its own, with its own output: job_15.out, job_15.r1.out.\n"
    "Of an array all that has started is run again, or what is named: 15_3, 15_[2-5], 15 --state\n"
    "FAILED. Who waited for the job, and has not started or ended yet, waits for it again.\n";

/* How a running one is told. */
static void say_told(const char *job, const json_t *checkpoint)
{
    const char *signal = json_string_value(json_object_get(checkpoint, "signal"));
    double before = json_number_value(json_object_get(checkpoint, "before"));
    if (signal)
        printf("Requeueing job %s: %s sent, SIGTERM in %g s\n", job, signal, before);
    else if (json_is_object(checkpoint))
        printf("Requeueing job %s: criu saves it\n", job);
    else
        printf("Requeueing job %s: SIGTERM sent, SIGKILL in 5 s\n", job);
}

static void say(const void *ctx, const json_t *entry)
{
    struct buf job _cleanup_buf_ = {0};
    (void)ctx;
    cell_job(&job, entry, "job");
    if (job.failed)
        return;
    if (states_runs(entry, "was"))
        say_told(job.data, json_object_get(entry, "checkpoint"));
    else
        printf("Requeued job %s\n", job.data);
}

int requeue_print(const struct verb *v, struct frame *reply, bool json, struct err *e)
{
    return jobs_print(v, reply, "requeued", say, NULL, json, e);
}

static int run(int argc, char **argv, struct err *e)
{
    struct requeue_options o = {0};
    int r = options_parse(&verb_requeue.command, &o, &argc, argv, e);
    if (r)
        return r;
    struct frame request _cleanup_frame_ = {0}, reply _cleanup_frame_ = {0};
    if (client_request(&request, "requeue") < 0)
        return err_nomem(e);
    if (jobs_select(&request, &o.which, argv, e) < 0 ||
        ask_set(&request, "hold", json_boolean(o.hold), e) < 0 || ask(&request, &reply, e) < 0)
        return -1;
    return requeue_print(&verb_requeue, &reply, o.json, e);
}

const struct verb verb_requeue = {
    .name = "requeue",
    .command = {.name = "mini-slurm requeue",
                .words = JOBS_WORDS,
                .summary = "run jobs again: ended ones, or running ones, which are ended first",
                .notes = notes,
                .options = options},
    .run = run,
};
