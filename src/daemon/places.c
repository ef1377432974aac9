// SPDX-License-Identifier: MIT
#include "daemon/places.h"

#include <string.h>

#include "util/log.h"

/* RealMemory is what a node has, as CPUs is: it need not be the machine's. */
static int64_t memory_of(const struct topology *t)
{
    int64_t mem_mb = 0;
    for (int i = 0; i < t->nnodes; i++)
        mem_mb += t->nodes[i].mem_mb;
    return mem_mb;
}

int places_load(struct daemon *d, const struct daemon_options *o, struct err *e)
{
    bool counted = cpuset_count(&d->cpus) == 0;
    struct nodes_request q = nodes_of_home(&d->paths, o->topology_conf);
    q.cpus = counted ? NULL : &d->cpus;
    q.count = d->config.cpus;
    q.mem_mb = d->config.mem_mb;
    if (nodes_load(&d->nodes, &q, e) < 0)
        return -1;
    if (d->nodes.topology->counted && !counted) {
        d->machine.levels.cpu = LEVEL_ADVISORY;
        log_warn("the nodes have more CPUs than this machine: jobs are not pinned");
    }
    if (d->nodes.configured && !o->total_mem_mb)
        d->config.mem_mb = memory_of(d->nodes.topology);
    d->config.topology = d->nodes.topology;
    d->config.cpus = d->nodes.topology->ncpus;
    return 0;
}

char *places_cpus(const struct daemon *d, const struct cpuset *set)
{
    return d->nodes.topology->counted ? strdup("") : cpuset_format(set);
}

char *places_mems(const struct daemon *d, const struct cpuset *set, int64_t mem_mb)
{
    return nodes_mems(&d->nodes, set, mem_mb);
}
