/* SPDX-License-Identifier: MIT */
/* control.h - what submit and update say about when, and how often, a job runs. */
#pragma once

#include "api/frame.h"
#include "util/options.h"

struct control_options {
    bool hold;
    const char *begin, *deadline;
    int64_t retries, max_mem_mb;
    const char *retry_on, *retry_delay, *retry_mem;
    bool requeue, no_requeue;
};

/* Adds what was given to the request. 0, or -1 with *e. */
int control_add(const struct control_options *o, struct frame *request, struct err *e);
