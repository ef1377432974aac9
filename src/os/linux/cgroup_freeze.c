// SPDX-License-Identifier: MIT
/* Stopping all of a group for a moment.
 *
 * In v2 a task stops where signals are delivered, on its way back to the program: never inside
 * execve(2). In v1 one that sleeps in the kernel may stop there as well, if it is a sleep that the
 * kernel lets be frozen; of those that can be met in an execve(2) only NFS has any. */
#include <string.h>
#include <time.h>

#include "os/clock.h"
#include "os/file.h"
#include "os/linux/cgroup_system.h"

static void nap(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 200000}, NULL);
}

static bool is_frozen_v1(const char *dir)
{
    char state[32];
    return cgroup_read(dir, "freezer.state", state, sizeof state) > 0 &&
           strcmp(state, "FROZEN\n") == 0;
}

static bool is_frozen_v2(const char *dir)
{
    char events[128];
    return cgroup_read(dir, "cgroup.events", events, sizeof events) > 0 &&
           file_field(events, "frozen") == 1;
}

static bool await(bool (*is_frozen)(const char *dir), const char *dir, int64_t within_us)
{
    int64_t end_us = clock_boot_us() + within_us;
    while (!is_frozen(dir)) {
        if (clock_boot_us() > end_us)
            return false;
        nap();
    }
    return true;
}

bool cgroup_freeze_v1(const char *dir, int64_t within_us)
{
    return cgroup_write(dir, "freezer.state", "FROZEN") == 0 && await(is_frozen_v1, dir, within_us);
}

void cgroup_thaw_v1(const char *dir)
{
    cgroup_write(dir, "freezer.state", "THAWED");
}

bool cgroup_freeze(const struct cgroup *g, int64_t within_us)
{
    if (g->v2[0])
        return cgroup_write(g->v2, "cgroup.freeze", "1") == 0 &&
               await(is_frozen_v2, g->v2, within_us);
    return g->v1_procs[0] && cgroup_freeze_v1(g->v1_procs, within_us);
}

void cgroup_thaw(const struct cgroup *g)
{
    if (g->v2[0])
        cgroup_write(g->v2, "cgroup.freeze", "0");
    else if (g->v1_procs[0])
        cgroup_thaw_v1(g->v1_procs);
}
