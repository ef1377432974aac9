/* SPDX-License-Identifier: MIT */
/* when.h - points in time as people say them, in the time zone of the process (TZ). */
#pragma once

#include <stdint.h>

#include "util/err.h"

/* Slurm's forms, in any case:
 *
 *   now, now+30, now+30minutes, now+1h   seconds, minutes, hours, days, weeks, or their beginnings
 *   16:00, 16:00:30, 4:00 PM             the next time that it is so late
 *   midnight, noon, elevenses, fika, teatime   0:00, 12:00, 11:00, 15:00, 16:00: the same
 *   2026-12-01, 12/01/26, 12.01.26, 120126     0:00 of that day
 *   12/01, 1201                          the same of this year, or if the day is over of the next
 *   today, tomorrow                      0:00 of that day
 *   2026-12-01T08:00, 12/01-08:00, tomorrow noon   day and time, in any order
 *
 * A day has the hours that the time zone gives it: "tomorrow 8:00" is not always 24 h after
 * today's; now+1day is. What lies before now_us is refused. 0, or -1 with ERR_INVALID. */
int when_parse_us(const char *what, const char *text, int64_t now_us, int64_t *us, struct err *e);
