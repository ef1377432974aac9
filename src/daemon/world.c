// SPDX-License-Identifier: MIT
#include "daemon/world.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/outcome.h"
#include "api/rerun.h"
#include "attempt/control.h"
#include "attempt/status.h"
#include "core/dependency.h"
#include "daemon/resizes.h"
#include "daemon/shepherds.h"
#include "os/clock.h"
#include "os/process.h"
#include "util/buf.h"
#include "util/cleanup.h"
#include "util/crash.h"
#include "util/log.h"

/* --- one attempt ------------------------------------------------------------------------------ */

/* Ends what a dead shepherd may have left: by its cgroup, and by the mark in the environment. */
static void clear_remains(struct daemon *d, int64_t job, int attempt, const char *group)
{
    char mark[128];
    struct err e = {0};
    snprintf(mark, sizeof mark, "%s.%jd.%d", d->paths.instance, (intmax_t)job, attempt);
    if (machine_clear_group(&d->machine, group, &e) < 0)
        log_warn("job %jd: %s", (intmax_t)job, e.text);
    int found = process_sweep("MINI_SLURM_ATTEMPT", mark);
    if (found)
        log_warn("job %jd: its shepherd died; ended %d process%s that it left", (intmax_t)job,
                 found, found == 1 ? "" : "es");
}

static void remove_draft_of(const char *path)
{
    _cleanup_buf_ struct buf draft = {0};
    buf_printf(&draft, "%s.new", path);
    if (!draft.failed)
        unlink(draft.data);
}

static void remove_console(struct daemon *d, int64_t job, int attempt)
{
    _cleanup_free_ char *path = attempt_path(d->paths.run, job, attempt, "console");
    if (path)
        unlink(path);
}

/* What a dead shepherd can't remove: the files by which a job and others talked with it. */
static void clear_notices(struct daemon *d, int64_t job, int attempt)
{
    _cleanup_job_record_ struct job_record r = {0};
    if (store_job_load(d->store, job, STORE_PLAIN, &r, NULL) < 0)
        return;
    if (r.pty)
        remove_console(d, job, attempt);
    if (!r.job.elastic)
        return;
    if (r.control_path) {
        unlink(r.control_path);
        remove_draft_of(r.control_path);
    }
    if (r.ack_path)
        unlink(r.ack_path);
}

/* It ran from its start to its end, but for when it was suspended. */
static int set_runtime(struct daemon *d, struct attempt_record *a, struct err *e)
{
    struct job_record r = {0};
    if (!a->start_us)
        return 0;
    if (store_job_load(d->store, a->job, STORE_PLAIN, &r, e) < 0)
        return -1;
    r.job.start_us = a->start_us;
    int64_t ran_us = job_ran_us(&r.job, a->end_us);
    a->runtime_us = ran_us > 0 ? ran_us : 0;
    job_record_clear(&r);
    return 0;
}

/* The attempt began, and nobody knows how it went on. */
static int lost(struct daemon *d, int64_t job, int attempt, const struct attempt_status *st,
                const char *why, struct attempt_record *a, struct err *e)
{
    clear_remains(d, job, attempt, st ? st->group : "");
    clear_notices(d, job, attempt);
    *a = (struct attempt_record){
        .job = job,
        .attempt = attempt,
        .state = JOB_NODE_FAIL,
        .start_us = st ? st->started_us : 0,
        .end_us = daemon_now_us(d),
        .cpu_user_us = -1,
        .cpu_system_us = -1,
        .mem_peak_kb = -1,
        .reason = strdup(why),
    };
    if (st) {
        a->levels = st->levels;
        a->checkpointed = st->checkpointed > 0;
    }
    return a->reason ? set_runtime(d, a, e) : err_nomem(e);
}

int world_outcome(struct daemon *d, int64_t job, int attempt, struct attempt_record *a,
                  struct err *e)
{
    struct attempt_status st;
    struct err why = {0};
    if (status_read(d->paths.run, job, attempt, &st, &why) < 0) {
        if (why.code == ERR_NOT_FOUND)
            return 1;
        if (why.code != ERR_CORRUPT) {
            *e = why;
            return -1;
        }
        return lost(d, job, attempt, NULL, why.text, a, e);
    }
    if (st.phase == PHASE_VOID)
        return 1;
    if (st.phase == PHASE_ENDED)
        return outcome_load(d->store, &st, a, e);
    bool same_boot = strcmp(st.boot_id, clock_boot_id()) == 0;
    return lost(d, job, attempt, &st,
                same_boot ? "its shepherd was killed: how the job ended is not known"
                          : "the machine was restarted while it ran",
                a, e);
}

