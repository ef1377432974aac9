// SPDX-License-Identifier: MIT
#include "cli/pending.h"

#include <stdio.h>
#include <string.h>

#include "cli/ask.h"
#include "cli/cell.h"
#include "cli/states.h"
#include "os/clock.h"
#include "util/cleanup.h"
#include "util/text.h"

/* The answers may come as fast as jobs start and end. */
#define LOOK_US 200000

static const char *text_of(const json_t *job, const char *key)
{
    const char *text = json_string_value(json_object_get(job, key));
    return text ? text : "";
}

int pending_open(struct pending *p, int64_t job, bool quiet, struct err *e)
{
    *p = (struct pending){.job = job, .quiet = quiet};
    snprintf(p->label, sizeof p->label, "%lld", (long long)job);
    if (waiting_open(&p->waiting, e) < 0)
        return -1;
    waiting_not_before(&p->waiting, clock_boot_us());
    return pending_again(p, e);
}

void pending_close(struct pending *p)
{
    waiting_close(&p->waiting);
    frame_clear(&p->request);
    json_decref(p->last);
    p->last = NULL;
}

int pending_again(struct pending *p, struct err *e)
{
    return waiting_for_change(&p->request, json_integer(p->job), json_integer(1), e);
}

int pending_wait(struct pending *p, struct waiter *w, struct pollfd *other, int64_t until_us,
                 uint64_t *signals, struct err *e)
{
    const struct waiting *q = &p->waiting;
    struct pollfd fds[] = {{.fd = q->client.asked ? q->client.fd : -1, .events = POLLIN},
                           other ? *other : (struct pollfd){.fd = -1}};
    if (!q->client.asked && (!until_us || q->ask_at_us < until_us))
        until_us = q->ask_at_us;
    if (waiter_wait(w, fds, 2, until_us, signals, e) != 0)
        return -1;
    if (other)
        other->revents = fds[1].revents;
    return 0;
}

/* --- saying how it stands --------------------------------------------------------------------- */

/* "job 12: pending, 3 jobs before it: needs 2 CPUs, 0 are free". */
static void say_why(struct pending *p, const char *why, const json_t *before)
{
    long long n = json_integer_value(before);
    char place[64] = "";
    if (p->quiet || strcmp(p->said, why) == 0)
        return;
    text_copy(p->said, sizeof p->said, why);
    if (n)
        snprintf(place, sizeof place, ", %lld job%s before it", n, n == 1 ? "" : "s");
    fprintf(stderr, "job %s: pending%s: %s\n", p->label, place, why);
}

void pending_say_start(struct pending *p)
{
    if (p->said[0])
        fprintf(stderr, "job %s: started\n", p->label);
    p->said[0] = '\0';
}

void pending_say_end(const struct pending *p)
{
    const char *why = text_of(p->last, "reason");
    fprintf(stderr, "job %s: %s%s%s\n", p->label, text_of(p->last, "state"), *why ? ": " : "", why);
}

/* --- looking ---------------------------------------------------------------------------------- */

static void name_it(struct pending *p)
{
    _cleanup_buf_ struct buf name = {0};
    cell_job(&name, p->last, "id");
    text_copy(p->label, sizeof p->label, name.data && !name.failed ? name.data : "?");
}

static int show(struct pending *p, struct err *e)
{
    struct frame reply _cleanup_frame_ = {0};
    if (ask_show(&p->waiting.client, json_integer(p->job), &reply, e) < 0)
        return -1;
    json_decref(p->last);
    p->last = json_incref(json_object_get(reply.head, "job"));
    const char *state = text_of(p->last, "state");
    name_it(p);
    p->state = PENDING_ENDED;
    if (strcmp(state, "PENDING") == 0) {
        say_why(p, text_of(p->last, "reason"), json_object_get(reply.head, "before"));
        p->state = PENDING_WAITS;
    } else if (states_runs(p->last, "state")) {
        pending_say_start(p);
        p->state = PENDING_RUNS;
    }
    return 0;
}

int pending_look(struct pending *p, struct err *e)
{
    struct frame reply _cleanup_frame_ = {0};
    int r = waiting_ask(&p->waiting, &p->request, clock_boot_us(), &reply, e);
    if (r <= 0)
        return r < 0 ? -1 : p->state;
    json_t *revision = json_incref(json_object_get(reply.head, "revision"));
    if (waiting_for_change(&p->request, json_integer(p->job), revision, e) < 0 || show(p, e) < 0)
        return -1;
    waiting_not_before(&p->waiting, clock_boot_us() + LOOK_US);
    return p->state;
}
