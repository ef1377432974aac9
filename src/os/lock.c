// SPDX-License-Identifier: MIT
#include "os/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "util/cleanup.h"

/* lock_holder() holds the lock (shared) for an instant while it looks. Whoever finds the lock taken
 * looks again, so as not to mistake that for a holder. */
enum { TRIES = 5 };

static int lock_retry(int fd, int how)
{
    for (int i = 0;; i++) {
        if (flock(fd, how) == 0)
            return 0;
        if (errno != EINTR && (errno != EWOULDBLOCK || i == TRIES))
            return -1;
        nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
    }
}

int lock_take(const char *path, bool wait, struct err *e)
{
    _cleanup_close_ int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return err_errno(e, "cannot open lock %s", path);
    if (lock_retry(fd, wait ? LOCK_EX : LOCK_EX | LOCK_NB) == 0)
        return steal_fd(&fd);
    if (errno == EWOULDBLOCK)
        return err_set(e, ERR_BUSY, "%s is locked", path);
    return err_errno(e, "cannot lock %s", path);
}

int lock_sign(int fd, struct err *e)
{
    char text[24];
    int len = snprintf(text, sizeof text, "%ld\n", (long)getpid());
    if (ftruncate(fd, 0) != 0 || pwrite(fd, text, (size_t)len, 0) != len)
        return err_errno(e, "cannot write into the lock");
    return 0;
}

pid_t lock_holder(const char *path, struct err *e)
{
    _cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT)
        return 0;
    if (fd < 0)
        return err_errno(e, "cannot open lock %s", path);
    if (flock(fd, LOCK_SH | LOCK_NB) == 0)
        return 0;
    if (errno != EWOULDBLOCK)
        return err_errno(e, "cannot look at lock %s", path);
    char text[24] = "";
    if (pread(fd, text, sizeof text - 1, 0) < 0)
        return err_errno(e, "cannot read lock %s", path);
    return (pid_t)strtol(text, NULL, 10);
}
