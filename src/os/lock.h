/* SPDX-License-Identifier: MIT */
/* lock.h - locks that the kernel holds and lets go of when the holder dies: flock(2). */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "util/err.h"

/* Opens (0600, close-on-exec) and locks; the descriptor is the lock, close() lets go.
 * wait: until it is free. Otherwise ERR_BUSY if somebody holds it. -1 on failure. */
int lock_take(const char *path, bool wait, struct err *e);
/* Writes our pid into the file, for lock_holder(). */
int lock_sign(int fd, struct err *e);
/* The pid that signed the lock and still holds it; 0 if nobody does. -1 with *e on failure. */
pid_t lock_holder(const char *path, struct err *e);
