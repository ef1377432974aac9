// SPDX-License-Identifier: MIT
/* A job that criu writes into images when it is to end, and makes again from them.
 *
 * criu dumps the first process and all below it, and ends them when all is written: so it is called
 * as a hook, beside the job and outside of its groups. To restore, it takes the place of the job's
 * program, in the job's groups; when it has ended the first process is an orphan, and ours. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attempt/images.h"
#include "os/clock.h"
#include "os/criu.h"
#include "os/file.h"
#include "shepherd/hook.h"
#include "shepherd/shepherd.h"
#include "util/cleanup.h"
#include "util/log.h"
#include "util/text.h"

#define DUMP_US INT64_C(600000000)

#define PID_FILE    "restored.pid"
#define DUMP_LOG    "dump.log"
#define RESTORE_LOG "restore.log"

/* Control groups are ours: what is restored is in those of criu. */
static const char dump[] =
    "exec \"$CRIU\" dump --tree \"$LEADER\" --images-dir \"$IMAGES\" --log-file " DUMP_LOG
    " --manage-cgroups=ignore --file-locks >/dev/null 2>&1";
static const char *const restore[] = {
    "criu",
    "restore",
    "--images-dir",
    ".",
    "--log-file",
    RESTORE_LOG,
    "--pidfile",
    PID_FILE,
    "--file-locks",
    "--restore-detached",
    "--manage-cgroups=ignore",
    NULL,
};

/* What criu complained of, instead of what is in *e. */
static void read_log(const char *dir, const char *name, struct err *e)
{
    _cleanup_free_ char *path = NULL;
    static char log[65536];
    char why[200];
    if (asprintf(&path, "%s/%s", dir, name) < 0)
        path = NULL;
    if (!path || file_read(path, log, sizeof log) < 0)
        return;
    criu_error(log, why, sizeof why);
    if (why[0])
        err_set(e, ERR_SYSTEM, "criu: %s", why);
}

/* --- saving ----------------------------------------------------------------------------------- */

/* An orphan is not below the first process, and criu would not know of it. */
static int check_orphans(struct shepherd *s, struct err *e)
{
    if (proctree_walk(&s->tree, s->leader) != 0)
        return err_nomem(e);
    for (size_t i = 0; i < s->tree.count; i++)
        if (s->tree.pids[i] != s->leader && proctree_parent(s->tree.pids[i]) == getpid())
            return err_set(e, ERR_SYSTEM, "process %d is not below its first process any more",
                           (int)s->tree.pids[i]);
    return 0;
}

static void add_variable(struct buf *env, const char *name, const char *value)
{
    buf_printf(env, "%s=%s", name, value);
    buf_add(env, "", 1);
}

static int run_dump(struct shepherd *s, const char *dir, struct err *e)
{
    extern char **environ;
    _cleanup_buf_ struct buf text = {0};
    struct hook_end end = {0};
    char leader[16];
    for (char **v = environ; *v; v++)
        buf_add(&text, *v, strlen(*v) + 1);
    snprintf(leader, sizeof leader, "%d", (int)s->leader);
    add_variable(&text, "CRIU", criu_program());
    add_variable(&text, "LEADER", leader);
    add_variable(&text, "IMAGES", dir);
    if (text.failed)
        return err_nomem(e);
    struct strz env = {.data = text.data, .len = text.len};
    struct hook h = {.command = dump, .env = &env, .timeout_us = DUMP_US, .gate = -1};
    if (hook_run(s, &h, &end, e) != 0)
        return -1;
    if (end.timed_out)
        return err_set(e, ERR_SYSTEM, "criu took too long");
    if (end.status == 0)
        return 0;
    err_set(e, ERR_SYSTEM, "criu failed");
    read_log(dir, DUMP_LOG, e);
    return -1;
}

static int save(struct shepherd *s, struct err *e)
{
    const char *dir = s->spec.images;
    _cleanup_free_ char *draft = NULL;
    if (asprintf(&draft, "%s" IMAGES_DRAFT, dir) < 0) {
        draft = NULL;
        return err_nomem(e);
    }
    images_remove(dir);
    if (!criu_program())
        return err_set(e, ERR_SYSTEM, "criu is not installed any more");
    if (check_orphans(s, e) != 0)
        return -1;
    if (mkdir(draft, 0700) != 0)
        return err_errno(e, "cannot make %s", draft);
    if (run_dump(s, draft, e) != 0)
        return -1;
    return rename(draft, dir) == 0 ? 0 : err_errno(e, "cannot make %s", dir);
}

static enum attempt_outcome cause(const struct shepherd *s)
{
    return s->making_room ? OUTCOME_CANCELLED : OUTCOME_TIMEOUT;
}

void images_save(struct shepherd *s)
{
    struct err e = {0};
    if (s->saving)
        return;
    suspend_end(s);
    s->saving = true; /* control is heard meanwhile */
    int saved = save(s, &e);
    s->saving = false;
    if (saved != 0) {
        end_reap(s);
        if (s->leader_ended)
            return; /* by itself, at the last moment */
        text_copy(s->not_saved, sizeof s->not_saved, e.text);
        log_warn("job %" PRId64 " could not be saved: %s", s->spec.job, e.text);
        end_ask(s, cause(s));
        return;
    }
    if (s->ending != ENDING_NOT)
        return; /* it was cancelled meanwhile: nobody wants them */
    s->status.checkpointed = 1;
    status_mark_checkpointed(s->record);
    end_now(s, cause(s)); /* criu has ended it already */
}

/* --- restoring -------------------------------------------------------------------------------- */

bool images_wait(const struct shepherd *s)
{
    return s->spec.checkpoint == CHECKPOINT_CRIU && images_exist(s->spec.images);
}

void images_execute(const struct shepherd *s, struct err *e)
{
    const char *program = criu_program();
    extern char **environ;
    if (chdir(s->spec.images) != 0) {
        err_errno(e, "cannot enter %s", s->spec.images);
        return;
    }
    unlink(PID_FILE); /* of a try before this */
    if (program)
        execve(program, (char *const *)(uintptr_t)restore, environ);
    err_set(e, ERR_SYSTEM, "could not be restored: criu can't be executed");
}

static pid_t read_pid(const char *dir)
{
    _cleanup_free_ char *path = NULL;
    char text[16];
    if (asprintf(&path, "%s/" PID_FILE, dir) < 0)
        path = NULL;
    return path && file_read(path, text, sizeof text) > 0 ? (pid_t)atol(text) : 0;
}

bool images_restored(struct shepherd *s, int status)
{
    struct err e = {0};
    pid_t pid = status == 0 ? read_pid(s->spec.images) : 0;
    if (pid > 0) {
        s->leader = pid;
        s->restoring = false;
        limit_begin(&s->limit, s->spec.limit_us, s->spec.warning.before_us, clock_boot_us());
        images_remove(s->spec.images);
        return true;
    }
    if (s->ending == ENDING_NOT && !s->failure.code) {
        err_set(&e, ERR_SYSTEM, "criu failed");
        read_log(s->spec.images, RESTORE_LOG, &e);
        err_set(&s->failure, ERR_SYSTEM, "could not be restored: %s (its images are in %s)", e.text,
                s->spec.images);
    }
    return false;
}

void images_settle(const struct shepherd *s)
{
    if (s->spec.checkpoint == CHECKPOINT_CRIU && !s->restoring && !s->status.checkpointed)
        images_remove(s->spec.images);
}
