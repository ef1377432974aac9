/* SPDX-License-Identifier: MIT */
/* outcome.h - how an attempt stands, for those who are told. */
#pragma once

#include "attempt/status.h"
#include "util/buf.h"

/* It has ended as COMPLETED. */
bool outcome_is_good(const struct attempt_status *s);
/* Appends variables, each with a NUL: MINI_SLURM_JOB_STATE, and once it has ended
 * MINI_SLURM_EXIT_CODE, MINI_SLURM_JOB_SIGNAL, MINI_SLURM_JOB_RUNTIME (seconds) and
 * MINI_SLURM_JOB_REASON. */
void outcome_describe(const struct attempt_status *s, struct buf *env);
