/* SPDX-License-Identifier: MIT */
/* limit.h - the time that a job has: when it is warned, and when it is over (pure).
 *
 * All times are of the boot clock, in microseconds: it goes on while the machine is suspended, and
 * nobody can set it. While the job is suspended its time stands still. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct limit {
    int64_t began_us;              /* 0: not yet */
    int64_t end_at_us, warn_at_us; /* 0: never, or it has been */
    int64_t stopped_us;            /* since when it stands still; 0: it goes on */
};

enum limit_event { LIMIT_NOTHING, LIMIT_WARN, LIMIT_END };

/* limit_us 0: no limit; warn_before_us 0: no warning. */
void limit_begin(struct limit *l, int64_t limit_us, int64_t warn_before_us, int64_t now_us);
/* From now on it is that, counted from the beginning; the warning of another end is another one.
 * Without effect before limit_begin(). */
void limit_change(struct limit *l, int64_t limit_us, int64_t warn_before_us);
/* It is over so long from now, if not before, and is not warned any more. */
void limit_cut(struct limit *l, int64_t left_us, int64_t now_us);
void limit_stop(struct limit *l, int64_t now_us);
void limit_go_on(struct limit *l, int64_t now_us);
/* What is due; it comes once. Whose end has come is not warned any more. */
enum limit_event limit_due(struct limit *l, int64_t now_us);
/* When to ask again; 0: no need. */
int64_t limit_next(const struct limit *l);
/* For how long it has run, suspensions left out. */
int64_t limit_ran(const struct limit *l, int64_t now_us);
