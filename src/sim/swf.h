/* SPDX-License-Identifier: MIT */
/* swf.h - the Standard Workload Format of the Parallel Workloads Archive: 18 whitespace-separated
 * fields a line, ';' comments with "Name: value" headers before (and, in the wild, among) them.
 * https://www.cs.huji.ac.il/labs/parallel/workload/swf.html
 *
 * Which jobs are taken (as in the published comparisons): processors are field 8 if it is above 0,
 * else field 5; the estimate is field 9. A job is dropped if its run time, processors or estimate
 * are not above 0, its submit time is negative, or it wants more processors than the machine has.
 * If it ran longer than its estimate, it ran exactly that long: it was killed at its limit.
 *
 * Any field may be a decimal number: seconds keep their fraction to the microsecond, everything
 * else loses it. What stands behind the 18th field is not looked at. Memory is field 10, KB per
 * processor. */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "sim/trace.h"

#define SWF_BROKEN_NAMED 10 /* so many broken lines are named, the others counted */

struct swf_options {
    int64_t procs; /* CPUs of the machine; 0: MaxProcs of the header, else MaxNodes (the largest, if
                      there are several), else the largest request */
    bool estimate_is_run; /* the estimate is the run time (clairvoyant); where no job has an
                             estimate, this also makes them usable */
    bool lenient;         /* broken lines are counted and left out; else they are refused */
};

/* What became of the lines. */
struct swf_report {
    size_t lines; /* with a job on them: the sum of taken, dropped and broken */
    size_t taken;
    size_t no_run, no_procs, no_submit, no_estimate, too_large; /* dropped; each job under the first
                                                                   of these that holds */
    size_t killed;   /* taken, with their run time cut to the estimate */
    size_t broken;   /* not understood: too few fields, a field that is no number, times that 64
                        bits of microseconds can't hold the sum of */
    size_t unsorted; /* taken, and submitted before the one taken above it */
    char broken_lines[SWF_BROKEN_NAMED][256]; /* the first: "trace.swf:17: field 4 is no number: x"
                                               */
    bool procs_guessed; /* the machine is as large as its largest job: nobody said how large it is
                         */
};

/* Reads a file, plain or gzip by its contents, "-" for standard input. Fills the empty *t, sorted,
 * with the machine's CPUs as chosen by the options; a file without jobs makes a trace without jobs.
 * *r may be NULL. 0, or -1 with *e (naming file and line); then *t is empty. */
int swf_read(const char *path, const struct swf_options *o, struct trace *t, struct swf_report *r,
             struct err *e);
/* Writes a trace as SWF to the stream, and flushes it. The header has the comments (each one line;
 * a list that ends with NULL, or NULL), MaxJobs and MaxProcs. What SWF has no field for (priority)
 * is lost, what is not known is -1. 0, or -1 with errno. */
int swf_write(const struct trace *t, const char *const comments[], FILE *stream);
