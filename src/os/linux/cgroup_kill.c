// SPDX-License-Identifier: MIT
/* Ending everything in a group, and the group. */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "os/clock.h"
#include "os/linux/cgroup_system.h"

#define FREEZE_US 50000

static void nap(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
}

/* Calls each() for dir and every group below it, those below first. Returns the or of what it
 * returned. */
static int each_group(const char *dir, int (*each)(const char *dir))
{
    int result = 0;
    DIR *d = opendir(dir);
    struct dirent *entry;
    while (d && (entry = readdir(d))) {
        char below[CGROUP_FILE + 256];
        if (entry->d_type != DT_DIR || entry->d_name[0] == '.')
            continue;
        if ((size_t)snprintf(below, sizeof below, "%s/%s", dir, entry->d_name) < sizeof below)
            result |= each_group(below, each);
    }
    if (d)
        closedir(d);
    return result | each(dir);
}

/* Calls kill() for the processes of one group; 1 if there were any. */
static int kill_members(const char *dir)
{
    char path[CGROUP_FILE + 300];
    snprintf(path, sizeof path, "%s/cgroup.procs", dir);
    FILE *procs = fopen(path, "re");
    if (!procs)
        return 0;
    int found = 0;
    long pid;
    while (fscanf(procs, "%ld", &pid) == 1) {
        found = 1;
        /* 0 stands for a process outside of our pid namespace. */
        if (pid > 0)
            kill((pid_t)pid, SIGKILL);
    }
    fclose(procs);
    return found;
}

static int has_members(const char *dir)
{
    char path[CGROUP_FILE + 300], byte;
    snprintf(path, sizeof path, "%s/cgroup.procs", dir);
    FILE *procs = fopen(path, "re");
    if (!procs)
        return 0;
    int found = fread(&byte, 1, 1, procs) == 1;
    fclose(procs);
    return found;
}

/* Nobody in a frozen group can fork: what is found in it then is all there is. */
static void kill_frozen(const char *dir)
{
    cgroup_freeze_v1(dir, FREEZE_US);
    each_group(dir, kill_members);
    cgroup_thaw_v1(dir);
}

void cgroup_kill(const struct cgroup *g)
{
    if (g->v2[0] && cgroup_write(g->v2, "cgroup.kill", "1") != 0)
        each_group(g->v2, kill_members);
    if (g->v1_procs[0])
        kill_frozen(g->v1_procs);
    if (g->v1_mem[0])
        each_group(g->v1_mem, kill_members);
    if (g->v1_cpu[0])
        each_group(g->v1_cpu, kill_members);
}

bool cgroup_is_empty(const struct cgroup *g)
{
    const char *dirs[CGROUP_DIRS];
    for (size_t i = 0, n = cgroup_dirs(g, dirs); i < n; i++)
        if (each_group(dirs[i], has_members))
            return false;
    return true;
}

static int remove_dir(const char *dir)
{
    return rmdir(dir) != 0 && errno != ENOENT;
}

/* The kernel lets go of a process a little after it could be waited for. */
static int remove_tree(const char *dir, struct err *e)
{
    if (remove_dir(dir) == 0) /* the job made none below, and nobody is left */
        return 0;
    for (int i = 0; each_group(dir, remove_dir) != 0; i++) {
        struct stat st;
        if (stat(dir, &st) != 0 && errno == ENOENT)
            return 0;
        if (i == 100) {
            errno = EBUSY;
            return err_errno(e, "cannot remove cgroup %s", dir);
        }
        nap();
    }
    return 0;
}

int cgroup_remove(struct cgroup *g, struct err *e)
{
    const char *dirs[CGROUP_DIRS];
    int result = 0;
    cgroup_close(g);
    for (size_t i = 0, n = cgroup_dirs(g, dirs); i < n; i++)
        if (remove_tree(dirs[i], e) != 0)
            result = -1;
    return result;
}

int cgroup_clear(struct cgroup *g, struct err *e)
{
    for (int64_t end = clock_boot_us() + 1000000; !cgroup_is_empty(g); nap()) {
        if (clock_boot_us() > end)
            return err_set(e, ERR_BUSY, "processes in cgroup %s can't be ended",
                           g->v2[0] ? g->v2 : g->v1_procs);
        cgroup_kill(g);
    }
    return cgroup_remove(g, e);
}
