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
    const json_t *job; /* as it is asked about: 15, "15_3" */
    char label[64];    /* the same, for people */
    bool many;         /* it is one task of several */
    char *path;        /* of what is open */
    bool ended;        /* when it was last asked about */
    bool printed;      /* of this job */
    bool headed;       /* of any task */
};

/* What keeps it from having written anything; -1 with *e. 0: nothing does. */
static int check_started(const struct logs *l, const json_t *job, struct err *e)
{
    const char *reason = json_string_value(json_object_get(job, "reason"));
    if (l->many || json_integer_value(json_object_get(job, "attempts")) > 0)
        return 0;
    if (l->ended)
        return err_set(e, ERR_NOT_FOUND, "job %s never ran: %s", l->label, reason);
    if (l->options->follow)
        return 0;
    return err_set(e, ERR_NOT_FOUND, "job %s has not started: %s", l->label, reason);
}

static int open_path(struct logs *l, const char *path, struct err *e)
{
    struct err why = {0};
    if (output_open(&l->output, path, &why) < 0) {
        if (l->options->follow && !l->ended && why.code == ERR_NOT_FOUND)
            return 0; /* its shepherd is about to make it */
        return err_set(e, why.code, "job %s: %s", l->label, why.text);
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
        return err_set(e, ERR_NOT_FOUND, "job %s: %s", l->label,
                       json_is_true(json_object_get(job, "interactive"))
                           ? "its output goes to its client, mini-slurm run"
                           : "where it wrote is not known");
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
    if (ask_show(&l->waiting.client, json_deep_copy(l->job), &reply, e) < 0)
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
    if (l->many && !l->printed)
        printf("%s==> %s <==\n", l->headed ? "\n" : "", l->label);
    l->headed = true;
    l->printed = true;
    return output_print(&l->output, e);
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
        waiting_for_change(request, json_deep_copy(l->job), json_incref(revision), e) < 0)
        return -1;
    /* The answers may come as fast as jobs start and end. */
    waiting_not_before(&l->waiting, clock_boot_us() + LOOK_US);
    return 0;
}

static int follow(struct logs *l, struct err *e)
{
    struct frame request _cleanup_frame_ = {0};
    if (waiting_for_change(&request, json_deep_copy(l->job), json_integer(1), e) < 0)
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

/* --- an array --------------------------------------------------------------------------------- */

static void leave(struct logs *l)
{
    output_close(&l->output);
    free(l->path);
    l->path = NULL;
    l->ended = l->printed = false;
}

/* The first task from that number on: those that have not started only where they are followed. 0
 * if there is none, 1, or -1. */
static int next_task(struct logs *l, json_int_t array, json_int_t from, json_int_t *task,
                     struct err *e)
{
    struct frame request _cleanup_frame_ = {0}, reply _cleanup_frame_ = {0};
    if (client_request(&request, "show") < 0)
        return err_nomem(e);
    if (ask_set(&request, "job", json_integer(array), e) < 0 ||
        ask_set(&request, "from_task", json_integer(from), e) < 0 ||
        ask_set(&request, "begun", json_boolean(!l->options->follow), e) < 0)
        return -1;
    if (client_call(&l->waiting.client, &request, &reply, e) < 0)
        return e->code == ERR_NOT_FOUND ? 0 : -1;
    *task = json_integer_value(json_object_get(json_object_get(reply.head, "job"), "task"));
    return 1;
}

static int logs_of_task(struct logs *l, json_int_t array, json_int_t task, struct err *e)
{
    snprintf(l->label, sizeof l->label, "%lld_%lld", (long long)array, (long long)task);
    json_t *job = json_string(l->label);
    l->job = job;
    int r = job ? logs(l, e) : err_nomem(e);
    leave(l);
    json_decref(job);
    return r;
}

/* Its tasks one after the other, in the order of their numbers. */
static int logs_of_array(struct logs *l, json_int_t array, struct err *e)
{
    json_int_t task = -1;
    l->many = true;
    for (;;) {
        int r = next_task(l, array, task + 1, &task, e);
        if (r > 0)
            r = logs_of_task(l, array, task, e) < 0 ? -1 : 1;
        if (r <= 0)
            return r;
    }
}

/* Whether it is an array; *id: its id, or the job's. A later "last" is another. -1 with *e. */
static int is_array(struct logs *l, const json_t *named, json_int_t *id, struct err *e)
{
    struct frame reply _cleanup_frame_ = {0};
    if (ask_show(&l->waiting.client, json_deep_copy(named), &reply, e) < 0)
        return -1;
    *id = json_integer_value(json_object_get(json_object_get(reply.head, "job"), "id"));
    return json_is_object(json_object_get(reply.head, "array"));
}

static int logs_of(struct logs *l, const json_t *named, struct err *e)
{
    json_int_t id;
    int array = is_array(l, named, &id, e);
    const char *word = json_string_value(named);
    if (array)
        return array < 0 ? -1 : logs_of_array(l, id, e);
    bool task = word && strchr(word, '_');
    json_t *job = task ? json_deep_copy(named) : json_integer(id);
    snprintf(l->label, sizeof l->label, "%lld", (long long)id);
    if (task)
        text_brief(word, l->label, sizeof l->label);
    l->job = job;
    int r = job ? logs(l, e) : err_nomem(e);
    json_decref(job);
    return r;
}

static int run(int argc, char **argv, struct err *e)
{
    struct logs_options o = {.lines = -1};
    struct logs l = {.options = &o, .output = {.fd = -1}};
    json_t *job = NULL;
    int r = options_parse(&verb_logs.command, &o, &argc, argv, e);
    if (r)
        return r;
    if (argc != 1)
        return err_set(e, ERR_USAGE, argc ? "one job at a time" : "no job given");
    if (ask_job(argv[0], &job, e) < 0)
        return -1;
    r = waiting_open(&l.waiting, e);
    if (r == 0) {
        r = logs_of(&l, job, e);
        leave(&l);
        waiting_close(&l.waiting);
    }
    json_decref(job);
    return r;
}

static const char notes[] =
    "Of an array (15) the tasks that have started, one after the other, or with -f all of them in\n"
    "the order of their numbers, as they come; 15_3 is one of them.\n";

const struct verb verb_logs = {
    .name = "logs",
    .command = {.name = "mini-slurm logs",
                .words = "ID",
                .summary = "print what a job has written",
                .notes = notes,
                .options = options},
    .run = run,
};
