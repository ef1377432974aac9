/* SPDX-License-Identifier: MIT */
/* fixture.h - what the tests of the core share: seconds, and plans beside each other. */
#pragma once

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

#include "core/plan.h"
#include "core/topology.h"

#define SEC INT64_C(1000000)

/* For sched_config: a time is so many seconds. */
static inline void format_seconds(int64_t us, char *buf, size_t len)
{
    snprintf(buf, len, "%" PRId64, us / SEC);
}

/* For sched_config: CPUs that differ in nothing but their numbers, on one switch. NULL if there are
 * none. */
static inline struct topology *flat_topology(const struct cpuset *cpus)
{
    struct err e = {0};
    struct topology_builder *b = topology_builder_create(&e);
    int machine = topology_builder_add_switch(b, -1, NULL, TOPOLOGY_MACHINE, &e);
    char name[16];
    for (int cpu = cpuset_next(cpus, 0); cpu >= 0; cpu = cpuset_next(cpus, cpu + 1)) {
        snprintf(name, sizeof name, "core%d", cpu);
        topology_builder_add_node(b, machine, name, &cpu, 1, 0, &e);
    }
    struct topology *t = cpuset_count(cpus) ? topology_build(b, &e) : NULL;
    topology_builder_free(b);
    return t;
}

static inline bool plans_equal(const struct plan *a, const struct plan *b)
{
    if (a->count != b->count || a->wake_us != b->wake_us)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (a->actions[i].job->id != b->actions[i].job->id)
            return false;
    return true;
}
