/* SPDX-License-Identifier: MIT */
/* profile.h - how much of each resource is free from now on, as far as is known (pure).
 *
 * A step function of time. Its steps stand in blocks, each of which knows the least and the most
 * that is free in it and what is added to all of its steps, so that a search passes over blocks and
 * a change over a long time does not touch every step. A step is there as long as something begins
 * or ends at it. */
#pragma once

#include <stddef.h>

#include "core/amount.h"

struct profile_block;

struct profile {
    struct profile_block **blocks; /* the first begins at the origin: now */
    int64_t *begins;               /* of each block: side by side, for searching */
    size_t count, cap;
    struct profile_block *unused; /* kept, so that nothing below needs memory */
    size_t nunused;
};

/* Nothing is taken from `from_us` on. 0, or -1 if no memory. */
int profile_init(struct profile *p, const struct amount *total, int64_t from_us);
void profile_free(struct profile *p);
/* Makes room for so many things taken at a time. 0, or -1 if no memory. */
int profile_reserve(struct profile *p, size_t count);
/* As after profile_init(), which was called before; the room stays. */
void profile_clear(struct profile *p, const struct amount *total, int64_t from_us);
/* A copy of *from with no more room than it needs. 0, or -1 if no memory. */
int profile_clone(struct profile *to, const struct profile *from);
/* *to, which has as much room, becomes as *from. */
void profile_copy(struct profile *to, const struct profile *from);

/* The time is now_us: what was before is forgotten. */
void profile_advance(struct profile *p, int64_t now_us);
/* Takes that much from start_us to end_us; what is before the origin is ignored. More may be taken
 * than there is: then less than nothing is free. */
void profile_take(struct profile *p, int64_t start_us, int64_t end_us, const struct amount *a);
/* Gives back what was taken from start_us (or from before the origin) to end_us. */
void profile_give(struct profile *p, int64_t start_us, int64_t end_us, const struct amount *a);

/* What was taken from start_us on is taken from to_us on, which is earlier. */
void profile_move(struct profile *p, int64_t start_us, int64_t to_us, int64_t duration_us,
                  const struct amount *a);

/* What is looked for: so much, free for so long. */
struct hole {
    struct amount need;
    int64_t duration_us;
};

/* The earliest time from from_us (not before the origin) on at which there is such a hole;
 * INT64_MAX if there is none. */
int64_t profile_earliest(const struct profile *p, const struct hole *h, int64_t from_us);
/* The same for somebody who holds such a place from held_us on already: what he wants must be free
 * beside it only until there. held_us if there is none that begins before latest_us. */
int64_t profile_earlier(const struct profile *p, const struct hole *h, int64_t from_us,
                        int64_t latest_us, int64_t held_us);
/* What is free at that time. */
struct amount profile_at(const struct profile *p, int64_t at_us);
