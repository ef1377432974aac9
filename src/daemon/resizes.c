// SPDX-License-Identifier: MIT
#include "daemon/resizes.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attempt/control.h"
#include "attempt/report.h"
#include "daemon/places.h"
#include "util/cleanup.h"
#include "util/crash.h"
#include "util/log.h"

struct resizes {
    struct daemon *daemon;
    int fd;
    uv_poll_t poll;
    char text[4096]; /* read, and not dealt with yet; what has no room waits in the FIFO */
    size_t len;
    bool due; /* there are runs to be told */
    struct backoff backoff;
    int64_t retry_us; /* the last try failed: not before */
};

/* --- reports ---------------------------------------------------------------------------------- */

static void on_readable(uv_poll_t *poll, int status, int events)
{
    (void)status;
    (void)events;
    struct resizes *z = poll->data;
    ssize_t n = read(z->fd, z->text + z->len, sizeof z->text - z->len);
    if (n <= 0)
        return;
    z->len += (size_t)n;
    z->daemon->tick = true;
}

int resizes_open(struct daemon *d, struct err *e)
{
    struct resizes *z = calloc(1, sizeof *z);
    if (!z)
        return err_nomem(e);
    d->resizes = z;
    z->daemon = d;
    z->poll.data = z;
    z->fd = report_open(d->paths.run, e);
    if (z->fd < 0)
        return -1;
    int rc = uv_poll_init(&d->loop, &z->poll, z->fd);
    if (rc == 0)
        rc = uv_poll_start(&z->poll, UV_READABLE, on_readable);
    return rc < 0 ? err_set(e, ERR_SYSTEM, "cannot listen to shepherds: %s", uv_strerror(rc)) : 0;
}

void resizes_close(struct daemon *d)
{
    if (d->resizes && d->resizes->fd >= 0)
        close(d->resizes->fd);
    free(d->resizes);
    d->resizes = NULL;
}

static bool is_awaited(const struct job *j, const struct report *r)
{
    return j && j->state == JOB_RUNNING && j->elastic && j->attempt == r->attempt &&
           j->generation == r->generation;
}

/* The core knows what the order took away; the store is told what is left. */
static int take_report(struct daemon *d, const struct report *r, struct err *e)
{
    const struct job *j = sched_job(d->sched, r->job);
    struct event ev = {.type = EVENT_RESIZED,
                       .now_us = daemon_now_us(d),
                       .id = r->job,
                       .generation = r->generation,
                       .mem_mb = r->mem_mb};
    if (!is_awaited(j, r))
        return 0;
    int64_t had_cpus = j->alloc_cpus, had_mem_mb = j->alloc_mem_mb;
    if (sched_apply(d->sched, &ev, e) < 0)
        return -1;
    if (j->alloc_cpus == had_cpus && j->alloc_mem_mb == had_mem_mb)
        return 0;
    _cleanup_free_ char *list = cpuset_format(&j->alloc_set);
    _cleanup_free_ char *nodes = topology_node_names(d->nodes.topology, &j->alloc_set);
    struct resize_record left = {.attempt = j->attempt,
                                 .generation = j->generation,
                                 .to_cpus = j->alloc_cpus,
                                 .mem_mb = j->alloc_mem_mb,
                                 .cpu_list = list,
                                 .nodes = nodes};
    return list && nodes ? store_attempt_resized(d->store, j->id, &left, e) : err_nomem(e);
}

int resizes_hear(struct daemon *d, struct err *e)
{
    struct resizes *z = d->resizes;
    struct report r;
    size_t at = 0;
    int rc = 0;
    for (char *end; rc == 0 && (end = memchr(z->text + at, '\n', z->len - at));) {
        char *line = z->text + at;
        *end = '\0';
        at = (size_t)(end + 1 - z->text);
        if (report_parse(line, &r) == 0)
            rc = take_report(d, &r, e);
    }
    /* If the transaction fails, the world is loaded and everybody ordered anew: whatever else was
     * reported has no meaning then. Nor has a line without an end. */
    if (rc < 0 || z->len - at == sizeof z->text)
        at = z->len;
    memmove(z->text, z->text + at, z->len - at);
    z->len -= at;
    return rc;
}

/* --- orders ----------------------------------------------------------------------------------- */

/* What plan_resize_words() says, in two: what is done, and why. */
struct words {
    char text[256];
    const char *why;
};

