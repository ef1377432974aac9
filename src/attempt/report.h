/* SPDX-License-Identifier: MIT */
/* report.h - what shepherds have to tell while their jobs run: lines into one FIFO of the
 * scheduler, <run_dir>/reports.
 *
 * It is the way also for shepherds that an earlier scheduler started. Where no scheduler reads,
 * nothing is told: the next one orders anew when it adopts the job, and hears of that. */
#pragma once

#include <stdint.h>

#include "util/err.h"

/* "resized": the order of that generation is carried out, and seen to hold. */
struct report {
    int64_t job;
    int attempt;
    int64_t generation;
    int64_t mem_mb; /* what its memory limit is now: not less than it uses */
};

/* The scheduler's end: makes the FIFO and opens it, non-blocking and so that it never ends. A
 * descriptor, or -1 with *e. */
int report_open(const char *run_dir, struct err *e);
/* A line as read there, without its newline. 0, or -1 if it is none. */
int report_parse(const char *line, struct report *r);
/* The shepherd's. 0: told. 1: nobody reads. -1 with *e: ERR_FULL if the scheduler has so much to
 * read that it must be told later. The caller does not die of SIGPIPE: it has it blocked. */
int report_send(const char *run_dir, const struct report *r, struct err *e);
