/* SPDX-License-Identifier: MIT */
/* elastic.h - what submit can say of an elastic job. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "api/frame.h"
#include "util/err.h"

struct elastic_options {
    bool elastic, workers;
    int64_t min_cpus, max_cpus; /* 0: not given */
    const char *grace, *signal; /* NULL: not given */
};

/* Whether they make sense together, for a job that starts with so many CPUs. 0, or -1 with
 * ERR_USAGE. */
int elastic_check(const struct elastic_options *o, int64_t cpus, struct err *e);
/* Adds them to the request. Nothing if it is not elastic. */
int elastic_add(const struct elastic_options *o, struct frame *request, struct err *e);
