// SPDX-License-Identifier: MIT
#include "daemon/places.h"

#include "util/log.h"

static int hand_out(struct daemon *d, struct err *e)
{
    const struct topology *t = d->nodes.topology;
    cpuset_free(&d->config.cpu_set);
    d->config.cpus = t->ncpus;
    for (int i = 0; i < t->ncpus && !t->counted; i++)
        if (cpuset_add(&d->config.cpu_set, t->cpus[i]) < 0)
            return err_nomem(e);
    return 0;
}

int places_load(struct daemon *d, const char *topology_conf, struct err *e)
{
    bool counted = cpuset_count(&d->config.cpu_set) == 0;
    struct nodes_request q = {
        .topology_conf = topology_conf ? topology_conf : d->paths.topology,
        .required = topology_conf != NULL,
        .site_conf = d->paths.site,
        .cpus = counted ? NULL : &d->config.cpu_set,
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
    return hand_out(d, e);
}

char *places_mems(const struct daemon *d, const struct job *j)
{
    return nodes_mems(&d->nodes, &j->alloc_set, j->alloc_mem_mb);
}
