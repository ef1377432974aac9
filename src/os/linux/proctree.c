// SPDX-License-Identifier: MIT
#include "os/proctree.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "os/file.h"

bool proctree_keep_orphans(bool on)
{
    return prctl(PR_SET_CHILD_SUBREAPER, on, 0, 0, 0) == 0;
}

void proctree_free(struct proctree *t)
{
    free(t->pids);
    *t = (struct proctree){0};
}

static int add(struct proctree *t, pid_t pid)
{
    if (t->count == t->cap) {
        size_t cap = t->cap ? 2 * t->cap : 16;
        pid_t *grown = realloc(t->pids, cap * sizeof *grown);
        if (!grown)
            return -1;
        t->pids = grown;
        t->cap = cap;
    }
    t->pids[t->count++] = pid;
    return 0;
}

/* Adds the pids in a file of numbers, however long. */
static int add_listed(struct proctree *t, const char *path)
{
    FILE *f = fopen(path, "re");
    if (!f)
        return errno == ENOENT || errno == ESRCH ? 0 : -1;
    int result = 0;
    long pid;
    while (result == 0 && fscanf(f, "%ld", &pid) == 1)
        result = add(t, (pid_t)pid);
    fclose(f);
    return result;
}

/* Each thread has the children it forked itself. */
static int add_children(struct proctree *t, pid_t pid)
{
    char path[80];
    snprintf(path, sizeof path, "/proc/%ld/task", (long)pid);
    DIR *tasks = opendir(path);
    if (!tasks)
        return errno == ENOENT || errno == ESRCH ? 0 : -1;
    int result = 0;
    struct dirent *d;
    while (result == 0 && (d = readdir(tasks))) {
        if (!isdigit((unsigned char)d->d_name[0]))
            continue;
        snprintf(path, sizeof path, "/proc/%ld/task/%ld/children", (long)pid, atol(d->d_name));
        result = add_listed(t, path);
    }
    closedir(tasks);
    return result;
}

/* Its state, and the number of its parent: fields 3 and 4. False if it is gone. */
static bool look(pid_t pid, char *state, pid_t *parent)
{
    char path[40], text[1024];
    snprintf(path, sizeof path, "/proc/%ld/stat", (long)pid);
    if (file_read(path, text, sizeof text) <= 0)
        return false;
    /* The second is a name in parentheses, which may hold anything. */
    const char *at = strrchr(text, ')');
    if (!at || strlen(at) <= 4)
        return false;
    *state = at[2];
    *parent = (pid_t)atol(at + 4);
    return true;
}

pid_t proctree_parent(pid_t pid)
{
    char state;
    pid_t parent;
    return look(pid, &state, &parent) ? parent : 0;
}

bool proctree_is_stopped(pid_t pid)
{
    char state;
    pid_t parent;
    return !look(pid, &state, &parent) || strchr("TtZX", state);
}

/* For a kernel without CONFIG_PROC_CHILDREN: looks at every process there is. */
static int scan_children(struct proctree *t, pid_t of)
{
    DIR *proc = opendir("/proc");
    if (!proc)
        return -1;
    int result = 0;
    struct dirent *d;
    while (result == 0 && (d = readdir(proc))) {
        pid_t pid = (pid_t)atol(d->d_name);
        if (pid > 0 && proctree_parent(pid) == of)
            result = add(t, pid);
    }
    closedir(proc);
    return result;
}

int proctree_walk(struct proctree *t, pid_t session)
{
    static int (*children)(struct proctree *, pid_t);
    if (!children)
        children = access("/proc/thread-self/children", F_OK) == 0 ? add_children : scan_children;
    t->count = 0;
    if (children(t, getpid()) != 0)
        return -1;
    for (size_t i = 0; i < t->count; i++)
        if (children(t, t->pids[i]) != 0)
            return -1;
    return 0;
}

void proctree_signal(const struct proctree *t, int sig)
{
    for (size_t i = 0; i < t->count; i++)
        kill(t->pids[i], sig);
}

int64_t proctree_resident_kb(pid_t pid)
{
    char path[40], text[128];
    long size, resident;
    snprintf(path, sizeof path, "/proc/%ld/statm", (long)pid);
    if (file_read(path, text, sizeof text) <= 0 || sscanf(text, "%ld %ld", &size, &resident) != 2)
        return 0;
    return (int64_t)resident * (sysconf(_SC_PAGESIZE) / 1024);
}

int64_t proctree_proportional_kb(pid_t pid)
{
    char path[40], text[2048];
    snprintf(path, sizeof path, "/proc/%ld/smaps_rollup", (long)pid);
    int64_t kb = file_read(path, text, sizeof text) > 0 ? file_field(text, "Pss:") : -1;
    return kb >= 0 ? kb : proctree_resident_kb(pid);
}
