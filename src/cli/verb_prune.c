// SPDX-License-Identifier: MIT
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/ask.h"
#include "cli/cell.h"
#include "cli/states.h"
#include "cli/verb.h"
#include "os/clock.h"
#include "util/cleanup.h"
#include "util/times.h"

struct prune_options {
    int64_t older_us;
    const char *state;
    bool yes, logs, no_logs, json;
};

static const struct option_def options[] = {
    OPTION_DURATION(struct prune_options, older_us, "older", "T",
                    "jobs that ended longer ago than that: 90d"),
    OPTION_TEXT(struct prune_options, state, "state", "S",
                "only those that ended in this state, or these: COMPLETED,CA"),
    OPTION_FLAG(struct prune_options, logs, "logs", "their output as well (default)"),
    OPTION_FLAG(struct prune_options, no_logs, "no-logs", "not their output"),
    OPTION_FLAG(struct prune_options, yes, "yes", "without asking"),
    OPTION_FLAG(struct prune_options, json, "json", "print JSON"),
    OPTIONS_END,
};

struct prune {
    const struct prune_options *options;
    struct client client;
    json_t *sums; /* what was removed, by kind */
    json_t *kept; /* entries of the replies */
    int64_t before_us;
};

/* --- asking ----------------------------------------------------------------------------------- */

static int make_request(const struct prune *p, struct frame *request, struct err *e)
{
    const struct prune_options *o = p->options;
    if (client_request(request, "prune") < 0)
        return err_nomem(e);
    if (o->state) {
        json_t *states = states_parse("--state", o->state, e);
        if (!states || ask_set(request, "states", states, e) < 0)
            return -1;
    }
    if (ask_set(request, "logs", json_boolean(!o->no_logs), e) < 0)
        return -1;
    return ask_set(request, "before", json_real((double)p->before_us / (double)US_PER_SEC), e);
}

static int count_jobs(struct prune *p, json_int_t *n, struct err *e)
{
    struct frame request _cleanup_frame_ = {0}, reply _cleanup_frame_ = {0};
    if (make_request(p, &request, e) < 0 || ask_set(&request, "dry", json_true(), e) < 0 ||
        client_call(&p->client, &request, &reply, e) < 0)
        return -1;
    *n = json_integer_value(json_object_get(reply.head, "jobs"));
    return 0;
}

static int add_up(struct prune *p, const json_t *reply, struct err *e)
{
    static const char *const kinds[] = {"jobs", "files", "bytes", "environments", "events"};
    int failed = 0;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        json_int_t n = json_integer_value(json_object_get(p->sums, kinds[i])) +
                       json_integer_value(json_object_get(reply, kinds[i]));
        failed |= json_object_set_new(p->sums, kinds[i], json_integer(n));
    }
    failed |= json_array_extend(p->kept, json_object_get(reply, "kept"));
    return failed ? err_nomem(e) : 0;
}

/* A step after the other, from *at on, which is the request's `key`: each goes on where the last
 * one ended, until it says null. */
static int go_through(struct prune *p, const char *key, json_t *at, struct err *e)
{
    while (at) {
        struct frame request _cleanup_frame_ = {0}, reply _cleanup_frame_ = {0};
        if (make_request(p, &request, e) < 0) {
            json_decref(at);
            return -1;
        }
        if (ask_set(&request, key, at, e) < 0 || client_call(&p->client, &request, &reply, e) < 0 ||
            add_up(p, reply.head, e) < 0)
            return -1;
        json_t *next = json_object_get(reply.head, key);
        at = json_is_number(next) ? json_incref(next) : NULL;
    }
    return 0;
}

/* --- a person's word -------------------------------------------------------------------------- */

static bool is_yes(const char *answer)
{
    return tolower((unsigned char)answer[0]) == 'y';
}

/* 0: go on; VERB_FAILED: he said no; -1. */
static int confirm(const struct prune *p, json_int_t n, struct err *e)
{
    char before[32], answer[16];
    time_format(p->before_us, before, sizeof before);
    if (p->options->yes)
        return 0;
    if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
        return err_set(e, ERR_INVALID,
                       "%lld job%s that ended before %s would be removed: --yes does it",
                       (long long)n, n == 1 ? "" : "s", before);
    fprintf(stderr, "Remove %lld job%s that ended before %s%s? [y/N] ", (long long)n,
            n == 1 ? "" : "s", before, p->options->no_logs ? "" : ", and their output");
    if (fgets(answer, sizeof answer, stdin) && is_yes(answer))
        return 0;
    fprintf(stderr, "Nothing was removed.\n");
    return VERB_FAILED;
}

/* --- what came of it -------------------------------------------------------------------------- */

static long long sum(const struct prune *p, const char *kind)
{
    return (long long)json_integer_value(json_object_get(p->sums, kind));
}

static void say_kept(const json_t *kept)
{
    _cleanup_buf_ struct buf job = {0};
    cell_job(&job, kept, "job");
    if (!job.failed)
        printf("Left job %s's output where it asked for it: %s\n", job.data,
               json_string_value(json_object_get(kept, "file")));
}

static int report(const struct prune *p, struct err *e)
{
    size_t i;
    const json_t *kept;
    if (p->options->json)
        return json_object_set(p->sums, "kept", p->kept) < 0 ? err_nomem(e)
                                                             : print_json(p->sums, e);
    printf("Removed %lld job%s, %lld file%s (%lld bytes)\n", sum(p, "jobs"),
           sum(p, "jobs") == 1 ? "" : "s", sum(p, "files"), sum(p, "files") == 1 ? "" : "s",
           sum(p, "bytes"));
    json_array_foreach (p->kept, i, kept)
        say_kept(kept);
    return 0;
}

static int prune(struct prune *p, struct err *e)
{
    json_int_t n = 0;
    if (count_jobs(p, &n, e) < 0)
        return -1;
    int r = n ? confirm(p, n, e) : 0;
    if (r)
        return r;
    if (n && go_through(p, "after", json_real(1e-6), e) < 0)
        return -1;
    /* Also if there are no jobs: the last time may have been interrupted. */
    if (go_through(p, "events_after", json_integer(0), e) < 0)
        return -1;
    return report(p, e);
}

static int run(int argc, char **argv, struct err *e)
{
    struct prune_options o = {0};
    int r = options_parse(&verb_prune.command, &o, &argc, argv, e);
    if (r)
        return r;
    if (!o.older_us)
        return err_set(e, ERR_USAGE, "older than what? (--older 90d)");
    if (o.logs && o.no_logs)
        return err_set(e, ERR_USAGE, "--logs and --no-logs: one of them");
    struct prune p = {.options = &o, .before_us = clock_wall_us() - o.older_us};
    p.sums = json_object();
    p.kept = json_array();
    r = p.sums && p.kept ? client_open(&p.client, e) : err_nomem(e);
    if (r == 0) {
        r = prune(&p, e);
        client_close(&p.client);
    }
    json_decref(p.sums);
    json_decref(p.kept);
    return r;
}

const struct verb verb_prune = {
    .name = "prune",
    .command = {.name = "mini-slurm prune",
                .summary = "forget jobs that ended long ago, and remove their output",
                .notes = "Output that a job was told to write elsewhere is left where it is. The "
                         "database keeps its\nsize: what has become free is used again.\n",
                .options = options},
    .run = run,
};