/* --- after a restart ---------------------------------------------------------------------------
 */

/* Makes sure that an attempt which nobody has claimed never runs. 0: it is void, and the record
 * stays where it is: a shepherd on its way may still come and look. 1: there is a record already.
 */
static int void_attempt(struct daemon *d, const struct attempt_record *a, struct err *e)
{
    struct attempt_status st = {.job = a->job, .attempt = a->attempt, .phase = PHASE_VOID};
    snprintf(st.boot_id, sizeof st.boot_id, "%s", clock_boot_id());
    return status_claim(d->paths.run, &st, NULL, e);
}

/* If its shepherd lives, goes on watching it: 0. 1: it does not. -1 with *e. */
static int adopt(struct daemon *d, const struct attempt_record *a, struct err *e)
{
    struct attempt_status st;
    if (status_read(d->paths.run, a->job, a->attempt, &st, NULL) < 0 || st.phase != PHASE_CLAIMED)
        return 1;
    struct run *r = runs_add(d, a->job, a->attempt);
    if (!r)
        return err_nomem(e);
    if (runs_adopt(r, st.shepherd, st.shepherd_start, e) == 0) {
        log_info("Job %jd is still running (shepherd %d)", (intmax_t)a->job, (int)st.shepherd);
        return 0;
    }
    runs_remove(r);
    return e->code == ERR_NOT_FOUND ? 1 : -1;
}

static int recover_void(struct daemon *d, const struct attempt_record *a, struct err *e)
{
    enum job_state now;
    if (store_attempt_void(d->store, a->job, a->attempt, "the scheduler ended before it began",
                           daemon_now_us(d), &now, e) < 0)
        return -1;
    log_info("Job %jd had not begun: it is %s again", (intmax_t)a->job, job_state_name(now));
    return 0;
}

/* An attempt that the store has as running: voids it, adopts it, or writes down how it ended. */
static int recover_attempt(struct daemon *d, const struct attempt_record *a, struct err *e)
{
    bool same_boot = strcmp(a->boot_id, clock_boot_id()) == 0;
    if (same_boot) {
        int rc = void_attempt(d, a, e);
        crash_point("recovery-voided");
        if (rc == 0)
            return recover_void(d, a, e);
        rc = rc < 0 ? rc : adopt(d, a, e);
        if (rc <= 0)
            return rc;
    }
    __attribute__((cleanup(attempt_record_clear))) struct attempt_record end = {0};
    int rc = world_outcome(d, a->job, a->attempt, &end, e);
    if (rc == 1 && same_boot)
        return recover_void(d, a, e);
    if (rc == 1)
        /* Its record may have been lost with the power: it is not safe to say that it never ran. */
        rc = lost(d, a->job, a->attempt, NULL, "the machine was restarted", &end, e);
    _cleanup_(job_free) struct job again = {0};
    if (rc < 0 || (rc = rerun_settle(d->store, &end, daemon_now_us(d), &again, e)) < 0)
        return -1;
    log_info("Job %jd %s while no scheduler was running%s", (intmax_t)a->job,
             job_state_name(end.state), rc ? "; it is run again" : "");
    return 0;
}

static int recover_all(struct daemon *d, struct err *e)
{
    struct attempt_record *running = NULL;
    size_t count = 0;
    if (store_attempt_running(d->store, &running, &count, e) < 0)
        return -1;
    int rc = 0;
    for (size_t i = 0; i < count; i++) {
        if (rc == 0 && recover_attempt(d, &running[i], e) < 0)
            rc = err_wrap(e, "job %jd", (intmax_t)running[i].job);
        attempt_record_clear(&running[i]);
    }
    free(running);
    return rc;
}

static void closedir_of(DIR **dir)
{
    if (*dir)
        closedir(*dir);
}

/* The store has its outcome, or it was voided in an earlier life of the machine. (That it was
 * claimed is said of one that has no run only if its shepherd is dead.) */
static bool is_over_for_good(const struct attempt_status *st)
{
    bool same_boot = strcmp(st->boot_id, clock_boot_id()) == 0;
    if (st->phase == PHASE_CLAIMED)
        return !same_boot || process_start(st->shepherd) != st->shepherd_start;
    return st->phase == PHASE_ENDED || !same_boot;
}

