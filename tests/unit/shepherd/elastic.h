/* SPDX-License-Identifier: MIT */
/* elastic.h - an elastic job, and the scheduler that resizes it. */
#pragma once

#include "attempt/report.h"
#include "attempt/resize.h"
#include "fixture.h"

/* As attempt_new(), but elastic: between 1 and 2 CPUs, from that list; the files "job.control" and
 * "job.ack"; SIGUSR1. Watched, or in groups: then ends the program if there are none. */
void elastic_new(struct attempt *a, const char *line, const char *cpus, bool groups);
void elastic_end(struct attempt *a, bool groups);
/* A line for elastic_new(): starts these workers ("threads", "catch", ...; up to NULL) and waits.
 */
const char *workers(const char *first, ...);

/* The scheduler's end for reports, made by elastic_new(). */
extern int reports;

/* Orders these CPUs ("0", "0-1"). */
void order_mem(struct attempt *a, int64_t generation, const char *list, int64_t grace_us,
               int64_t mem_mb);
void order(struct attempt *a, int64_t generation, const char *list, int64_t grace_us);
/* Writes into the FIFO, as the job would. */
void acknowledge(const struct attempt *a, const char *text);
/* The next report that comes within that time; false if none does. */
bool next_report(struct report *r, int timeout_ms);
/* Until the order is reported; earlier reports are passed over. False after 20 s. */
bool await_report(int64_t generation);
/* Waits until the control file is this, for 20 s at most; a "*" stands for the deadline. */
bool await_control(const struct attempt *a, const char *text);

/* Whether every thread of the process runs on these CPUs and no others; *threads: how many. */
bool runs_on(long pid, const char *list, int *threads);
bool have_two_cpus(void);
bool have_groups(void);
