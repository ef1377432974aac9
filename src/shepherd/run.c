// SPDX-License-Identifier: MIT
/* The way of one attempt. Whatever can fail for want of disk, memory or processes is done before
 * the claim: then nothing has happened, and the scheduler tries again later. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attempt/control.h"
#include "os/clock.h"
#include "os/file.h"
#include "os/process.h"
#include "shepherd/hook.h"
#include "shepherd/shepherd.h"
#include "util/cleanup.h"
#include "util/crash.h"
#include "util/log.h"

static bool is_claimed(const struct attempt_spec *spec)
{
    _cleanup_free_ char *path = attempt_path(spec->run_dir, spec->job, spec->attempt, "status");
    return path && access(path, F_OK) == 0;
}

/* Where memory is short for the whole machine, the job goes before the one who can tell of it. */
static void prefer_life(struct shepherd *s)
{
    const char *path = "/proc/self/oom_score_adj";
    if (file_read(path, s->oom_score, sizeof s->oom_score) <= 0 || file_write(path, "-500") != 0)
        s->oom_score[0] = '\0';
}

int shepherd_init(struct shepherd *s, struct err *e)
{
    static const int signals[] = {SIGCHLD, SIGTERM, SIGINT, SIGHUP, 0};
    struct attempt_status *status = &s->status;
    s->control = s->record = s->job = s->oom = s->gate = s->elastic.ack = -1;
    status->shepherd = getpid();
    status->shepherd_start = process_start(getpid());
    snprintf(status->boot_id, sizeof status->boot_id, "%s", clock_boot_id());
    s->keeps_orphans = proctree_keep_orphans(true);
    prefer_life(s);
    process_give_way(true);
    return waiter_open(&s->waiter, signals, e);
}

void shepherd_reset(struct shepherd *s)
{
    struct shepherd next = {.waiter = s->waiter, .keeps_orphans = s->keeps_orphans};
    memcpy(next.oom_score, s->oom_score, sizeof next.oom_score);
    next.group = s->group;
    next.oom = s->oom;
    memcpy(next.group_name, s->group_name, sizeof next.group_name);
    next.control = next.record = next.job = next.gate = next.elastic.ack = -1;
    next.status.shepherd = s->status.shepherd;
    next.status.shepherd_start = s->status.shepherd_start;
    memcpy(next.status.boot_id, s->status.boot_id, sizeof next.status.boot_id);
    cleanup_close(&s->control);
    cleanup_close(&s->record);
    cleanup_close(&s->job);
    cleanup_close(&s->gate);
    cleanup_close(&s->elastic.ack);
    console_close(s);
    notify_forget(s);
    resize_order_free(&s->elastic.order);
    affinity_free(&s->affinity);
    proctree_free(&s->tree);
    spec_free(&s->spec);
    *s = next;
}

bool shepherd_told(struct shepherd *s, char word)
{
    const uint64_t child = UINT64_C(1) << SIGCHLD;
    struct pollfd channel = {.fd = CHANNEL_FD, .events = POLLIN};
    while (!channel.revents) {
        uint64_t signals;
        if (waiter_wait(&s->waiter, &channel, 1, 0, &signals, NULL) != 0 || (signals & ~child))
            return false;
    }
    char byte;
    return recv(CHANNEL_FD, &byte, 1, 0) == 1 && byte == word;
}

/* Whether there is somebody to hear it. */
static bool say_over(void)
{
    return send(CHANNEL_FD, &(char){SAY_OVER}, 1, MSG_NOSIGNAL) == 1;
}

static int prepare(struct shepherd *s, struct err *e)
{
    const struct attempt_spec *spec = &s->spec;
    s->status.job = spec->job;
    s->status.attempt = spec->attempt;
    s->status.phase = PHASE_CLAIMED;
    if (spec->given.job)
        status_hand_on(spec->run_dir, &spec->given, &(struct attempt_id){spec->job, spec->attempt});
    s->control = control_open(spec->run_dir, spec->job, spec->attempt, e);
    return s->control < 0 || elastic_open(s, e) != 0 ? -1 : console_open(s, e);
}

static void remove_file(const struct attempt_spec *spec, const char *name)
{
    _cleanup_free_ char *path = attempt_path(spec->run_dir, spec->job, spec->attempt, name);
    if (path)
        unlink(path);
}

/* As if we had never been. */
static void undo(struct shepherd *s)
{
    static const char *const files[] = {"claimed", "control", "script"};
    job_refuse(s);
    if (s->leader > 0)
        waitpid(s->leader, NULL, 0);
    hold_release(s, false);
    elastic_close(s);
    console_close(s);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        remove_file(&s->spec, files[i]);
}

/* 1: it is not ours to run. */
static int begin(struct shepherd *s, struct err *e)
{
    if (prepare(s, e) != 0)
        return -1;
    crash_point("shepherd-prepared");
    hold_make(s);
    s->restoring = images_wait(s);
    if (job_fork(s, e) != 0)
        return -1;
    if (s->console)
        console_forked(s->console);
    if (!shepherd_told(s, SAY_RUN))
        return 1;
    return status_claim(s->spec.run_dir, &s->status, &s->record, e);
}

static void let_go(struct shepherd *s)
{
    if (s->ending != ENDING_NOT || !site_prolog(s)) {
        job_refuse(s);
        return;
    }
    announce_prepare(s);
    if (s->console)
        console_begin(s);
    else
        job_go(s);
}

int shepherd_run(struct shepherd *s, struct err *e)
{
    if (is_claimed(&s->spec))
        return 0;
    int claim = begin(s, e);
    if (claim != 0) {
        undo(s);
        return claim < 0 ? -1 : 0;
    }
    crash_point("shepherd-claimed");
    loop_notes(s);
    bool begun = s->ending == ENDING_NOT;
    let_go(s);
    if (loop_run(s, e) != 0)
        return -1;
    crash_point("shepherd-job-ended");
    elastic_close(s);
    outcome_tell(s);
    if (begun)
        site_epilog(s);
    images_settle(s);
    if (status_end(s->record, &s->status, e) != 0)
        return -1;
    crash_point("shepherd-outcome-written");
    bool heard = (!s->console || console_farewell(s)) && say_over();
    announce_end(s);
    /* While the scheduler writes it down. */
    hold_release(s, heard);
    if (s->spec.script[0])
        remove_file(&s->spec, "script");
    if (s->spec.elastic)
        remove_file(&s->spec, "resize");
    if (s->noted)
        remove_file(&s->spec, "note");
    return heard;
}
