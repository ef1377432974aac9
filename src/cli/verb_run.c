// SPDX-License-Identifier: MIT
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/ask.h"
#include "cli/front.h"
#include "cli/job_request.h"
#include "cli/pending.h"
#include "cli/tty.h"
#include "cli/verb.h"
#include "os/clock.h"
#include "os/socket.h"
#include "util/cleanup.h"
#include "util/times.h"

/* Most jobs have started by then: nobody needs to ask how they stand. */
#define LOOK_US 200000
/* After its shepherd is gone: until a scheduler has seen that. */
#define LOST_US (10 * US_PER_SEC)

struct run_options {
    struct job_options job;
    bool no_pty, quiet;
};

struct run {
    struct run_options options;
    bool pty;
    struct paths paths;
    char name[CONSOLE_NAME_MAX]; /* of the socket at which its shepherd calls */
    int listener;
    struct waiter waiter;
    struct pending pending;
};

/* It is one job, and its output goes here: what is said of files, of several and of running again
 * makes no sense; --pty is another one. */
static const char *const not_taken[] = {
    "output",    "error",   "array",   "pty",        "retries",    "retry-on", "retry-delay",
    "retry-mem", "max-mem", "requeue", "no-requeue", "checkpoint", NULL};

static const struct option_def own_options[] = {
    OPTION_FLAG(struct run_options, job.pty, "pty",
                "it gets a terminal, whatever we have (default: if standard input and\n"
                "output are one)"),
    OPTION_FLAG(struct run_options, no_pty, "no-pty", "it gets pipes, whatever we have"),
    OPTION_FLAG(struct run_options, quiet, "quiet", "do not say why it waits"),
    OPTIONS_END,
};
static struct option_def options[JOB_OPTIONS_ROOM];

/* --- handing it in ---------------------------------------------------------------------------- */

static int choose_pty(struct run *r, struct err *e)
{
    const struct run_options *o = &r->options;
    if (o->job.pty && o->no_pty)
        return err_set(e, ERR_USAGE, "--pty and --no-pty: only one of them can be given");
    r->pty = o->job.pty || (!o->no_pty && tty_is_ours() && isatty(STDOUT_FILENO));
    return 0;
}

/* Named by the request's id, which nobody else has. */
static int listen_here(struct run *r, const struct frame *request, struct err *e)
{
    const char *id = json_string_value(json_object_get(request->head, "id"));
    console_client_name(r->name, id);
    r->listener = socket_listen(r->paths.run, r->name, e);
    return r->listener < 0 ? -1 : 0;
}

static int hand_in(struct run *r, struct frame *request, struct err *e)
{
    struct frame reply _cleanup_frame_ = {0};
    if (listen_here(r, request, e) < 0 || ask_set(request, "client", json_string(r->name), e) < 0 ||
        ask_set(request, "pty", json_boolean(r->pty), e) < 0 || ask(request, &reply, e) < 0)
        return -1;
    int64_t job = json_integer_value(json_object_get(reply.head, "job"));
    return pending_open(&r->pending, job, r->options.quiet, e);
}

static void stop_listening(struct run *r)
{
    struct buf path _cleanup_buf_ = {0};
    if (r->listener < 0)
        return;
    close(r->listener);
    r->listener = -1;
    buf_printf(&path, "%s/%s", r->paths.run, r->name);
    if (!path.failed)
        unlink(path.data);
}

/* --- while it is pending ---------------------------------------------------------------------- */

/* Only a shepherd of ours, or of the system's, is one. */
static int answer(const struct run *r)
{
    uint32_t uid, gid;
    _cleanup_close_ int fd = socket_accept(r->listener);
    bool good = fd >= 0 && socket_peer(fd, &uid, &gid, NULL) == 0 && (uid == getuid() || uid == 0);
    return good ? steal_fd(&fd) : -1;
}

/* Whether it was, before it ran. */
static int cancel(const struct run *r, bool *cancelled, struct err *e)
{
    struct frame request _cleanup_frame_ = {0}, reply _cleanup_frame_ = {0};
    if (client_request(&request, "cancel") < 0)
        return err_nomem(e);
    if (ask_set(&request, "jobs", json_pack("[I]", (json_int_t)r->pending.job), e) < 0 ||
        ask(&request, &reply, e) < 0)
        return -1;
    const json_t *done = json_array_get(json_object_get(reply.head, "cancelled"), 0);
    const char *was = json_string_value(json_object_get(done, "was"));
    *cancelled = was && strcmp(was, "PENDING") == 0;
    return 0;
}

/* As if it were the job that got it. */
static int give_up(struct run *r, uint64_t signals, struct err *e)
{
    bool cancelled = false;
    if (cancel(r, &cancelled, e) < 0)
        return -1;
    if (!cancelled)
        return 0; /* it runs, and is ended: its shepherd will say so */
    if (!r->options.quiet)
        fprintf(stderr, "job %s: cancelled\n", r->pending.label);
    return VERB_EXIT + 128 + front_signal(signals);
}

