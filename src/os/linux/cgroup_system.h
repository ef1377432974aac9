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

/* Those of a group that stay open. (Not what lists a v1 group's tasks: read again from its
 * beginning, the kernel may give the list of a second ago.) */
enum cgroup_file {
    CGROUP_V2_DIR,
    CGROUP_V2_PROCS,
    CGROUP_V2_STAT,
    CGROUP_V1_PROCS_DIR,
    CGROUP_V1_PROCS_TASKS,
    CGROUP_V1_CPU_DIR,
    CGROUP_V1_CPU_TASKS,
    CGROUP_V1_CPU_CPUS,
    CGROUP_V1_MEM_DIR,
    CGROUP_V1_MEM_TASKS,
    CGROUP_V1_MEM_LIMIT,
    CGROUP_V1_MEM_SWAP_LIMIT,
    CGROUP_V1_MEM_OOM,
    CGROUP_V1_MEM_PEAK,
    CGROUP_V1_MEM_USAGE,
};
/* The group has the directory that it would be in. */
bool cgroup_has_file(const struct cgroup *g, enum cgroup_file f);
/* Its descriptor, the group's; -1 with errno. */
int cgroup_file(struct cgroup *g, enum cgroup_file f);
/* As cgroup_read(), of a text that one read gives, cgroup_number(), and cgroup_write(). */
ssize_t cgroup_file_read(struct cgroup *g, enum cgroup_file f, char *text, size_t size);
int64_t cgroup_file_number(struct cgroup *g, enum cgroup_file f);
int cgroup_file_write(struct cgroup *g, enum cgroup_file f, const char *text);
void cgroup_close(struct cgroup *g);

/* As cgroup_freeze(), cgroup_thaw(), of one v1 directory. */
bool cgroup_freeze_v1(const char *dir, int64_t within_us);
void cgroup_thaw_v1(const char *dir);
