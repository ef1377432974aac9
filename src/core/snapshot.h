/* SPDX-License-Identifier: MIT */
/* snapshot.h - what a pass changes beside the jobs that it starts: when those that run are expected
 * to end, and who has which reservation (pure; for the files of the core only). */
#pragma once

#include "core/profile.h"

struct sched;
struct timeline;
struct mark;

/* A timeline as it was. */
struct marks {
    struct mark *list;
    size_t count;
};

struct snapshot {
    struct marks running;
    /* Only where reservations are kept from pass to pass. */
    struct marks reserved, arrived;
    struct profile profile;
    bool vacated, overrun;
    int64_t vacated_until_us;
};

/* 0, or -1 if no memory: then, too, it is to be freed. */
int snapshot_take(struct snapshot *s, const struct sched *from);
void snapshot_free(struct snapshot *s);
/* The same jobs run and wait as then, and nobody has a reservation (reservations_drop()). */
void snapshot_restore(const struct snapshot *s, struct sched *to);
