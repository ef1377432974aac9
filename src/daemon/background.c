// SPDX-License-Identifier: MIT
#include "daemon/background.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "os/file.h"
#include "util/buf.h"

#define PIPE_FD 3

/* What the child writes into the pipe: one byte for the exit status, then the line. */

_Noreturn static void wait_for_word(int fd)
{
    struct buf word = {0};
    if (file_read_all(fd, &word) < 0 || word.len < 2) {
        fprintf(stderr, "mini-slurm: the scheduler ended before it was ready\n");
        _exit(1);
    }
    int status = word.data[0] - '0';
    fprintf(status ? stderr : stdout, "%s\n", word.data + 1);
    fflush(NULL);
    _exit(status);
}

/* A session of our own, and nothing kept open of what the caller had, but for the pipe: whoever
 * waits for the end of a pipe that we inherited would wait for ever. Returns the pipe's descriptor.
 */
static int leave_caller(int pipe_fd)
{
    setsid();
    int null_fd = open("/dev/null", O_RDONLY);
    if (null_fd > 0)
        dup2(null_fd, STDIN_FILENO);
    if (pipe_fd != PIPE_FD)
        dup2(pipe_fd, PIPE_FD);
    fcntl(PIPE_FD, F_SETFD, FD_CLOEXEC);
    file_close_from(PIPE_FD + 1);
    return PIPE_FD;
}

int background_fork(int *ready, struct err *e)
{
    int fds[2];
    if (pipe2(fds, O_CLOEXEC) < 0)
        return err_errno(e, "cannot make a pipe");
    fflush(NULL);
    pid_t pid = fork();
    if (pid < 0) {
        err_errno(e, "cannot fork");
        close(fds[0]);
        close(fds[1]);
        return -1;
    }
    if (pid > 0) {
        close(fds[1]);
        wait_for_word(fds[0]);
    }
    close(fds[0]);
    *ready = leave_caller(fds[1]);
    return 0;
}

void background_ready(int ready, int status, const char *line)
{
    struct buf word = {0};
    buf_printf(&word, "%d%s", status, line);
    if (word.len)
        file_write_all(ready, word.data, word.len); /* if nobody listens, nobody is told */
    buf_free(&word);
    close(ready);
}

int background_detach(int log_fd, struct err *e)
{
    if (dup2(log_fd, STDOUT_FILENO) < 0 || dup2(log_fd, STDERR_FILENO) < 0)
        return err_errno(e, "cannot write to the log");
    return 0;
}
