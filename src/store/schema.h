/* SPDX-License-Identifier: MIT */
/* schema.h - the tables of the database, and how a file says that it is ours. Private to store/. */
#pragma once

#include "store/store.h"
#include "util/err.h"

#define SCHEMA_APPLICATION_ID 0x6d736c6d /* "mslm": PRAGMA application_id */
#define SCHEMA_VERSION        1          /* PRAGMA user_version */

/* Makes the tables and marks the file as ours, inside the caller's transaction. */
int schema_create(struct store *s, struct err *e);
