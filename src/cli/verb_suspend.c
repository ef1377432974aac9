// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "cli/ask.h"
#include "cli/jobs.h"
#include "cli/verb.h"

struct suspend_options {
    bool json;
};

static const struct option_def options[] = {
    OPTION_FLAG(struct suspend_options, json, "json", "print JSON"),
    OPTIONS_END,
};

static const char notes[] =
    "No process of a suspended job runs, and its time limit stands still. It keeps its memory and\n"
    "its CPUs: nobody else gets them meanwhile.\n";

static void say(const void *ctx, const json_t *entry)
{
    printf("%s job %lld\n", (const char *)ctx,
           (long long)json_integer_value(json_object_get(entry, "job")));
}

/* What both do; done: the list in the reply, did: what is said of each. */
static int change(const struct verb *v, const char *done, const char *did, int argc, char **argv,
                  struct err *e)
{
    struct suspend_options o = {0};
    int r = options_parse(&v->command, &o, &argc, argv, e);
    if (r)
        return r;
    struct frame request _cleanup_frame_ = {0}, reply _cleanup_frame_ = {0};
    if (client_request(&request, v->name) < 0)
        return err_nomem(e);
    if (jobs_add(&request, argv, e) < 0 || ask(&request, &reply, e) < 0)
        return -1;
    return jobs_print(v, &reply, done, say, did, o.json, e);
}

static int run_suspend(int argc, char **argv, struct err *e)
{
    return change(&verb_suspend, "suspended", "Suspended", argc, argv, e);
}

static int run_resume(int argc, char **argv, struct err *e)
{
    return change(&verb_resume, "resumed", "Resumed", argc, argv, e);
}

const struct verb verb_suspend = {
    .name = "suspend",
    .command = {.name = "mini-slurm suspend",
                .words = "ID...",
                .summary = "let running jobs stand still",
                .notes = notes,
                .options = options},
    .run = run_suspend,
};
const struct verb verb_resume = {
    .name = "resume",
    .command = {.name = "mini-slurm resume",
                .words = "ID...",
                .summary = "let suspended jobs go on",
                .options = options},
    .run = run_resume,
};
