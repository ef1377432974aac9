// SPDX-License-Identifier: MIT
#include "os/proctree.h"

#include <libproc.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/proc.h>
#include <sys/proc_info.h>
#include <unistd.h>

bool proctree_keep_orphans(bool on)
{
    (void)on;
    return false;
}

void proctree_free(struct proctree *t)
{
    free(t->pids);
    *t = (struct proctree){0};
}

static bool has(const struct proctree *t, pid_t pid)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->pids[i] == pid)
            return true;
    return false;
}

pid_t proctree_parent(pid_t pid)
{
    struct proc_bsdinfo info;
    if (proc_pidinfo(pid, PROC_PIDTBSDINFO, 0, &info, sizeof info) != sizeof info)
        return 0;
    return (pid_t)info.pbi_ppid;
}

static bool belongs(const struct proctree *t, pid_t pid, pid_t session)
{
    struct proc_bsdinfo info;
    if (pid <= 1 || pid == getpid() || has(t, pid) ||
        proc_pidinfo(pid, PROC_PIDTBSDINFO, 0, &info, sizeof info) != sizeof info)
        return false;
    pid_t parent = (pid_t)info.pbi_ppid;
    return parent == getpid() || has(t, parent) || (session > 0 && getsid(pid) == session);
}

/* t->pids has room for all of them. */
static bool add_generation(struct proctree *t, const pid_t *all, int count, pid_t session)
{
    size_t before = t->count;
    for (int i = 0; i < count; i++)
        if (belongs(t, all[i], session))
            t->pids[t->count++] = all[i];
    return t->count > before;
}

int proctree_walk(struct proctree *t, pid_t session)
{
    t->count = 0;
    size_t room = (size_t)proc_listallpids(NULL, 0) + 64;
    if (t->cap < 2 * room) {
        /* The second half holds all processes, the first those that belong here. */
        pid_t *grown = realloc(t->pids, 2 * room * sizeof *grown);
        if (!grown)
            return -1;
        t->pids = grown;
        t->cap = 2 * room;
    }
    pid_t *all = t->pids + t->cap / 2;
    int count = proc_listallpids(all, (int)(t->cap / 2 * sizeof *all));
    if (count < 0)
        return -1;
    while (add_generation(t, all, count, session))
        continue;
    return 0;
}

void proctree_signal(const struct proctree *t, int sig)
{
    for (size_t i = 0; i < t->count; i++)
        kill(t->pids[i], sig);
}

int64_t proctree_resident_kb(pid_t pid)
{
    struct proc_taskinfo info;
    if (proc_pidinfo(pid, PROC_PIDTASKINFO, 0, &info, sizeof info) != sizeof info)
        return 0;
    return (int64_t)(info.pti_resident_size / 1024);
}

int64_t proctree_proportional_kb(pid_t pid)
{
    struct rusage_info_v2 usage;
    if (proc_pid_rusage(pid, RUSAGE_INFO_V2, (rusage_info_t *)&usage) != 0)
        return proctree_resident_kb(pid);
    return (int64_t)(usage.ri_phys_footprint / 1024);
}

bool proctree_is_stopped(pid_t pid)
{
    struct proc_bsdinfo info;
    return proc_pidinfo(pid, PROC_PIDTBSDINFO, 0, &info, sizeof info) != sizeof info ||
           info.pbi_status == SSTOP || info.pbi_status == SZOMB;
}
