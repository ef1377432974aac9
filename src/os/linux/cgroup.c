// SPDX-License-Identifier: MIT
/* Making groups and joining them. */
#include "os/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "os/file.h"
#include "os/linux/cgroup_system.h"
#include "util/cleanup.h"

static int join(char path[CGROUP_FILE], const char *dir, const char *file)
{
    if (snprintf(path, CGROUP_FILE, "%s/%s", dir, file) < CGROUP_FILE)
        return 0;
    errno = ENAMETOOLONG;
    return -1;
}

ssize_t cgroup_read(const char *dir, const char *file, char *text, size_t size)
{
    char path[CGROUP_FILE];
    return join(path, dir, file) < 0 ? -1 : file_read(path, text, size);
}

int cgroup_write(const char *dir, const char *file, const char *text)
{
    char path[CGROUP_FILE];
    return join(path, dir, file) < 0 ? -1 : file_write(path, text);
}

size_t cgroup_dirs(const struct cgroup *g, const char *dirs[CGROUP_DIRS])
{
    const char *all[CGROUP_DIRS] = {g->v2, g->v1_procs, g->v1_mem, g->v1_cpu};
    size_t n = 0;
    for (size_t i = 0; i < CGROUP_DIRS; i++)
        if (all[i][0])
            dirs[n++] = all[i];
    return n;
}

/* A v1 cpuset begins with neither CPUs nor memory nodes. */
static int inherit(const char *dir, const char *file, struct err *e)
{
    char text[1024], up[CGROUP_FILE];
    snprintf(up, sizeof up, "../%s", file);
    if (cgroup_read(dir, file, text, sizeof text) < 0)
        return 0; /* not a v1 cpuset */
    if (text[0] && text[0] != '\n')
        return 0;
    if (cgroup_read(dir, up, text, sizeof text) < 0 || cgroup_write(dir, file, text) != 0)
        return err_errno(e, "cannot set %s/%s", dir, file);
    return 0;
}

static bool is_v1_cpuset(const char *dir)
{
    char path[CGROUP_FILE];
    snprintf(path, sizeof path, "%s/cpuset.effective_cpus", dir);
    return access(path, F_OK) == 0;
}

int cgroup_make_base(const char *dir, struct err *e)
{
    if (mkdir(dir, 0755) != 0 && errno != EEXIST)
        return err_errno(e, "cannot make cgroup %s", dir);
    if (!is_v1_cpuset(dir))
        return 0;
    if (inherit(dir, "cpuset.mems", e) != 0)
        return -1;
    return inherit(dir, "cpuset.cpus", e);
}

static bool is_made(const struct cgroup *g, const char *dir)
{
    const char *dirs[CGROUP_DIRS];
    for (size_t i = 0, n = cgroup_dirs(g, dirs); i < n; i++)
        if (strcmp(dirs[i], dir) == 0)
            return true;
    return false;
}

/* Makes base/name unless the group has it already (v2; v1 controllers mounted together). */
static int make(struct cgroup *g, const char *base, const char *name,
                char dir[CGROUP_PATH + CGROUP_NAME], struct err *e)
{
    char path[CGROUP_PATH + CGROUP_NAME];
    if (!base[0])
        return err_set(e, ERR_NOT_FOUND, "no cgroups of this kind");
    if ((size_t)snprintf(path, sizeof path, "%s/%s", base, name) >= sizeof path || !name[0] ||
        strchr(name, '/') || name[0] == '.')
        return err_set(e, ERR_INVALID, "%s: not a name for a cgroup", name);
    if (is_made(g, path)) {
        strcpy(dir, path);
        return 0;
    }
    int made = mkdir(path, 0755);
    if (made != 0 && errno == EEXIST) {
        /* Of an attempt that never came to be; its counters are not ours. */
        struct cgroup old = {0};
        strcpy(old.v1_procs, path);
        if (cgroup_clear(&old, e) != 0)
            return -1;
        made = mkdir(path, 0755);
    } else if (made != 0 && errno == ENOENT) {
        if (cgroup_make_base(base, e) != 0)
            return -1;
        made = mkdir(path, 0755);
    }
    if (made != 0)
        return err_errno(e, "cannot make cgroup %s", path);
    strcpy(dir, path);
    return 0;
}

/* Takes back a group that could not be set up. */
static int unmake(char dir[CGROUP_PATH + CGROUP_NAME], struct err *e)
{
    err_errno(e, "cannot set up cgroup %s", dir);
    rmdir(dir);
    dir[0] = '\0';
    return -1;
}

int cgroup_make_procs(struct cgroup *g, const struct cgroup_base *base, const char *name,
                      struct err *e)
{
    if (base->v2[0] && make(g, base->v2, name, g->v2, e) == 0)
        return 0;
    return make(g, base->v1_procs, name, g->v1_procs, e);
}

int cgroup_make_cpu(struct cgroup *g, const struct cgroup_base *base, const char *name,
                    const char *cpus, struct err *e)
{
    if (base->v2_cpu) {
        if (make(g, base->v2, name, g->v2, e) != 0)
            return -1;
        if (cgroup_write(g->v2, "cpuset.cpus", cpus) != 0)
            return err_errno(e, "cannot set %s/cpuset.cpus to %s", g->v2, cpus);
        g->v2_cpu = true;
        return 0;
    }
    bool again = g->v1_cpu[0];
    if (make(g, base->v1_cpu, name, g->v1_cpu, e) != 0)
        return -1;
    if ((again || inherit(g->v1_cpu, "cpuset.mems", e) == 0) &&
        cgroup_file_write(g, CGROUP_V1_CPU_CPUS, cpus) == 0)
        return 0;
    return unmake(g->v1_cpu, e);
}

