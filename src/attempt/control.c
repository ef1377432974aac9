// SPDX-License-Identifier: MIT
#include "attempt/control.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attempt/status.h"
#include "os/file.h"
#include "util/buf.h"
#include "util/cleanup.h"

#define CONTROL_LINE (CONTROL_MESSAGE + 40)

/* 0: told. 1: nobody reads there. */
static int tell(const char *path, const char *line, struct err *e)
{
    _cleanup_close_ int fd = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0 && (errno == ENXIO || errno == ENOENT))
        return 1;
    if (fd < 0)
        return err_errno(e, "cannot open %s", path);
    ssize_t n = write(fd, line, strlen(line));
    if (n < 0 && errno == EPIPE)
        return 1;
    return n >= 0 ? 0 : err_errno(e, "cannot write to %s", path);
}

static int note(const char *run_dir, int64_t job, int attempt, const char *line, struct err *e)
{
    _cleanup_free_ char *path = attempt_path(run_dir, job, attempt, "note");
    if (!path)
        return err_nomem(e);
    _cleanup_close_ int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0 || file_write_all(fd, line, strlen(line)) != 0)
        return err_errno(e, "cannot write %s", path);
    return 0;
}

char *control_signal_format(const struct control_signal *c, char buf[CONTROL_MESSAGE])
{
    snprintf(buf, CONTROL_MESSAGE, "signal %d %s %" PRId64, c->signal, c->first ? "first" : "all",
             c->token);
    return buf;
}

bool control_signal_parse(const char *message, struct control_signal *c)
{
    char whom[8], again[CONTROL_MESSAGE];
    if (sscanf(message, "signal %d %7s %" SCNd64, &c->signal, whom, &c->token) != 3)
        return false;
    c->first = strcmp(whom, "first") == 0;
    return strcmp(control_signal_format(c, again), message) == 0;
}

char *control_limit_format(int64_t limit_us, char buf[CONTROL_MESSAGE])
{
    snprintf(buf, CONTROL_MESSAGE, "limit %" PRId64, limit_us);
    return buf;
}

bool control_limit_parse(const char *message, int64_t *limit_us)
{
    char again[CONTROL_MESSAGE];
    return sscanf(message, "limit %" SCNd64, limit_us) == 1 && *limit_us >= 0 &&
           strcmp(control_limit_format(*limit_us, again), message) == 0;
}

bool control_parse(const char *line, int64_t job, int attempt, char message[CONTROL_MESSAGE])
{
    char suffix[CONTROL_LINE];
    size_t all = strlen(line);
    size_t len = (size_t)snprintf(suffix, sizeof suffix, " %" PRId64 ".%d", job, attempt);
    if (all <= len || all - len >= CONTROL_MESSAGE || strcmp(line + all - len, suffix) != 0)
        return false;
    memcpy(message, line, all - len);
    message[all - len] = '\0';
    return true;
}

int control_send(const char *run_dir, int64_t job, int attempt, const char *message, struct err *e)
{
    char line[CONTROL_LINE];
    _cleanup_free_ char *path = attempt_path(run_dir, job, attempt, "control");
    if (!path)
        return err_nomem(e);
    snprintf(line, sizeof line, "%s %" PRId64 ".%d\n", message, job, attempt);
    int told = tell(path, line, e);
    if (told != 1)
        return told;
    /* Perhaps it is just starting: it reads notes after it made the FIFO. So either it sees this
     * one, or the FIFO is there now. (It may get both, which does no harm.) */
    if (note(run_dir, job, attempt, line, e) != 0)
        return -1;
    return tell(path, line, e);
}

/* The FIFO of that name; -1: there is none, or something else. */
static int open_fifo(const char *path)
{
    struct stat st;
    _cleanup_close_ int fd = open(path, O_RDWR | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
    return fd >= 0 && fstat(fd, &st) == 0 && S_ISFIFO(st.st_mode) ? steal_fd(&fd) : -1;
}

int control_open(const char *run_dir, int64_t job, int attempt, struct err *e)
{
    _cleanup_free_ char *path = attempt_path(run_dir, job, attempt, "control");
    if (!path)
        return err_nomem(e);
    /* It may have been handed on to us. What is still in it is not for us, and says so. */
    int fd = open_fifo(path);
    if (fd >= 0)
        return fd;
    unlink(path);
    if (mkfifo(path, 0600) != 0)
        return err_errno(e, "cannot make %s", path);
    fd = open_fifo(path);
    return fd >= 0 ? fd : err_errno(e, "cannot open %s", path);
}

char *control_note(const char *run_dir, int64_t job, int attempt)
{
    _cleanup_free_ char *path = attempt_path(run_dir, job, attempt, "note");
    _cleanup_close_ int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    _cleanup_buf_ struct buf text = {0};
    if (fd < 0 || file_read_all(fd, &text) != 0)
        return NULL;
    return buf_steal(&text, NULL);
}
