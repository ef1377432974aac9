/* SPDX-License-Identifier: MIT */
/* machine.h - what this machine is and how far it can hold a job to its request. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/cpuset.h"
#include "os/cgroup.h"
#include "util/buf.h"
#include "util/err.h"
#include "util/level.h"

struct machine {
    struct cpuset cpus; /* those this process may use (affinity, container); the kernel's numbers */
    int64_t mem_mb;     /* installed, or a container's cgroup limit if that is less */
    struct levels levels; /* the best that can be had here */
    struct cgroup_base base;
};

/* instance: names this user's home (paths.h); groups are made below directories of that name, which
 * the probe creates. Nothing else is changed. 0, or -1 with *e. */
int machine_probe(struct machine *m, const char *instance, struct err *e);
/* Jobs are to have no control groups; those that earlier ones had are cleared all the same. */
void machine_forgo_groups(struct machine *m);
/* Also removes the directories made for groups, if they are empty. */
void machine_free(struct machine *m);
/* Ends and removes what is left in the attempt's group (its shepherd died): 0, or -1 if processes
 * may be left. */
int machine_clear_group(const struct machine *m, const char *group, struct err *e);
/* Removes the groups that are over and have nobody in them. */
void machine_sweep_groups(const struct machine *m, bool (*is_over)(void *ctx, const char *group),
                          void *ctx);

/* One resource: what holds it here, and what would hold it better. */
struct machine_finding {
    const char *resource; /* "CPUs", "memory", "processes", "GPU" */
    enum level level;
    const char *how;
    const char *better; /* NULL: it can't be better */
};
#define MACHINE_FINDINGS 4
/* What elastic jobs get when they are resized. */
const char *machine_elastic(const struct machine *m);
void machine_explain(const struct machine *m, struct machine_finding findings[MACHINE_FINDINGS]);
