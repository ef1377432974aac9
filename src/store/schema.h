/* SPDX-License-Identifier: MIT */
/* schema.h - the tables of the database, and how a file says that it is ours. Private to store/. */
#pragma once

#include "store/store.h"
#include "util/err.h"

#define SCHEMA_APPLICATION_ID 0x6d736c6d /* "mslm": PRAGMA application_id */
#define SCHEMA_VERSION        6          /* PRAGMA user_version */

/* The condition of the index jobs_active: who uses that has to say it. Of a list of more than two
 * SQLite would make a table, for every row that is written. */
#define STATUS_ACTIVE "(status = 'PENDING' OR status = 'RUNNING' OR status = 'SUSPENDED')"
/* There is an attempt that is not over. */
#define STATUS_RUNS "status IN ('RUNNING', 'SUSPENDED')"

/* The versions that brought what an upgrade has to fill in. */
#define SCHEMA_WITH_PREDICTIONS 2
#define SCHEMA_WITH_ELASTIC     3

/* Makes the tables that version `from` did not have (0: all of them) and marks the file as ours and
 * of this version, inside the caller's transaction. */
int schema_create(struct store *s, int64_t from, struct err *e);
