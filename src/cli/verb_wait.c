// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/ask.h"
#include "cli/jobs.h"
#include "cli/verb.h"
#include "cli/waiting.h"
#include "os/clock.h"
#include "util/times.h"

struct wait_options {
    struct jobs_options which;
    int64_t timeout_us;
    bool any, json;
};

static const struct option_def options[] = {
    OPTION_FLAG(struct wait_options, any, "any", "until one of them has ended"),
    OPTION_DURATION(struct wait_options, timeout_us, "timeout", "T",
                    "no longer than that: 90s, 1:30:00 (exit status 124)"),
    JOBS_OPTIONS(struct wait_options, which),
    OPTION_FLAG(struct wait_options, json, "json", "print JSON, at the end"),
    OPTIONS_END,
};

#define STATUS_TIMEOUT 124 /* as timeout(1) has it */
#define PROGRESS_US    200000

/* What is waited for, and what has come of it. */
struct wait {
    const struct wait_options *options;
    struct waiting waiting;
    json_t *ended, *active; /* entries of the replies; ids, and tasks as "15_3" */
    json_int_t over, left;  /* how many jobs and tasks have ended, and have not */
    int64_t until_us;
    bool progress, shown; /* a line is to be shown, and was */
};

static bool is_over(const struct wait *w)
{
    size_t active = json_array_size(w->active);
    return active == 0 || (w->options->any && json_array_size(w->ended) > 0);
}

/* --- asking ----------------------------------------------------------------------------------- */

/* Of all that were meant, what is known at once. */
static int make_first(const struct wait_options *o, char **words, struct frame *request,
                      struct err *e)
{
    struct jobs_options which = o->which;
    which.all |= !*words && !jobs_narrowed(&which);
    if (client_request(request, "wait") < 0)
        return err_nomem(e);
    return jobs_select(request, &which, words, e);
}

/* Of those that have not ended; where they can be watched, after each change. */
static int make_next(const struct wait *w, const json_t *reply, struct frame *request,
                     struct err *e)
{
    json_t *revision = json_object_get(reply, "revision");
    frame_clear(request);
    if (client_request(request, "wait") < 0)
        return err_nomem(e);
    if (ask_set(request, "jobs", json_incref(w->active), e) < 0 ||
        ask_set(request, "any", json_boolean(w->options->any), e) < 0 ||
        ask_set(request, "park", json_true(), e) < 0)
        return -1;
    return w->progress ? ask_set(request, "revision", json_incref(revision), e) : 0;
}

/* Of an array each task. */
static json_int_t tasks_of(const json_t *ended)
{
    const char *state;
    json_t *tasks, *states = json_object_get(ended, "states");
    json_int_t count = states ? 0 : 1;
    json_object_foreach (states, state, tasks)
        count += json_integer_value(tasks);
    return count;
}

static void count(struct wait *w, const json_t *reply)
{
    size_t i;
    const json_t *ended;
    w->left = json_integer_value(json_object_get(reply, "pending")) +
              json_integer_value(json_object_get(reply, "running"));
    w->over = json_integer_value(json_object_get(reply, "tasks_ended"));
    json_array_foreach (w->ended, i, ended)
        w->over += tasks_of(ended);
}

static int take(struct wait *w, const json_t *reply, struct err *e)
{
    json_t *active = json_object_get(reply, "active");
    if (json_array_extend(w->ended, json_object_get(reply, "ended")) < 0)
        return err_nomem(e);
    json_decref(w->active);
    w->active = json_incref(active);
    count(w, reply);
    return 0;
}

/* --- what a person sees ----------------------------------------------------------------------- */

static void print_progress(const struct wait *w, const json_t *reply)
{
    fprintf(stderr, "\r%lld of %lld ended, %lld running, %lld pending\033[K", (long long)w->over,
            (long long)(w->over + w->left),
            (long long)json_integer_value(json_object_get(reply, "running")),
            (long long)json_integer_value(json_object_get(reply, "pending")));
}

/* The answers come as fast as jobs end: nobody reads more than a few in a second. */
static void show(struct wait *w, const json_t *reply)
{
    if (!w->progress || json_array_size(w->ended) + json_array_size(w->active) == 0)
        return;
    print_progress(w, reply);
    w->shown = true;
    int64_t not_before_us = clock_boot_us() + PROGRESS_US;
    if (w->waiting.ask_at_us < not_before_us)
        w->waiting.ask_at_us = not_before_us;
}

