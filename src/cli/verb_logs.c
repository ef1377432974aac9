// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/ask.h"
#include "cli/output.h"
#include "cli/states.h"
#include "cli/verb.h"
#include "cli/waiting.h"
#include "os/clock.h"
#include "util/cleanup.h"
#include "util/text.h"

struct logs_options {
    bool follow, err;
    int64_t lines; /* -1: all */
};

static const struct option_def options[] = {
    OPTION_FLAG(struct logs_options, follow, "follow", "go on until the job has ended"),
    OPTION_LETTER("f", "follow"),
    OPTION_FLAG(struct logs_options, err, "err", "its standard error instead"),
    OPTION_NUMBER(struct logs_options, lines, "lines", "N", 0, 1e15, "only the last N lines"),
    OPTION_LETTER("n", "lines"),
    OPTIONS_END,
};

#define LOOK_US 200000 /* how often it is looked whether the file has grown */

struct logs {
    const struct logs_options *options;
    struct waiting waiting;
    struct output output;
    json_int_t job;
    char *path; /* of what is open */
    bool ended; /* when it was last asked about */
    bool printed;
};

/* What keeps it from having written anything; -1 with *e. 0: nothing does. */
static int check_started(const struct logs *l, const json_t *job, struct err *e)
{
    const char *reason = json_string_value(json_object_get(job, "reason"));
    if (json_integer_value(json_object_get(job, "attempts")) > 0)
        return 0;
    if (l->ended)
        return err_set(e, ERR_NOT_FOUND, "job %lld never ran: %s", (long long)l->job, reason);
    if (l->options->follow)
        return 0;
    return err_set(e, ERR_NOT_FOUND, "job %lld has not started: %s", (long long)l->job, reason);
}

static int open_path(struct logs *l, const char *path, struct err *e)
{
    struct err why = {0};
    if (output_open(&l->output, path, &why) < 0) {
        if (l->options->follow && !l->ended && why.code == ERR_NOT_FOUND)
            return 0; /* its shepherd is about to make it */
        return err_set(e, why.code, "job %lld: %s", (long long)l->job, why.text);
    }
    free(l->path);
    l->path = strdup(path);
    if (!l->path)
        return err_nomem(e);
    bool skip = l->options->lines >= 0 && !l->printed;
    return skip ? output_skip(&l->output, l->options->lines, e) : 0;
}

/* Opens the file, unless it is open, once the job has started. */
static int open_output(struct logs *l, const json_t *job, struct err *e)
{
    const char *key = l->options->err ? "stderr" : "stdout";
    const char *shown = json_string_value(json_object_get(job, key));
    if (check_started(l, job, e) < 0)
        return -1;
    if (!shown)
        return err_set(e, ERR_NOT_FOUND, "job %lld: where it wrote is not known",
                       (long long)l->job);
    _cleanup_free_ char *path = text_bytes(shown);
    if (!path)
        return err_nomem(e);
    bool begun = json_integer_value(json_object_get(job, "attempts")) > 0;
    if (!begun || (l->path && strcmp(l->path, path) == 0))
        return 0;
    return open_path(l, path, e);
}

/* What became of the job, and where it writes now: another attempt may write elsewhere. */
static int look(struct logs *l, struct err *e)
{
    struct frame reply _cleanup_frame_ = {0};
    if (ask_show(&l->waiting.client, l->job, &reply, e) < 0)
        return -1;
    const json_t *job = json_object_get(reply.head, "job");
    const char *state = json_string_value(json_object_get(job, "state"));
    l->ended = state && strcmp(state, "PENDING") != 0 && !states_runs(job, "state");
    return open_output(l, job, e);
}

static int print(struct logs *l, struct err *e)
{
    if (l->output.fd < 0)
        return 0;
    l->printed = true;
    return output_print(&l->output, e);
}

static int ask_for_change(const struct logs *l, struct frame *request, json_t *revision,
                          struct err *e)
{
    json_t *jobs = json_pack("[I]", l->job);
    frame_clear(request);
    if (client_request(request, "wait") < 0) {
        json_decref(jobs);
        json_decref(revision);
        return err_nomem(e);
    }
    int failed = ask_set(request, "revision", revision, e);
    failed |= ask_set(request, "jobs", jobs, e);
    failed |= ask_set(request, "park", json_true(), e);
    return failed;
}

/* Until something has changed, or it is time to look at the file again. */
static int stay(struct logs *l, struct frame *request, struct err *e)
{
    struct frame reply _cleanup_frame_ = {0};
    int r = waiting_ask(&l->waiting, request, clock_boot_us() + LOOK_US, &reply, e);
    if (r <= 0)
        return r;
    waiting_warn(&l->waiting, "mini-slurm logs", reply.head);
    json_t *revision = json_object_get(reply.head, "revision");
    if (print(l, e) < 0 || look(l, e) < 0 ||
        ask_for_change(l, request, json_incref(revision), e) < 0)
        return -1;
    /* The answers may come as fast as jobs start and end. */
    if (l->waiting.ask_at_us < clock_boot_us() + LOOK_US)
        l->waiting.ask_at_us = clock_boot_us() + LOOK_US;
    return 0;
}

static int follow(struct logs *l, struct err *e)
{
    struct frame request _cleanup_frame_ = {0};
    if (ask_for_change(l, &request, json_integer(1), e) < 0)
        return -1;
    for (;;) {
        bool all = l->ended; /* then whatever it wrote is there */
        if (print(l, e) < 0)
            return -1;
        if (all)
            return 0;
        if (stay(l, &request, e) < 0)
            return -1;
    }
}

static int logs(struct logs *l, struct err *e)
{
    if (look(l, e) < 0)
        return -1;
    return l->options->follow ? follow(l, e) : print(l, e);
}

static int run(int argc, char **argv, struct err *e)
{
    struct logs_options o = {.lines = -1};
    struct logs l = {.options = &o, .output = {.fd = -1}};
    int64_t id;
    int r = options_parse(&verb_logs.command, &o, &argc, argv, e);
    if (r)
        return r;
    if (argc != 1)
        return err_set(e, ERR_USAGE, argc ? "one job at a time" : "no job given");
    if (ask_job_id(argv[0], &id, e) < 0 || waiting_open(&l.waiting, e) < 0)
        return -1;
    l.job = id;
    r = logs(&l, e);
    waiting_close(&l.waiting);
    output_close(&l.output);
    free(l.path);
    return r;
}

const struct verb verb_logs = {
    .name = "logs",
    .command = {.name = "mini-slurm logs",
                .words = "ID",
                .summary = "print what a job has written",
                .options = options},
    .run = run,
};
