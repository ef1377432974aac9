/* SPDX-License-Identifier: MIT */
/* predictor.h - how long a job will run: the mean of the last two run times of the same user and
 * executable, or of one that is not known, of the same user. (D. Tsafrir, Y. Etsion, D. G.
 * Feitelson, "Backfilling using system-generated predictions rather than user runtime estimates",
 * IEEE TPDS 18(6), 2007; what it is worth: E. Gaussier, D. Glesser, V. Reis, D. Trystram,
 * "Improving backfilling by using machine learning to predict running times", SC 2015.)
 *
 * As the scheduler's own (store/predictions.h), for traces, where executables are numbers. */
#pragma once

#include "sim/numbering.h"
#include "sim/trace.h"

struct recent_runs;

struct predictor {
    struct numbering groups;  /* of jobs of one user and executable */
    struct recent_runs *runs; /* of each group; owned */
    size_t cap;
};

/* The job has ended. Of a user that is not known nothing is learnt. 0, or -1 if no memory. */
int predictor_learn(struct predictor *p, const struct trace_job *j);
/* How long it will run; 0 if nothing is known. */
int64_t predictor_guess(const struct predictor *p, const struct trace_job *j);
void predictor_free(struct predictor *p); /* also empties */
