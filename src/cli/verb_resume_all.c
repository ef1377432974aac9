// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "cli/ask.h"
#include "cli/drain.h"
#include "cli/verb.h"

struct resume_options {
    bool json;
};

static const struct option_def options[] = {
    OPTION_FLAG(struct resume_options, json, "json", "print JSON"),
    OPTIONS_END,
};

static int run(int argc, char **argv, struct err *e)
{
    struct resume_options o = {0};
    int r = options_parse(&verb_resume_all.command, &o, &argc, argv, e);
    if (r)
        return r;
    struct frame reply _cleanup_frame_ = {0};
    if (drain_ask(false, &reply, e) < 0)
        return -1;
    if (o.json)
        return ask_print_json(&reply, e);
    printf("%s\n", json_is_true(json_object_get(reply.head, "changed"))
                       ? "The scheduler starts jobs again"
                       : "The scheduler was not drained");
    return VERB_DONE;
}

const struct verb verb_resume_all = {
    .name = "resume-all",
    .command = {.name = "mini-slurm resume-all",
                .summary = "let a drained scheduler start jobs again",
                .options = options},
    .run = run,
};
