// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "cli/ask.h"
#include "cli/drain.h"
#include "cli/verb.h"

struct drain_options {
    bool json;
};

static const struct option_def options[] = {
    OPTION_FLAG(struct drain_options, json, "json", "print JSON"),
    OPTIONS_END,
};

static void say_drained(const json_t *reply)
{
    char line[DRAIN_LINE];
    drain_line(reply, line, sizeof line);
    printf("The scheduler is %s\n", line);
}

static void say_resumed(const json_t *reply)
{
    printf("%s\n", json_is_true(json_object_get(reply, "changed"))
                       ? "The scheduler starts jobs again"
                       : "The scheduler was not drained");
}

/* What both do. */
static int change(const struct verb *v, bool drained, void (*say)(const json_t *reply), int argc,
                  char **argv, struct err *e)
{
    struct drain_options o = {0};
    int r = options_parse(&v->command, &o, &argc, argv, e);
    if (r)
        return r;
    struct frame reply _cleanup_frame_ = {0};
    if (drain_ask(drained, &reply, e) < 0)
        return -1;
    if (o.json)
        return ask_print_json(&reply, e);
    say(reply.head);
    return VERB_DONE;
}

static int run_drain(int argc, char **argv, struct err *e)
{
    return change(&verb_drain, true, say_drained, argc, argv, e);
}

static int run_resume_all(int argc, char **argv, struct err *e)
{
    return change(&verb_resume_all, false, say_resumed, argc, argv, e);
}

const struct verb verb_drain = {
    .name = "drain",
    .command = {.name = "mini-slurm drain",
                .summary = "start nothing new until resume-all; what runs goes on",
                .options = options},
    .run = run_drain,
};
const struct verb verb_resume_all = {
    .name = "resume-all",
    .command = {.name = "mini-slurm resume-all",
                .summary = "let a drained scheduler start jobs again",
                .options = options},
    .run = run_resume_all,
};
