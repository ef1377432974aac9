// SPDX-License-Identifier: MIT
#include "attempt/status.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attempt/record.h"
#include "os/file.h"
#include "util/cleanup.h"

/* The claim and the outcome. */
#define FILE_SIZE (2 * STATUS_SIZE)

/* A file for the claim, under a name of its own: one that was handed on to us, or a new one. */
static int open_draft(const char *run_dir, const struct attempt_status *s, char **path,
                      struct err *e)
{
    /* Of a name by phase: the shepherd and who recovers must not write into the same one. */
    const char *what = s->phase == PHASE_VOID ? "voided" : "claimed";
    struct stat st;
    _cleanup_free_ char *given = attempt_path(run_dir, s->job, s->attempt, what);
    _cleanup_close_ int fd = given ? open(given, O_WRONLY | O_CLOEXEC) : -1;
    /* With two names it is the record itself: somebody died between link() and unlink(). */
    if (fd < 0 || fstat(fd, &st) != 0 || st.st_nlink != 1 || st.st_size != FILE_SIZE)
        return attempt_create(run_dir, s->job, s->attempt, what, 0600, path, e);
    *path = steal(given);
    return steal_fd(&fd);
}

int status_claim(const char *run_dir, const struct attempt_status *s, int *fd, struct err *e)
{
    char text[FILE_SIZE] = {0};
    _cleanup_free_ char *draft = NULL;
    _cleanup_free_ char *record = attempt_path(run_dir, s->job, s->attempt, "status");
    if (!record)
        return err_nomem(e);
    _cleanup_close_ int file = open_draft(run_dir, s, &draft, e);
    if (file < 0)
        return -1;
    record_encode(s, text);
    int result = 0;
    if (file_write_all(file, text, sizeof text) != 0)
        result = err_errno(e, "cannot write %s", draft);
    else if (link(draft, record) != 0)
        result = errno == EEXIST ? 1 : err_errno(e, "cannot make %s", record);
    unlink(draft);
    if (result == 0 && fd)
        *fd = steal_fd(&file);
    return result;
}

/* The outcome, if it is there and whole; else the claim. */
static int decode(const char text[FILE_SIZE], struct attempt_status *s, struct err *e)
{
    const char *outcome = text + STATUS_SIZE;
    if (outcome[0] && record_decode(outcome, s, NULL) == 0)
        return 0;
    return record_decode(text, s, e);
}

int status_read(const char *run_dir, int64_t job, int attempt, struct attempt_status *s,
                struct err *e)
{
    char text[FILE_SIZE + 2];
    _cleanup_free_ char *path = attempt_path(run_dir, job, attempt, "status");
    if (!path)
        return err_nomem(e);
    ssize_t len = file_read(path, text, sizeof text);
    if (len < 0 && errno == ENOENT)
        return err_set(e, ERR_NOT_FOUND, "%s: no such status file", path);
    if (len < 0)
        return err_errno(e, "cannot read %s", path);
    if (len != FILE_SIZE)
        return err_set(e, ERR_CORRUPT, "%s: status file is damaged: %zd bytes long", path, len);
    if (decode(text, s, e) != 0)
        return err_wrap(e, "%s", path);
    if (s->job != job || s->attempt != attempt)
        return err_set(e, ERR_CORRUPT, "%s: status file is damaged: of another attempt", path);
    return 0;
}

/* Over what stands there in the claim. If it fails, the outcome will say it. */
static void overwrite(int fd, const char *digits, off_t at)
{
    if (pwrite(fd, digits, strlen(digits), at) < 0)
        return;
}

void status_mark_started(int fd, const struct attempt_status *s)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%0*" PRId64, RECORD_STARTED_LEN, s->started_us);
    overwrite(fd, digits, RECORD_STARTED_AT);
}

void status_mark_checkpointed(int fd)
{
    overwrite(fd, "1", RECORD_CHECKPOINTED_AT);
}

int status_end(int fd, const struct attempt_status *s, struct err *e)
{
    char text[STATUS_SIZE];
    record_encode(s, text);
    ssize_t n = pwrite(fd, text, sizeof text, STATUS_SIZE);
    if (n >= 0 && n < (ssize_t)sizeof text)
        errno = EIO;
    if (n == (ssize_t)sizeof text)
        return 0;
    return err_errno(e, "cannot write the outcome of attempt %" PRId64 ".%d", s->job, s->attempt);
}
