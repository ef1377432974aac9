/* SPDX-License-Identifier: MIT */
/* migrate.h - bringing a database to the schema of this version. Private to store/. */
#pragma once

#include "store/store.h"

/* Makes the tables in an empty database; copies, then upgrades an older one; leaves one that is up
 * to date alone (another process may have been first). All or nothing. */
int migrate(struct store *s, struct err *e);
