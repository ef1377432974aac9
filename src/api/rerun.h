/* SPDX-License-Identifier: MIT */
/* rerun.h - an attempt is over: the job has ended, or is run again (core/retry.h decides). */
#pragma once

#include "store/store.h"

/* Writes it into the store, inside a transaction. 0: the job has ended. 1: it is PENDING again,
 * with the reason in words, and *again, a job without an allocation, to be freed with job_free(),
 * is what the core is to know of it. -1 with *e: ERR_INVALID if that attempt was over before. */
int rerun_settle(struct store *store, const struct attempt_record *end, int64_t now_us,
                 struct job *again, struct err *e);
/* A job that has ended is put back; else as above: 0. */
int rerun_requeue(struct store *store, const struct requeue_record *r, struct job *again,
                  struct err *e);
