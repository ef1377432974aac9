/* SPDX-License-Identifier: MIT */
/* each_job.h - a request about several jobs (those of select.h, whose fields and blobs its type
 * lists), each of which may be refused alone. The answer has two lists, of what was done ({"job":
 * 3, …}) and of what was not
 * ({"job": 9, "error": "no such job: 9"}): each job is in one of them. */
#pragma once

#include "api/json.h"
#include "api/request.h"

struct job_act {
    const char *verb; /* "cancel": for messages */
    const char *done; /* the first list's name; NULL: "done" */
    /* Does it to that job, and adds to its entry in the list. 0, or -1 with *e, and then nothing
     * was changed: ERR_INVALID, ERR_NOT_FOUND or ERR_DENIED: this job is refused; else the whole
     * request fails. */
    int (*act)(struct call *c, void *ctx, const struct job_record *r, struct object *entry,
               struct err *e);
};

int each_job(struct call *c, const struct job_act *a, void *ctx, struct err *e);
