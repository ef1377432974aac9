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

static int run(int argc, char **argv, struct err *e)
{
    struct drain_options o = {0};
    int r = options_parse(&verb_drain.command, &o, &argc, argv, e);
    if (r)
        return r;
    struct frame reply _cleanup_frame_ = {0};
    char line[DRAIN_LINE];
    if (drain_ask(true, &reply, e) < 0)
        return -1;
    if (o.json)
        return ask_print_json(&reply, e);
    drain_line(reply.head, line, sizeof line);
    printf("The scheduler is %s\n", line);
    return VERB_DONE;
}

const struct verb verb_drain = {
    .name = "drain",
    .command = {.name = "mini-slurm drain",
                .summary = "start nothing new until resume-all; what runs goes on",
                .options = options},
    .run = run,
};
