/* SPDX-License-Identifier: MIT */
/* affinity.h - pinning processes to CPUs without a cgroup: every thread of each. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "util/err.h"

/* A set of CPUs. Zero-initialised: none, and nothing is ever pinned. */
struct affinity {
    void *mask;
    size_t size;
};

/* From a list such as "0-3,7". 0, or -1 with *e if it is none, or where there is no such thing. */
int affinity_parse(struct affinity *a, const char *list, struct err *e);
void affinity_free(struct affinity *a);
/* Pins the calling thread. 0, or -1 with errno. */
int affinity_set(const struct affinity *a);
/* Whether every CPU of b is in a; no if either is none. */
bool affinity_covers(const struct affinity *a, const struct affinity *b);
/* Pins every thread of pid that can run outside the set; one that keeps itself to a part of it is
 * let be. Returns how many were put back; a process that is gone counts as none. */
int affinity_hold(const struct affinity *a, pid_t pid);
/* The set has changed: pins to `to` every thread that can run outside of it, as above, and every
 * one that has the whole of `from`, which it did not choose. Returns how many. */
int affinity_move(const struct affinity *from, const struct affinity *to, pid_t pid);
/* How many threads of pid can run outside the set, whatever was tried; none is outside of none. */
int affinity_strays(const struct affinity *a, pid_t pid);