/* --- how it ended ----------------------------------------------------------------------------- */

/* As a shell has it: what the job exited with, or 128 + its signal; never 0 if it did not complete.
 */
static int status_of(const json_t *job)
{
    const char *state = json_string_value(json_object_get(job, "state"));
    int signal = (int)json_integer_value(json_object_get(job, "signal"));
    int code = (int)json_integer_value(json_object_get(job, "exit_code"));
    if (state && strcmp(state, "COMPLETED") == 0)
        return 0;
    if (signal)
        return 128 + signal;
    return code ? code : 1;
}

static json_int_t id_of(const json_t *job)
{
    return json_integer_value(json_object_get(job, "job"));
}

/* Of the first, by id, that did not complete. */
static int status_of_all(const json_t *ended)
{
    size_t i;
    const json_t *job, *first = NULL;
    json_array_foreach (ended, i, job)
        if (status_of(job) && (!first || id_of(job) < id_of(first)))
            first = job;
    return first ? status_of(first) : 0;
}

static int report(const struct wait *w, struct err *e)
{
    if (w->shown)
        fputc('\n', stderr);
    if (w->options->json) {
        json_t *all = json_pack("{s:O, s:O}", "ended", w->ended, "active", w->active);
        int r = all ? print_json(all, e) : err_nomem(e);
        json_decref(all);
        if (r < 0)
            return -1;
    }
    if (is_over(w))
        return VERB_EXIT + status_of_all(w->ended);
    fprintf(stderr, "mini-slurm wait: the time is over: %lld of %lld ended\n", (long long)w->over,
            (long long)(w->over + w->left));
    return VERB_EXIT + STATUS_TIMEOUT;
}

static int take_in(struct wait *w, const json_t *reply, struct frame *request, struct err *e)
{
    if (take(w, reply, e) < 0 || make_next(w, reply, request, e) < 0)
        return -1;
    waiting_warn(&w->waiting, "mini-slurm wait", reply);
    show(w, reply);
    return 0;
}

/* What is known at once; then *request is what to ask on. */
static int begin(struct wait *w, char **words, struct frame *request, struct err *e)
{
    struct frame reply _cleanup_frame_ = {0};
    if (make_first(w->options, words, request, e) < 0 ||
        client_call(&w->waiting.client, request, &reply, e) < 0)
        return -1;
    if (take_in(w, reply.head, request, e) < 0)
        return -1;
    if (json_array_size(w->ended) + json_array_size(w->active) == 0)
        fprintf(stderr, "mini-slurm wait: there is no job to wait for\n");
    return 0;
}

static int go_on(struct wait *w, struct frame *request, struct err *e)
{
    struct frame reply _cleanup_frame_ = {0};
    int r = waiting_ask(&w->waiting, request, w->until_us, &reply, e);
    return r > 0 ? take_in(w, reply.head, request, e) : r;
}

static int wait_for(struct wait *w, char **words, struct err *e)
{
    struct frame request _cleanup_frame_ = {0};
    if (begin(w, words, &request, e) < 0)
        return -1;
    while (!is_over(w) && clock_boot_us() < w->until_us)
        if (go_on(w, &request, e) < 0)
            return -1;
    return report(w, e);
}

static int run(int argc, char **argv, struct err *e)
{
    struct wait_options o = {0};
    int r = options_parse(&verb_wait.command, &o, &argc, argv, e);
    if (r)
        return r;
    struct wait w = {
        .options = &o,
        .ended = json_array(),
        .active = json_array(),
        .until_us = o.timeout_us ? clock_boot_us() + o.timeout_us : WIRE_FOREVER,
        .progress = isatty(STDERR_FILENO),
    };
    r = w.ended && w.active ? waiting_open(&w.waiting, e) : err_nomem(e);
    if (r == 0) {
        r = wait_for(&w, argv, e);
        waiting_close(&w.waiting);
    }
    json_decref(w.ended);
    json_decref(w.active);
    return r;
}

const struct verb verb_wait = {
    .name = "wait",
    .command = {.name = "mini-slurm wait",
                .words = JOBS_WORDS,
                .summary = "wait until jobs have ended: these, or all of yours that are active",
                .notes = "Exit status: the job's own (128 + N after signal N); of several 0 if all "
                         "completed,\nelse that of the first, by id, that did not; 124 after "
                         "--timeout. An array\n(15) is one of them, and has ended when all its "
                         "tasks have; 15_3 is one task.\n",
                .options = options},
    .run = run,
};
