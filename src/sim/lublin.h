/* SPDX-License-Identifier: MIT */
/* lublin.h - synthetic load: the model of U. Lublin and D. G. Feitelson, "The workload on parallel
 * supercomputers: modeling the characteristics of rigid jobs", J. Parallel and Distributed
 * Computing 63(11), 2003, with the constants that the authors' program (m_lublin99.c) has for batch
 * jobs.
 *
 * The program makes interactive jobs too, and has constants for all jobs together, with which the
 * lublin_256 of many studies was made: its jobs are shorter, and come more often. */
#pragma once

#include "sim/trace.h"

struct lublin_options {
    size_t jobs;
    int64_t procs; /* of the machine: 2 or more */
    uint64_t seed; /* the same seed, the same trace, on every machine */
};

/* Fills the empty *t: whole seconds; the estimate is the run time. 0, or -1 with *e. */
int lublin_make(const struct lublin_options *o, struct trace *t, struct err *e);
