/* SPDX-License-Identifier: MIT */
/* api.h - serving requests: checks, who may do what, and what is written down.
 *
 * The same code serves a request inside the scheduler and, where none runs, inside the client's own
 * process. It works on the store, inside a transaction that the caller began; what the request
 * means for the world goes to the host as it is found. The caller commits, and only then sends the
 * reply. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "api/frame.h"
#include "core/event.h"
#include "core/sched.h"
#include "core/topology.h"
#include "os/paths.h"
#include "store/store.h"

/* How long what was answered to a changing request is kept (store_request_prune()): no client
 * repeats itself for longer. */
#define API_REQUEST_KEEP_US (INT64_C(24) * 3600 * 1000000)

struct api_caller {
    uint32_t uid, gid;
};

/* What serving a request sets going, for the process that serves it. */
struct api_host {
    void *ctx;
    /* The world changes: for the core. NULL where there is none. Not yet durable: if the commit
     * fails it never happened. ev->job is valid during the call. 0, or -1 with *e: the request
     * fails and is undone in the store. If it was a cancel of several jobs, events of it may have
     * been taken before: then, as after a failed commit, the store is the truth. */
    int (*event)(void *ctx, const struct event *ev, struct err *e);
    /* After all events. Once the commit is durable, tell the shepherd of this running attempt
     * (control.h's message, valid during the call). NULL where nobody is to be told. */
    int (*control)(void *ctx, int64_t job, int attempt, const char *message, struct err *e);
};

struct api {
    struct store *store;
    const struct paths *paths;
    struct sched *sched;             /* NULL: no scheduler runs here */
    const struct topology *topology; /* what jobs are placed on; NULL as above */
    pid_t scheduler_pid;             /* 0 as above */
    int64_t revision;                /* rises with every change of the store; 0 as above */
    bool parks; /* a request that has nothing to say yet may be put off until the next change */
    struct api_host host;
};

/* Whether the request writes (then it needs a transaction); false for an unknown verb. */
bool api_changes(const struct frame *request);
/* Fills the empty *reply with the answer or with the error: true. False, and *reply stays empty,
 * only where a->parks and of a request that reads: it is to be served again after the next change.
 */
bool api_serve(struct api *a, const struct api_caller *who, const struct frame *request,
               int64_t now_us, struct frame *reply);
/* A reply that says only what went wrong. */
void api_reply_error(struct frame *reply, const struct err *e);
