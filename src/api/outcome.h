/* SPDX-License-Identifier: MIT */
/* outcome.h - what a shepherd reports, as the store keeps it. */
#pragma once

#include "attempt/status.h"
#include "store/store.h"

/* Maps a status of phase ENDED; fills an empty *r (attempt_record_clear() it), with a reason in
 * words unless all went well. What only the store knows (allocation, CPUs) stays empty. 0, or -1
 * if no memory. */
int outcome_to_attempt(const struct attempt_status *s, struct attempt_record *r);

/* The same, with what the store knows: if the job was cancelled the reason names who asked for
 * that, and if it ran until its deadline its state is DEADLINE. 0, or -1 with *e; *r is to be
 * cleared either way. */
int outcome_load(struct store *store, const struct attempt_status *s, struct attempt_record *r,
                 struct err *e);

/* The same, and writes it into the store (inside a transaction): the attempt is over, and the job
 * has ended, or is to be run again. ERR_INVALID if it has been over before. */
int outcome_record(struct store *store, const struct attempt_status *s, struct err *e);
