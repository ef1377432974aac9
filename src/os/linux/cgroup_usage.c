// SPDX-License-Identifier: MIT
/* What a group has used, and whether it wanted more memory than it may have. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "os/file.h"
#include "os/linux/cgroup_system.h"
#include "util/cleanup.h"

int64_t cgroup_number(const char *dir, const char *file)
{
    char text[32];
    if (cgroup_read(dir, file, text, sizeof text) <= 0)
        return -1;
    return strtoll(text, NULL, 10);
}

void cgroup_usage(struct cgroup *g, struct cgroup_usage *u)
{
    char text[1024];
    *u = (struct cgroup_usage){-1, -1, -1};
    /* In v2 the kernel counts CPU time for every group, whatever controllers it has. */
    if (g->v2[0] && cgroup_file_read(g, CGROUP_V2_STAT, text, sizeof text) > 0) {
        u->cpu_user_us = file_field(text, "user_usec") - g->past_user_us;
        u->cpu_system_us = file_field(text, "system_usec") - g->past_system_us;
    }
    int64_t peak = -1;
    if (g->v2_mem)
        peak = cgroup_number(g->v2, "memory.peak");
    else if (g->v1_mem[0])
        peak = cgroup_file_number(g, CGROUP_V1_MEM_PEAK);
    u->mem_peak_kb = peak < 0 ? -1 : peak / 1024;
}

/* The kernel counts every kill in the group as oom_kill, whoever ran out of memory; that the group
 * itself did shows in the other counter. */
static enum cgroup_oom oom_v2(const char *dir)
{
    char text[512];
    /* The attempt's own: a group that the job made below may have a limit of its own. */
    if (cgroup_read(dir, "memory.events.local", text, sizeof text) <= 0 &&
        cgroup_read(dir, "memory.events", text, sizeof text) <= 0)
        return CGROUP_OOM_NONE;
    if (file_field(text, "oom_group_kill") <= 0 && file_field(text, "oom_kill") <= 0)
        return CGROUP_OOM_NONE;
    return file_field(text, "oom") > 0 ? CGROUP_OOM_LIMIT : CGROUP_OOM_MACHINE;
}

/* Recent kernels do not count failures where swap is limited as well; then only the usage tells,
 * which the kernel takes in steps of some pages. */
static bool has_reached_limit(const char *dir)
{
    const int64_t step = 1 << 20;
    return cgroup_number(dir, "memory.failcnt") > 0 ||
           cgroup_number(dir, "memory.memsw.failcnt") > 0 ||
           cgroup_number(dir, "memory.max_usage_in_bytes") + step >=
               cgroup_number(dir, "memory.limit_in_bytes");
}

static enum cgroup_oom oom_v1(struct cgroup *g)
{
    char text[256];
    if (cgroup_file_read(g, CGROUP_V1_MEM_OOM, text, sizeof text) <= 0 ||
        file_field(text, "oom_kill") <= 0)
        return CGROUP_OOM_NONE;
    return has_reached_limit(g->v1_mem) ? CGROUP_OOM_LIMIT : CGROUP_OOM_MACHINE;
}

enum cgroup_oom cgroup_oom(struct cgroup *g)
{
    if (g->v2_mem)
        return oom_v2(g->v2);
    return g->v1_mem[0] ? oom_v1(g) : CGROUP_OOM_NONE;
}

int cgroup_oom_fd(struct cgroup *g)
{
    if (!g->v1_mem[0])
        return -1;
    char text[40];
    int control = cgroup_file(g, CGROUP_V1_MEM_OOM);
    _cleanup_close_ int event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (control < 0 || event < 0)
        return -1;
    snprintf(text, sizeof text, "%d %d", event, control);
    if (cgroup_write(g->v1_mem, "cgroup.event_control", text) != 0)
        return -1;
    return steal_fd(&event);
}
