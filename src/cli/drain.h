/* SPDX-License-Identifier: MIT */
/* drain.h - that the scheduler is drained, for people. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "api/frame.h"
#include "util/err.h"

#define DRAIN_LINE 160

/* "drained since 2026-11-23 05:27:25 by ann: nothing new starts until mini-slurm resume-all", of a
 * reply with "drained". Whether it is; "" if not. */
bool drain_line(const json_t *reply, char *buf, size_t len);
/* Asks for it, or for its end. */
int drain_ask(bool drained, struct frame *reply, struct err *e);
