/* SPDX-License-Identifier: MIT */
/* trace.h - a workload, from wherever it comes, as the laboratory replays it.
 *
 * Times are microseconds in the trace's own time, which may begin anywhere: nothing is rebased,
 * since some orders (f1 to f4) look at the submit time itself. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "util/err.h"

struct trace_job {
    int64_t number; /* its name in the trace */
    int64_t submit_us;
    int64_t run_us;                  /* how long it runs, if it is let: more than 0 */
    int64_t estimate_us;             /* how long it may run: not less than run_us */
    int64_t procs;                   /* CPUs it asks for, at least 1 */
    int64_t mem_mb;                  /* memory it asks for; 0: not known, none is taken */
    int64_t priority;                /* more is sooner */
    int64_t user, group, executable; /* numbers; -1: not known */
};

struct trace {
    struct trace_job *jobs; /* in queue order: by submit time, then as they stood in the source */
    size_t count, cap;
    int64_t procs;  /* CPUs of the machine, as the source says; 0: it does not */
    int64_t mem_mb; /* its memory; 0: not known, jobs' memory does not matter */
    char *name;     /* for tables and plots: "KTH-SP2-1996-2.1-cln" */
};

void trace_free(struct trace *t); /* also empties */
/* Appends a copy. 0, or -1 if no memory. */
int trace_add(struct trace *t, const struct trace_job *j);
/* Puts the jobs in queue order: stably by submit time. 0, or -1 if no memory. */
int trace_sort(struct trace *t);
/* Multiplies the load of a sorted trace by `factor` (> 0): the times between arrivals are divided
 * by it, from the first arrival on; rounded down to whole seconds if all submit times are whole
 * seconds. What would come to more than 73,000 years stays there. */
void trace_rescale(struct trace *t, double factor);
