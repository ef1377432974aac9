// SPDX-License-Identifier: MIT
#include "machine/machine.h"

#include <hwloc.h>
#include <string.h>
#include <unistd.h>

#include "machine/groups.h"

/* --- CPUs and memory: hwloc --------------------------------------------------------------------
 */

static int read_cpus(hwloc_topology_t topology, struct machine *m)
{
    int cpu, rc = 0;
    hwloc_bitmap_t mine = hwloc_bitmap_alloc();
    if (!mine)
        return -1;
    if (hwloc_get_cpubind(topology, mine, HWLOC_CPUBIND_PROCESS) < 0)
        hwloc_bitmap_copy(mine, hwloc_topology_get_allowed_cpuset(topology));
    hwloc_bitmap_and(mine, mine, hwloc_topology_get_allowed_cpuset(topology));
    hwloc_bitmap_foreach_begin(cpu, mine) if (cpu < CPUSET_MAX && cpuset_add(&m->cpus, cpu) < 0)
        rc = -1;
    hwloc_bitmap_foreach_end();
    hwloc_bitmap_free(mine);
    return rc;
}

/* Only processing units and memory are looked at: quicker, and nothing is kept. */
static int read_hardware(struct machine *m, struct err *e)
{
    hwloc_topology_t topology;
    if (hwloc_topology_init(&topology) < 0)
        return err_nomem(e);
    hwloc_topology_set_all_types_filter(topology, HWLOC_TYPE_FILTER_KEEP_NONE);
    int rc = hwloc_topology_load(topology);
    if (rc < 0)
        err_errno(e, "cannot read the machine's topology");
    else if ((rc = read_cpus(topology, m)) < 0)
        err_nomem(e);
    else
        m->mem_mb = (int64_t)(hwloc_get_root_obj(topology)->total_memory >> 20);
    hwloc_topology_destroy(topology);
    return rc;
}

/* --- levels ------------------------------------------------------------------------------------
 */

static struct levels levels_with(const struct cgroup_base *b)
{
#ifdef __linux__
    enum level without = LEVEL_WATCHED, without_cpu = LEVEL_WATCHED;
#else
    enum level without = LEVEL_WATCHED, without_cpu = LEVEL_ADVISORY;
#endif
    return (struct levels){
        .cpu = *b->v1_cpu || b->v2_cpu ? LEVEL_ENFORCED : without_cpu,
        .mem = *b->v1_mem || b->v2_mem ? LEVEL_ENFORCED : without,
        .procs = *b->v1_procs || *b->v2 ? LEVEL_ENFORCED : without,
        .gpu = LEVEL_NONE,
    };
}

int machine_probe(struct machine *m, const char *instance, struct err *e)
{
    *m = (struct machine){0};
    if (read_hardware(m, e) < 0) {
        machine_free(m);
        return -1;
    }
    int64_t limit_mb = groups_memory_limit_mb();
    if (limit_mb && limit_mb < m->mem_mb)
        m->mem_mb = limit_mb;
    groups_make_base(&m->base, instance);
    m->levels = levels_with(&m->base);
    return 0;
}

void machine_forgo_groups(struct machine *m)
{
    m->levels = levels_with(&(struct cgroup_base){0});
}

void machine_free(struct machine *m)
{
    groups_remove_base(&m->base);
    cpuset_free(&m->cpus);
    *m = (struct machine){0};
}

int machine_clear_group(const struct machine *m, const char *group, struct err *e)
{
    struct cgroup g = {0};
    cgroup_find(&g, &m->base, group);
    return cgroup_clear(&g, e);
}

void machine_sweep_groups(const struct machine *m, bool (*is_over)(void *ctx, const char *group),
                          void *ctx)
{
    groups_sweep(&m->base, is_over, ctx);
}

/* --- in words ----------------------------------------------------------------------------------
 */

#define NEED_GROUPS                                                                                \
    "run the scheduler as root, or in a cgroup that is delegated to you (a systemd service with "  \
    "Delegate=yes)"

static struct machine_finding explain_cpu(const struct machine *m)
{
    struct machine_finding f = {.resource = "CPUs", .level = m->levels.cpu};
    if (m->base.v2_cpu)
        f.how = "each job has a cgroup v2 with its cpuset";
    else if (*m->base.v1_cpu)
        f.how = "each job has a cgroup v1 cpuset";
    else if (f.level == LEVEL_WATCHED)
        f.how = "every thread's affinity is set, and set again if the job changes it";
    else
        f.how = "jobs are told how many threads to use";
    f.better = f.level == LEVEL_ENFORCED ? NULL : NEED_GROUPS;
    return f;
}

static struct machine_finding explain_mem(const struct machine *m)
{
    struct machine_finding f = {.resource = "memory", .level = m->levels.mem};
    if (m->base.v2_mem)
        f.how = "each job has a cgroup v2 with memory.max";
    else if (*m->base.v1_mem)
        f.how = "each job has a cgroup v1 memory group";
    else
        f.how = "what a job's processes use is sampled, and a job over its request is ended";
    f.better = f.level == LEVEL_ENFORCED ? NULL : NEED_GROUPS;
    return f;
}

static struct machine_finding explain_procs(const struct machine *m)
{
    struct machine_finding f = {.resource = "processes", .level = m->levels.procs};
    if (*m->base.v2)
        f.how = "a job's processes are ended together by cgroup.kill";
    else if (*m->base.v1_procs)
        f.how = "a job's processes are frozen and ended together";
    else
        f.how = "a job's processes are found below its shepherd and ended; if the shepherd itself "
                "is killed, some can be missed";
    f.better = f.level == LEVEL_ENFORCED ? NULL : NEED_GROUPS;
    return f;
}

const char *machine_elastic(const struct machine *m)
{
    if (m->levels.cpu == LEVEL_ENFORCED)
        return "their cpuset is changed while they run";
    if (m->levels.cpu == LEVEL_WATCHED)
        return "the affinity of every thread is changed while they run";
    return "they are told, by thread-count variables, file and signal; nothing holds them to it";
}

void machine_explain(const struct machine *m, struct machine_finding findings[MACHINE_FINDINGS])
{
    findings[0] = explain_cpu(m);
    findings[1] = explain_mem(m);
    findings[2] = explain_procs(m);
    findings[3] = (struct machine_finding){
        .resource = "GPU", .level = LEVEL_NONE, .how = "GPUs are not scheduled"};
}