static void say(const struct action *a, struct words *w)
{
    plan_resize_words(a, w->text, sizeof w->text);
    char *colon = strstr(w->text, ": ");
    *colon = '\0';
    w->why = colon + 2;
}

void resizes_log(const struct daemon *d, const struct action *a)
{
    struct words w;
    _cleanup_free_ char *list = places_cpus(d, a->to_set);
    bool pinned = list && *list;
    say(a, &w);
    log_info("Job %" PRId64 " %s%s%s%s: %s", a->job->id, w.text, pinned ? " (" : "",
             pinned ? list : "", pinned ? ")" : "", w.why);
}

/* The order of a run, which is to be told: o's numbers, and the CPUs. Takes the place of one that
 * was not told yet. */
static int set_order(struct daemon *d, const struct job *j, const struct resize_order *o,
                     const struct cpuset *set, const char *reason, struct err *e)
{
    struct run *r = runs_find(d, j->id, j->attempt);
    struct resize_order copy = *o;
    if (!r)
        return err_set(e, ERR_INVALID, "job %" PRId64 " has no shepherd to resize it", j->id);
    copy.grace_us = r->resize_grace_us;
    copy.cpu_list = places_cpus(d, set);
    copy.mems = places_mems(d, set, o->mem_mb);
    copy.reason = strdup(reason);
    if (!copy.cpu_list || !copy.mems || !copy.reason) {
        resize_order_free(&copy);
        return err_nomem(e);
    }
    resize_order_free(&r->order);
    r->order = copy;
    d->resizes->due = true;
    d->resizes->retry_us = 0;
    return 0;
}

int resizes_order(struct daemon *d, const struct action *a, struct err *e)
{
    struct words w;
    _cleanup_free_ char *list = cpuset_format(a->to_set);
    _cleanup_free_ char *nodes = topology_node_names(d->nodes.topology, a->to_set);
    if (!list || !nodes)
        return err_nomem(e);
    say(a, &w);
    struct resize_record row = {.attempt = a->job->attempt,
                                .generation = a->job->generation,
                                .time_us = daemon_now_us(d),
                                .from_cpus = a->from_cpus,
                                .to_cpus = a->to_cpus,
                                .mem_mb = a->to_mem_mb,
                                .cpu_list = list,
                                .nodes = nodes,
                                .reason = (char *)w.why};
    struct resize_order order = {
        .generation = row.generation, .cpus = row.to_cpus, .mem_mb = row.mem_mb};
    if (store_attempt_resize(d->store, a->job->id, &row, e) < 0)
        return -1;
    return set_order(d, a->job, &order, a->to_set, w.why, e);
}

int resizes_order_anew(struct daemon *d, struct job *j, struct err *e)
{
    if (!j->elastic || !j->generation)
        return 0;
    struct resize_order order = {
        .generation = ++j->generation, .cpus = j->alloc_cpus, .mem_mb = j->alloc_mem_mb};
    return set_order(d, j, &order, &j->alloc_set, "as the scheduler has it written down", e);
}

static int tell(struct daemon *d, struct run *r, struct err *e)
{
    if (resize_order_write(d->paths.run, r->job, r->attempt, &r->order, e) < 0)
        return -1;
    crash_point("scheduler-order-written");
    if (control_send(d->paths.run, r->job, r->attempt, CONTROL_RESIZE, e) < 0)
        return -1;
    crash_point("scheduler-order-told");
    return 0;
}

static void tell_all(struct daemon *d)
{
    struct run *r, *next;
    HASH_ITER (hh, d->runs, r, next) {
        struct err e = {0};
        bool waits = r->phase == RUN_ACTIVE && r->order.generation;
        if (waits && tell(d, r, &e) < 0) {
            log_warn("cannot tell the shepherd of job %" PRId64 ": %s", r->job, e.text);
            d->resizes->due = true;
        } else {
            resize_order_free(&r->order);
        }
    }
}

void resizes_tell(struct daemon *d)
{
    struct resizes *z = d->resizes;
    int64_t now_us = daemon_now_us(d);
    if (!z->due)
        return;
    if (now_us >= z->retry_us) {
        z->due = false;
        tell_all(d);
        z->retry_us = z->due ? now_us + backoff_next(&z->backoff) : 0;
    }
    if (z->due)
        daemon_wake_at(d, z->retry_us);
    else
        z->backoff = (struct backoff){0};
}
