// SPDX-License-Identifier: MIT
/* The files that every attempt needs. */
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "os/linux/cgroup_system.h"

#define IN(dir) offsetof(struct cgroup, dir)

static const struct {
    size_t dir; /* where in a group its directory is */
    const char *name;
    int flags;
} files[] = {
    [CGROUP_V2_DIR] = {IN(v2), ".", O_PATH | O_DIRECTORY},
    [CGROUP_V2_PROCS] = {IN(v2), "cgroup.procs", O_RDONLY},
    [CGROUP_V2_STAT] = {IN(v2), "cpu.stat", O_RDONLY},
    [CGROUP_V1_PROCS_DIR] = {IN(v1_procs), ".", O_PATH | O_DIRECTORY},
    [CGROUP_V1_PROCS_TASKS] = {IN(v1_procs), "tasks", O_WRONLY},
    [CGROUP_V1_CPU_DIR] = {IN(v1_cpu), ".", O_PATH | O_DIRECTORY},
    [CGROUP_V1_CPU_TASKS] = {IN(v1_cpu), "tasks", O_WRONLY},
    [CGROUP_V1_CPU_CPUS] = {IN(v1_cpu), "cpuset.cpus", O_WRONLY},
    [CGROUP_V1_MEM_DIR] = {IN(v1_mem), ".", O_PATH | O_DIRECTORY},
    [CGROUP_V1_MEM_TASKS] = {IN(v1_mem), "tasks", O_WRONLY},
    [CGROUP_V1_MEM_LIMIT] = {IN(v1_mem), "memory.limit_in_bytes", O_WRONLY},
    [CGROUP_V1_MEM_SWAP_LIMIT] = {IN(v1_mem), "memory.memsw.limit_in_bytes", O_WRONLY},
    [CGROUP_V1_MEM_OOM] = {IN(v1_mem), "memory.oom_control", O_RDONLY},
    [CGROUP_V1_MEM_PEAK] = {IN(v1_mem), "memory.max_usage_in_bytes", O_RDWR},
    [CGROUP_V1_MEM_USAGE] = {IN(v1_mem), "memory.usage_in_bytes", O_RDONLY},
};
_Static_assert(sizeof files / sizeof *files == CGROUP_KEPT, "a group has room for all");

bool cgroup_has_file(const struct cgroup *g, enum cgroup_file f)
{
    return ((const char *)g)[files[f].dir];
}

int cgroup_file(struct cgroup *g, enum cgroup_file f)
{
    char path[CGROUP_FILE];
    if (g->kept[f] == 0) {
        snprintf(path, sizeof path, "%s/%s", (const char *)g + files[f].dir, files[f].name);
        g->kept[f] = open(path, files[f].flags | O_CLOEXEC) + 1;
    }
    return g->kept[f] - 1;
}

ssize_t cgroup_file_read(struct cgroup *g, enum cgroup_file f, char *text, size_t size)
{
    int fd = cgroup_file(g, f);
    ssize_t n = fd < 0 ? -1 : pread(fd, text, size - 1, 0);
    if (n >= 0)
        text[n] = '\0';
    return n;
}

int64_t cgroup_file_number(struct cgroup *g, enum cgroup_file f)
{
    char text[32];
    return cgroup_file_read(g, f, text, sizeof text) > 0 ? strtoll(text, NULL, 10) : -1;
}

int cgroup_file_write(struct cgroup *g, enum cgroup_file f, const char *text)
{
    int fd = cgroup_file(g, f);
    return fd >= 0 && pwrite(fd, text, strlen(text), 0) == (ssize_t)strlen(text) ? 0 : -1;
}

void cgroup_close(struct cgroup *g)
{
    for (int i = 0; i < CGROUP_KEPT; i++) {
        if (g->kept[i])
            close(g->kept[i] - 1);
        g->kept[i] = 0;
    }
}
