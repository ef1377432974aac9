/* SPDX-License-Identifier: MIT */
/* retry.h - what is said of running a job again, by submit and update. */
#pragma once

#include "api/frame.h"
#include "util/err.h"

/* Each adds what was typed to the request; `what` names it in messages. 0, or -1 with *e. */
/* "fail,oom" */
int retry_add_on(struct frame *request, const char *what, const char *text, struct err *e);
/* "10s", "10s*2": twice as long before each further one; "0": at once. */
int retry_add_delay(struct frame *request, const char *what, const char *text, struct err *e);
/* "x1.5" */
int retry_add_mem(struct frame *request, const char *what, const char *text, struct err *e);