/* Removes the files of attempts that are over for good. */
static void sweep_files(struct daemon *d)
{
    _cleanup_(closedir_of) DIR *dir = opendir(d->paths.run);
    struct attempt_status st;
    struct dirent *entry;
    while (dir && (entry = readdir(dir))) {
        int64_t job;
        int attempt, end = 0;
        if (sscanf(entry->d_name, "%" SCNd64 ".%d.status%n", &job, &attempt, &end) < 2 || !end ||
            entry->d_name[end] || runs_find(d, job, attempt))
            continue;
        if (status_read(d->paths.run, job, attempt, &st, NULL) < 0)
            continue;
        if (is_over_for_good(&st))
            status_remove(d->paths.run, job, attempt);
    }
}

/* A shepherd that is killed while it has no job leaves its groups behind, and so does one that is
 * killed while no scheduler runs. */
static bool is_group_stray(void *ctx, const char *group)
{
    return shepherds_is_stray(ctx, group);
}

int world_recover(struct daemon *d, struct err *e)
{
    if (store_begin(d->store, e) < 0)
        return -1;
    if (recover_all(d, e) < 0) {
        store_rollback(d->store);
        return -1;
    }
    crash_point("recovery-before-commit");
    if (store_commit(d->store, e) < 0)
        return -1;
    crash_point("recovery-after-commit");
    sweep_files(d);
    machine_sweep_groups(&d->machine, is_group_stray, d);
    return world_load(d, e);
}

/* --- the core's world ---------------------------------------------------------------------------
 */

struct loading {
    struct daemon *daemon;
    struct sched *sched;
    struct err *err;
};

static int load_run(struct daemon *d, const struct job_record *r, struct job *job, struct err *e)
{
    struct run *run = runs_find(d, job->id, job->attempt);
    if (!run)
        return 0;
    runs_know(run, r);
    return resizes_order_anew(d, job, e);
}

/* Whoever wrote it down may have died before he could tell. */
static void tell_again(struct daemon *d, const struct job_record *r)
{
    char limit[CONTROL_MESSAGE];
    const struct job *j = &r->job;
    runs_tell(d, j->id, j->attempt, control_limit_format(job_may_run_us(j), limit));
    if (r->cancel_us)
        runs_tell(d, j->id, j->attempt, r->cancel_now ? CONTROL_KILL : CONTROL_CANCEL);
    else if (r->requeue_us)
        runs_tell(d, j->id, j->attempt, r->checkpoint ? CONTROL_CHECKPOINT : CONTROL_CANCEL);
    else if (j->suspended_us)
        runs_tell(d, j->id, j->attempt, CONTROL_SUSPEND);
    else if (j->stood_us)
        runs_tell(d, j->id, j->attempt, CONTROL_RESUME);
}

static int load_job(void *ctx, const struct job_record *r)
{
    struct loading *l = ctx;
    struct job job = r->job;
    if (!job.limit_us &&
        store_predict(l->daemon->store, job.uid, r->command, &job.estimate_us, l->err) < 0)
        return -1;
    if (job_state_runs(job.state) && load_run(l->daemon, r, &job, l->err) < 0)
        return -1;
    struct event ev = {
        .type = job_state_runs(job.state) ? EVENT_ADOPT : EVENT_SUBMIT,
        .now_us = daemon_now_us(l->daemon),
        .id = job.id,
        .job = &job,
    };
    if (store_dependency_load(l->daemon->store, r, &job.depends, l->err) < 0)
        return -1;
    int rc = sched_apply(l->sched, &ev, l->err);
    dependency_free(&job.depends);
    if (rc == 0 && job_state_runs(r->job.state))
        tell_again(l->daemon, r);
    return rc;
}

/* It is drained until somebody says otherwise, not until it ends. */
static int load_drain(struct daemon *d, struct sched *sched, struct err *e)
{
    struct store_drain drain;
    struct event ev = {.type = EVENT_DRAIN, .now_us = daemon_now_us(d)};
    if (store_drain_get(d->store, &drain, e) < 0)
        return -1;
    return drain.time_us ? sched_apply(sched, &ev, e) : 0;
}

int world_load(struct daemon *d, struct err *e)
{
    if (store_next_id(d->store, &d->config.next_id, e) < 0)
        return -1;
    struct loading l = {.daemon = d, .sched = sched_create(&d->config, e), .err = e};
    struct store_filter active = {.states = JOB_STATES_ACTIVE};
    if (!l.sched)
        return -1;
    if (store_job_each(d->store, &active, load_job, &l, e) != 0 || load_drain(d, l.sched, e) < 0) {
        sched_destroy(l.sched);
        return -1;
    }
    sched_destroy(d->sched);
    d->sched = l.sched;
    d->api.sched = l.sched;
    d->tick = true;
    return 0;
}
