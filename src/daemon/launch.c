// SPDX-License-Identifier: MIT
#include "daemon/launch.h"

#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attempt/spec.h"
#include "attempt/status.h"
#include "daemon/job_spec.h"
#include "os/file.h"
#include "os/process.h"
#include "util/cleanup.h"
#include "util/crash.h"
#include "util/log.h"
#include "util/text.h"

/* A shepherd without a job yet: it waits for GO_SPEC. */
static int start_shepherd(struct daemon *d, struct shepherd_process *s, struct err *e)
{
    extern char **environ;
    char title[] = SPEC_TITLE_ROOM;
    char *argv[] = {d->shepherd, title, NULL};
    int go[2];
    _cleanup_close_ int spec = file_anonymous(d->paths.run);
    if (spec < 0 || pipe2(go, O_CLOEXEC) < 0)
        return err_errno(e, "cannot start a shepherd");
    int fds[] = {-1, d->log_fd, d->log_fd, [SPEC_FD] = spec, [GO_FD] = go[0]};
    pid_t pid = process_spawn(argv, environ, fds, sizeof fds / sizeof *fds, e);
    close(go[0]);
    if (pid < 0) {
        close(go[1]);
        return -1;
    }
    *s = (struct shepherd_process){.pid = pid, .spec_fd = steal_fd(&spec), .go_fd = go[1]};
    return 0;
}

void launch_spare(struct daemon *d)
{
    if (!d->spare.pid)
        start_shepherd(d, &d->spare, NULL); /* if not now, then when it is needed */
}

/* Without a word it ends, having done nothing. */
static void end_shepherd(struct shepherd_process *s)
{
    close(s->spec_fd);
    close(s->go_fd);
    kill(s->pid, SIGKILL);
    waitpid(s->pid, NULL, 0);
    *s = (struct shepherd_process){0};
}

void launch_end_spare(struct daemon *d)
{
    if (d->spare.pid)
        end_shepherd(&d->spare);
}

static int take_shepherd(struct daemon *d, struct shepherd_process *s, struct err *e)
{
    if (!d->spare.pid)
        return start_shepherd(d, s, e);
    *s = d->spare;
    d->spare = (struct shepherd_process){0};
    return 0;
}

static int hand_over(struct run *r, struct shepherd_process *s, const struct buf *spec,
                     struct err *e)
{
    if (file_write_all(s->spec_fd, spec->data, spec->len) < 0 ||
        file_write_all(s->go_fd, GO_SPEC, 1) < 0)
        return err_errno(e, "cannot tell the shepherd what to run");
    if (runs_watch(r, s->pid, 0, e) < 0)
        return -1;
    close(s->spec_fd);
    r->go_fd = s->go_fd;
    return 0;
}

static void describe(struct run *r, const struct job_record *rec)
{
    _cleanup_buf_ struct buf command = {0};
    _cleanup_free_ char *cpus = cpuset_format(&rec->job.alloc_set);
    bool pinned = cpus && *cpus;
    text_printable(&command, rec->command, strlen(rec->command));
    snprintf(r->title, sizeof r->title, "%" PRId64 " CPU%s%s%s%s, %" PRId64 " MB: %.160s",
             rec->job.alloc_cpus, rec->job.alloc_cpus == 1 ? "" : "s", pinned ? " (" : "",
             pinned ? cpus : "", pinned ? ")" : "", rec->job.alloc_mem_mb,
             command.data ? command.data : "");
}

static int prepare(struct daemon *d, struct run *r, struct err *e)
{
    __attribute__((cleanup(job_record_clear))) struct job_record rec = {0};
    _cleanup_buf_ struct buf spec = {0};
    struct shepherd_process s = {0};
    if (store_job_load(d->store, r->job, STORE_WITH_ENV, &rec, e) < 0 ||
        job_spec_make(d, &rec, r->attempt, &spec, e) < 0 || take_shepherd(d, &s, e) < 0)
        return -1;
    if (d->kept)
        status_reuse(d->paths.run, --d->kept, r->job, r->attempt);
    if (hand_over(r, &s, &spec, e) < 0) {
        end_shepherd(&s);
        return -1;
    }
    describe(r, &rec);
    return 0;
}

void launch_prepare(struct daemon *d, struct run *r)
{
    struct err e = {0};
    if (prepare(d, r, &e) == 0)
        return;
    text_copy(r->why, sizeof r->why, e.text);
    r->phase = RUN_FAILED;
}

void launch_go(struct daemon *d, struct run *r)
{
    if (r->phase == RUN_FAILED) {
        d->settle = true;
        return;
    }
    /* If it is gone already, we hear of that by its end. */
    if (file_write_all(r->go_fd, GO_RUN, 1) == 0)
        log_info("Started job %jd on %s", (intmax_t)r->job, r->title);
    crash_point("scheduler-told-shepherd");
    close(steal_fd(&r->go_fd));
    if (r->phase == RUN_BEGUN)
        r->phase = RUN_ACTIVE;
    d->launch_backoff = (struct backoff){0};
}

void launch_abandon(struct run *r)
{
    if (r->go_fd >= 0)
        close(steal_fd(&r->go_fd));
    runs_abandon(r);
}
