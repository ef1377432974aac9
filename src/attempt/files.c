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

static void remove_one(const char *run_dir, int64_t job, int attempt, const char *what)
{
    _cleanup_free_ char *path = attempt_path(run_dir, job, attempt, what);
    if (path)
        unlink(path);
}

void status_remove(const char *run_dir, int64_t job, int attempt)
{
    /* The record last: as long as it is there, whoever recovers sees that the rest is rubbish. */
    static const char *const all[] = {"claimed", "voided",     "note",    "script",
                                      "resize",  "resize.new", "control", "status"};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        remove_one(run_dir, job, attempt, all[i]);
}

static void hand_on(const char *run_dir, const struct attempt_id *from, const char *what,
                    const struct attempt_id *to, const char *as)
{
    _cleanup_free_ char *old = attempt_path(run_dir, from->job, from->attempt, what);
    _cleanup_free_ char *new = attempt_path(run_dir, to->job, to->attempt, as);
    if (old && (!new || rename(old, new) != 0))
        unlink(old);
}

void status_hand_on(const char *run_dir, const struct attempt_id *from, const struct attempt_id *to)
{
    hand_on(run_dir, from, "control", to, "control");
    hand_on(run_dir, from, "status", to, "claimed");
}
