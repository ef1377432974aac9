/* SPDX-License-Identifier: MIT */
/* wake.h - what wakes the pool: an ended child, the order to end, time, and whatever other signal
 * is handled when it sleeps. Between two sleeps all signals are blocked, so that none is missed.
 *
 * (A waiter of os/ would not do: a signal that it collects has no handler, and who has none is not
 * told by a signal that his job is resized.) */
#pragma once

#include <stdint.h>

void wake_open(void);
/* The signal that ordered the end: SIGTERM, SIGINT or SIGHUP; 0 if none has. */
int wake_ending(void);
/* until_us: clock_boot_us() at which to return at the latest; 0: no such time. */
void wake_sleep(int64_t until_us);
/* In a child: handles, ignores and blocks what was handled, ignored and blocked before wake_open().
 */
void wake_restore(void);
