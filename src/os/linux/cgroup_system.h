/* SPDX-License-Identifier: MIT */
/* cgroup_system.h - what the files about cgroups share. */
#pragma once

#include <stddef.h>

#include "os/cgroup.h"

#define CGROUP_FILE (CGROUP_PATH + CGROUP_NAME + 40)

/* The directories of the group that are there, most telling first; returns how many. */
#define CGROUP_DIRS 4
size_t cgroup_dirs(const struct cgroup *g, const char *dirs[CGROUP_DIRS]);
/* As file_read(), file_write() of dir/file. */
ssize_t cgroup_read(const char *dir, const char *file, char *text, size_t size);
int cgroup_write(const char *dir, const char *file, const char *text);
