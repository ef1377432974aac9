/* SPDX-License-Identifier: MIT */
/* clock.h - the two clocks: wall time for people, boot time (which goes on in suspend and is never
 * set) for limits. Microseconds. */
#pragma once

#include <stdint.h>

int64_t clock_wall_us(void);
int64_t clock_boot_us(void);
/* Identifies this boot of the machine; a static string, "" if it can't be known. */
const char *clock_boot_id(void);
