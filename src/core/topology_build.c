// SPDX-License-Identifier: MIT
/* topology_build.c - from switches and nodes in any order to a tree in depth-first order. */
#include <assert.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "core/topology.h"
#include "util/array.h"
#include "util/buf.h"
#include "util/cleanup.h"

struct made_switch {
    size_t name; /* in names; 0: none */
    enum topology_kind kind;
    int depth;
    int first_child, last_child, next; /* siblings; -1: none */
    int first_node, last_node;
};

struct made_node {
    size_t name;
    int first_cpu, cpus; /* in cpus, where they have numbers */
    int64_t mem_mb;
    int next;
};

struct topology_builder {
    struct made_switch *switches; /* the first joins all roots */
    struct made_node *nodes;
    int *cpus;
    int nswitches, nnodes, ncpus;
    size_t switches_cap, nodes_cap, cpus_cap;
    bool counted, numbered;
    struct buf names; /* each with its NUL; the first is empty */
};

/* --- adding ----------------------------------------------------------------------------------- */

static int copy_name(struct topology_builder *b, const char *name, size_t *at)
{
    *at = 0;
    if (!name || !*name)
        return 0;
    if (!buf_reserve(&b->names, strlen(name) + 1)) {
        b->names.failed = false; /* the builder stays as it was */
        return -1;
    }
    *at = b->names.len;
    buf_add(&b->names, name, strlen(name) + 1);
    return 0;
}

static int append_switch(struct topology_builder *b, int depth, const char *name,
                         enum topology_kind kind)
{
    size_t at;
    struct made_switch *switches =
        array_room(b->switches, &b->switches_cap, (size_t)b->nswitches, 1, sizeof *switches);
    if (!switches)
        return -1;
    b->switches = switches;
    if (copy_name(b, name, &at) < 0)
        return -1;
    b->switches[b->nswitches] = (struct made_switch){.name = at,
                                                     .kind = kind,
                                                     .depth = depth,
                                                     .first_child = -1,
                                                     .last_child = -1,
                                                     .next = -1,
                                                     .first_node = -1,
                                                     .last_node = -1};
    return b->nswitches++;
}

struct topology_builder *topology_builder_create(struct err *e)
{
    struct topology_builder *b = calloc(1, sizeof *b);
    if (b)
        buf_add(&b->names, "", 1);
    if (!b || b->names.failed || append_switch(b, 0, NULL, TOPOLOGY_SWITCH) < 0) {
        topology_builder_free(b);
        err_nomem(e);
        return NULL;
    }
    return b;
}

void topology_builder_free(struct topology_builder *b)
{
    if (!b)
        return;
    free(b->switches);
    free(b->nodes);
    free(b->cpus);
    buf_free(&b->names);
    free(b);
}

int topology_builder_add_switch(struct topology_builder *b, int parent, const char *name,
                                enum topology_kind kind, struct err *e)
{
    int above = parent + 1; /* ours begin behind the one that joins all roots */
    if (b->switches[above].depth == TOPOLOGY_DEPTH_MAX)
        return err_set(e, ERR_INVALID, "switch %s: more than %d switches above each other",
                       name ? name : "''", TOPOLOGY_DEPTH_MAX);
    int s = append_switch(b, b->switches[above].depth + 1, name, kind);
    if (s < 0)
        return err_nomem(e);
    struct made_switch *p = &b->switches[above];
    if (p->last_child < 0)
        p->first_child = s;
    else
        b->switches[p->last_child].next = s;
    p->last_child = s;
    return s - 1;
}

static int check_node(const struct topology_builder *b, const char *name, const int *cpus,
                      int count, struct err *e)
{
    if (!name || !*name)
        return err_set(e, ERR_INVALID, "a node has no name");
    if (count < 1)
        return err_set(e, ERR_INVALID, "node %s has no CPUs", name);
    if (count > TOPOLOGY_CPUS_MAX - b->ncpus)
        return err_set(e, ERR_INVALID, "node %s: more than %d CPUs in all", name,
                       TOPOLOGY_CPUS_MAX);
    if (cpus ? b->counted : b->numbered)
        return err_set(e, ERR_INVALID, "node %s: CPUs have numbers, or are counted, everywhere",
                       name);
    for (int i = 0; cpus && i < count; i++)
        if (cpus[i] < 0 || cpus[i] >= CPUSET_MAX)
            return err_set(e, ERR_INVALID, "node %s: CPU %d is not from 0 to %d", name, cpus[i],
                           CPUSET_MAX - 1);
    return 0;
}

