// SPDX-License-Identifier: MIT
#include "shepherd/exec.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/buf.h"
#include "util/cleanup.h"

static const char DEFAULT_PATH[] = "/usr/local/bin:/usr/bin:/bin";

static void give_to_shell(char *path, char *const argv[], char *const env[])
{
    static char shell[] = "sh";
    size_t count = 0;
    while (argv[count])
        count++;
    _cleanup_free_ char **words = calloc(count + 2, sizeof *words);
    if (!words)
        return;
    words[0] = shell;
    words[1] = path;
    for (size_t i = 1; i < count; i++)
        words[i + 1] = argv[i];
    execve("/bin/sh", words, env);
}

static void exec_file(char *path, char *const argv[], char *const env[])
{
    execve(path, argv, env);
    if (errno == ENOEXEC)
        give_to_shell(path, argv, env);
}

static const char *search_path(char *const env[])
{
    for (; *env; env++)
        if (strncmp(*env, "PATH=", 5) == 0)
            return *env + 5;
    return DEFAULT_PATH;
}

/* Whether the next directory may still have it. */
static bool goes_on(int error)
{
    return error == ENOENT || error == ENOTDIR || error == EACCES || error == ENAMETOOLONG;
}

void exec_program(char *const argv[], char *const env[])
{
    if (strchr(argv[0], '/')) {
        exec_file(argv[0], argv, env);
        return;
    }
    int error = ENOENT;
    for (const char *dir = search_path(env);; dir++) {
        size_t len = strcspn(dir, ":");
        _cleanup_buf_ struct buf path = {0};
        buf_printf(&path, "%.*s%s%s", (int)len, dir, len ? "/" : "", argv[0]);
        errno = ENOMEM;
        if (!path.failed)
            exec_file(path.data, argv, env);
        if (errno == EACCES || !goes_on(errno))
            error = errno;
        if (!goes_on(errno) || !dir[len])
            break;
        dir += len;
    }
    errno = error;
}