/* The whole group dies together, or the rest of the job would go on without a part of it. */
static int limit_v2(const char *dir, const char *bytes)
{
    if (cgroup_write(dir, "memory.max", bytes) != 0 ||
        cgroup_write(dir, "memory.oom.group", "1") != 0)
        return -1;
    /* Not there where the kernel accounts no swap. */
    if (cgroup_write(dir, "memory.swap.max", "0") != 0 && errno != ENOENT)
        return -1;
    return 0;
}

/* Memory and swap together are never less than memory alone: that is lowered before, and raised
 * after. */
static int limit_v1(struct cgroup *g, const char *bytes)
{
    int lowered = cgroup_file_write(g, CGROUP_V1_MEM_LIMIT, bytes);
    if (cgroup_file_write(g, CGROUP_V1_MEM_SWAP_LIMIT, bytes) != 0 && errno != ENOENT)
        return -1;
    return lowered == 0 ? 0 : cgroup_file_write(g, CGROUP_V1_MEM_LIMIT, bytes);
}

int cgroup_make_mem(struct cgroup *g, const struct cgroup_base *base, const char *name,
                    int64_t bytes, struct err *e)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, bytes);
    g->mem_bytes = bytes;
    if (base->v2_mem) {
        if (make(g, base->v2, name, g->v2, e) != 0)
            return -1;
        if (limit_v2(g->v2, text) != 0)
            return err_errno(e, "cannot limit the memory of %s", g->v2);
        g->v2_mem = true;
        return 0;
    }
    if (make(g, base->v1_mem, name, g->v1_mem, e) != 0)
        return -1;
    return limit_v1(g, text) == 0 ? 0 : unmake(g->v1_mem, e);
}

static void find(const char *base, const char *name, char dir[CGROUP_PATH + CGROUP_NAME])
{
    struct stat st;
    size_t size = CGROUP_PATH + CGROUP_NAME;
    if (!base[0] || !name[0] || (size_t)snprintf(dir, size, "%s/%s", base, name) >= size ||
        stat(dir, &st) != 0)
        dir[0] = '\0';
}

void cgroup_find(struct cgroup *g, const struct cgroup_base *base, const char *name)
{
    *g = (struct cgroup){0};
    find(base->v2, name, g->v2);
    find(base->v1_procs, name, g->v1_procs);
    find(base->v1_mem, name, g->v1_mem);
    find(base->v1_cpu, name, g->v1_cpu);
    g->v2_cpu = g->v2[0] && base->v2_cpu;
    g->v2_mem = g->v2[0] && base->v2_mem;
}

bool cgroup_has_procs(const struct cgroup *g)
{
    return g->v2[0] || g->v1_procs[0];
}

bool cgroup_has_cpu(const struct cgroup *g)
{
    return g->v2_cpu || g->v1_cpu[0];
}

bool cgroup_has_mem(const struct cgroup *g)
{
    return g->v2_mem || g->v1_mem[0];
}

/* For a thread that moves itself the kernel does not stop all forks of the machine, as it does for
 * whole processes (cgroup.procs). */
static const struct {
    enum cgroup_file file;
    int kind;
} joined[] = {
    {CGROUP_V1_PROCS_TASKS, CGROUP_PROCS},
    {CGROUP_V1_CPU_TASKS, CGROUP_CPU},
    {CGROUP_V1_MEM_TASKS, CGROUP_MEM},
};

/* In the parent, so that they stay open. */
static void open_tasks(struct cgroup *g)
{
    for (size_t i = 0; i < sizeof joined / sizeof *joined; i++)
        if (cgroup_has_file(g, joined[i].file))
            cgroup_file(g, joined[i].file);
}

pid_t cgroup_fork(struct cgroup *g, bool *inside)
{
    *inside = false;
    open_tasks(g);
    if (!g->v2[0])
        return fork();
    int fd = cgroup_file(g, CGROUP_V2_DIR);
    if (fd < 0)
        return fork();
    struct clone_args args = {
        .flags = CLONE_INTO_CGROUP, .exit_signal = SIGCHLD, .cgroup = (uint64_t)fd};
    *inside = true;
    pid_t pid = (pid_t)syscall(SYS_clone3, &args, sizeof args);
    if (pid >= 0)
        return pid;
    *inside = false;
    return fork();
}

static bool join_by(int tasks)
{
    return pwrite(tasks, "0", 1, 0) == 1;
}

int cgroup_join(const struct cgroup *g, bool inside)
{
    int failed = 0;
    if (g->v2[0] && !inside && cgroup_write(g->v2, "cgroup.procs", "0") != 0)
        failed |= CGROUP_PROCS | (g->v2_cpu ? CGROUP_CPU : 0) | (g->v2_mem ? CGROUP_MEM : 0);
    for (size_t i = 0; i < sizeof joined / sizeof *joined; i++)
        if (cgroup_has_file(g, joined[i].file) && !join_by(g->kept[joined[i].file] - 1))
            failed |= joined[i].kind;
    return failed;
}
