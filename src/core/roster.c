// SPDX-License-Identifier: MIT
#include "core/roster.h"

#include <stdlib.h>
#include <string.h>

void roster_free(struct roster *r)
{
    free(r->nodes);
    *r = (struct roster){0};
}

int roster_reserve(struct roster *r, size_t count)
{
    if (count <= r->cap)
        return 0;
    struct node **grown = realloc(r->nodes, 2 * count * sizeof *grown);
    if (!grown)
        return -1;
    r->nodes = grown;
    r->cap = 2 * count;
    return 0;
}

void roster_add(struct roster *r, struct node *n)
{
    r->nodes[r->count++] = n;
}

void roster_remove(struct roster *r, const struct node *n)
{
    for (size_t i = 0; i < r->count; i++)
        if (r->nodes[i] == n) {
            r->count--;
            memmove(r->nodes + i, r->nodes + i + 1, (r->count - i) * sizeof *r->nodes);
            return;
        }
}
