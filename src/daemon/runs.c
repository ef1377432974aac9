// SPDX-License-Identifier: MIT
#include "daemon/runs.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attempt/control.h"
#include "os/process.h"
#include "util/cleanup.h"
#include "util/log.h"

#define DELIVER_MS 5

struct run *runs_add(struct daemon *d, int64_t job, int attempt)
{
    struct run *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    r->job = job;
    r->attempt = attempt;
    r->daemon = d;
    r->fd = r->go_fd = -1;
    HASH_ADD(hh, d->runs, job, sizeof r->job, r);
    if (runs_find(d, job) == r)
        return r;
    free(r);
    return NULL;
}

struct run *runs_find(const struct daemon *d, int64_t job)
{
    struct run *r;
    HASH_FIND(hh, d->runs, &job, sizeof job, r);
    return r;
}

static void run_free(struct run *r)
{
    attempt_record_clear(&r->end);
    free(r);
}

static void on_closed(uv_handle_t *handle)
{
    struct run *r = handle->data;
    close(r->fd);
    run_free(r);
}

static void on_over(uv_poll_t *poll, int status, int events)
{
    (void)status;
    (void)events;
    struct run *r = poll->data;
    uv_poll_stop(poll);
    if (r->child)
        waitpid(r->shepherd, NULL, 0);
    if (r->abandoned) {
        uv_close((uv_handle_t *)poll, on_closed);
        return;
    }
    r->phase = RUN_OVER;
    r->daemon->settle = true;
}

int runs_watch(struct run *r, pid_t shepherd, int64_t start, struct err *e)
{
    _cleanup_close_ int fd = process_watch(shepherd, start, e);
    if (fd < 0)
        return -1;
    int rc = uv_poll_init(&r->daemon->loop, &r->poll, fd);
    if (rc == 0)
        rc = uv_poll_start(&r->poll, UV_READABLE, on_over);
    if (rc < 0)
        return err_set(e, ERR_SYSTEM, "cannot watch process %d: %s", (int)shepherd,
                       uv_strerror(rc));
    r->poll.data = r;
    r->fd = steal_fd(&fd);
    r->shepherd = shepherd;
    r->child = start == 0;
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

void runs_abandon(struct run *r)
{
    if (r->fd < 0) {
        runs_remove(r);
        return;
    }
    HASH_DEL(r->daemon->runs, r);
    r->abandoned = true;
}

/* Whether the line has reached a shepherd, or there is nobody left to tell. */
static bool deliver(struct run *r)
{
    struct err e = {0};
    if (!r->order || r->phase != RUN_ACTIVE)
        return true;
    int rc = control_send(r->daemon->paths.run, r->job, r->attempt, r->order, &e);
    if (rc < 0)
        log_warn("cannot tell the shepherd of job %jd: %s", (intmax_t)r->job, e.text);
    if (rc == 0)
        r->order = NULL;
    return rc == 0;
}

void runs_order(struct daemon *d, int64_t job, int attempt, const char *line)
{
    struct run *r = runs_find(d, job);
    if (!r || r->attempt != attempt)
        return;
    r->order = line;
    if (!deliver(r))
        uv_timer_start(&d->deliver, runs_deliver, DELIVER_MS, 0);
}

/* A shepherd opens its FIFO within a millisecond or two of its start; one that never does, ends. */
void runs_deliver(uv_timer_t *timer)
{
    struct daemon *d = timer->data;
    struct run *r, *next;
    bool all = true;
    HASH_ITER (hh, d->runs, r, next)
        all &= deliver(r);
    if (!all)
        uv_timer_start(&d->deliver, runs_deliver, DELIVER_MS, 0);
}
