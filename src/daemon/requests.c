// SPDX-License-Identifier: MIT
#include "daemon/requests.h"

#include <stdlib.h>
#include <utlist.h>

#include "attempt/control.h"
#include "daemon/runs.h"
#include "daemon/server.h"
#include "util/text.h"

/* An event that a request posted: applied once the request has succeeded. */
struct posted {
    struct event event;
    struct job job;
    struct posted *prev, *next;
};

/* A message for a shepherd, once the commit is durable. */
struct message {
    int64_t job;
    int attempt;
    char text[CONTROL_MESSAGE];
    struct message *prev, *next;
};

struct request {
    struct conn *conn; /* NULL: gone meanwhile */
    struct api_caller who;
    struct frame frame, reply;
    bool changes;
    struct posted *posted;
    struct message *messages;
    struct request *next;
};

/* So many wait at one time, at most: each has a descriptor, which jobs need as well. */
#define PARKED_MAX 256

struct requests {
    struct request *list;
    struct request *parked; /* put off until something changes */
    size_t nparked;
    int64_t parked_at;       /* the revision at which they had nothing to say */
    struct request *serving; /* the one whose handler runs */
};

static void posted_free(struct posted *p)
{
    job_free(&p->job);
    free(p);
}

static void request_free(struct request *r)
{
    struct posted *p, *next_posted;
    struct message *o, *next_message;
    DL_FOREACH_SAFE (r->posted, p, next_posted)
        posted_free(p);
    DL_FOREACH_SAFE (r->messages, o, next_message)
        free(o);
    frame_clear(&r->frame);
    frame_clear(&r->reply);
    free(r);
}

static void drop_all(struct request *list)
{
    struct request *r, *next;
    LL_FOREACH_SAFE (list, r, next)
        request_free(r);
}

struct requests *requests_create(void)
{
    return calloc(1, sizeof(struct requests));
}

void requests_destroy(struct requests *q)
{
    if (q) {
        drop_all(q->list);
        drop_all(q->parked);
    }
    free(q);
}

int requests_add(struct daemon *d, struct conn *c, struct frame *request)
{
    struct request *r = calloc(1, sizeof *r);
    if (!r)
        return -1;
    r->conn = c;
    r->who = c->who;
    r->frame = *request;
    r->changes = api_changes(request);
    *request = (struct frame){0};
    LL_APPEND(d->requests->list, r);
    return 0;
}

void requests_forget(struct daemon *d, const struct conn *c)
{
    struct requests *q = d->requests;
    struct request *r, *next;
    LL_FOREACH (q->list, r)
        if (r->conn == c)
            r->conn = NULL;
    LL_FOREACH_SAFE (q->parked, r, next)
        if (r->conn == c) {
            LL_DELETE(q->parked, r);
            q->nparked--;
            request_free(r);
        }
}

int requests_on_event(void *ctx, const struct event *ev, struct err *e)
{
    struct daemon *d = ctx;
    struct posted *p = calloc(1, sizeof *p);
    if (!p)
        return err_nomem(e);
    p->event = *ev;
    if (ev->job) {
        if (job_copy(&p->job, ev->job) < 0) {
            free(p);
            return err_nomem(e);
        }
        p->event.job = &p->job;
    }
    DL_APPEND(d->requests->serving->posted, p);
    return 0;
}

int requests_on_control(void *ctx, int64_t job, int attempt, const char *message, struct err *e)
{
    struct daemon *d = ctx;
    struct message *o = calloc(1, sizeof *o);
    if (!o)
        return err_nomem(e);
    *o = (struct message){.job = job, .attempt = attempt};
    text_copy(o->text, sizeof o->text, message);
    DL_APPEND(d->requests->serving->messages, o);
    return 0;
}

bool requests_change(const struct daemon *d)
{
    const struct request *r;
    LL_FOREACH (d->requests->list, r)
        if (r->changes)
            return true;
    return false;
}

/* Whether there is an answer now. */
static bool serve(struct daemon *d, struct request *r)
{
    d->requests->serving = r;
    return api_serve(&d->api, &r->who, &r->frame, daemon_now_us(d), &r->reply);
}

static bool succeeded(const struct request *r)
{
    return !json_object_get(r->reply.head, "error");
}

int requests_serve_changes(struct daemon *d, struct err *e)
{
    struct request *r;
    struct posted *p;
    LL_FOREACH (d->requests->list, r) {
        if (!r->changes || !serve(d, r) || !succeeded(r))
            continue;
        DL_FOREACH(r->posted, p)
        if (sched_apply(d->sched, &p->event, e) < 0)
            return -1;
    }
    return 0;
}

static void answer(struct request *r)
{
    if (r->conn)
        server_reply(r->conn, &r->reply);
}

void requests_answer(struct daemon *d)
{
    struct request *r;
    struct message *o;
    LL_FOREACH (d->requests->list, r) {
        if (!r->changes)
            continue;
        answer(r);
        DL_FOREACH(r->messages, o)
        runs_tell(d, o->job, o->attempt, o->text);
    }
}

void requests_refuse(struct daemon *d, const struct err *why)
{
    struct request *r;
    LL_FOREACH (d->requests->list, r) {
        if (!r->changes)
            continue;
        frame_clear(&r->reply);
        api_reply_error(&r->reply, why);
        answer(r);
    }
}

static void park(struct requests *q, struct request *r)
{
    LL_PREPEND(q->parked, r);
    q->nparked++;
}

/* Those that were put off have waited longest, if something has changed since. */
static struct request *take_reads(struct requests *q, int64_t revision)
{
    struct request *list = q->list;
    q->list = NULL;
    if (q->parked_at == revision)
        return list;
    LL_CONCAT(q->parked, list);
    list = q->parked;
    q->parked = NULL;
    q->nparked = 0;
    q->parked_at = revision;
    return list;
}

void requests_serve_reads(struct daemon *d)
{
    struct requests *q = d->requests;
    struct request *r, *next, *list = take_reads(q, d->api.revision);
    LL_FOREACH_SAFE (list, r, next) {
        d->api.parks = r->conn && q->nparked < PARKED_MAX;
        if (!r->changes && !serve(d, r)) {
            park(q, r);
            continue;
        }
        if (!r->changes)
            answer(r);
        request_free(r);
    }
}
