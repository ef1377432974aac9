// SPDX-License-Identifier: MIT
/* Using a group once more. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "os/linux/cgroup_system.h"

/* An empty group still has so much: for each CPU the kernel takes 64 pages ahead. */
#define LEFT_MAX (INT64_C(512) * 1024)
/* Who came no nearer to his limit has not been refused anything. */
#define NEAR_LIMIT (INT64_C(1) << 20)

/* The kernel counts groups below as a file system counts directories. */
static bool has_none_below(struct cgroup *g, enum cgroup_file dir)
{
    struct stat st;
    int fd = cgroup_file(g, dir);
    return fd >= 0 && fstat(fd, &st) == 0 && st.st_nlink == 2;
}

/* Who joined has joined all: the most telling one is asked. */
static bool has_nobody(struct cgroup *g)
{
    const char *dirs[CGROUP_DIRS];
    char pid[16];
    if (cgroup_has_file(g, CGROUP_V2_PROCS))
        return cgroup_file_read(g, CGROUP_V2_PROCS, pid, sizeof pid) == 0;
    return cgroup_dirs(g, dirs) > 0 && cgroup_read(dirs[0], "cgroup.procs", pid, sizeof pid) == 0;
}

static bool is_bare(struct cgroup *g)
{
    static const enum cgroup_file dirs[] = {CGROUP_V2_DIR, CGROUP_V1_PROCS_DIR, CGROUP_V1_CPU_DIR,
                                            CGROUP_V1_MEM_DIR};
    for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++)
        if (cgroup_has_file(g, dirs[i]) && !has_none_below(g, dirs[i]))
            return false;
    return has_nobody(g);
}

/* What counts refusals is not reset: so there must have been none. */
static bool renew_v1_mem(struct cgroup *g, int64_t peak_kb)
{
    int64_t left = cgroup_file_number(g, CGROUP_V1_MEM_USAGE);
    return peak_kb >= 0 && peak_kb * 1024 + NEAR_LIMIT < g->mem_bytes && left >= 0 &&
           left <= LEFT_MAX && cgroup_file_write(g, CGROUP_V1_MEM_PEAK, "0") == 0;
}

bool cgroup_renew(struct cgroup *g, const struct cgroup_usage *used)
{
    if (g->v2_mem || !is_bare(g) || (g->v2[0] && used->cpu_user_us < 0) ||
        (g->v1_mem[0] && !renew_v1_mem(g, used->mem_peak_kb)))
        return false;
    if (g->v2[0]) {
        g->past_user_us += used->cpu_user_us;
        g->past_system_us += used->cpu_system_us;
    }
    return true;
}
