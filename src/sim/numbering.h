/* SPDX-License-Identifier: MIT */
/* numbering.h - numbers for things, in the order in which they appear: 1, 2, 3, ... */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct numbered;

struct numbering {
    struct numbered *all; /* a hash; owned. NULL: nothing has appeared yet */
};

/* The number of these bytes, which are copied if they are new. -1 if no memory. */
int64_t numbering_add(struct numbering *n, const void *bytes, size_t len);
/* The same, but 0 if they have not appeared. */
int64_t numbering_find(const struct numbering *n, const void *bytes, size_t len);
int64_t numbering_count(const struct numbering *n);
void numbering_free(struct numbering *n); /* also empties */
