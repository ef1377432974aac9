/* SPDX-License-Identifier: MIT */
/* roster.h - a few jobs in the order in which they came (pure). An array of borrowed nodes. */
#pragma once

#include <stddef.h>

struct node;

struct roster {
    struct node **nodes;
    size_t count, cap;
};

void roster_free(struct roster *r);
/* Makes room, so that so many fit without memory. 0, or -1. */
int roster_reserve(struct roster *r, size_t count);
/* There is room. */
void roster_add(struct roster *r, struct node *n);
/* Harmless if it is not there. */
void roster_remove(struct roster *r, const struct node *n);
