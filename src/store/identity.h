/* SPDX-License-Identifier: MIT */
/* identity.h - what a file says it is, before SQLite is let near its contents. Private to store/.
 *
 * Reading a foreign database could already change it (a leftover journal is played back), so the
 * header is looked at first. */
#pragma once

#include "store/store.h"

enum identity {
    IDENTITY_EMPTY,    /* nothing in it yet */
    IDENTITY_OURS,     /* has our application id */
    IDENTITY_UNMARKED, /* a database without application id: the Python mini-slurm's, perhaps */
};

/* ERR_CORRUPT, with what was found, for what is no database or another program's. *wal: whether it
 * is in WAL mode already. */
int identity_read(struct store *s, enum identity *id, bool *wal, struct err *e);
