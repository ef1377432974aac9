/* SPDX-License-Identifier: MIT */
/* report.h - what replays come to, for people and for programs: everything is kept as JSON, and the
 * table shows some of it. */
#pragma once

#include <jansson.h>
#include <stdio.h>

#include "sim/metrics.h"
#include "sim/runs.h"
#include "sim/swf.h"

/* A trace without runs: its name, CPUs, and what became of its lines. NULL if no memory. */
json_t *report_trace(const struct trace *t, const struct swf_report *r);
/* Its next run; malleable: shares of malleable jobs were asked for. 0, or -1 if no memory. */
int report_add(json_t *trace, const struct run *run, const struct metrics *m, bool malleable);
/* The block of a trace: a few words, then a row a run. */
void report_print(const json_t *trace, FILE *to);
