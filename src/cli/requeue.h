/* SPDX-License-Identifier: MIT */
/* requeue.h - what became of jobs that were put back into the queue. */
#pragma once

#include "api/frame.h"
#include "cli/verb.h"

/* Prints the reply, as jobs_print(). What the verb returns. */
int requeue_print(const struct verb *v, struct frame *reply, bool json, struct err *e);
