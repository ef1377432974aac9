/* SPDX-License-Identifier: MIT */
/* backup.h - a copy of the database, made before it is upgraded. Private to store/. */
#pragma once

#include "store/store.h"

/* Copies what is committed to <path>.v<version>.bak (0600), or .bak.2 and so on: an existing copy
 * is never overwritten. The caller's transaction keeps others from writing meanwhile. */
int backup_make(struct store *s, int64_t version, struct err *e);
