/* SPDX-License-Identifier: MIT */
/* affinity.h - pinning processes to CPUs without a cgroup: every thread of each. */
#pragma once

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
/* Pins every thread of pid that can run outside the set; one that keeps itself to a part of it is
 * let be. Returns how many were put back; a process that is gone counts as none. */
int affinity_hold(const struct affinity *a, pid_t pid);
