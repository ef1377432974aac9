// SPDX-License-Identifier: MIT
#include "daemon/runs.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "attempt/control.h"
#include "os/process.h"
#include "util/cleanup.h"
#include "util/log.h"

/* Nothing lies between them. */
#define KEY_LEN (offsetof(struct run, attempt) + sizeof(int) - offsetof(struct run, job))
_Static_assert(KEY_LEN == sizeof(int64_t) + sizeof(int), "the key has no gap");

struct run *runs_add(struct daemon *d, int64_t job, int attempt)
{
    struct run *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    r->job = job;
    r->attempt = attempt;
    r->daemon = d;
    r->fd = -1;
    HASH_ADD(hh, d->runs, job, KEY_LEN, r);
    if (runs_find(d, job, attempt) == r)
        return r;
    free(r);
    return NULL;
}

struct run *runs_find(const struct daemon *d, int64_t job, int attempt)
{
    struct run *r, wanted = {.job = job, .attempt = attempt};
    HASH_FIND(hh, d->runs, &wanted.job, KEY_LEN, r);
    return r;
}

void runs_know(struct run *r, const struct job_record *job)
{
    r->elastic = job->job.elastic;
    r->resize_grace_us = job->resize_grace_us;
    if (job->job.array_id)
        snprintf(r->task, sizeof r->task, " (%" PRId64 "_%d)", job->job.array_id,
                 (int)job->job.task);
}

static void run_free(struct run *r)
{
    attempt_record_clear(&r->end);
    resize_order_free(&r->order);
    free(r);
}

static void on_closed(uv_handle_t *handle)
{
    struct run *r = handle->data;
    close(r->fd);
    run_free(r);
}

void runs_over(struct run *r)
{
    r->shepherd = NULL;
    r->phase = RUN_OVER;
    r->daemon->settle = true;
}

static void on_gone(uv_poll_t *poll, int status, int events)
{
    (void)status;
    (void)events;
    uv_poll_stop(poll);
    runs_over(poll->data);
}

int runs_adopt(struct run *r, pid_t shepherd, int64_t start, struct err *e)
{
    _cleanup_close_ int fd = process_watch(shepherd, start, e);
    if (fd < 0)
        return -1;
    int rc = uv_poll_init(&r->daemon->loop, &r->poll, fd);
    if (rc == 0)
        rc = uv_poll_start(&r->poll, UV_READABLE, on_gone);
    if (rc < 0)
        return err_set(e, ERR_SYSTEM, "cannot watch process %d: %s", (int)shepherd,
                       uv_strerror(rc));
    r->poll.data = r;
    r->fd = steal_fd(&fd);
    r->phase = RUN_ACTIVE;
    return 0;
}

void runs_remove(struct run *r)
{
    HASH_DEL(r->daemon->runs, r);
    if (r->fd >= 0)
        uv_close((uv_handle_t *)&r->poll, on_closed);
    else
        run_free(r);
}

void runs_tell(struct daemon *d, int64_t job, int attempt, const char *message)
{
    struct err e = {0};
    struct run *r = runs_find(d, job, attempt);
    if (!r || r->phase != RUN_ACTIVE)
        return;
    if (control_send(d->paths.run, job, attempt, message, &e) < 0)
        log_warn("cannot tell the shepherd of job %jd: %s", (intmax_t)job, e.text);
}
