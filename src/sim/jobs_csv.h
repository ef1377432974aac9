/* SPDX-License-Identifier: MIT */
/* jobs_csv.h - what became of each job, as CSV: a header, then a line a job in queue order.
 *
 *     id,submit,start,end,procs,estimate,backfilled
 *     17,3600,3610.5,4210.5,8,900,1
 *
 * Times are seconds in the trace's own time, with a fraction only where there is one. Of malleable
 * jobs three columns more: whether it is one, how often it was resized, and how many CPUs it had on
 * average over its run.
 *
 *     id,submit,start,end,procs,estimate,backfilled,malleable,resizes,cpus
 *     17,3600,3610.5,4010.5,8,900,1,1,2,11.5 */
#pragma once

#include "sim/replay.h"

/* "-" is standard output. 0, or -1 with *e. */
int jobs_csv_write(const char *path, const struct trace *t, const struct replay_result *r,
                   bool malleable, struct err *e);
