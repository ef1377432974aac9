/* SPDX-License-Identifier: MIT */
/* notify.h - what a job's user may want to hear of. */
#pragma once

#include "util/buf.h"
#include "util/err.h"

/* Or'ed. Of one end only one is heard of: FAIL rather than END. */
enum notify_on {
    NOTIFY_START = 1, /* it runs */
    NOTIFY_END = 2,   /* it has ended, however */
    NOTIFY_FAIL = 4,  /* it has ended, and not as COMPLETED */
};
#define NOTIFY_DEFAULT (NOTIFY_END | NOTIFY_FAIL)

/* "start,end,fail", or some of these. `what` begins the message: "--notify-on x: ...". 0, or -1
 * with ERR_INVALID. */
int notify_parse(const char *what, const char *list, int *on, struct err *e);
void notify_format(struct buf *out, int on);
/* "start" */
const char *notify_name(enum notify_on event);
