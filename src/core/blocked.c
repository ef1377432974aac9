// SPDX-License-Identifier: MIT
/* blocked.c - jobs that may not start, whatever is free: they stand in no queue. */
#include "core/world.h"

enum block world_blocked(const struct node *n)
{
    if (n->job.held)
        return BLOCK_HELD;
    return depends_state(n) == CLAUSE_HOLDS ? BLOCK_NOT : BLOCK_DEPENDENCY;
}
