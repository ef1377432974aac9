// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "os/clock.h"
#include "os/file.h"
#include "shepherd/child.h"
#include "shepherd/hook.h"
#include "util/cleanup.h"
#include "util/crash.h"

/* A text that is too long for an argument goes by a file. *path: for the job's last argument. */
static int spool(const struct shepherd *s, char **path, struct err *e)
{
    const struct attempt_spec *spec = &s->spec;
    _cleanup_close_ int fd =
        attempt_create(spec->run_dir, spec->job, spec->attempt, "script", 0700, path, e);
    if (fd < 0)
        return -1;
    if (file_write_all(fd, spec->script, strlen(spec->script)) != 0)
        return err_errno(e, "cannot write %s", *path);
    if (spec->uid != geteuid() && fchown(fd, spec->uid, spec->gid) != 0)
        return err_errno(e, "cannot hand %s to the job's user", *path);
    return 0;
}

/* The job's argument vector: spec.argv, and the script's path if there is one. */
static char **argument_vector(const struct shepherd *s, char *script, struct err *e)
{
    size_t count = strz_count(&s->spec.argv);
    _cleanup_free_ char **words = strz_vector(&s->spec.argv);
    char **argv = words ? realloc(words, (count + 2) * sizeof *argv) : NULL;
    if (!argv) {
        err_nomem(e);
        return NULL;
    }
    words = NULL;
    argv[count] = script;
    argv[count + 1] = NULL;
    return argv;
}

int job_fork(struct shepherd *s, struct err *e)
{
    _cleanup_free_ char *script = NULL;
    if (s->spec.script[0] && spool(s, &script, e) != 0)
        return -1;
    _cleanup_free_ char **argv = argument_vector(s, script, e);
    _cleanup_free_ char **env = strz_vector(&s->spec.env);
    if (!argv)
        return -1;
    if (!env)
        return err_nomem(e);
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
        return err_errno(e, "cannot make a socket");
    fcntl(pair[0], F_SETFD, FD_CLOEXEC);
    fcntl(pair[1], F_SETFD, FD_CLOEXEC);
    bool inside;
    s->leader = cgroup_fork(&s->group, &inside);
    if (s->leader == 0) {
        close(pair[0]);
        child_run(s, pair[1], argv, env, inside);
    }
    close(pair[1]);
    s->job = pair[0];
    return s->leader > 0 ? 0 : err_errno(e, "cannot start a process");
}

void job_go(struct shepherd *s)
{
    /* That it is restored is not its own time. */
    int64_t limit_us = s->restoring ? 0 : s->spec.limit_us;
    limit_begin(&s->limit, limit_us, s->spec.warning.before_us, clock_boot_us());
    if (send(s->job, "", 1, MSG_NOSIGNAL) != 1)
        job_refuse(s); /* it is gone already, and the loop will see how */
}

void job_refuse(struct shepherd *s)
{
    if (s->job >= 0)
        close(s->job);
    s->job = -1;
}

/* 1: a report; 0: the socket has ended; -1: nothing now. Reports are far shorter than the socket's
 * buffer, and written at once. */
static int receive(int fd, struct child_report *r)
{
    ssize_t n = recv(fd, r, sizeof *r, MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return -1;
    return n == sizeof *r ? 1 : 0;
}

/* The socket closes on exec: its end without a report that it failed says that the job runs. */
void job_listen(struct shepherd *s)
{
    struct child_report report;
    int got;
    while (s->job >= 0 && (got = receive(s->job, &report)) >= 0) {
        if (got > 0 && report.what == CHILD_FAILED) {
            s->failure = report.reason;
        } else if (got > 0) {
            hold_lost(s, report.kinds, report.affinity);
        } else {
            job_refuse(s);
            if (s->failure.code)
                return;
            s->status.started_us = clock_wall_us();
            status_mark_started(s->record, &s->status);
            announce_start(s);
            watch_begin(s);
            resize_job_runs(s);
            suspend_job_runs(s);
            crash_point("shepherd-job-started");
        }
    }
}
