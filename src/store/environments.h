/* SPDX-License-Identifier: MIT */
/* environments.h - environments, each stored once however many jobs share it. Private to store/. */
#pragma once

#include "store/store.h"

#define ENVIRONMENT_KEY_LEN 16

/* Stores the environment if it is not there yet; key gets its key. */
int environment_intern(struct store *s, const struct strz *env, unsigned char *key, struct err *e);
/* Fills the empty *env with the job's; leaves it empty if none was stored. */
int environment_load(struct store *s, int64_t job, struct strz *env, struct err *e);
/* What environment_intern() remembers is of this transaction: what is undone is not there. */
void environment_forget(struct store *s);
