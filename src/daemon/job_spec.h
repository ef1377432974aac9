/* SPDX-License-Identifier: MIT */
/* job_spec.h - what a job's shepherd is told: from the job's row to attempt/spec.h. */
#pragma once

#include "daemon/daemon.h"

/* r: loaded with STORE_WITH_ENV, its attempt begun. Appends the encoded spec to *out. */
int job_spec_make(const struct daemon *d, const struct job_record *r, int attempt, struct buf *out,
                  struct err *e);
