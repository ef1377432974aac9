/* SPDX-License-Identifier: MIT */
/* settle.h - without a scheduler: jobs that ended meanwhile get into the store.
 *
 * Only what a status file says for certain, phase ENDED; whatever else became of an attempt is for
 * a scheduler's recovery to find out. */
#pragma once

#include <stddef.h>

#include "attempt/status.h"
#include "store/store.h"

struct settled {
    struct attempt_status *ended;
    size_t count;
};

void settled_free(struct settled *s);
/* Finds the running jobs of the store that have ended. */
int settle_find(struct store *store, const char *run_dir, struct settled *s, struct err *e);
/* Writes their outcomes, inside a transaction. */
int settle_store(struct store *store, const struct settled *s, struct err *e);
/* Once that is durable: their files go. */
void settle_clean(const char *run_dir, const struct settled *s);
