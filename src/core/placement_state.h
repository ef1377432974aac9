/* SPDX-License-Identifier: MIT */
/* placement_state.h - what is free, summed up by leaf switch: for the files of the placement and
 * their tests only. */
#pragma once

#include "core/fit.h"
#include "core/placement.h"

/* What is free on a leaf switch. */
struct leaf {
    int first_node, nodes;
    int size_max;    /* CPUs of its largest node */
    int free_cpus;   /* in all */
    int whole_cpus;  /* of entirely free nodes */
    int *by_free;    /* [size_max + 1]: nodes that have so many free CPUs */
    int *whole_size; /* [size_max + 1]: entirely free nodes of that size */
};

/* A node chosen, and how many of its free CPUs. */
struct pick {
    int node;
    int64_t cpus;
};

/* What is counted, and of what in the end so much is needed. */
enum measure {
    MEASURE_FREE,  /* free CPUs */
    MEASURE_WHOLE, /* CPUs of entirely free nodes */
    MEASURE_NODES, /* entirely free nodes */
};

struct placement {
    const struct topology *topology;
    struct cpuset free; /* has room for all */
    int *node_free;
    struct leaf *leaves;
    int *counts; /* all the arrays of the leaves */
    size_t ncounts;
    /* Room for one search, by leaf switch, by node or by a node's size. */
    int64_t *capacity; /* of each leaf switch, in what is counted */
    int64_t *before;   /* of all leaf switches before it, and of all */
    int *sorted;       /* leaf switches; those of one switch stand together */
    int *sort_room;
    bool *chosen;       /* leaf switches */
    bool *tried;        /* the same, for what may be better */
    int *near;          /* the height of the lowest switch it shares with what is held */
    int *value;         /* of each node on the chosen ones: what can be taken of it */
    bool *held;         /* nodes */
    struct pick *picks; /* nodes chosen */
    int npicks;
    int *sizes;    /* nodes of each value */
    int64_t *take; /* so many of them */
    struct fit_group *groups;
    struct fit fit;
};

/* --- placement_pick.c ------------------------------------------------------------------------- */

/* Which nodes hold `need`: sizes[v] nodes of value v, up to size_max. Fills p->take. CPUs: the
 * fewest nodes with the least in all. Nodes: those with the least CPUs (at least `least`). They
 * suffice. Returns the sum of their values; -1 if no memory. */
struct node_need {
    enum measure measure;
    int64_t need;
    int64_t least;
};
int64_t pick_sizes(struct placement *p, const struct node_need *n, const int *sizes, int size_max);
/* From the nodes on the chosen leaf switches, whose value is set: adds to p->picks. If they don't
 * suffice, all of them. Returns how many CPUs are picked; -1 if no memory. */
int64_t pick_nodes(struct placement *p, const struct node_need *n);
/* The leaf switches of a run of p->sorted (by falling capacity) that hold `need`: the fewest with
 * the least left over. Marks them in `chosen`. Returns what is left over; -1 if no memory. */
int64_t pick_leaves(struct placement *p, const int *sorted, int count, int64_t need, bool *chosen);
/* Sorts leaf switches by falling capacity; equal ones keep their order. */
void sort_leaves(struct placement *p, int *leaves, int count);
/* The free CPUs picked. 0, or -1 if no memory: *out is empty. */
int picked_cpus(const struct placement *p, struct cpuset *out);
/* Whether all CPUs of the node are free. */
bool node_is_whole(const struct placement *p, int node);
