/* SPDX-License-Identifier: MIT */
/* place.h - what submit can say of where a job is placed. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "api/frame.h"
#include "util/err.h"

struct place_options {
    int64_t nodes, threads_per_core; /* 0: not given */
    const char *switches;            /* "K" or "K@T"; NULL: not given */
    bool exclusive;
};

/* Adds them to the request of a job that is elastic, or is not. 0, or -1 with *e. */
int place_add(const struct place_options *o, bool elastic, struct frame *request, struct err *e);
