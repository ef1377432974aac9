// SPDX-License-Identifier: MIT
#include "machine/hardware.h"

#include <hwloc.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "util/array.h"
#include "util/buf.h"

struct reader {
    hwloc_topology_t machine;
    const struct cpuset *cpus; /* that can be used */
    struct topology_builder *builder;
    struct err *e;
};

/* --- hwloc's objects -------------------------------------------------------------------------- */

static bool can_be_used(const struct reader *r, hwloc_obj_t o)
{
    int cpu;
    hwloc_bitmap_foreach_begin(cpu, o->cpuset)
    {
        if (cpuset_has(r->cpus, cpu))
            return true;
    }
    hwloc_bitmap_foreach_end();
    return false;
}

/* The first of the siblings from o on that can be used; NULL: none. */
static hwloc_obj_t usable(const struct reader *r, hwloc_obj_t o)
{
    while (o && !can_be_used(r, o))
        o = o->next_sibling;
    return o;
}

/* A CPU stands for its core where the system does not tell of cores. */
static bool is_core(hwloc_obj_t o)
{
    return o->type == HWLOC_OBJ_CORE || o->type == HWLOC_OBJ_PU;
}

/* The only one in o that can be used, if it is no core; NULL if there are several. */
static hwloc_obj_t only_switch(const struct reader *r, hwloc_obj_t o)
{
    hwloc_obj_t first = usable(r, o->first_child);
    return first && !is_core(first) && !usable(r, first->next_sibling) ? first : NULL;
}

/* A cache that no two cores share says nothing. */
static bool is_private(const struct reader *r, hwloc_obj_t o)
{
    hwloc_obj_t first = usable(r, o->first_child);
    return o->type == HWLOC_OBJ_L3CACHE && !o->memory_arity && first && is_core(first) &&
           !usable(r, first->next_sibling);
}

static bool all_private(const struct reader *r, hwloc_obj_t parent)
{
    hwloc_obj_t o = usable(r, parent->first_child);
    while (o && is_private(r, o))
        o = usable(r, o->next_sibling);
    return !o;
}

/* --- names ------------------------------------------------------------------------------------ */

static void add_name(struct buf *name, const char *what, unsigned number)
{
    buf_printf(name, "%s%s %u", name->len ? ", " : "", what, number);
}

/* NUMA nodes hang beside what their CPUs are in, perhaps behind a cache of their own. */
static void add_numa_names(struct buf *name, hwloc_obj_t memory)
{
    for (hwloc_obj_t o = memory; o; o = o->next_sibling) {
        if (o->type == HWLOC_OBJ_NUMANODE)
            add_name(name, "NUMA node", o->os_index);
        add_numa_names(name, o->memory_first_child);
    }
}

static void add_names(struct buf *name, hwloc_obj_t o)
{
    if (o->type == HWLOC_OBJ_PACKAGE)
        add_name(name, "package", o->logical_index);
    else if (o->type == HWLOC_OBJ_DIE)
        add_name(name, "die", o->logical_index);
    add_numa_names(name, o->memory_first_child);
    if (o->type == HWLOC_OBJ_L3CACHE)
        add_name(name, "L3", o->logical_index);
}

static enum topology_kind kind_of(hwloc_obj_t o)
{
    switch (o->type) {
    case HWLOC_OBJ_MACHINE:
        return TOPOLOGY_MACHINE;
    case HWLOC_OBJ_PACKAGE:
        return TOPOLOGY_PACKAGE;
    case HWLOC_OBJ_L3CACHE:
        return o->memory_arity ? TOPOLOGY_NUMA : TOPOLOGY_CACHE;
    default:
        return o->memory_arity ? TOPOLOGY_NUMA : TOPOLOGY_GROUP;
    }
}

/* --- the tree --------------------------------------------------------------------------------- */

static int add_cpus(const struct reader *r, hwloc_obj_t core, int **cpus, size_t *n)
{
    int cpu, rc = 0;
    size_t cap = 0;
    hwloc_bitmap_foreach_begin(cpu, core->cpuset)
    {
        if (!cpuset_has(r->cpus, cpu))
            continue;
        int *room = array_room(*cpus, &cap, *n, 1, sizeof *room);
        if (!room) {
            rc = err_nomem(r->e);
            break;
        }
        *cpus = room;
        room[(*n)++] = cpu;
    }
    hwloc_bitmap_foreach_end();
    return rc;
}

static int add_core(const struct reader *r, hwloc_obj_t core, int parent)
{
    int *cpus = NULL;
    size_t n = 0;
    char name[32];
    snprintf(name, sizeof name, "%s%u", core->type == HWLOC_OBJ_CORE ? "core" : "cpu",
             core->logical_index);
    int rc = add_cpus(r, core, &cpus, &n);
    if (rc == 0)
        rc = topology_builder_add_node(r->builder, parent, name, cpus, (int)n, 0, r->e);
    free(cpus);
    return rc;
}

static int add_switch(const struct reader *r, hwloc_obj_t o, int parent);

static int add_children(const struct reader *r, hwloc_obj_t o, int id)
{
    bool skip = all_private(r, o);
    for (hwloc_obj_t c = usable(r, o->first_child); c; c = usable(r, c->next_sibling)) {
        hwloc_obj_t child = skip ? usable(r, c->first_child) : c;
        if ((is_core(child) ? add_core(r, child, id) : add_switch(r, child, id)) < 0)
            return -1;
    }
    return 0;
}

/* The object with those that are all there is in it. hwloc's trees are flat: Groups are added for
 * NUMA distances only. */
