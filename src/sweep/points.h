/* SPDX-License-Identifier: MIT */
/* points.h - what came out of a sweep, by parameter: read from what `sweep show --json` prints. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "util/err.h"

/* One parameter. */
struct panel {
    const char *name;
    bool numeric, log; /* by value; by its logarithm. Else by the place among the names */
    double *x;         /* of each point: the value, or the place */
    char **names;
    size_t nnames;
};

struct points {
    const char *metric; /* borrowed from the JSON, as all names */
    bool log;           /* the metric by its logarithm */
    long long job;
    size_t tasks;        /* of the sweep */
    size_t count;        /* of those whose metric is a number */
    const json_t **task; /* they */
    double *y;           /* their metrics */
    size_t best;         /* one of them; count: none is */
    struct panel *panels;
    size_t npanels;
};

/* Fills the empty *p from *all, which must outlive it; points_free() it in any case. 0, or -1 with
 * *e: ERR_INVALID if it is no sweep, or no metric is a number. */
int points_read(const json_t *all, struct points *p, struct err *e);
void points_free(struct points *p);
/* From the least to the largest. */
void points_range(const double *values, size_t count, double *low, double *high);
