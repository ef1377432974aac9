/* SPDX-License-Identifier: MIT */
/* hardware.h - how the machine is built, by hwloc: its cores as the core's topology, and which
 * memory is near to which CPUs.
 *
 * hwloc's own variables put another machine in the place of this one: HWLOC_SYNTHETIC,
 * HWLOC_XMLFILE. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/cpuset.h"
#include "core/topology.h"
#include "util/err.h"

/* A NUMA node with memory. One that is beside no CPUs counts as beside all. */
struct numa_node {
    int number; /* the kernel's */
    int64_t mem_mb;
    struct cpuset cpus; /* of the machine, whoever may use them */
};

struct hardware {
    struct topology *cores; /* a node is a core, its CPUs are its hyperthreads */
    struct numa_node *numa; /* by number */
    size_t nnuma;
};

/* Packages, NUMA nodes, groups of cores with a last-level cache of their own are the switches; what
 * divides nothing is part of what it is in, also in its name: "package 0, NUMA node 0". Cores are
 * named core0 ... by their place in the machine, so the same whatever can be used of it.
 *
 * cpus: those that can be used; the others are left out. 0, or -1 with *e: ERR_INVALID if the
 * machine has none of them. */
int hardware_read(struct hardware *h, const struct cpuset *cpus, struct err *e);
void hardware_free(struct hardware *h);

/* The NUMA nodes that memory for these CPUs comes from, as the kernel's list: "0-1". Empty if it is
 * not to be bound: if that is all of them, if some of the CPUs have none beside them, or if mem_mb
 * is more than the share of these CPUs in them, with an eighth to spare since nodes are not quite
 * equal. So what is bound to a node fits into it. A string to free(); NULL if no memory. */
char *hardware_mems(const struct hardware *h, const struct cpuset *cpus, int64_t mem_mb);