static int add_switch(const struct reader *r, hwloc_obj_t o, int parent)
{
    _cleanup_buf_ struct buf name = {0};
    enum topology_kind kind = kind_of(o);
    add_names(&name, o);
    for (hwloc_obj_t only; (only = only_switch(r, o)); o = only)
        add_names(&name, only);
    if (name.failed)
        return err_nomem(r->e);
    int id = topology_builder_add_switch(r->builder, parent, name.data, kind, r->e);
    return id < 0 ? -1 : add_children(r, o, id);
}

static int read_cores(const struct reader *r, struct hardware *h)
{
    hwloc_obj_t root = hwloc_get_root_obj(r->machine);
    if (!can_be_used(r, root))
        return err_set(r->e, ERR_INVALID, "this machine has none of the CPUs to be used");
    if (add_switch(r, root, -1) < 0)
        return -1;
    h->cores = topology_build(r->builder, r->e);
    return h->cores ? 0 : -1;
}

/* --- memory ----------------------------------------------------------------------------------- */

static int copy_cpus(hwloc_const_bitmap_t from, struct cpuset *to)
{
    int cpu, rc = 0;
    hwloc_bitmap_foreach_begin(cpu, from)
    {
        if (cpu < CPUSET_MAX && cpuset_add(to, cpu) < 0)
            rc = -1;
    }
    hwloc_bitmap_foreach_end();
    return rc;
}

static int read_numa(const struct reader *r, struct hardware *h)
{
    int count = hwloc_get_nbobjs_by_type(r->machine, HWLOC_OBJ_NUMANODE);
    h->numa = calloc(count > 0 ? (size_t)count : 1, sizeof *h->numa);
    if (!h->numa)
        return err_nomem(r->e);
    for (hwloc_obj_t o = NULL;
         (o = hwloc_get_next_obj_by_type(r->machine, HWLOC_OBJ_NUMANODE, o));) {
        int64_t mem_mb = (int64_t)(o->attr->numanode.local_memory >> 20);
        if (!mem_mb)
            continue;
        struct numa_node *node = &h->numa[h->nnuma++];
        *node = (struct numa_node){.number = (int)o->os_index, .mem_mb = mem_mb};
        if (copy_cpus(o->cpuset, &node->cpus) < 0)
            return err_nomem(r->e);
    }
    return 0;
}

/* --- all of it -------------------------------------------------------------------------------- */

/* What is not asked for need not be found: it takes hwloc less time. */
static int load(hwloc_topology_t machine)
{
    static const hwloc_obj_type_t wanted[] = {HWLOC_OBJ_PACKAGE, HWLOC_OBJ_DIE, HWLOC_OBJ_L3CACHE,
                                              HWLOC_OBJ_CORE, HWLOC_OBJ_GROUP};
    hwloc_topology_set_all_types_filter(machine, HWLOC_TYPE_FILTER_KEEP_NONE);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        hwloc_topology_set_type_filter(machine, wanted[i],
                                       wanted[i] == HWLOC_OBJ_GROUP
                                           ? HWLOC_TYPE_FILTER_KEEP_STRUCTURE
                                           : HWLOC_TYPE_FILTER_KEEP_ALL);
    return hwloc_topology_load(machine);
}

static int read_machine(struct hardware *h, const struct cpuset *cpus, hwloc_topology_t machine,
                        struct err *e)
{
    if (load(machine) < 0)
        return err_errno(e, "cannot read the machine's topology");
    struct reader r = {.machine = machine, .cpus = cpus, .e = e};
    r.builder = topology_builder_create(e);
    if (!r.builder)
        return -1;
    int rc = read_cores(&r, h);
    if (rc == 0)
        rc = read_numa(&r, h);
    topology_builder_free(r.builder);
    return rc;
}

int hardware_read(struct hardware *h, const struct cpuset *cpus, struct err *e)
{
    hwloc_topology_t machine;
    *h = (struct hardware){0};
    if (hwloc_topology_init(&machine) < 0)
        return err_nomem(e);
    int rc = read_machine(h, cpus, machine, e);
    hwloc_topology_destroy(machine);
    if (rc < 0)
        hardware_free(h);
    return rc;
}

void hardware_free(struct hardware *h)
{
    topology_free(h->cores);
    for (size_t i = 0; i < h->nnuma; i++)
        cpuset_free(&h->numa[i].cpus);
    free(h->numa);
    *h = (struct hardware){0};
}

/* --- who is near to what ---------------------------------------------------------------------- */

static int count_in_both(const struct cpuset *a, const struct cpuset *b)
{
    int n = 0;
    for (int cpu = cpuset_next(a, 0); cpu >= 0; cpu = cpuset_next(a, cpu + 1))
        n += cpuset_has(b, cpu);
    return n;
}

char *hardware_mems(const struct hardware *h, const struct cpuset *cpus, int64_t mem_mb)
{
    _cleanup_cpuset_ struct cpuset mems = {0};
    int near = 0;
    size_t nodes = 0;
    double share_mb = 0;
    for (size_t i = 0; i < h->nnuma; i++) {
        const struct numa_node *node = &h->numa[i];
        int n = count_in_both(cpus, &node->cpus);
        if (!n)
            continue;
        if (cpuset_add(&mems, node->number) < 0)
            return NULL;
        near += n;
        nodes++;
        share_mb += (double)node->mem_mb * n / cpuset_count(&node->cpus);
    }
    bool bind =
        nodes < h->nnuma && near >= cpuset_count(cpus) && (double)mem_mb <= share_mb * 9 / 8;
    if (!bind)
        cpuset_free(&mems);
    return cpuset_format(&mems);
}
