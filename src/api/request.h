/* SPDX-License-Identifier: MIT */
/* request.h - what the requests share, inside api/: one exported struct request_type a file. */
#pragma once

#include "api/api.h"
#include "attempt/control.h"

/* What a request sets going beyond the store: told to the host at the end, when nothing of the
 * request can fail any more but the host itself. */
struct effect {
    struct event event;            /* for the core, if there is no message */
    char message[CONTROL_MESSAGE]; /* for the shepherd of this attempt; see control.h */
    int64_t id;                    /* the job */
    int attempt;
    struct job job; /* what event.job will point to, without an allocation */
};

/* One request on its way. */
struct call {
    const struct api *api;
    const struct api_caller *who;
    const struct frame *request;
    int64_t now_us;
    json_t *reply; /* the head being filled; has "v" and "ok" */
    struct effect *effects;
    size_t neffects, effects_cap;
};

struct request_type {
    const char *verb;
    bool changes; /* it writes: it carries an id and needs a transaction */
    /* What it takes, beyond "v", "verb" and "id": anything else is refused, lest a request of a
     * newer client be done by halves. NULL-terminated. */
    const char *const *fields;
    const char *const *blobs;
    unsigned states;   /* of jobs it has to look for (select.h); 0: all that are active */
    unsigned of_array; /* and which are meant by an array's id; 0: the same */
    bool arrays;       /* arrays and tasks are meant as such, whether they have rows or not */
    /* Fills c->reply. 0; CALL_LATER, of one that only reads and where c->api->parks: there is
     * nothing to say yet; or -1 with *e: nothing of it is kept. */
    int (*serve)(struct call *c, struct err *e);
};

enum { CALL_LATER = 1 };

extern const struct request_type request_submit, request_list, request_show, request_cancel,
    request_stats, request_ping, request_why, request_resize, request_topology, request_wait,
    request_drain, request_prune, request_signal, request_suspend, request_resume,
    request_submit_file, request_graph, request_hold, request_release, request_update,
    request_requeue;

/* NULL if the head names no verb, or none that is known. */
const struct request_type *request_find(const struct frame *request);

/* Refuses fields and blobs that it does not take. */
int request_check(const struct request_type *type, const struct frame *request, struct err *e);

/* Serves a request about the one job that its field "job" names: `about` gets the job's record. */
int call_about_job(struct call *c,
                   int (*about)(struct call *c, const struct job_record *r, struct err *e),
                   struct err *e);
/* About this job, or the one that ev.id names, now; ev says the rest. */
int call_event(struct call *c, struct event ev, const struct job *job, struct err *e);
/* The job of this record is j from now on. */
int call_update(struct call *c, const struct job_record *r, const struct job *j, struct err *e);
/* Sets the job's estimate_us, for an event: without a time limit the core goes by what is known of
 * earlier runs. */
int call_estimate(const struct call *c, const struct job_record *r, struct job *j, struct err *e);
int call_control(struct call *c, const struct job *job, const char *message, struct err *e);
/* How long the running job may run has changed. */
int call_limit(struct call *c, const struct job *job, struct err *e);
