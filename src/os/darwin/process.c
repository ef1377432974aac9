// SPDX-License-Identifier: MIT
#include "os/process.h"

#include <errno.h>
#include <libproc.h>
#include <limits.h>
#include <mach-o/dyld.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/event.h>
#include <sys/sysctl.h>
#include <unistd.h>

#include "os/process_system.h"
#include "util/buf.h"
#include "util/cleanup.h"

short process_close_others(int lowest)
{
    (void)lowest;
    return POSIX_SPAWN_CLOEXEC_DEFAULT;
}

int64_t process_start(pid_t pid)
{
    struct proc_bsdinfo info;
    if (proc_pidinfo(pid, PROC_PIDTBSDINFO, 0, &info, sizeof info) != sizeof info)
        return -1;
    return (int64_t)info.pbi_start_tvsec * 1000000 + (int64_t)info.pbi_start_tvusec;
}

int process_watch(pid_t pid, int64_t start, struct err *e)
{
    _cleanup_close_ int fd = kqueue();
    if (fd < 0)
        return err_errno(e, "cannot watch process %ld", (long)pid);
    struct kevent change;
    EV_SET(&change, pid, EVFILT_PROC, EV_ADD, NOTE_EXIT, 0, NULL);
    if (kevent(fd, &change, 1, NULL, 0, NULL) != 0) {
        if (errno == ESRCH)
            return err_set(e, ERR_NOT_FOUND, "process %ld is gone", (long)pid);
        return err_errno(e, "cannot watch process %ld", (long)pid);
    }
    /* Looked at only now, so that the event can't be a later process's of that pid. */
    if (start != 0 && process_start(pid) != start)
        return err_set(e, ERR_NOT_FOUND, "process %ld is gone", (long)pid);
    return steal_fd(&fd);
}

/* The kernel's record: the number of arguments, the program's path, padding, the arguments, and
 * then the environment. */
static bool environ_has(pid_t pid, const char *entry)
{
    int name[] = {CTL_KERN, KERN_PROCARGS2, pid};
    size_t size = 0;
    if (sysctl(name, 3, NULL, &size, NULL, 0) != 0 || size == 0)
        return false;
    _cleanup_buf_ struct buf text = {0};
    char *data = buf_reserve(&text, size);
    if (!data || sysctl(name, 3, data, &size, NULL, 0) != 0)
        return false;
    data[size] = '\0';
    for (size_t at = sizeof(int); at < size; at += strlen(data + at) + 1)
        if (strcmp(data + at, entry) == 0)
            return true;
    return false;
}

int process_sweep_once(const char *entry)
{
    int room = proc_listallpids(NULL, 0) + 64;
    _cleanup_free_ pid_t *pids = calloc((size_t)room, sizeof *pids);
    if (!pids)
        return 0;
    int count = proc_listallpids(pids, room * (int)sizeof *pids);
    int found = 0;
    for (int i = 0; i < count; i++) {
        if (pids[i] <= 1 || pids[i] == getpid())
            continue;
        if (environ_has(pids[i], entry) && kill(pids[i], SIGKILL) == 0)
            found++;
    }
    return found;
}

void process_give_way(bool on)
{
    (void)on;
}

char *process_executable(void)
{
    char path[PATH_MAX];
    uint32_t size = sizeof path;
    if (_NSGetExecutablePath(path, &size) != 0) {
        errno = ENAMETOOLONG;
        return NULL;
    }
    return realpath(path, NULL);
}
