// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>

#include "cli/ask.h"
#include "cli/verb.h"

struct cancel_options {
    bool now, json;
};

static const struct option_def options[] = {
    OPTION_FLAG(struct cancel_options, now, "now", "SIGKILL at once, no SIGTERM and grace first"),
    OPTION_FLAG(struct cancel_options, json, "json", "print JSON"),
    OPTIONS_END,
};

static int make_request(const struct cancel_options *o, char **words, struct frame *request,
                        struct err *e)
{
    if (client_request(request, "cancel") < 0)
        return err_nomem(e);
    json_t *jobs = json_array();
    if (ask_set(request, "jobs", jobs, e) < 0 ||
        ask_set(request, "now", json_boolean(o->now), e) < 0)
        return -1;
    for (; *words; words++) {
        int64_t id;
        if (ask_job_id(*words, &id, e) < 0)
            return -1;
        if (json_array_append_new(jobs, json_integer(id)) < 0)
            return err_nomem(e);
    }
    return 0;
}

static void print_cancelled(const json_t *cancelled, bool now)
{
    size_t i;
    const json_t *c;
    json_array_foreach (cancelled, i, c) {
        long long id = json_integer_value(json_object_get(c, "job"));
        const char *was = json_string_value(json_object_get(c, "was"));
        if (was && strcmp(was, "RUNNING") == 0)
            printf("Cancelling job %lld: %s\n", id,
                   now ? "SIGKILL sent" : "SIGTERM sent, SIGKILL in 5 s");
        else
            printf("Cancelled job %lld\n", id);
    }
}

/* To standard error; whether there were any. */
static bool print_failed(const json_t *failed)
{
    size_t i;
    const json_t *f;
    json_array_foreach (failed, i, f)
        fprintf(stderr, "mini-slurm cancel: %s\n", json_string_value(json_object_get(f, "error")));
    return json_array_size(failed) > 0;
}

static int run(int argc, char **argv, struct err *e)
{
    struct cancel_options o = {0};
    int r = options_parse(&verb_cancel.command, &o, &argc, argv, e);
    if (r)
        return r;
    if (argc == 0)
        return err_set(e, ERR_USAGE, "no job given");
    struct frame request _cleanup_frame_ = {0}, reply _cleanup_frame_ = {0};
    if (make_request(&o, argv, &request, e) < 0 || ask(&request, &reply, e) < 0)
        return -1;
    bool failed = print_failed(json_object_get(reply.head, "failed"));
    if (!o.json)
        print_cancelled(json_object_get(reply.head, "cancelled"), o.now);
    else if (ask_print_json(&reply, e) < 0)
        return -1;
    return failed ? VERB_FAILED : VERB_DONE;
}

const struct verb verb_cancel = {
    .name = "cancel",
    .command = {.name = "mini-slurm cancel",
                .words = "ID...",
                .summary = "end jobs, pending or running",
                .options = options},
    .run = run,
};
