/* SPDX-License-Identifier: MIT */
/* resize.h - what a running elastic job is to have from now on: an order to its shepherd.
 *
 * <run_dir>/<job>.<attempt>.resize holds the last one, replaced by each new one; CONTROL_RESIZE
 * (control.h) tells the shepherd to read it. So orders may be told twice, or late, or skipped: the
 * last one counts. What was carried out is reported, see report.h. */
#pragma once

#include <stdint.h>

#include "util/err.h"

struct resize_order {
    int64_t generation; /* of this attempt, ascending from 1; the shepherd ignores what is not
                           newer than what it has, but reports again what it has carried out */
    int64_t cpus;
    int64_t mem_mb;
    int64_t grace_us; /* how long the job has to acknowledge that it gets fewer CPUs */
    char *cpu_list;   /* "0-3"; "" where CPUs are counted, not told apart */
    char *mems;       /* NUMA nodes that its memory may then come from too; "": from any */
    char *reason;     /* for people, one line */
};

void resize_order_free(struct resize_order *o);
/* 0, or -1 with *e: ERR_FULL if a later try may succeed. */
int resize_order_write(const char *run_dir, int64_t job, int attempt, const struct resize_order *o,
                       struct err *e);
/* 0, or -1: ERR_NOT_FOUND if there is none, ERR_CORRUPT. On failure *o is empty. */
int resize_order_read(const char *run_dir, int64_t job, int attempt, struct resize_order *o,
                      struct err *e);
