/* SPDX-License-Identifier: MIT */
/* retries.h - a retry policy as columns of `jobs`. Private to store/. */
#pragma once

#include "core/retry.h"
#include "store/stmt.h"

#define RETRY_COLUMNS "retries, retry_on, retry_delay, retry_factor, retry_mem, max_mem_mb, requeue"

/* The next columns, or parameters, are those. */
void retry_read(struct stmt *q, struct retry_policy *p);
void retry_put(struct stmt *q, const struct retry_policy *p);
