// SPDX-License-Identifier: MIT
#include "os/criu.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/file.h"
#include "os/process.h"
#include "util/cleanup.h"

const char *criu_program(void)
{
    static const char *const places[] = {
        "/usr/local/sbin/criu", "/usr/sbin/criu", "/sbin/criu", "/usr/bin/criu", "/bin/criu",
    };
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (access(places[i], X_OK) == 0)
            return places[i];
    return NULL;
}

/* "(00.012345) Error (criu/cr-dump.c:1781): Dumping FAILED." says nothing that was not known. */
static bool is_telling(const char *line, size_t len)
{
    static const char failed[] = "FAILED.";
    return len < sizeof failed || strncmp(line + len - (sizeof failed - 1), failed, 7) != 0;
}

void criu_error(const char *log, char *text, size_t size)
{
    static const char mark[] = "Error (", behind[] = "): ";
    text[0] = '\0';
    for (const char *line = log; *line; line += *line == '\n') {
        size_t len = strcspn(line, "\n");
        const char *at = memmem(line, len, mark, sizeof mark - 1);
        at = at ? memmem(at, len - (size_t)(at - line), behind, sizeof behind - 1) : NULL;
        if (at && is_telling(line, len)) {
            at += sizeof behind - 1;
            snprintf(text, size, "%.*s", (int)(len - (size_t)(at - line)), at);
        }
        line += len;
    }
}

static int run_check(const char *program, struct buf *said, int *status, struct err *e)
{
    extern char **environ;
    static char check[] = "check";
    char *argv[] = {(char *)(uintptr_t)program, check, NULL};
    int ends[2];
    if (file_pipe(ends) != 0)
        return err_errno(e, "cannot make a pipe");
    _cleanup_close_ int in = ends[0];
    const int fds[] = {-1, ends[1], ends[1]};
    pid_t pid = process_spawn(argv, environ, fds, 3, e);
    close(ends[1]);
    if (pid < 0)
        return -1;
    file_read_all(in, said);
    while (waitpid(pid, status, 0) < 0)
        if (errno != EINTR)
            return err_errno(e, "cannot wait for criu check");
    return 0;
}

int criu_check(struct err *e)
{
    static bool works;
    const char *program = criu_program();
    _cleanup_buf_ struct buf said = {0};
    char why[200];
    int status = -1;
    if (works)
        return 0;
    if (!program)
        return err_set(e, ERR_INVALID, "criu is not installed (Debian: apt-get install criu)");
    if (geteuid() != 0)
        return err_set(e, ERR_INVALID, "criu needs root's rights, which the scheduler has not");
    if (run_check(program, &said, &status, e) < 0)
        return -1;
    works = status == 0;
    if (works)
        return 0;
    criu_error(said.data ? said.data : "", why, sizeof why);
    return err_set(e, ERR_INVALID, "criu does not work on this machine (criu check: %s)",
                   why[0] ? why : "no reason given");
}
