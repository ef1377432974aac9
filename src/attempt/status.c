// SPDX-License-Identifier: MIT
#include "attempt/status.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attempt/record.h"
#include "os/file.h"
#include "util/cleanup.h"

int status_claim(const char *run_dir, const struct attempt_status *s, struct err *e)
{
    char text[STATUS_SIZE];
    _cleanup_free_ char *temporary = NULL;
    _cleanup_free_ char *record = attempt_path(run_dir, s->job, s->attempt, "status");
    if (!record)
        return err_nomem(e);
    /* Of a name by phase: the shepherd and who recovers must not write into the same one. */
    const char *what = s->phase == PHASE_VOID ? "voided" : "claimed";
    _cleanup_close_ int fd = attempt_create(run_dir, s->job, s->attempt, what, 0600, &temporary, e);
    if (fd < 0)
        return -1;
    record_encode(s, text);
    int result = 0;
    if (file_write_all(fd, text, sizeof text) != 0)
        result = err_errno(e, "cannot write %s", temporary);
    else if (link(temporary, record) != 0)
        result = errno == EEXIST ? 1 : err_errno(e, "cannot make %s", record);
    unlink(temporary);
    return result;
}

int status_read(const char *run_dir, int64_t job, int attempt, struct attempt_status *s,
                struct err *e)
{
    char text[STATUS_SIZE + 2];
    _cleanup_free_ char *path = attempt_path(run_dir, job, attempt, "status");
    if (!path)
        return err_nomem(e);
    ssize_t len = file_read(path, text, sizeof text);
    if (len < 0 && errno == ENOENT)
        return err_set(e, ERR_NOT_FOUND, "%s: no such status file", path);
    if (len < 0)
        return err_errno(e, "cannot read %s", path);
    if (len != STATUS_SIZE)
        return err_set(e, ERR_CORRUPT, "%s: status file is damaged: %zd bytes long", path, len);
    if (record_decode(text, s, e) != 0)
        return err_wrap(e, "%s", path);
    if (s->job != job || s->attempt != attempt)
        return err_set(e, ERR_CORRUPT, "%s: status file is damaged: of another attempt", path);
    return 0;
}

int status_prepare(const char *run_dir, int64_t job, int attempt, struct err *e)
{
    _cleanup_free_ char *path = NULL;
    _cleanup_close_ int fd = attempt_create(run_dir, job, attempt, "next", 0600, &path, e);
    if (fd < 0)
        return -1;
    if (file_reserve(fd, STATUS_SIZE) == 0)
        return 0;
    err_errno(e, "cannot reserve room in %s", path);
    unlink(path);
    return -1;
}

void status_mark_started(const char *run_dir, const struct attempt_status *s)
{
    char digits[24];
    _cleanup_free_ char *path = attempt_path(run_dir, s->job, s->attempt, "status");
    _cleanup_close_ int fd = path ? open(path, O_WRONLY | O_CLOEXEC) : -1;
    if (fd < 0)
        return;
    snprintf(digits, sizeof digits, "%0*" PRId64, RECORD_STARTED_LEN, s->started_us);
    if (pwrite(fd, digits, RECORD_STARTED_LEN, RECORD_STARTED_AT) < 0)
        return; /* the outcome will say it */
}

int status_replace(const char *run_dir, const struct attempt_status *s, struct err *e)
{
    char text[STATUS_SIZE];
    _cleanup_free_ char *next = attempt_path(run_dir, s->job, s->attempt, "next");
    _cleanup_free_ char *record = attempt_path(run_dir, s->job, s->attempt, "status");
    if (!next || !record)
        return err_nomem(e);
    _cleanup_close_ int fd = open(next, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return err_errno(e, "cannot open %s", next);
    record_encode(s, text);
    if (file_write_all(fd, text, sizeof text) != 0)
        return err_errno(e, "cannot write %s", next);
    if (rename(next, record) != 0)
        return err_errno(e, "cannot replace %s", record);
    return 0;
}
