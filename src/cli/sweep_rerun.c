// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>

#include "cli/ask.h"
#include "cli/requeue.h"
#include "cli/sweep.h"
#include "util/taskset.h"

struct rerun_options {
    bool failed, json;
    const char *task;
};

static const struct option_def options[] = {
    OPTION_FLAG(struct rerun_options, failed, "failed",
                "those that ended as FAILED, TIMEOUT, OUT_OF_MEMORY or NODE_FAIL"),
    OPTION_TEXT(struct rerun_options, task, "task", "LIST", "these: 3,7 or 0-9"),
    OPTION_FLAG(struct rerun_options, json, "json", "print JSON"),
    OPTIONS_END,
};

static const struct command command = {
    .name = "mini-slurm sweep rerun",
    .words = "ID",
    .summary = "run tasks of a sweep again, with the same parameters",
    .notes = "Each run is an attempt of its own, with its own output.\n",
    .options = options,
};

static int check(const struct rerun_options *o, struct err *e)
{
    struct taskset tasks = {0};
    if (o->failed == (o->task != NULL))
        return err_set(e, ERR_USAGE, "which tasks? Say either --failed or --task");
    int r = o->task ? taskset_parse("--task", o->task, &tasks, NULL, e) : 0;
    taskset_free(&tasks);
    return r < 0 ? err_usage(e) : 0;
}

/* The tasks by their names, or all of the array in such a state. */
static int choose(const struct rerun_options *o, int64_t id, struct frame *request, struct err *e)
{
    struct buf name _cleanup_buf_ = {0};
    if (o->failed)
        return ask_set(request, "jobs", json_pack("[I]", (json_int_t)id), e) < 0
                   ? -1
                   : ask_set(request, "states",
                             json_pack("[s, s, s, s]", "FAILED", "TIMEOUT", "OUT_OF_MEMORY",
                                       "NODE_FAIL"),
                             e);
    buf_printf(&name, "%lld_[%s]", (long long)id, o->task);
    return name.failed ? err_nomem(e) : ask_set(request, "jobs", json_pack("[s]", name.data), e);
}

static int rerun(const struct rerun_options *o, struct client *c, int argc, char **argv,
                 struct frame *reply, struct err *e)
{
    struct frame request _cleanup_frame_ = {0}, shown _cleanup_frame_ = {0};
    int64_t id;
    if (sweep_ask(c, argc, argv, &shown, &id, e) < 0)
        return -1;
    if (client_request(&request, "requeue") < 0)
        return err_nomem(e);
    return choose(o, id, &request, e) < 0 ? -1 : client_call(c, &request, reply, e);
}

static int run(int argc, char **argv, struct err *e)
{
    struct rerun_options o = {0};
    struct frame reply _cleanup_frame_ = {0};
    struct client c;
    int r = options_parse(&command, &o, &argc, argv, e);
    if (r)
        return r;
    if (check(&o, e) < 0 || client_open(&c, e) < 0)
        return -1;
    r = rerun(&o, &c, argc, argv, &reply, e);
    client_close(&c);
    return r < 0 ? -1 : requeue_print(&verb_sweep, &reply, o.json, e);
}

const struct sweep_verb sweep_rerun = {.name = "rerun", .command = &command, .run = run};
