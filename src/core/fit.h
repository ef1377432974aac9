/* SPDX-License-Identifier: MIT */
/* fit.h - best fit, exactly: the fewest items that hold what is needed, and among those the ones
 * that exceed it least (pure).
 *
 * The fewest are the largest; how many there are, say k, is clear at once. Since k - 1 do not
 * suffice, the k largest exceed the need by less than the k-th of them: all that remains is to swap
 * larger items for smaller ones within that slack, a subset sum over few bits. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct fit_group {
    int64_t size;  /* of each item: at least 1; every group has another */
    int64_t count; /* of the items: at least 1 */
    int64_t take;  /* the result: so many of them */
};

/* Room for the search, kept from one to the next. Zero-initialise. */
struct fit {
    uint64_t *bits;
    uint32_t *from;
    size_t bits_cap, from_cap;
};
void fit_free(struct fit *f);

/* groups: by falling size; need: at least 1, at most the sum of all. The same groups give the same
 * answer. Returns by how much the items taken exceed the need; -1 if no memory. */
int64_t fit_choose(struct fit *f, struct fit_group *groups, size_t count, int64_t need);
