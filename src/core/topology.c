// SPDX-License-Identifier: MIT
#include "core/topology.h"

#include <stdlib.h>
#include <string.h>

#include "util/buf.h"
#include "util/hostlist.h"

const char *topology_kind_name(enum topology_kind k)
{
    static const char *const names[] = {
        [TOPOLOGY_SWITCH] = "switch",   [TOPOLOGY_MACHINE] = "machine",
        [TOPOLOGY_PACKAGE] = "package", [TOPOLOGY_NUMA] = "NUMA node",
        [TOPOLOGY_CACHE] = "cache",     [TOPOLOGY_GROUP] = "group",
    };
    return names[k];
}

void topology_free(struct topology *t)
{
    if (!t)
        return;
    free(t->switches);
    free(t->nodes);
    free(t->leaves);
    free(t->cpus);
    free(t->node_of_cpu);
    free(t->by_name);
    free(t->names);
    free(t);
}

int topology_node_named(const struct topology *t, const char *name)
{
    int low = 0, high = t->nnodes;
    while (low < high) {
        int mid = low + (high - low) / 2;
        int order = strcmp(name, t->nodes[t->by_name[mid]].name);
        if (order == 0)
            return t->by_name[mid];
        if (order < 0)
            high = mid;
        else
            low = mid + 1;
    }
    return -1;
}

int topology_node_of_cpu(const struct topology *t, int cpu)
{
    return cpu >= 0 && cpu < t->cpu_end ? t->node_of_cpu[cpu] : -1;
}

/* The lowest switch that covers a leaf and whatever `common` covers. */
static int common_switch(const struct topology *t, int common, int leaf)
{
    const struct topology_switch *s = &t->switches[common];
    while (leaf < s->first_leaf || leaf >= s->first_leaf + s->leaves)
        s = &t->switches[s->parent];
    return (int)(s - t->switches);
}

int topology_distance(const struct topology *t, int node, int other)
{
    int common = common_switch(t, t->leaves[t->nodes[node].leaf], t->nodes[other].leaf);
    return 2 * t->switches[common].height;
}

static bool uses_node(const struct topology *t, int node, const struct cpuset *cpus)
{
    const struct topology_node *n = &t->nodes[node];
    for (int i = 0; i < n->cpus; i++)
        if (cpuset_has(cpus, t->cpus[n->first_cpu + i]))
            return true;
    return false;
}

struct topology_extent topology_extent(const struct topology *t, const struct cpuset *cpus)
{
    struct topology_extent x = {0};
    int first = -1, last = -1;
    for (int i = 0; i < t->nnodes; i++) {
        if (!uses_node(t, i, cpus))
            continue;
        x.nodes++;
        x.switches += last < 0 || t->nodes[i].leaf != t->nodes[last].leaf;
        first = first < 0 ? i : first;
        last = i;
    }
    /* What lies between the first and the last is no farther apart than these two. */
    if (first >= 0)
        x.distance = topology_distance(t, first, last);
    return x;
}

char *topology_node_names(const struct topology *t, const struct cpuset *cpus)
{
    struct buf names _cleanup_buf_ = {0};
    for (int i = 0; i < t->nnodes; i++)
        if (uses_node(t, i, cpus))
            buf_add(&names, t->nodes[i].name, strlen(t->nodes[i].name) + 1);
    if (names.failed)
        return NULL;
    return hostlist_compress(&(struct strz){.data = names.data, .len = names.len});
}
