/* SPDX-License-Identifier: MIT */
/* columns.h - the columns that jobs and attempts have in common, as values of the core. Private to
 * store/. */
#pragma once

#include "store/record.h"
#include "store/stmt.h"

/* "cpu=enforced mem=watched procs=advisory gpu=none"; NULL is all none. */
#define LEVELS_TEXT_LEN 96
char *levels_format(const struct levels *l, char *buf, size_t len); /* returns buf */
void stmt_get_levels(struct stmt *q, struct levels *l);
/* A state that this version does not know is ERR_CORRUPT. */
int stmt_get_state(struct stmt *q, int64_t job, enum job_state *state, struct err *e);
