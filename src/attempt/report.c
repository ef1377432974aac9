// SPDX-License-Identifier: MIT
/* A report is the line "resized JOB.ATTEMPT GENERATION MEM_MB", shorter than PIPE_BUF. */
#include "attempt/report.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/buf.h"
#include "util/cleanup.h"

#define WORD "resized "

static char *fifo_path(const char *run_dir, struct err *e)
{
    struct buf path = {0};
    buf_printf(&path, "%s/reports", run_dir);
    char *text = buf_steal(&path, NULL);
    if (!text)
        err_nomem(e);
    return text;
}

int report_open(const char *run_dir, struct err *e)
{
    struct stat st;
    _cleanup_free_ char *path = fifo_path(run_dir, e);
    if (!path)
        return -1;
    if (lstat(path, &st) == 0 && !S_ISFIFO(st.st_mode))
        unlink(path);
    if (mkfifo(path, 0600) != 0 && errno != EEXIST)
        return err_errno(e, "cannot make %s", path);
    /* With a writer of our own, it does not end while no shepherd has it open. */
    int fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    return fd >= 0 ? fd : err_errno(e, "cannot open %s", path);
}

/* A number at *at, which is moved behind it and the character that must follow. */
static bool take(const char **at, int64_t max, char follows, int64_t *number)
{
    char *end;
    if (**at < '0' || **at > '9')
        return false;
    errno = 0;
    *number = strtoll(*at, &end, 10);
    if (errno || *number > max || *end != follows)
        return false;
    *at = end + (follows != '\0');
    return true;
}

int report_parse(const char *line, struct report *r)
{
    int64_t attempt;
    if (strncmp(line, WORD, strlen(WORD)) != 0)
        return -1;
    const char *at = line + strlen(WORD);
    if (!take(&at, INT64_MAX, '.', &r->job) || !take(&at, INT_MAX, ' ', &attempt) ||
        !take(&at, INT64_MAX, ' ', &r->generation) || !take(&at, INT64_MAX, '\0', &r->mem_mb))
        return -1;
    r->attempt = (int)attempt;
    return 0;
}

int report_send(const char *run_dir, const struct report *r, struct err *e)
{
    char line[128];
    int len = snprintf(line, sizeof line, WORD "%" PRId64 ".%d %" PRId64 " %" PRId64 "\n", r->job,
                       r->attempt, r->generation, r->mem_mb);
    _cleanup_free_ char *path = fifo_path(run_dir, e);
    if (!path)
        return -1;
    _cleanup_close_ int fd = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0 && (errno == ENXIO || errno == ENOENT))
        return 1;
    if (fd < 0)
        return err_errno(e, "cannot open %s", path);
    if (write(fd, line, (size_t)len) == len)
        return 0;
    return errno == EPIPE ? 1 : err_errno(e, "cannot write to %s", path);
}
