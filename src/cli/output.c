// SPDX-License-Identifier: MIT
#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/cleanup.h"
#include "util/text.h"

#define BLOCK 65536

int output_open(struct output *o, const char *path, struct err *e)
{
    char shown[256];
    struct stat st;
    text_brief(path, shown, sizeof shown);
    /* Non-blocking: a FIFO without a writer would be waited for. */
    _cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 && errno == ENOENT)
        return err_set(e, ERR_NOT_FOUND, "%s: there is no such file", shown);
    if (fd < 0 || fstat(fd, &st) < 0)
        return err_errno(e, "%s", shown);
    if (!S_ISREG(st.st_mode))
        return err_set(e, ERR_INVALID, "%s: what is written there is not kept", shown);
    output_close(o);
    *o = (struct output){.fd = steal_fd(&fd)};
    return 0;
}

void output_close(struct output *o)
{
    if (o->fd >= 0)
        close(o->fd);
    *o = (struct output){.fd = -1};
}

/* How many bytes are in buf[] behind the last `lines` of its line ends, all of which are counted
 * down; -1 if there are not so many. */
static ssize_t behind(const char *buf, ssize_t n, int64_t *lines)
{
    while (n > 0)
        if (buf[--n] == '\n' && (*lines)-- == 0)
            return n + 1;
    return -1;
}

int output_skip(struct output *o, int64_t lines, struct err *e)
{
    static char buf[BLOCK];
    off_t end = lseek(o->fd, 0, SEEK_END), at = end;
    if (end < 0)
        return err_errno(e, "the output can't be read");
    o->at = 0;
    if (lines == 0)
        o->at = end;
    /* The end of the last line is none between two. */
    at -= at > 0 && lines > 0;
    for (lines--; lines >= 0 && at > 0;) {
        size_t want = at < BLOCK ? (size_t)at : BLOCK;
        ssize_t n = pread(o->fd, buf, want, at - (off_t)want);
        if (n != (ssize_t)want)
            return n < 0 ? err_errno(e, "the output can't be read") : 0;
        at -= n;
        ssize_t place = behind(buf, n, &lines);
        if (place >= 0) {
            o->at = at + place;
            return 0;
        }
    }
    return 0;
}

int output_print(struct output *o, struct err *e)
{
    static char buf[BLOCK];
    struct stat st;
    ssize_t n;
    if (fstat(o->fd, &st) == 0 && st.st_size < o->at)
        o->at = 0;
    while ((n = pread(o->fd, buf, sizeof buf, o->at)) > 0) {
        if (fwrite(buf, 1, (size_t)n, stdout) != (size_t)n)
            return err_errno(e, "standard output");
        o->at += n;
    }
    if (n < 0)
        return err_errno(e, "the output can't be read");
    return fflush(stdout) == 0 ? 0 : err_errno(e, "standard output");
}
