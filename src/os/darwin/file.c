// SPDX-License-Identifier: MIT
#include "os/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/mount.h>
#include <unistd.h>

int file_reserve(int fd, off_t size)
{
    fstore_t store = {.fst_flags = F_ALLOCATEALL, .fst_posmode = F_PEOFPOSMODE, .fst_length = size};
    if (fcntl(fd, F_PREALLOCATE, &store) != 0)
        return -1;
    return ftruncate(fd, size);
}

const char *file_network(const char *path)
{
    static struct statfs fs;
    if (statfs(path, &fs) != 0 || (fs.f_flags & MNT_LOCAL))
        return NULL;
    return fs.f_fstypename;
}

void file_cloexec_from(int lowest)
{
    for (int fd = lowest, end = getdtablesize(); fd < end; fd++)
        fcntl(fd, F_SETFD, FD_CLOEXEC);
}

void file_close_from(int lowest)
{
    for (int fd = lowest, end = getdtablesize(); fd < end; fd++)
        close(fd);
}

int file_anonymous(const char *dir)
{
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "%s/anonymous.XXXXXX", dir) >= (int)sizeof path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    int fd = mkostemp(path, O_CLOEXEC);
    if (fd >= 0)
        unlink(path);
    return fd;
}
