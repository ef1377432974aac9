/* SPDX-License-Identifier: MIT */
/* submission.h - one job that is handed in, alone or with others. */
#pragma once

#include "api/request.h"

/* Fills the empty *r, which the caller clears in any case, with what c->request asks for, but for
 * what it waits for (depend.h). */
int submission_read(const struct call *c, struct job_record *r, struct err *e);
/* Stores it; the host will be told. */
int submission_store(struct call *c, struct job_record *r, struct err *e);
