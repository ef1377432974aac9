// SPDX-License-Identifier: MIT
/* blocked.c - jobs that may not start, whatever is free: they stand in no queue. */
#include "core/world.h"

enum block world_blocked(const struct node *n)
{
    return n->job.held ? BLOCK_HELD : BLOCK_NOT;
}
