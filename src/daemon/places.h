/* SPDX-License-Identifier: MIT */
/* places.h - what the scheduler places jobs on. */
#pragma once

#include "daemon/daemon.h"

/* d->nodes: of d->cpus and the memory in d->config, as o->topology_conf (NULL: the home's, if there
 * is one) and the home's mini-slurm.conf have it. Afterwards d->config hands out the CPUs of the
 * nodes, and unless the options say how much, their memory; more CPUs than the machine has are
 * counted. 0, or -1 with *e. */
int places_load(struct daemon *d, const struct daemon_options *o, struct err *e);

/* The CPUs a job is pinned to, as the kernel lists them. A string to free(), empty: CPUs are
 * counted, and it is not pinned. NULL if no memory. */
char *places_cpus(const struct daemon *d, const struct cpuset *set);

/* The NUMA nodes that so much memory of a job with these CPUs is bound to. A string to free(),
 * empty: it is not bound. NULL if no memory. */
char *places_mems(const struct daemon *d, const struct cpuset *set, int64_t mem_mb);
