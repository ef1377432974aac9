/* SPDX-License-Identifier: MIT */
/* checkpoint.h - how a job saves what it has done before it is ended, to be put back into the queue
 * and to go on there: signal:SIG[@T], or criu. */
#pragma once

#include <stdint.h>

#include "util/err.h"
#include "util/warning.h"

enum checkpoint {
    CHECKPOINT_NONE,
    CHECKPOINT_SIGNAL, /* it does so itself, when it gets a signal */
    CHECKPOINT_CRIU,   /* criu(8) writes its processes down, and makes them again */
    CHECKPOINTS,       /* how many there are */
};

/* "signal", "criu"; NULL for none. Static. */
const char *checkpoint_name(enum checkpoint c);
/* From that; CHECKPOINT_NONE if it is not known, or NULL. */
enum checkpoint checkpoint_find(const char *name);
/* T: seconds, or as a duration with units (30s, 5m). Of a signal *w is set to it, and how long
 * before the limit it comes, if there is one (warning_fits() says whether that can be). `what`
 * begins the message: "--checkpoint signal:USR9: ...". 0, or -1 with ERR_INVALID. */
int checkpoint_parse(const char *what, const char *text, enum checkpoint *c, struct warning *w,
                     struct err *e);
