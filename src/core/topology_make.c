// SPDX-License-Identifier: MIT
/* topology_make.c - virtual nodes: what the lines of a topology.conf say, checked against each
 * other, and the machine divided among them. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/topology_lines.h"

#define NODES_A_SWITCH 4 /* where there are no switches */

/* A name and what it belongs to, to be sorted and looked up by name. */
struct entry {
    const char *name;
    size_t of; /* a switch or node line */
};

struct table {
    struct entry *entries;
    size_t count;
};

struct maker {
    const struct topology_conf *conf;
    const struct topology *cores;
    struct topology_builder *builder;
    struct table switches; /* of switch lines */
    struct table specs;    /* of node lines */
    struct table members;  /* of the nodes on switches: the switch line */
    int *parents;          /* of switch lines; -1: none */
    bool *placed;          /* switch lines */
    /* What is dealt out. */
    bool counted;
    int next_cpu;       /* in cores->cpus */
    int64_t nodes_left; /* of those that get an equal share, for CPUs ... */
    int64_t cpus_left;
    int64_t shares_left; /* ... and for memory */
    int64_t mem_left_mb;
    struct err *e;
};

/* --- tables ----------------------------------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    return order ? order : (x->of > y->of) - (x->of < y->of);
}

static int table_make(struct table *t, size_t cap, struct err *e)
{
    t->entries = calloc(cap ? cap : 1, sizeof *t->entries);
    return t->entries ? 0 : err_nomem(e);
}

static void table_sort(struct table *t)
{
    qsort(t->entries, t->count, sizeof *t->entries, by_name);
}

static const struct entry *table_find(const struct table *t, const char *name)
{
    size_t low = 0, high = t->count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (strcmp(t->entries[mid].name, name) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    bool found = low < t->count && strcmp(t->entries[low].name, name) == 0;
    return found ? &t->entries[low] : NULL;
}

/* The first of two neighbours of one name; NULL if there are none. */
static const struct entry *table_twice(const struct table *t)
{
    for (size_t i = 1; i < t->count; i++)
        if (strcmp(t->entries[i - 1].name, t->entries[i].name) == 0)
            return &t->entries[i - 1];
    return NULL;
}

/* --- what the lines must not say -------------------------------------------------------------- */

static const struct switch_line *switch_line(const struct maker *m, size_t i)
{
    return &m->conf->switches[i];
}

static const char *switch_name(const struct maker *m, size_t i)
{
    return line_name(m->conf, switch_line(m, i)->name);
}

static int at_line(const struct maker *m, struct origin from)
{
    return err_wrap(m->e, "%s:%d", line_name(m->conf, from.file), from.line);
}

static int defined_twice(const struct maker *m, const char *what, const struct entry *two,
                         struct origin first, struct origin second)
{
    err_set(m->e, ERR_INVALID, "%s %s is defined twice (before at %s:%d)", what, two->name,
            line_name(m->conf, first.file), first.line);
    return at_line(m, second);
}

static int index_switches(struct maker *m)
{
    if (table_make(&m->switches, m->conf->nswitches, m->e) < 0)
        return -1;
    for (size_t i = 0; i < m->conf->nswitches; i++)
        m->switches.entries[m->switches.count++] = (struct entry){switch_name(m, i), i};
    table_sort(&m->switches);
    const struct entry *two = table_twice(&m->switches);
    return two ? defined_twice(m, "switch", two, switch_line(m, two[0].of)->from,
                               switch_line(m, two[1].of)->from)
               : 0;
}

static int index_specs(struct maker *m)
{
    const struct node_line *nodes = m->conf->nodes;
    if (table_make(&m->specs, m->conf->nnodes, m->e) < 0)
        return -1;
    for (size_t i = 0; i < m->conf->nnodes; i++)
        m->specs.entries[m->specs.count++] = (struct entry){line_name(m->conf, nodes[i].name), i};
    table_sort(&m->specs);
    const struct entry *two = table_twice(&m->specs);
    return two ? defined_twice(m, "node", two, nodes[two[0].of].from, nodes[two[1].of].from) : 0;
}

static int node_twice(const struct maker *m, const struct entry *two)
{
    if (two[0].of == two[1].of)
        err_set(m->e, ERR_INVALID, "switch %s has node %s twice", switch_name(m, two[0].of),
                two->name);
    else
        err_set(m->e, ERR_INVALID, "node %s is on two switches: %s and %s", two->name,
                switch_name(m, two[0].of), switch_name(m, two[1].of));
    return at_line(m, switch_line(m, two[1].of)->from);
}

