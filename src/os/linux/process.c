// SPDX-License-Identifier: MIT
#include "os/process.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "os/file.h"
#include "os/process_system.h"
#include "util/buf.h"
#include "util/cleanup.h"

short process_close_others(int lowest)
{
    file_cloexec_from(lowest);
    return 0;
}

int64_t process_start(pid_t pid)
{
    char path[40], text[1024];
    snprintf(path, sizeof path, "/proc/%ld/stat", (long)pid);
    if (file_read(path, text, sizeof text) <= 0)
        return -1;
    /* Field 22. The second is the name in parentheses, which may hold spaces and parentheses. */
    const char *at = strrchr(text, ')');
    for (int field = 2; at && field < 22; field++)
        at = strchr(at + 1, ' ');
    return at ? strtoll(at, NULL, 10) : -1;
}

int process_watch(pid_t pid, int64_t start, struct err *e)
{
    _cleanup_close_ int fd = (int)syscall(SYS_pidfd_open, pid, 0);
    if (fd < 0 && errno == ESRCH)
        return err_set(e, ERR_NOT_FOUND, "process %ld is gone", (long)pid);
    if (fd < 0)
        return err_errno(e, "cannot watch process %ld", (long)pid);
    /* Looked at only now, so that the descriptor can't be a later process of that pid. */
    if (start != 0 && process_start(pid) != start)
        return err_set(e, ERR_NOT_FOUND, "process %ld is gone", (long)pid);
    return steal_fd(&fd);
}

static bool environ_has(pid_t pid, const char *entry)
{
    char path[40];
    snprintf(path, sizeof path, "/proc/%ld/environ", (long)pid);
    _cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
    _cleanup_buf_ struct buf text = {0};
    if (fd < 0 || file_read_all(fd, &text) != 0)
        return false;
    for (size_t at = 0; at < text.len; at += strlen(text.data + at) + 1)
        if (strcmp(text.data + at, entry) == 0)
            return true;
    return false;
}

int process_sweep_once(const char *entry)
{
    DIR *proc = opendir("/proc");
    if (!proc)
        return 0;
    int found = 0;
    struct dirent *d;
    while ((d = readdir(proc))) {
        pid_t pid = (pid_t)atol(d->d_name);
        if (!isdigit((unsigned char)d->d_name[0]) || pid == getpid())
            continue;
        if (environ_has(pid, entry) && kill(pid, SIGKILL) == 0)
            found++;
    }
    closedir(proc);
    return found;
}

/* (musl's sched_setscheduler() only says that it is not there.) */
void process_give_way(bool on)
{
    struct sched_param none = {0};
    int from = on ? SCHED_OTHER : SCHED_BATCH, to = on ? SCHED_BATCH : SCHED_OTHER;
    if (syscall(SYS_sched_getscheduler, 0) == from)
        syscall(SYS_sched_setscheduler, 0, to, &none);
}

char *process_executable(void)
{
    char path[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
    if (n < 0)
        return NULL;
    path[n] = '\0';
    return strdup(path);
}
