/* SPDX-License-Identifier: MIT */
/* select.h - which jobs a request is about.
 *
 * "jobs" lists ids, tasks of arrays (target.h; an array's id is all of it that is active), ranges
 * ([10, 20]) and "last", the caller's last submitted. The other fields say what must hold of them,
 * all at once: "states"; "user", by name or number; "all": they are the caller's own and active;
 * the blob "name" is a pattern of their names. Without "jobs" they are looked for: among the active
 * ones, unless "states" says others, and the caller's own, unless "user" says whose. A request may
 * be about those in some states only (request_type): then it is these that are looked for, and
 * meant by an array's id. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "api/request.h"

#define SELECT_MAX    100000 /* jobs in one request: the answer has to fit into a frame */
#define SELECT_FIELDS "jobs", "states", "user", "all"
#define SELECT_BLOBS  "name"

struct selection {
    int64_t *ids; /* ascending, each once */
    size_t count, cap;
    /* Of a request that means arrays as such (request_type): its ids may be those of arrays, and
     * named tasks are here. */
    struct select_task {
        int64_t array, task;
    } * tasks;
    size_t ntasks, tasks_cap;
    json_t *refused; /* where to list tasks that nobody has, or that are not the caller's
                        ({"job": "15_3", "error": …}), or NULL: then the request fails. Borrowed */
};

/* Fills the empty *s, perhaps with none; selection_free() it in any case. An id that nobody has is
 * selected: it is for the request to say so. Where the request changes something, tasks that are
 * one job with others, in a state that it is about, become jobs of their own. 0, or -1 with *e:
 * ERR_INVALID if nothing is said of which jobs, or nonsense, or more than SELECT_MAX; ERR_NOT_FOUND
 * if the caller has no last one. */
int select_jobs(struct call *c, struct selection *s, struct err *e);
void selection_free(struct selection *s);
/* What one job is refused for, and not the request. */
bool select_is_refusal(const struct err *e);

#define _cleanup_selection_ __attribute__((cleanup(selection_free)))
