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
/* The number that the file begins with; -1 if there is none. */
int64_t cgroup_number(const char *dir, const char *file);

/* As cgroup_freeze(), cgroup_thaw(), of one v1 directory. */
bool cgroup_freeze_v1(const char *dir, int64_t within_us);
void cgroup_thaw_v1(const char *dir);