/* Which switch each node is on: exactly one. */
static int index_members(struct maker *m)
{
    size_t all = 0;
    for (size_t i = 0; i < m->conf->nswitches; i++)
        all += switch_line(m, i)->of_nodes ? (size_t)switch_line(m, i)->count : 0;
    if (all > TOPOLOGY_CPUS_MAX)
        return err_set(m->e, ERR_INVALID, "%zu nodes on switches: at most %d can be", all,
                       TOPOLOGY_CPUS_MAX);
    if (table_make(&m->members, all, m->e) < 0)
        return -1;
    for (size_t i = 0; i < m->conf->nswitches; i++) {
        const struct switch_line *s = switch_line(m, i);
        const char *name = line_name(m->conf, s->children);
        for (long n = 0; s->of_nodes && n < s->count; n++, name += strlen(name) + 1)
            m->members.entries[m->members.count++] = (struct entry){name, i};
    }
    table_sort(&m->members);
    const struct entry *two = table_twice(&m->members);
    return two ? node_twice(m, two) : 0;
}

static int specs_are_members(const struct maker *m)
{
    for (size_t i = 0; i < m->conf->nnodes; i++) {
        const struct node_line *n = &m->conf->nodes[i];
        const char *name = line_name(m->conf, n->name);
        if (table_find(&m->members, name))
            continue;
        err_set(m->e, ERR_INVALID, "node %s is on no switch", name);
        return at_line(m, n->from);
    }
    return 0;
}

static int adopt(struct maker *m, size_t parent, const char *child)
{
    const struct entry *c = table_find(&m->switches, child);
    if (!c)
        err_set(m->e, ERR_INVALID, "switch %s: there is no switch %s below it",
                switch_name(m, parent), child);
    else if (m->parents[c->of] == (int)parent)
        err_set(m->e, ERR_INVALID, "switch %s has switch %s twice", switch_name(m, parent), child);
    else if (m->parents[c->of] >= 0)
        err_set(m->e, ERR_INVALID, "switch %s is under two switches: %s and %s", child,
                switch_name(m, (size_t)m->parents[c->of]), switch_name(m, parent));
    else {
        m->parents[c->of] = (int)parent;
        return 0;
    }
    return at_line(m, switch_line(m, parent)->from);
}

static int find_parents(struct maker *m)
{
    m->parents = calloc(m->conf->nswitches, sizeof *m->parents);
    m->placed = calloc(m->conf->nswitches, sizeof *m->placed);
    if (!m->parents || !m->placed)
        return err_nomem(m->e);
    for (size_t i = 0; i < m->conf->nswitches; i++)
        m->parents[i] = -1;
    for (size_t i = 0; i < m->conf->nswitches; i++) {
        const struct switch_line *s = switch_line(m, i);
        const char *name = line_name(m->conf, s->children);
        for (long n = 0; !s->of_nodes && n < s->count; n++, name += strlen(name) + 1)
            if (adopt(m, i, name) < 0)
                return -1;
    }
    return 0;
}

/* Who hangs under no root hangs, some levels up, under himself. */
static int no_cycles(const struct maker *m)
{
    for (size_t i = 0; i < m->conf->nswitches; i++) {
        if (m->placed[i])
            continue;
        size_t s = i;
        for (size_t steps = 0; steps < m->conf->nswitches; steps++)
            s = (size_t)m->parents[s];
        err_set(m->e, ERR_INVALID, "switch %s is below itself: it is under switch %s",
                switch_name(m, s), switch_name(m, (size_t)m->parents[s]));
        return at_line(m, switch_line(m, s)->from);
    }
    return 0;
}

/* --- dividing the machine --------------------------------------------------------------------- */

static const struct node_line *spec_of(const struct maker *m, const char *name)
{
    const struct entry *found = table_find(&m->specs, name);
    return found ? &m->conf->nodes[found->of] : NULL;
}

/* How much is left for those of whom no line speaks, when there are so many nodes. */
static void count_shares(struct maker *m, int64_t nodes, int64_t mem_mb)
{
    m->nodes_left = m->shares_left = nodes;
    m->cpus_left = m->cores->ncpus;
    m->mem_left_mb = mem_mb;
    for (size_t i = 0; i < m->conf->nnodes; i++) {
        const struct node_line *n = &m->conf->nodes[i];
        m->nodes_left -= n->cpus > 0;
        m->cpus_left -= n->cpus;
        m->shares_left -= n->mem_mb > 0;
        m->mem_left_mb -= n->mem_mb;
    }
    m->counted = m->cores->counted || m->cpus_left < m->nodes_left;
}

/* The next one's part: rounded up, so that the first ones have more; at least 1. */
static int64_t share(int64_t *left, int64_t *heads)
{
    assert(*heads > 0);
    int64_t part = *left > 0 ? (*left + *heads - 1) / *heads : 1;
    *left -= part;
    --*heads;
    return part > 0 ? part : 1;
}

