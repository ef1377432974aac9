/* SPDX-License-Identifier: MIT */
/* trees.h - trees for tests, in words: "(4 4)(2 2 2)" is two leaf switches under a root, of two
 * nodes with 4 CPUs each and three with 2; brackets nest. Nodes are n1, n2 ... in order, switches
 * w1, w2 ...; CPUs are numbered from 0. */
#pragma once

#include <ctype.h>
#include <stdlib.h>

#include "core/topology.h"
#include "tap.h"

__attribute__((unused)) static struct topology *tree(const char *text)
{
    struct topology_builder *b = topology_builder_create(NULL);
    int path[TOPOLOGY_DEPTH_MAX] = {-1}, depth = 0, nodes = 0, switches = 0, cpu = 0;
    for (char *end; *text; text = end) {
        char name[32];
        end = (char *)text + 1;
        if (*text == '(') {
            snprintf(name, sizeof name, "w%d", ++switches);
            path[depth + 1] =
                topology_builder_add_switch(b, path[depth], name, TOPOLOGY_SWITCH, NULL);
            depth++;
        } else if (*text == ')') {
            depth--;
        } else if (isdigit((unsigned char)*text)) {
            int cpus[64], n = (int)strtol(text, &end, 10);
            for (int i = 0; i < n; i++)
                cpus[i] = cpu++;
            snprintf(name, sizeof name, "n%d", ++nodes);
            topology_builder_add_node(b, path[depth], name, cpus, n, 100, NULL);
        }
    }
    struct err e = {0};
    struct topology *t = topology_build(b, &e);
    if (!t)
        ok(false, "%s", e.text);
    topology_builder_free(b);
    return t;
}