static int reserve_node(struct topology_builder *b, int cpus)
{
    struct made_node *nodes =
        array_room(b->nodes, &b->nodes_cap, (size_t)b->nnodes, 1, sizeof *nodes);
    if (!nodes)
        return -1;
    b->nodes = nodes;
    int *numbers =
        array_room(b->cpus, &b->cpus_cap, (size_t)b->ncpus, (size_t)cpus, sizeof *numbers);
    if (!numbers)
        return -1;
    b->cpus = numbers;
    return 0;
}

int topology_builder_add_node(struct topology_builder *b, int parent, const char *name,
                              const int *cpus, int count, int64_t mem_mb, struct err *e)
{
    size_t at;
    if (check_node(b, name, cpus, count, e) < 0)
        return -1;
    if (reserve_node(b, count) < 0 || copy_name(b, name, &at) < 0)
        return err_nomem(e);
    b->nodes[b->nnodes] = (struct made_node){at, b->ncpus, count, mem_mb, -1};
    for (int i = 0; i < count; i++)
        b->cpus[b->ncpus + i] = cpus ? cpus[i] : -1;
    b->ncpus += count;
    *(cpus ? &b->numbered : &b->counted) = true;
    struct made_switch *p = &b->switches[parent + 1];
    if (p->last_node < 0)
        p->first_node = b->nnodes;
    else
        b->nodes[p->last_node].next = b->nnodes;
    p->last_node = b->nnodes++;
    return 0;
}

/* --- the tree --------------------------------------------------------------------------------- */

/* Of these many leaf switches that stand beside other switches there is none in the builder. */
static int nameless_leaves(const struct topology_builder *b)
{
    int n = 0;
    for (int i = 0; i < b->nswitches; i++)
        n += b->switches[i].first_child >= 0 && b->switches[i].first_node >= 0;
    return n;
}

static struct topology *allocate(const struct topology_builder *b, size_t switches)
{
    struct topology *t = calloc(1, sizeof *t);
    if (!t)
        return NULL;
    for (int i = 0; i < b->ncpus; i++)
        t->cpu_end = b->cpus[i] >= t->cpu_end ? b->cpus[i] + 1 : t->cpu_end;
    if (b->counted)
        t->cpu_end = b->ncpus;
    assert(b->nnodes > 0 && t->cpu_end > 0);
    t->counted = b->counted;
    t->switches = calloc(switches, sizeof *t->switches);
    t->leaves = calloc(switches, sizeof *t->leaves);
    t->nodes = calloc((size_t)b->nnodes, sizeof *t->nodes);
    t->by_name = calloc((size_t)b->nnodes, sizeof *t->by_name);
    t->cpus = calloc((size_t)b->ncpus, sizeof *t->cpus);
    t->node_of_cpu = calloc((size_t)t->cpu_end, sizeof *t->node_of_cpu);
    t->names = malloc(b->names.len);
    if (t->switches && t->leaves && t->nodes && t->by_name && t->cpus && t->node_of_cpu && t->names)
        return t;
    topology_free(t);
    return NULL;
}

static int place_switch(struct topology *t, const struct made_switch *m, const char *name,
                        int parent)
{
    t->switches[t->nswitches] = (struct topology_switch){
        .name = name,
        .kind = m->kind,
        .parent = parent,
        .depth = parent < 0 ? 0 : t->switches[parent].depth + 1,
        .first_node = t->nnodes,
        .first_leaf = t->nleaves,
        .first_cpu = t->ncpus,
    };
    return t->nswitches++;
}

/* What was placed since it began stands below the switch. */
static void close_switch(struct topology *t, int s)
{
    struct topology_switch *w = &t->switches[s];
    w->nodes = t->nnodes - w->first_node;
    w->leaves = t->nleaves - w->first_leaf;
    w->cpus = t->ncpus - w->first_cpu;
    if (w->parent >= 0 && t->switches[w->parent].height <= w->height)
        t->switches[w->parent].height = w->height + 1;
}

/* The next of the last node. */
static void place_cpu(struct topology *t, int cpu)
{
    struct topology_node *n = &t->nodes[t->nnodes - 1];
    t->cpus[t->ncpus++] = cpu;
    n->cpu_low = cpu < n->cpu_low ? cpu : n->cpu_low;
    n->cpu_end = cpu >= n->cpu_end ? cpu + 1 : n->cpu_end;
}

