// SPDX-License-Identifier: MIT
/* The names of an attempt's files, and their end. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "attempt/status.h"
#include "util/buf.h"
#include "util/cleanup.h"

char *attempt_path(const char *run_dir, int64_t job, int attempt, const char *what)
{
    struct buf path = {0};
    buf_printf(&path, "%s/%" PRId64 ".%d.%s", run_dir, job, attempt, what);
    char *text = buf_steal(&path, NULL);
    buf_free(&path);
    return text;
}

int attempt_create(const char *run_dir, int64_t job, int attempt, const char *what, mode_t mode,
                   char **path, struct err *e)
{
    *path = attempt_path(run_dir, job, attempt, what);
    if (!*path)
        return err_nomem(e);
    /* Never truncated in place: a leftover may be a second name of the record itself. */
    unlink(*path);
    int fd = open(*path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    return fd >= 0 ? fd : err_errno(e, "cannot make %s", *path);
}

void status_remove(const char *run_dir, int64_t job, int attempt)
{
    /* The record last: as long as it is there, whoever recovers sees that the rest is rubbish. */
    static const char *const all[] = {"claimed", "voided", "next",   "control",
                                      "note",    "script", "status", NULL};
    for (size_t i = 0; all[i]; i++) {
        _cleanup_free_ char *path = attempt_path(run_dir, job, attempt, all[i]);
        if (path)
            unlink(path);
    }
}
