/* SPDX-License-Identifier: MIT */
/* placement.h - which free CPUs a job gets (pure).
 *
 * A placement knows which CPUs of a topology are free. It never decides who may have some: it says
 * where. What it says is optimal, not greedy, and depends on nothing but what is free.
 *
 * A job is placed so that, each only where all before are equal:
 *
 *   1. the lowest switch holds it: the largest distance between two of its nodes is the smallest;
 *   2. it is on the fewest leaf switches.
 *
 * If that is one leaf switch:
 *
 *   3. it is on the fewest nodes: whole cores before half ones;
 *   4. the leaf switch has the least left over;
 *   5. the nodes have the least left over.
 *
 * If it is several, these are chosen first:
 *
 *   3. where entirely free nodes suffice under 1 and 2, only those count in 4;
 *   4. the leaf switches have the least left over;
 *
 * and then, on these leaf switches, the nodes:
 *
 *   5. the fewest
 *   6. that have the least left over.
 *
 * Of what is equal in all this, one leaf switch is the first, and nodes of a size are the first of
 * theirs; and the same is free, the same is chosen. What is left over in the nodes is all in the
 * last one.
 *
 * (With several leaf switches the fewest nodes can't come before the least left over and still be
 * found in any reasonable time: it is a knapsack problem of as many dimensions as a node has CPUs.
 * There is not much to choose there either: all but less than one leaf switch of it is used.)
 *
 * Left over is counted in what the request could use: free CPUs; CPUs of entirely free nodes
 * (whole); entirely free nodes with enough CPUs (nodes). */
#pragma once

#include "core/cpuset.h"
#include "core/topology.h"
#include "util/err.h"

struct placement;
/* Borrows t, which must outlive it. free NULL: all CPUs are free. NULL with *e: no memory. */
struct placement *placement_create(const struct topology *t, const struct cpuset *free,
                                   struct err *e);
void placement_destroy(struct placement *p); /* NULL is fine */
/* *to becomes as *from, which is of the same topology. */
void placement_copy(struct placement *to, const struct placement *from);

/* They are not free any more / free again. CPUs that the topology does not have, and those that
 * were so already, don't matter. Need no memory. */
void placement_take(struct placement *p, const struct cpuset *cpus);
void placement_give(struct placement *p, const struct cpuset *cpus);
const struct cpuset *placement_free(const struct placement *p);
int placement_node_free(const struct placement *p, int node); /* how many CPUs */

/* What a job asks for: CPUs, or whole nodes. */
struct placement_request {
    int64_t cpus;         /* at least 1; without meaning if nodes is set */
    bool whole;           /* only on entirely free nodes, of which it gets all CPUs: more than it
                             asked for if they don't come out even */
    int64_t nodes;        /* so many entirely free nodes, with all their CPUs; 0: by CPUs */
    int64_t node_cpus;    /* ... each of which has at least so many */
    int64_t max_switches; /* on so many leaf switches at most; 0: any */
};

/* Where the job goes; nothing is taken. 1: *out (emptied first) has the CPUs, and *x, which may be
 * NULL, how far they spread; 0: it can't be placed now, *out is empty; -1 with ERR_FULL. */
int placement_find(struct placement *p, const struct placement_request *q, struct cpuset *out,
                   struct topology_extent *x, struct err *e);

/* The n free CPUs nearest to those that a job has (at least one, all in the topology): on its
 * nodes, on its leaf switches, then by rising distance to the nearest of its nodes. Of equally near
 * ones those on the fewest leaf switches with the least left over, then the fewest nodes with the
 * least left over. As placement_find(): 0 if fewer than n are free. */
int placement_grow(struct placement *p, const struct cpuset *held, int64_t n, struct cpuset *out,
                   struct err *e);
/* The n of the CPUs it has to give up: so that what stays is what placement_find() would choose of
 * what it has, the closest together. 0, or -1 with ERR_FULL. n is less than what is held, all of
 * which is in the topology. */
int placement_shrink(const struct topology *t, const struct cpuset *held, int64_t n,
                     struct cpuset *out, struct err *e);
