// SPDX-License-Identifier: MIT
#include "cli/waiting.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>

#include "cli/ask.h"
#include "os/clock.h"
#include "util/times.h"

int waiting_open(struct waiting *w, struct err *e)
{
    *w = (struct waiting){.client = {.fd = -1}};
    return client_open(&w->client, e);
}

void waiting_close(struct waiting *w)
{
    client_close(&w->client);
}

/* Whether that time has come; false if a signal came first. */
static bool sleep_until(int64_t us)
{
    int64_t left_us = us - clock_boot_us();
    if (left_us <= 0)
        return true;
    struct timespec left = {.tv_sec = left_us / US_PER_SEC,
                            .tv_nsec = (long)(left_us % US_PER_SEC) * 1000};
    return nanosleep(&left, NULL) == 0;
}

/* A scheduler that comes or goes is asked again, for as long as it takes. */
static bool may_come_back(const struct err *e)
{
    return e->code == ERR_GONE || e->code == ERR_BUSY;
}

static void put_off(struct waiting *w, const json_t *after)
{
    double seconds = json_is_number(after) ? json_number_value(after) : 0;
    w->ask_at_us = clock_boot_us() + (int64_t)(seconds * (double)US_PER_SEC);
}

int waiting_for_change(struct frame *request, json_t *job, json_t *revision, struct err *e)
{
    json_t *jobs = json_pack("[o]", job);
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

void waiting_not_before(struct waiting *w, int64_t us)
{
    if (w->ask_at_us < us)
        w->ask_at_us = us;
}

int waiting_ask(struct waiting *w, const struct frame *request, int64_t until_us,
                struct frame *reply, struct err *e)
{
    for (;;) {
        if (!sleep_until(w->ask_at_us < until_us ? w->ask_at_us : until_us))
            return 0;
        if (w->ask_at_us > until_us)
            return 0;
        int r = client_await(&w->client, request, until_us, reply, e);
        if (r == CLIENT_EARLY)
            return 0;
        if (r == 0) {
            put_off(w, json_object_get(reply->head, "again_after"));
            return 1;
        }
        if (!may_come_back(e))
            return -1;
        w->ask_at_us = clock_boot_us() + US_PER_SEC;
    }
}

void waiting_warn(struct waiting *w, const char *verb, const json_t *reply)
{
    if (w->told || json_is_true(json_object_get(reply, "scheduler")) ||
        json_integer_value(json_object_get(reply, "pending")) == 0)
        return;
    w->told = true;
    fprintf(stderr,
            "%s: no scheduler is running: nothing will start (start it with: mini-slurm scheduler "
            "--background)\n",
            verb);
}
