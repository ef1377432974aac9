// SPDX-License-Identifier: MIT
#include "core/plan.h"

#include <stdlib.h>

void plan_free(struct plan *p)
{
    free(p->actions);
    *p = (struct plan){0};
}

int plan_add(struct plan *p, const struct action *a)
{
    if (p->count == p->cap) {
        size_t cap = p->cap ? p->cap * 2 : 16;
        struct action *grown = realloc(p->actions, cap * sizeof *grown);
        if (!grown)
            return -1;
        p->actions = grown;
        p->cap = cap;
    }
    p->actions[p->count++] = *a;
    return 0;
}
