// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "cli/ask.h"
#include "cli/queue.h"
#include "cli/screen.h"
#include "cli/unfold.h"
#include "cli/waiting.h"
#include "os/clock.h"
#include "util/cleanup.h"
#include "util/times.h"

#define INTERVAL_S 2.0
#define PAUSE_US   (US_PER_SEC / 2) /* however often something changes */

/* One page in the making: as much as the window has room for, and no more than that is asked for.
 */
struct page {
    const struct queue_options *options;
    struct client *client;
    size_t rows, columns; /* rows: of jobs */
    json_t *active, *ended;
    bool more; /* active ones than fit */
};

/* --- what is asked for ------------------------------------------------------------------------ */

/* The first active jobs, or the last that have ended. */
static int list(struct page *p, const char *which, size_t limit, json_t **jobs, struct err *e)
{
    struct frame request _cleanup_frame_ = {0}, reply _cleanup_frame_ = {0};
    if (client_request(&request, "list") < 0)
        return err_nomem(e);
    if (ask_set(&request, which, json_true(), e) < 0 ||
        ask_set(&request, "limit", json_integer((json_int_t)limit), e) < 0 ||
        queue_filter(p->options, &request, e) < 0 ||
        client_call(p->client, &request, &reply, e) < 0)
        return -1;
    *jobs = json_incref(json_object_get(reply.head, "jobs"));
    p->more |= json_is_integer(json_object_get(reply.head, "next"));
    return 0;
}

static int add_task(void *ctx, const json_t *job, struct err *e)
{
    struct page *p = ctx;
    p->more |= json_array_size(p->active) == p->rows;
    if (json_array_size(p->active) == p->rows)
        return 1;
    return json_array_append_new(p->active, json_copy((json_t *)job)) < 0 ? err_nomem(e) : 0;
}

/* Each pending task of an array by itself, as far as they fit. */
static int unfold_active(struct page *p, struct err *e)
{
    size_t i;
    json_t *job, *folded = p->active;
    int r = 0;
    p->active = json_array();
    json_array_foreach (folded, i, job)
        if (r == 0)
            r = unfold(job, add_task, p, e);
    json_decref(folded);
    return r < 0 ? -1 : 0;
}

static int list_both(struct page *p, struct err *e)
{
    if (list(p, "active", p->rows, &p->active, e) < 0 ||
        (p->options->unfold && unfold_active(p, e) < 0))
        return -1;
    size_t left = p->rows - json_array_size(p->active);
    return left ? list(p, "last", left, &p->ended, e) : 0;
}

/* --- the page --------------------------------------------------------------------------------- */

static int print_head(struct page *p, FILE *to, struct err *e)
{
    struct frame request _cleanup_frame_ = {0}, reply _cleanup_frame_ = {0};
    char now[32];
    if (client_request(&request, "stats") < 0)
        return err_nomem(e);
    if (client_call(p->client, &request, &reply, e) < 0)
        return -1;
    const json_t *states = json_object_get(reply.head, "states");
    fprintf(to, "%s  %lld running, %lld pending", time_format(clock_wall_us(), now, sizeof now),
            (long long)json_integer_value(json_object_get(states, "RUNNING")),
            (long long)json_integer_value(json_object_get(states, "PENDING")));
    if (json_is_null(json_object_get(reply.head, "scheduler")))
        fprintf(to, ", no scheduler is running");
    else if (!json_is_null(json_object_get(reply.head, "drained")))
        fprintf(to, ", drained");
    fprintf(to, "\n");
    return 0;
}

static int add_jobs(struct table *t, const json_t *jobs, struct err *e)
{
    size_t i;
    const json_t *job;
    json_array_foreach (jobs, i, job)
        if (table_add(t, job, e) < 0)
            return -1;
    return 0;
}

static int print_jobs(struct page *p, FILE *to, struct err *e)
{
    struct table t _cleanup_table_;
    queue_table(&t, p->options->reason);
    if (add_jobs(&t, p->active, e) < 0 || add_jobs(&t, p->ended, e) < 0 || table_sort(&t, e) < 0)
        return -1;
    if (t.rows)
        table_print(&t, "", p->columns, to);
    else
        fprintf(to, "No jobs.\n");
    if (p->more)
        fprintf(to, "(more: mini-slurm queue)\n");
    return 0;
}

static int print_page(struct page *p, FILE *to, struct err *e)
{
    if (list_both(p, e) < 0)
        return -1;
    return print_head(p, to, e) < 0 ? -1 : print_jobs(p, to, e);
}

static int draw(const struct queue_options *o, struct client *c, struct err *e)
{
    struct page p = {.options = o, .client = c};
    _cleanup_free_ char *text = NULL;
    size_t len;
    screen_size(&p.rows, &p.columns);
    p.rows = p.rows > 4 ? p.rows - 3 : 1; /* two lines above, one below */
    FILE *to = open_memstream(&text, &len);
    if (!to)
        return err_nomem(e);
    int r = print_page(&p, to, e);
    bool failed = ferror(to);
    if (fclose(to) != 0 || (r == 0 && failed))
        r = err_nomem(e);
    json_decref(p.active);
    json_decref(p.ended);
    return r < 0 ? -1 : screen_draw(text, e);
}

/* --- again and again -------------------------------------------------------------------------- */

/* Until something is not as it was at that revision, which becomes the present one. */
static int stay(struct waiting *w, int64_t *revision, int64_t until_us, struct err *e)
{
    struct frame request _cleanup_frame_ = {0}, reply _cleanup_frame_ = {0};
    if (client_request(&request, "wait") < 0)
        return err_nomem(e);
    if (ask_set(&request, "revision", json_integer(*revision), e) < 0 ||
        ask_set(&request, "park", json_true(), e) < 0)
        return -1;
    int r = waiting_ask(w, &request, until_us, &reply, e);
    if (r <= 0)
        return r;
    const json_t *now = json_object_get(reply.head, "revision");
    *revision = json_is_integer(now) ? json_integer_value(now) : 1;
    int64_t pause_us = clock_boot_us() + PAUSE_US;
    if (w->ask_at_us < pause_us)
        w->ask_at_us = pause_us;
    return 0;
}

static int watch(struct waiting *w, const struct queue_options *o, struct err *e)
{
    int64_t revision = 1;
    double seconds = o->watch > 0 ? o->watch : INTERVAL_S;
    for (;;) {
        int64_t until_us = clock_boot_us() + (int64_t)(seconds * (double)US_PER_SEC);
        if (draw(o, &w->client, e) < 0 || stay(w, &revision, until_us, e) < 0)
            return -1;
    }
}

int queue_watch(const struct queue_options *o, struct err *e)
{
    struct waiting w _cleanup_waiting_;
    struct frame checked _cleanup_frame_ = {.head = json_object()};
    if (queue_filter(o, &checked, e) < 0 || waiting_open(&w, e) < 0)
        return -1;
    int r = screen_open(e);
    if (r == 0) {
        r = watch(&w, o, e);
        screen_close();
    }
    return r;
}
