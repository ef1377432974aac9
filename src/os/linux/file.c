// SPDX-License-Identifier: MIT
#include "os/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

int file_reserve(int fd, off_t size)
{
    int error = posix_fallocate(fd, 0, size);
    errno = error;
    return error ? -1 : 0;
}

const char *file_network(const char *path)
{
    /* statfs(2): f_type. FUSE is left out, for most of it is local. */
    static const struct {
        unsigned magic;
        const char *name;
    } known[] = {
        {0x6969, "nfs"},         {0xFF534D42, "cifs"},  {0xFE534D42, "smb2"},
        {0x517B, "smb"},         {0x5346414F, "afs"},   {0x6B414653, "afs"},
        {0x73757245, "coda"},    {0x01021997, "9p"},    {0x00C36400, "ceph"},
        {0x0BD00BD0, "lustre"},  {0x47504653, "gpfs"},  {0x20030528, "pvfs2"},
        {0x19830326, "beegfs"},  {0x7461636F, "ocfs2"}, {0x01161970, "gfs2"},
        {0xAAD7AAEA, "panasas"}, {0x013111A8, "ibrix"}, {0x564C, "ncp"},
    };
    struct statfs fs;
    if (statfs(path, &fs) != 0)
        return NULL;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if ((unsigned)fs.f_type == known[i].magic)
            return known[i].name;
    return NULL;
}

/* For each descriptor from `lowest` on, but that of the directory itself. */
static void each_from(int lowest, void (*act)(int fd))
{
    DIR *dir = opendir("/proc/self/fd");
    if (!dir)
        return;
    struct dirent *entry;
    while ((entry = readdir(dir))) {
        int fd = atoi(entry->d_name);
        if (fd >= lowest && fd != dirfd(dir))
            act(fd);
    }
    closedir(dir);
}

static void set_cloexec(int fd)
{
    fcntl(fd, F_SETFD, FD_CLOEXEC);
}

static void close_one(int fd)
{
    close(fd);
}

void file_cloexec_from(int lowest)
{
    /* Linux 5.11 has it; before, one by one. */
    if (syscall(SYS_close_range, (unsigned)lowest, ~0U, CLOSE_RANGE_CLOEXEC) != 0)
        each_from(lowest, set_cloexec);
}

void file_close_from(int lowest)
{
    if (syscall(SYS_close_range, (unsigned)lowest, ~0U, 0) != 0)
        each_from(lowest, close_one);
}

int file_anonymous(const char *dir)
{
    (void)dir;
    return memfd_create("mini-slurm", MFD_CLOEXEC);
}
