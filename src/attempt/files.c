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

static void remove_drafts(const char *run_dir, int64_t job, int attempt)
{
    remove_one(run_dir, job, attempt, "claimed");
    remove_one(run_dir, job, attempt, "voided");
    remove_one(run_dir, job, attempt, "note");
    remove_one(run_dir, job, attempt, "script");
}

void status_remove(const char *run_dir, int64_t job, int attempt)
{
    remove_drafts(run_dir, job, attempt);
    remove_one(run_dir, job, attempt, "control");
    /* The record last: as long as it is there, whoever recovers sees that the rest is rubbish. */
    remove_one(run_dir, job, attempt, "status");
}

static char *kept_path(const char *run_dir, int number, const char *what)
{
    struct buf path = {0};
    buf_printf(&path, "%s/kept.%d.%s", run_dir, number, what);
    char *text = buf_steal(&path, NULL);
    buf_free(&path);
    return text;
}

static void keep_one(const char *run_dir, int64_t job, int attempt, const char *what, int number)
{
    _cleanup_free_ char *from = attempt_path(run_dir, job, attempt, what);
    _cleanup_free_ char *to = kept_path(run_dir, number, what);
    if (from && (!to || rename(from, to) != 0))
        unlink(from);
}

static void reuse_one(const char *run_dir, int number, const char *what, int64_t job, int attempt,
                      const char *as)
{
    _cleanup_free_ char *from = kept_path(run_dir, number, what);
    _cleanup_free_ char *to = attempt_path(run_dir, job, attempt, as);
    if (from && (!to || rename(from, to) != 0))
        unlink(from);
}

void status_keep(const char *run_dir, int64_t job, int attempt, int number)
{
    remove_drafts(run_dir, job, attempt);
    keep_one(run_dir, job, attempt, "control", number);
    keep_one(run_dir, job, attempt, "status", number);
}

void status_reuse(const char *run_dir, int number, int64_t job, int attempt)
{
    reuse_one(run_dir, number, "control", job, attempt, "control");
    reuse_one(run_dir, number, "status", job, attempt, "claimed");
}

void status_remove_kept(const char *run_dir, int number)
{
    static const char *const all[] = {"control", "status"};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        _cleanup_free_ char *path = kept_path(run_dir, number, all[i]);
        if (path)
            unlink(path);
    }
}
