/* SPDX-License-Identifier: MIT */
/* wire.h - one frame over a connected stream socket, for whoever has nothing else to do meanwhile:
 * the client, and the server of one client. (The scheduler's listener never waits.) */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "api/frame.h"

#define WIRE_FOREVER INT64_MAX

/* What wire_receive() says besides 0 and -1: the connection ended before a whole frame. */
enum { WIRE_ENDED = 1 };

/* Whether something has come, or the connection ended; false once that time (boot clock) has come,
 * or a signal. */
bool wire_ready(int fd, int64_t until_us);

/* Both keep to a deadline on the boot-time clock: ERR_BUSY once it is past.
 *
 * Whoever does not read on to the end may still have answered: a broken pipe is left to
 * wire_receive() to find. */
int wire_send(int fd, const struct frame *f, int64_t deadline_us, struct err *e);
/* *f is empty before, and on failure. */
int wire_receive(int fd, struct frame *f, int64_t deadline_us, struct err *e);
