// SPDX-License-Identifier: MIT
#include "os/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <time.h>

#include "os/process_system.h"
#include "util/buf.h"
#include "util/cleanup.h"

enum { SPAWN_FDS_MAX = 8 };

static void close_all(const int fds[], int n)
{
    for (int i = 0; i < n; i++)
        cleanup_close(&fds[i]);
}

/* Copies above the numbers the child will use, so that no dup2() there overwrites a descriptor that
 * is still needed, and none is a dup2() to itself, which would keep close-on-exec. */
static int lift(const int fds[], int nfds, int lifted[])
{
    for (int i = 0; i < nfds; i++) {
        lifted[i] = fds[i] >= 0 ? fcntl(fds[i], F_DUPFD_CLOEXEC, nfds)
                                : open("/dev/null", O_RDWR | O_CLOEXEC);
        if (lifted[i] >= 0 && lifted[i] < nfds) {
            int low = lifted[i];
            lifted[i] = fcntl(low, F_DUPFD_CLOEXEC, nfds);
            cleanup_close(&low);
        }
        if (lifted[i] < 0) {
            int error = errno;
            close_all(lifted, i);
            return error;
        }
    }
    return 0;
}

/* posix_spawn(3) shares memory with the child until it executes: it costs the same however large
 * the caller is. */
static int spawn(pid_t *pid, char *const argv[], char *const env[], const int fds[], int nfds,
                 posix_spawn_file_actions_t *files, posix_spawnattr_t *attr)
{
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    short flags = POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
    int error = posix_spawnattr_setsigmask(attr, &none);
    if (!error)
        error = posix_spawnattr_setsigdefault(attr, &all);
    for (int i = 0; !error && i < nfds; i++)
        error = posix_spawn_file_actions_adddup2(files, fds[i], i);
    flags |= process_close_others(nfds);
    if (!error)
        error = posix_spawnattr_setflags(attr, flags);
    return error ? error : posix_spawn(pid, argv[0], files, attr, argv, env);
}

pid_t process_spawn(char *const argv[], char *const env[], const int fds[], int nfds, struct err *e)
{
    if (nfds > SPAWN_FDS_MAX)
        return err_set(e, ERR_INVALID, "cannot start %s: too many descriptors", argv[0]);
    int lifted[SPAWN_FDS_MAX] = {0};
    pid_t pid = -1;
    int error = lift(fds, nfds, lifted);
    if (!error) {
        posix_spawn_file_actions_t files;
        posix_spawnattr_t attr;
        error = posix_spawn_file_actions_init(&files);
        if (!error && (error = posix_spawnattr_init(&attr)))
            posix_spawn_file_actions_destroy(&files);
        if (!error) {
            error = spawn(&pid, argv, env, lifted, nfds, &files, &attr);
            posix_spawnattr_destroy(&attr);
            posix_spawn_file_actions_destroy(&files);
        }
        close_all(lifted, nfds);
    }
    if (!error)
        return pid;
    errno = error;
    return err_errno(e, "cannot start %s", argv[0]);
}

bool process_lives(pid_t pid, int64_t start)
{
    _cleanup_close_ int fd = process_watch(pid, start, NULL);
    struct pollfd end = {.fd = fd, .events = POLLIN};
    return fd >= 0 && poll(&end, 1, 0) == 0;
}

int process_sweep(const char *name, const char *value)
{
    _cleanup_buf_ struct buf entry = {0};
    buf_printf(&entry, "%s=%s", name, value);
    if (entry.failed)
        return 0;
    /* Again while somebody is found, who may have forked meanwhile; but a process in an
     * uninterruptible sleep is found until it wakes up. */
    int found = 0;
    for (int round = 0; round < 200; round++) {
        int now = process_sweep_once(entry.data);
        if (now == 0)
            break;
        found = now > found ? now : found;
        nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
    }
    return found;
}
