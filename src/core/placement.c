// SPDX-License-Identifier: MIT
/* placement.c - what is free, kept up to date CPU by CPU. */
#include "core/placement.h"

#include <stdlib.h>
#include <string.h>

#include "core/placement_state.h"

/* --- one made --------------------------------------------------------------------------------- */

static void describe_leaf(struct placement *p, int leaf)
{
    const struct topology *t = p->topology;
    const struct topology_switch *s = &t->switches[t->leaves[leaf]];
    struct leaf *l = &p->leaves[leaf];
    *l = (struct leaf){.first_node = s->first_node, .nodes = s->nodes};
    for (int i = 0; i < s->nodes; i++)
        if (t->nodes[s->first_node + i].cpus > l->size_max)
            l->size_max = t->nodes[s->first_node + i].cpus;
}

/* Two arrays for each leaf switch, one behind the other. */
static int make_counts(struct placement *p)
{
    for (int i = 0; i < p->topology->nleaves; i++)
        p->ncounts += 2 * ((size_t)p->leaves[i].size_max + 1);
    p->counts = calloc(p->ncounts, sizeof *p->counts);
    if (!p->counts)
        return -1;
    int *next = p->counts;
    for (int i = 0; i < p->topology->nleaves; i++) {
        struct leaf *l = &p->leaves[i];
        l->by_free = next;
        l->whole_size = next + l->size_max + 1;
        next += 2 * (l->size_max + 1);
        l->by_free[0] = l->nodes;
    }
    return 0;
}

static int make_room(struct placement *p)
{
    size_t leaves = (size_t)p->topology->nleaves, nodes = (size_t)p->topology->nnodes;
    size_t sizes = (size_t)p->topology->node_cpus_max + 1;
    p->node_free = calloc(nodes, sizeof *p->node_free);
    p->leaves = calloc(leaves, sizeof *p->leaves);
    p->capacity = calloc(leaves, sizeof *p->capacity);
    p->before = calloc(leaves + 1, sizeof *p->before);
    p->sorted = calloc(leaves, sizeof *p->sorted);
    p->sort_room = calloc(leaves, sizeof *p->sort_room);
    p->chosen = calloc(leaves, sizeof *p->chosen);
    p->tried = calloc(leaves, sizeof *p->tried);
    p->near = calloc(leaves, sizeof *p->near);
    p->value = calloc(nodes, sizeof *p->value);
    p->held = calloc(nodes, sizeof *p->held);
    p->picks = calloc(nodes, sizeof *p->picks);
    p->sizes = calloc(sizes, sizeof *p->sizes);
    p->take = calloc(sizes, sizeof *p->take);
    p->groups = calloc(leaves > sizes ? leaves : sizes, sizeof *p->groups);
    bool all = p->node_free && p->leaves && p->capacity && p->before && p->sorted && p->sort_room &&
               p->chosen && p->tried && p->near && p->value && p->held && p->picks && p->sizes &&
               p->take && p->groups;
    return all ? cpuset_reserve(&p->free, p->topology->cpu_end) : -1;
}

static int make(struct placement *p)
{
    if (make_room(p) < 0)
        return -1;
    for (int i = 0; i < p->topology->nleaves; i++)
        describe_leaf(p, i);
    return make_counts(p);
}

static void give_all(struct placement *p);

struct placement *placement_create(const struct topology *t, const struct cpuset *free,
                                   struct err *e)
{
    struct placement *p = calloc(1, sizeof *p);
    if (p)
        p->topology = t;
    if (!p || make(p) < 0) {
        placement_destroy(p);
        err_nomem(e);
        return NULL;
    }
    if (free)
        placement_give(p, free);
    else
        give_all(p);
    return p;
}

void placement_destroy(struct placement *p)
{
    if (!p)
        return;
    void *arrays[] = {p->node_free, p->leaves, p->counts, p->capacity, p->before, p->sorted,
                      p->sort_room, p->chosen, p->tried,  p->near,     p->value,  p->held,
                      p->picks,     p->sizes,  p->take,   p->groups};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        free(arrays[i]);
    cpuset_free(&p->free);
    fit_free(&p->fit);
    free(p);
}

void placement_copy(struct placement *to, const struct placement *from)
{
    const struct topology *t = from->topology;
    memcpy(to->free.words, from->free.words, from->free.nwords * sizeof *to->free.words);
    memcpy(to->node_free, from->node_free, (size_t)t->nnodes * sizeof *to->node_free);
    memcpy(to->counts, from->counts, from->ncounts * sizeof *to->counts);
    for (int i = 0; i < t->nleaves; i++) {
        to->leaves[i].free_cpus = from->leaves[i].free_cpus;
        to->leaves[i].whole_cpus = from->leaves[i].whole_cpus;
    }
}

/* --- what changes ----------------------------------------------------------------------------- */

bool node_is_whole(const struct placement *p, int node)
{
    return p->node_free[node] == p->topology->nodes[node].cpus;
}

/* Counts the node in (1) or out (-1). */
static void count_node(struct placement *p, int node, int sign)
{
    struct leaf *l = &p->leaves[p->topology->nodes[node].leaf];
    int free_cpus = p->node_free[node];
    l->by_free[free_cpus] += sign;
    l->free_cpus += sign * free_cpus;
    if (node_is_whole(p, node)) {
        l->whole_size[free_cpus] += sign;
        l->whole_cpus += sign * free_cpus;
    }
}

static void change_node(struct placement *p, int node, int by)
{
    count_node(p, node, -1);
    p->node_free[node] += by;
    count_node(p, node, 1);
}

void placement_take(struct placement *p, const struct cpuset *cpus)
{
    for (int c = cpuset_next(cpus, 0); c >= 0; c = cpuset_next(cpus, c + 1)) {
        if (!cpuset_has(&p->free, c))
            continue;
        cpuset_remove(&p->free, c);
        change_node(p, p->topology->node_of_cpu[c], -1);
    }
}

static void give_cpu(struct placement *p, int cpu)
{
    int node = topology_node_of_cpu(p->topology, cpu);
    if (node < 0 || cpuset_has(&p->free, cpu))
        return;
    cpuset_add(&p->free, cpu); /* has room for all */
    change_node(p, node, 1);
}

void placement_give(struct placement *p, const struct cpuset *cpus)
{
    for (int c = cpuset_next(cpus, 0); c >= 0; c = cpuset_next(cpus, c + 1))
        give_cpu(p, c);
}

static void give_all(struct placement *p)
{
    for (int i = 0; i < p->topology->ncpus; i++)
        give_cpu(p, p->topology->cpus[i]);
}

const struct cpuset *placement_free(const struct placement *p)
{
    return &p->free;
}

int placement_node_free(const struct placement *p, int node)
{
    return p->node_free[node];
}
