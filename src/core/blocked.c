// SPDX-License-Identifier: MIT
/* blocked.c - jobs that may not start, whatever is free: they stand in no queue. */
#include "core/world.h"

enum block world_blocked(const struct node *n)
{
    const struct array *a = n->array;
    if (n->job.held)
        return BLOCK_HELD;
    if (depends_state(n) != CLAUSE_HOLDS)
        return BLOCK_DEPENDENCY;
    return a && a->limit && a->running >= a->limit ? BLOCK_ARRAY_LIMIT : BLOCK_NOT;
}
