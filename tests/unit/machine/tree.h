/* SPDX-License-Identifier: MIT */
/* tree.h - a topology in words, to be held against what it should be. */
#pragma once

#include <stdlib.h>

#include "core/topology.h"
#include "tap.h"

/* A line a switch: its kind and name, and if it is a leaf switch, its nodes with their CPUs. */
static void tree_print(const struct topology *t, char *out)
{
    *out = '\0';
    for (int i = 0; i < t->nswitches; i++) {
        const struct topology_switch *s = &t->switches[i];
        out += sprintf(out, "%*s%s (%s)", 2 * s->depth, "", topology_kind_name(s->kind), s->name);
        for (int n = s->first_node; !s->height && n < s->first_node + s->nodes; n++) {
            const struct topology_node *node = &t->nodes[n];
            out += sprintf(out, " %s:", node->name);
            for (int c = 0; c < node->cpus; c++)
                out += sprintf(out, "%s%d", c ? "+" : "", t->cpus[node->first_cpu + c]);
        }
        out += sprintf(out, "\n");
    }
}

static void is_tree(const struct topology *t, const char *want, const char *name)
{
    char got[16384];
    tree_print(t, got);
    is_str(got, want, name);
}
