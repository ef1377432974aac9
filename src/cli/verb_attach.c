// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/ask.h"
#include "cli/front.h"
#include "cli/pending.h"
#include "cli/verb.h"
#include "os/socket.h"
#include "util/cleanup.h"

struct attach_options {
    bool quiet;
};

static const struct option_def options[] = {
    OPTION_FLAG(struct attach_options, quiet, "quiet", "do not say why it waits, nor how to leave"),
    OPTIONS_END,
};

static int refuse(const struct pending *p, struct err *e)
{
    if (p->state == PENDING_ENDED)
        return err_set(e, ERR_INVALID, "job %s has ended: %s", p->label,
                       json_string_value(json_object_get(p->last, "state")));
    return err_set(e, ERR_INVALID,
                   "job %s has no terminal: only jobs of submit --pty, and of run at a terminal, "
                   "can be attached to",
                   p->label);
}

static int connect_to(const struct pending *p, const struct paths *paths, struct err *e)
{
    char name[CONSOLE_NAME_MAX];
    console_name(name, p->job, (int)json_integer_value(json_object_get(p->last, "attempts")));
    return socket_connect(paths->run, name, e);
}

/* The descriptor, once the job runs; -1 with *e; -2: not yet. */
static int look(struct pending *p, const struct paths *paths, struct err *e)
{
    struct err why = {0};
    int state = pending_look(p, e);
    if (state < 0)
        return -1;
    if (state == PENDING_UNKNOWN)
        return -2;
    if (state == PENDING_ENDED || !json_is_true(json_object_get(p->last, "pty")))
        return refuse(p, e);
    int fd = state == PENDING_RUNS ? connect_to(p, paths, &why) : -2;
    if (fd != -1)
        return fd;
    if (why.code != ERR_NOT_FOUND)
        return err_set(e, why.code, "%s", why.text);
    /* It runs, and its shepherd has not come so far; or its end is not written down yet. */
    return pending_again(p, e) < 0 ? -1 : -2;
}

/* As look(), but until it runs; -2: a signal came. */
static int await(struct pending *p, const struct paths *paths, struct waiter *w, struct err *e)
{
    int fd;
    while ((fd = look(p, paths, e)) == -2) {
        uint64_t signals;
        if (pending_wait(p, w, NULL, 0, &signals, e) != 0)
            return -1;
        if (front_is_end(signals))
            return -2;
    }
    return fd;
}

static int sit(const struct pending *p, int fd, struct waiter *w, struct err *e)
{
    struct attempt_status how = {0};
    struct front f = {.fd = fd, .pty = true, .attached = true};
    if (!p->quiet && isatty(STDIN_FILENO))
        fprintf(stderr, "[attached to job %s; Ctrl-] leaves it]\n", p->label);
    switch (front_sit(&f, w, &how, e)) {
    case FRONT_EXIT:
        if (how.reason[0])
            fprintf(stderr, "job %s: %s\n", p->label, how.reason);
        return VERB_EXIT + front_exit_status(&how);
    case FRONT_CUT:
        return err_set(e, ERR_GONE, "job %s: its shepherd is gone", p->label);
    case FRONT_LEFT:
    case FRONT_HUNG_UP:
        if (!p->quiet)
            fprintf(stderr, "\n[left job %s]\n", p->label);
        return VERB_DONE;
    default:
        return -1;
    }
}

static int attach(struct pending *p, struct err *e)
{
    struct paths paths;
    struct waiter w;
    if (paths_find(&paths, e) < 0)
        return -1;
    int result = -1;
    if (front_open(&w, e) == 0) {
        _cleanup_close_ int fd = await(p, &paths, &w, e);
        pending_close(p);
        if (fd >= 0)
            result = sit(p, fd, &w, e);
        else
            result = fd == -2 ? VERB_FAILED : -1;
        waiter_close(&w);
    }
    paths_free(&paths);
    return result;
}

static int find(const char *word, int64_t *job, struct err *e)
{
    struct client c;
    if (client_open(&c, e) < 0)
        return -1;
    int r = ask_job_id(&c, word, job, e);
    client_close(&c);
    return r;
}

static int run(int argc, char **argv, struct err *e)
{
    struct attach_options o = {0};
    struct pending p;
    int64_t job;
    int r = options_parse(&verb_attach.command, &o, &argc, argv, e);
    if (r)
        return r;
    if (argc != 1)
        return err_set(e, ERR_USAGE, argc ? "one job at a time" : "no job given");
    if (find(argv[0], &job, e) < 0)
        return -1;
    r = pending_open(&p, job, o.quiet, e) < 0 ? -1 : attach(&p, e);
    pending_close(&p);
    return r;
}

static const char notes[] = "Ctrl-] leaves the job, which goes on. Several may be attached, and "
                            "all can type; the terminal\n"
                            "is as large as that of who came, or was resized, last. What the job "
                            "wrote last is shown first.\n";

const struct verb verb_attach = {
    .name = "attach",
    .command = {.name = "mini-slurm attach",
                .words = "ID",
                .summary = "connect this terminal to that of a running job",
                .notes = notes,
                .options = options},
    .run = run,
};
