/* SPDX-License-Identifier: MIT */
/* own_history.h - the history of this user's store, on this machine. */
#pragma once

#include "sim/history.h"

/* history_read(), of what was submitted in the last so many days (0: ever), on a machine with so
 * many CPUs (0: as this one). */
int own_history(double days, int64_t cpus, bool estimate_is_run, struct history *h, struct err *e);
