/* SPDX-License-Identifier: MIT */
/* cpuset.h - a set of CPU numbers (pure; plain data).
 *
 * Text form as the kernel's: "0-3,7". The set owns its words; zero-initialised is empty. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CPUSET_MAX 65536 /* CPU numbers are below this */

struct cpuset {
    uint64_t *words;
    size_t nwords;
};

void cpuset_free(struct cpuset *s);                            /* also empties */
int cpuset_copy(struct cpuset *to, const struct cpuset *from); /* 0, or -1 if no memory */
int cpuset_reserve(struct cpuset *s, int end);                 /* the same; numbers below `end`
                                                                  can be added without memory */
int cpuset_add(struct cpuset *s, int cpu);                     /* 0, or -1 if no memory */
/* The members of `from` that are in [first, end); 0, or -1 if no memory. */
int cpuset_add_range(struct cpuset *s, const struct cpuset *from, int first, int end);
void cpuset_remove(struct cpuset *s, int cpu);
bool cpuset_has(const struct cpuset *s, int cpu);
int cpuset_count(const struct cpuset *s);
/* The lowest member >= from, or -1. */
int cpuset_next(const struct cpuset *s, int from);
bool cpuset_overlaps(const struct cpuset *a, const struct cpuset *b);
/* 0; -1 if text is no list of CPU numbers below CPUSET_MAX, or no memory (*s is left empty). An
 * empty text is the empty set. */
int cpuset_parse(struct cpuset *s, const char *text);
/* A string to free(), or NULL if no memory. */
char *cpuset_format(const struct cpuset *s);

#define _cleanup_cpuset_ __attribute__((cleanup(cpuset_free)))