/* It ended, and nobody called. */
static int never_ran(const struct run *r)
{
    long long code = json_integer_value(json_object_get(r->pending.last, "exit_code"));
    pending_say_end(&r->pending);
    return VERB_EXIT + (code ? (int)code : 1);
}

static int look(struct run *r, struct err *e)
{
    int state = pending_look(&r->pending, e);
    return state < 0 ? -1 : state == PENDING_ENDED ? never_ran(r) : 0;
}

/* 0: *fd is connected to its shepherd. Else what the verb returns. */
static int await_start(struct run *r, int *fd, struct err *e)
{
    waiting_not_before(&r->pending.waiting, clock_boot_us() + LOOK_US);
    for (;;) {
        uint64_t signals;
        struct pollfd p = {.fd = r->listener, .events = POLLIN};
        if (pending_wait(&r->pending, &r->waiter, &p, 0, &signals, e) != 0)
            return -1;
        int result = front_is_end(signals) ? give_up(r, signals, e) : 0;
        if (result == 0 && p.revents && (*fd = answer(r)) >= 0)
            return 0;
        if (result == 0)
            result = look(r, e);
        if (result != 0)
            return result;
    }
}

/* --- in front of it --------------------------------------------------------------------------- */

static int ended(const struct run *r, const struct attempt_status *how)
{
    if (how->reason[0])
        fprintf(stderr, "job %s: %s\n", r->pending.label, how->reason);
    return VERB_EXIT + front_exit_status(how);
}

/* Its shepherd was killed. Where a scheduler runs, that sees it too, and knows what became of it.
 */
static int lost(struct run *r, struct err *e)
{
    int64_t until_us = clock_boot_us() + LOST_US;
    int state;
    if (pending_open(&r->pending, r->pending.job, true, e) < 0)
        return -1;
    while ((state = pending_look(&r->pending, e)) >= 0 && state != PENDING_ENDED &&
           clock_boot_us() < until_us) {
        uint64_t signals;
        if (pending_wait(&r->pending, &r->waiter, NULL, until_us, &signals, e) != 0)
            return -1;
    }
    if (state < 0)
        return -1;
    if (state == PENDING_UNKNOWN)
        return err_set(e, ERR_GONE, "job %s: its shepherd is gone", r->pending.label);
    pending_say_end(&r->pending);
    return VERB_EXIT + 1;
}

static int in_front(struct run *r, int fd, struct err *e)
{
    struct attempt_status how = {0};
    struct front f = {.fd = fd, .pty = r->pty};
    int end = front_sit(&f, &r->waiter, &how, e);
    close(fd);
    switch (end) {
    case FRONT_EXIT:
        return ended(r, &how);
    case FRONT_CUT:
        return lost(r, e);
    case FRONT_HUNG_UP:
        return VERB_EXIT + 128 + SIGHUP;
    default:
        return -1;
    }
}

static int run_job(struct run *r, struct frame *request, struct err *e)
{
    int fd = -1;
    if (hand_in(r, request, e) < 0 || front_open(&r->waiter, e) < 0)
        return -1;
    int result = await_start(r, &fd, e);
    stop_listening(r);
    if (result == 0) {
        pending_say_start(&r->pending);
        pending_close(&r->pending);
        result = in_front(r, fd, e);
    }
    waiter_close(&r->waiter);
    return result;
}

static int read_job(struct run *r, char **words, struct frame *request, struct err *e)
{
    struct command_line c _cleanup_command_line_ = {0};
    if (choose_pty(r, e) < 0 || paths_find(&r->paths, e) < 0)
        return -1;
    return job_request_make(&r->options.job, words, &c, request, e);
}

static int run(int argc, char **argv, struct err *e)
{
    struct run r = {
        .options.job = JOB_OPTIONS_DEFAULT,
        .listener = -1,
        .pending.waiting.client.fd = -1,
    };
    struct frame request _cleanup_frame_ = {0};
    job_options_collect(options, not_taken, own_options);
    int result = options_parse(&verb_run.command, &r.options, &argc, argv, e);
    if (result == 0)
        result = read_job(&r, argv, &request, e);
    if (result == 0)
        result = run_job(&r, &request, e);
    stop_listening(&r);
    pending_close(&r.pending);
    paths_free(&r.paths);
    return result;
}

static const char notes[] =
    "What is typed goes to the job, and what it writes comes here; the exit status is its own\n"
    "(128 + N if signal N ended it). Ctrl-C while it waits cancels it. If this command is killed,\n"
    "or the terminal goes, the job gets SIGHUP, and is ended.\n";

const struct verb verb_run = {
    .name = "run",
    .command = {.name = "mini-slurm run",
                .words = "COMMAND [ARG]...",
                .summary = "run a job in the foreground, as soon as there is room for it",
                .notes = notes,
                .options = options,
                .first_word_ends = true},
    .run = run,
};
