/* SPDX-License-Identifier: MIT */
/* groups.h - where on this machine control groups for jobs can be made. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "os/cgroup.h"

/* Makes "mini-slurm/<instance>" in every hierarchy where we may, below the group we are in, so that
 * what limits us limits the jobs; fills in *base with those that came about. */
void groups_make_base(struct cgroup_base *base, const char *instance);
/* Removes these directories where they are empty. */
void groups_remove_base(const struct cgroup_base *base);
/* Removes those groups in them that are over and have nobody in them. */
void groups_sweep(const struct cgroup_base *base, bool (*is_over)(void *ctx, const char *name),
                  void *ctx);
/* The least memory limit of the groups we are in; 0: none. */
int64_t groups_memory_limit_mb(void);