static void place_nodes(struct topology *t, const struct topology_builder *b,
                        const struct made_switch *m, int leaf_switch)
{
    t->leaves[t->nleaves] = leaf_switch;
    for (int i = m->first_node; i >= 0; i = b->nodes[i].next) {
        const struct made_node *n = &b->nodes[i];
        t->nodes[t->nnodes++] = (struct topology_node){.name = t->names + n->name,
                                                       .leaf = t->nleaves,
                                                       .first_cpu = t->ncpus,
                                                       .cpus = n->cpus,
                                                       .cpu_low = INT_MAX,
                                                       .mem_mb = n->mem_mb};
        for (int j = 0; j < n->cpus; j++)
            place_cpu(t, b->counted ? t->ncpus : b->cpus[n->first_cpu + j]);
        if (n->cpus > t->node_cpus_max)
            t->node_cpus_max = n->cpus;
    }
    t->nleaves++;
}

/* As deep as TOPOLOGY_DEPTH_MAX. */
static void place(struct topology *t, const struct topology_builder *b, int made, int parent)
{
    const struct made_switch *m = &b->switches[made];
    int s = place_switch(t, m, t->names + m->name, parent);
    for (int c = m->first_child; c >= 0; c = b->switches[c].next)
        place(t, b, c, s);
    if (m->first_node >= 0) {
        int leaf = m->first_child < 0 ? s : place_switch(t, m, t->names, s);
        place_nodes(t, b, m, leaf);
        if (leaf != s)
            close_switch(t, leaf);
    }
    close_switch(t, s);
}

/* --- what a tree must not be ------------------------------------------------------------------ */

static int check_switches(const struct topology_builder *b, struct err *e)
{
    if (!b->nnodes)
        return err_set(e, ERR_INVALID, "there are no nodes");
    for (int i = 1; i < b->nswitches; i++)
        if (b->switches[i].first_child < 0 && b->switches[i].first_node < 0)
            return err_set(e, ERR_INVALID, "switch %s has neither nodes nor switches",
                           b->switches[i].name ? b->names.data + b->switches[i].name : "''");
    return 0;
}

static int number_cpus(struct topology *t, struct err *e)
{
    for (int i = 0; i < t->cpu_end; i++)
        t->node_of_cpu[i] = -1;
    for (int n = 0; n < t->nnodes; n++)
        for (int i = 0; i < t->nodes[n].cpus; i++) {
            int *node = &t->node_of_cpu[t->cpus[t->nodes[n].first_cpu + i]];
            if (*node >= 0)
                return err_set(e, ERR_INVALID, "CPU %d is on two nodes: %s and %s",
                               t->cpus[t->nodes[n].first_cpu + i], t->nodes[*node].name,
                               t->nodes[n].name);
            *node = n;
        }
    return 0;
}

static int by_node_name(const void *a, const void *b)
{
    const struct topology_node *const *x = a, *const *y = b;
    return strcmp((*x)->name, (*y)->name);
}

static int sort_names(struct topology *t, struct err *e)
{
    const struct topology_node **sorted _cleanup_free_ = NULL;
    assert(t->nnodes > 0);
    sorted = malloc((size_t)t->nnodes * sizeof(struct topology_node *));
    if (!sorted)
        return err_nomem(e);
    for (int i = 0; i < t->nnodes; i++)
        sorted[i] = &t->nodes[i];
    qsort(sorted, (size_t)t->nnodes, sizeof *sorted, by_node_name);
    for (int i = 0; i < t->nnodes; i++) {
        if (i && strcmp(sorted[i - 1]->name, sorted[i]->name) == 0)
            return err_set(e, ERR_INVALID, "two nodes are named %s", sorted[i]->name);
        t->by_name[i] = (int)(sorted[i] - t->nodes);
    }
    return 0;
}

/* A single root needs none above it. */
static int root_of(const struct topology_builder *b)
{
    const struct made_switch *all = &b->switches[0];
    bool single = all->first_child >= 0 && all->first_child == all->last_child;
    return single && all->first_node < 0 ? all->first_child : 0;
}

struct topology *topology_build(const struct topology_builder *b, struct err *e)
{
    if (check_switches(b, e) < 0)
        return NULL;
    struct topology *t = allocate(b, (size_t)b->nswitches + (size_t)nameless_leaves(b));
    if (!t) {
        err_nomem(e);
        return NULL;
    }
    memcpy(t->names, b->names.data, b->names.len);
    place(t, b, root_of(b), -1);
    if (number_cpus(t, e) < 0 || sort_names(t, e) < 0) {
        topology_free(t);
        return NULL;
    }
    return t;
}
