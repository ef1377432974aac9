/* SPDX-License-Identifier: MIT */
/* job_spec.h - what a job's shepherd is told: from the job's row to attempt/spec.h. */
#pragma once

#include "daemon/daemon.h"

/* r: loaded with STORE_WITH_ENV, its attempt begun: `run`, which has its shepherd. given: an
 * attempt whose files it gets, or NULL. Appends the encoded spec to *out. */
int job_spec_make(const struct daemon *d, const struct job_record *r, const struct run *run,
                  const struct attempt_id *given, struct buf *out, struct err *e);
