/* SPDX-License-Identifier: MIT */
/* topology.h - what is close to what: an immutable tree of switches over nodes, which hold CPUs
 * (pure).
 *
 * The same tree describes the machine as it is (packages, NUMA nodes and caches are the switches, a
 * core is a node, its hyperthreads are the CPUs) and a cluster as topology.conf has it (virtual
 * nodes). Everything stands in depth-first order: a switch comes before what is below it, and
 * covers a run of nodes, of leaf switches and of CPUs.
 *
 * CPUs have the kernel's numbers; or, where they are counted only (more of them than the machine
 * has), numbers of the topology's own, from 0 up in the order of the nodes. So a set of CPUs always
 * says who holds what; only with `counted` it is nothing to pin a process to. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/cpuset.h"
#include "util/err.h"

#define TOPOLOGY_CPUS_MAX  (1 << 20) /* in all, where they are counted */
#define TOPOLOGY_DEPTH_MAX 64        /* switches above a node */

enum topology_kind {
    TOPOLOGY_SWITCH, /* of a topology.conf, or one that joins several */
    TOPOLOGY_MACHINE,
    TOPOLOGY_PACKAGE,
    TOPOLOGY_NUMA,
    TOPOLOGY_CACHE, /* cores that share the last level of cache */
    TOPOLOGY_GROUP, /* anything else that hwloc knows */
};
const char *topology_kind_name(enum topology_kind k); /* "switch", "package" ... */

struct topology_switch {
    const char *name; /* "" if it has none */
    enum topology_kind kind;
    int parent; /* -1: the root, which is switch 0 */
    int depth;  /* the root's is 0 */
    int height; /* a leaf switch's is 0 */
    int first_node, nodes;
    int first_leaf, leaves; /* a leaf switch covers itself */
    int first_cpu, cpus;    /* places in topology.cpus */
};

struct topology_node {
    const char *name;
    int leaf;             /* among topology.leaves */
    int first_cpu, cpus;  /* places in topology.cpus */
    int cpu_low, cpu_end; /* their numbers are in [cpu_low, cpu_end) */
    int64_t mem_mb;       /* 0: not known */
};

/* To be read only. */
struct topology {
    struct topology_switch *switches;
    struct topology_node *nodes;
    int *leaves;      /* the switches that have nodes */
    int *cpus;        /* their numbers, node by node */
    int *node_of_cpu; /* by number; -1: not here */
    int *by_name;     /* nodes */
    int nswitches, nnodes, nleaves, ncpus, cpu_end /* numbers are below */;
    int node_cpus_max; /* of the largest node */
    bool counted;
    char *names;
};

void topology_free(struct topology *t); /* NULL is fine */

int topology_node_named(const struct topology *t, const char *name); /* -1 if there is none */
int topology_node_of_cpu(const struct topology *t, int cpu);         /* -1 if it is not here */
/* Hops between two nodes: 0 on the same leaf switch, and 2 for each level up to the lowest switch
 * that both are under (its height counts: the longest way down from it). */
int topology_distance(const struct topology *t, int node, int other);

/* How far a set of CPUs spreads. */
struct topology_extent {
    int nodes;    /* that any of them is on */
    int switches; /* leaf switches */
    int distance; /* the largest between two of the nodes */
};
/* CPUs that are not here don't count. */
struct topology_extent topology_extent(const struct topology *t, const struct cpuset *cpus);
/* The nodes that any of the CPUs is on, as a hostlist: "node[1-4,7]". A string to free(); NULL if
 * no memory. */
char *topology_node_names(const struct topology *t, const struct cpuset *cpus);

/* --- building one ----------------------------------------------------------------------------- */

/* Parents come before their children. Children keep the order in which they were added. */
struct topology_builder;
struct topology_builder *topology_builder_create(struct err *e); /* NULL: no memory */
void topology_builder_free(struct topology_builder *b);          /* NULL is fine */
/* The switch's number, for its children; -1 with *e. parent -1: a root; several are joined under a
 * switch without a name. name NULL: none. */
int topology_builder_add_switch(struct topology_builder *b, int parent, const char *name,
                                enum topology_kind kind, struct err *e);
/* A node with `count` CPUs (at least 1): of these numbers, or counted only (cpus NULL; then so are
 * those of all other nodes). Nodes beside switches are put on a leaf switch of their own without a
 * name (cores without a shared cache beside some with one). 0, or -1 with *e. */
int topology_builder_add_node(struct topology_builder *b, int parent, const char *name,
                              const int *cpus, int count, int64_t mem_mb, struct err *e);
/* The tree; the builder is still the caller's. NULL with *e: ERR_INVALID for a switch without
 * nodes, a name or CPU number that two nodes have; ERR_FULL. */
struct topology *topology_build(const struct topology_builder *b, struct err *e);
