// SPDX-License-Identifier: MIT
/* Other CPUs, more or less memory, for a group in use. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "os/linux/cgroup_system.h"

#define MB       (INT64_C(1) << 20)
#define MEMS_LEN 1024

int cgroup_set_cpu(const struct cgroup *g, const char *cpus, struct err *e)
{
    const char *dir = g->v2_cpu ? g->v2 : g->v1_cpu;
    if (cgroup_write(dir, "cpuset.cpus", cpus) == 0)
        return 0;
    return err_errno(e, "cannot set %s/cpuset.cpus to %s", dir, cpus);
}

int cgroup_bind_mems(const struct cgroup *g, const char *mems, struct err *e)
{
    const char *dir = g->v2_cpu ? g->v2 : g->v1_cpu;
    if (cgroup_write(dir, "cpuset.mems", mems) == 0)
        return 0;
    return err_errno(e, "cannot set %s/cpuset.mems to %s", dir, mems);
}

int cgroup_widen_mems(const struct cgroup *g, const char *mems, struct err *e)
{
    const char *dir = g->v2_cpu ? g->v2 : g->v1_cpu;
    const char *all = g->v2_cpu ? "../cpuset.mems.effective" : "../cpuset.mems";
    char now[MEMS_LEN], text[2 * MEMS_LEN];
    if (cgroup_read(dir, "cpuset.mems", now, sizeof now) < 0)
        return err_errno(e, "cannot read %s/cpuset.mems", dir);
    now[strcspn(now, "\n")] = '\0';
    if (!now[0])
        return 0; /* not bound */
    if (!mems[0] && cgroup_read(dir, all, text, sizeof text) < 0)
        return err_errno(e, "cannot read %s/%s", dir, all);
    if (mems[0])
        snprintf(text, sizeof text, "%s,%s", now, mems); /* the kernel reads it as a set */
    return cgroup_bind_mems(g, text, e);
}

/* Some files are not there where the kernel accounts no swap. */
static bool set(const char *dir, const char *file, int64_t bytes)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, bytes);
    return cgroup_write(dir, file, text) == 0 || errno == ENOENT;
}

/* Memory and swap together are never less than memory alone. */
static bool raise_v1(const char *dir, int64_t bytes)
{
    return set(dir, "memory.memsw.limit_in_bytes", bytes) &&
           set(dir, "memory.limit_in_bytes", bytes);
}

int cgroup_raise_mem(const struct cgroup *g, int64_t bytes, struct err *e)
{
    const char *dir = g->v2_mem ? g->v2 : g->v1_mem;
    if (g->v2_mem ? set(dir, "memory.max", bytes) : raise_v1(dir, bytes))
        return 0;
    return err_errno(e, "cannot raise the memory limit of %s", dir);
}

/* The kernel refuses a limit that is less than what it can't reclaim. */
static bool lower_v1(const char *dir, int64_t bytes, int64_t now)
{
    if (!set(dir, "memory.limit_in_bytes", bytes))
        return false;
    if (set(dir, "memory.memsw.limit_in_bytes", bytes))
        return true;
    set(dir, "memory.limit_in_bytes", now);
    return false;
}

/* With room for what is allocated while we look. */
static int64_t with_room(int64_t used)
{
    return used + used / 16 + MB;
}

/* Here the kernel would kill until the rest fits: so it is asked to reclaim, and looked at, before.
 */
static bool lower_v2(const char *dir, int64_t bytes)
{
    int64_t used = cgroup_number(dir, "memory.current");
    if (used >= 0 && with_room(used) > bytes) {
        set(dir, "memory.reclaim", with_room(used) - bytes);
        used = cgroup_number(dir, "memory.current");
    }
    return used >= 0 && with_room(used) <= bytes && set(dir, "memory.max", bytes);
}

static bool lower(const struct cgroup *g, int64_t bytes, int64_t now)
{
    return g->v2_mem ? lower_v2(g->v2, bytes) : lower_v1(g->v1_mem, bytes, now);
}

int64_t cgroup_lower_mem(const struct cgroup *g, int64_t bytes, int64_t now)
{
    if (lower(g, bytes, now))
        return bytes;
    int64_t used = g->v2_mem ? cgroup_number(g->v2, "memory.current")
                             : cgroup_number(g->v1_mem, "memory.memsw.usage_in_bytes");
    if (used < 0 && !g->v2_mem)
        used = cgroup_number(g->v1_mem, "memory.usage_in_bytes");
    int64_t fits = (with_room(with_room(used)) + MB - 1) / MB * MB;
    return used >= 0 && fits < now && lower(g, fits, now) ? fits : now;
}
