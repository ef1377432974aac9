// SPDX-License-Identifier: MIT
#include "daemon/places.h"

#include <string.h>

#include "util/log.h"

int places_load(struct daemon *d, const char *topology_conf, struct err *e)
{
    bool counted = cpuset_count(&d->cpus) == 0;
    struct nodes_request q = {
        .topology_conf = topology_conf ? topology_conf : d->paths.topology,
        .required = topology_conf != NULL,
        .site_conf = d->paths.site,
        .cpus = counted ? NULL : &d->cpus,
        .count = d->config.cpus,
        .mem_mb = d->config.mem_mb,
    };
    if (nodes_load(&d->nodes, &q, e) < 0)
        return -1;
    if (d->nodes.topology->ncpus > CPUSET_MAX)
        return err_set(e, ERR_INVALID, "%d CPUs in the topology: at most %d can be",
                       d->nodes.topology->ncpus, CPUSET_MAX);
    if (d->nodes.topology->counted && !counted) {
        d->machine.levels.cpu = LEVEL_ADVISORY;
        log_warn("the nodes have more CPUs than this machine: jobs are not pinned");
    }
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