static int add_node(struct maker *m, int parent, const char *name)
{
    const struct node_line *spec = spec_of(m, name);
    int64_t cpus = spec ? spec->cpus : 0, mem_mb = spec ? spec->mem_mb : 0;
    if (!cpus)
        cpus = share(&m->cpus_left, &m->nodes_left);
    if (!mem_mb)
        mem_mb = share(&m->mem_left_mb, &m->shares_left);
    const int *numbers = m->counted ? NULL : m->cores->cpus + m->next_cpu;
    m->next_cpu += (int)cpus;
    return topology_builder_add_node(m->builder, parent, name, numbers, (int)cpus, mem_mb, m->e);
}

/* --- the tree --------------------------------------------------------------------------------- */

/* The switch and what is below; the builder's bound on the depth is the recursion's. */
static int add_switch(struct maker *m, size_t i, int parent)
{
    const struct switch_line *s = switch_line(m, i);
    const char *name = line_name(m->conf, s->children);
    int id =
        topology_builder_add_switch(m->builder, parent, switch_name(m, i), TOPOLOGY_SWITCH, m->e);
    if (id < 0)
        return at_line(m, s->from);
    m->placed[i] = true;
    for (long n = 0; n < s->count; n++, name += strlen(name) + 1) {
        int done = s->of_nodes ? add_node(m, id, name)
                               : add_switch(m, table_find(&m->switches, name)->of, id);
        if (done < 0)
            return -1;
    }
    return 0;
}

static int make_switches(struct maker *m, int64_t mem_mb)
{
    if (index_switches(m) < 0 || index_members(m) < 0 || specs_are_members(m) < 0 ||
        find_parents(m) < 0)
        return -1;
    count_shares(m, (int64_t)m->members.count, mem_mb);
    for (size_t i = 0; i < m->conf->nswitches; i++)
        if (m->parents[i] < 0 && add_switch(m, i, -1) < 0)
            return -1;
    return no_cycles(m);
}

/* The switch that the node of that number stands on. */
static int default_switch(struct maker *m, int64_t node, int *id)
{
    char name[32];
    if (node % NODES_A_SWITCH)
        return 0;
    snprintf(name, sizeof name, "s%d", (int)(node / NODES_A_SWITCH) + 1);
    *id = topology_builder_add_switch(m->builder, -1, name, TOPOLOGY_SWITCH, m->e);
    return *id < 0 ? -1 : 0;
}

static int make_named_nodes(struct maker *m, int64_t mem_mb)
{
    int id = -1;
    count_shares(m, (int64_t)m->conf->nnodes, mem_mb);
    for (size_t i = 0; i < m->conf->nnodes; i++)
        if (default_switch(m, (int64_t)i, &id) < 0 ||
            add_node(m, id, line_name(m->conf, m->conf->nodes[i].name)) < 0)
            return -1;
    return 0;
}

/* One node for each core. */
static int make_default_nodes(struct maker *m, int64_t mem_mb)
{
    int64_t left = m->cores->nnodes;
    for (int i = 0, id = -1; i < m->cores->nnodes; i++) {
        const struct topology_node *core = &m->cores->nodes[i];
        const int *cpus = m->cores->counted ? NULL : m->cores->cpus + core->first_cpu;
        char name[32];
        snprintf(name, sizeof name, "node%d", i + 1);
        if (default_switch(m, i, &id) < 0 ||
            topology_builder_add_node(m->builder, id, name, cpus, core->cpus, share(&mem_mb, &left),
                                      m->e) < 0)
            return -1;
    }
    return 0;
}

static int make(struct maker *m, int64_t mem_mb)
{
    m->builder = topology_builder_create(m->e);
    if (!m->builder)
        return -1;
    if (!m->conf || !(m->conf->nnodes || m->conf->nswitches))
        return make_default_nodes(m, mem_mb);
    if (index_specs(m) < 0)
        return -1;
    return m->conf->nswitches ? make_switches(m, mem_mb) : make_named_nodes(m, mem_mb);
}

struct topology *topology_conf_make(const struct topology_conf *c, const struct topology *cores,
                                    int64_t mem_mb, struct err *e)
{
    struct maker m = {.conf = c, .cores = cores, .e = e};
    struct topology *t = NULL;
    if (make(&m, mem_mb) == 0)
        t = topology_build(m.builder, e);
    topology_builder_free(m.builder);
    free(m.switches.entries);
    free(m.specs.entries);
    free(m.members.entries);
    free(m.parents);
    free(m.placed);
    return t;
}
