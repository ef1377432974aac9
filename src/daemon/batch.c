// SPDX-License-Identifier: MIT
#include "daemon/batch.h"

#include <inttypes.h>
#include <stdio.h>

#include "api/rerun.h"
#include "attempt/status.h"
#include "daemon/launch.h"
#include "daemon/requests.h"
#include "daemon/resizes.h"
#include "daemon/runs.h"
#include "daemon/shepherds.h"
#include "daemon/world.h"
#include "os/clock.h"
#include "util/cleanup.h"
#include "util/crash.h"
#include "util/log.h"

/* --- inside the transaction ------------------------------------------------------------------- */

/* The start did not come about: pending again, unless it was cancelled meanwhile. */
static int settle_void(struct daemon *d, struct run *r, struct err *e)
{
    struct event ev = {.now_us = daemon_now_us(d), .id = r->job, .type = EVENT_START_FAILED};
    ev.retry_us = ev.now_us + backoff_next(&d->launch_backoff);
    if (store_attempt_void(d->store, r->job, r->attempt, r->why, ev.now_us, &r->state, e) < 0 ||
        sched_apply(d->sched, &ev, e) < 0)
        return -1;
    ev.type = EVENT_CANCEL;
    return r->state == JOB_PENDING ? 0 : sched_apply(d->sched, &ev, e);
}

/* Few jobs may be run again: the others' rows need not be read. */
static int write_end(struct daemon *d, const struct run *r, int64_t now_us, struct job *again,
                     struct err *e)
{
    const struct job *j = sched_job(d->sched, r->job);
    int rc = j && j->may_rerun ? rerun_settle(d->store, &r->end, now_us, again, e)
                               : store_attempt_end(d->store, &r->end, e);
    /* ERR_INVALID: it was written down before. */
    return rc < 0 && e->code == ERR_INVALID ? 0 : rc;
}

static int settle_end(struct daemon *d, struct run *r, struct err *e)
{
    _cleanup_(job_free) struct job again = {0};
    struct event ev = {.now_us = daemon_now_us(d), .id = r->job, .type = EVENT_FINISH};
    int rc = write_end(d, r, ev.now_us, &again, e);
    if (rc < 0)
        return -1;
    r->state = ev.state = r->end.state;
    r->again = rc == 1;
    if (r->again) {
        ev.type = EVENT_REQUEUE;
        ev.job = &again;
    }
    return sched_apply(d->sched, &ev, e);
}

static int settle(struct daemon *d, struct run *r, struct err *e)
{
    r->never_began = r->phase == RUN_FAILED;
    if (!r->never_began) {
        attempt_record_clear(&r->end);
        int rc = world_outcome(d, r->job, r->attempt, &r->end, e);
        if (rc < 0)
            return -1;
        r->never_began = rc == 1;
        if (r->never_began)
            snprintf(r->why, sizeof r->why, "its shepherd ended before it could begin");
    }
    if (r->never_began)
        return settle_void(d, r, e);
    return settle_end(d, r, e);
}

static int settle_all(struct daemon *d, struct err *e)
{
    struct run *r, *next;
    if (!d->settle)
        return 0;
    HASH_ITER (hh, d->runs, r, next)
        if (r->phase >= RUN_OVER) {
            if (settle(d, r, e) < 0)
                return err_wrap(e, "job %jd", (intmax_t)r->job);
            r->settled = true;
        }
    return 0;
}

/* A start becomes a durable attempt, and a run to be launched. */
static int begin_attempt(struct daemon *d, const struct job *j, struct err *e)
{
    _cleanup_free_ char *nodes = topology_node_names(d->nodes.topology, &j->alloc_set);
    if (!nodes)
        return err_nomem(e);
    if (store_attempt_begin(d->store, j, nodes, clock_boot_id(), e) < 0)
        return -1;
    struct run *r = runs_add(d, j->id, j->attempt);
    if (!r)
        return err_nomem(e);
    launch_prepare(d, r);
    return 0;
}

static int end_pending(struct daemon *d, const struct action *a, struct err *e)
{
    char why[128];
    plan_end_words(a, why, sizeof why);
    return store_job_end(d->store, a->job->id, a->state, why, daemon_now_us(d), e);
}

static int write_action(struct daemon *d, const struct action *a, struct err *e)
{
    switch (a->type) {
    case ACTION_START:
        return begin_attempt(d, a->job, e);
    case ACTION_TASK:
        return store_task_leave(d->store, a->for_job, a->job, e);
    case ACTION_RESIZE:
        return resizes_order(d, a, e);
    case ACTION_END:
        return end_pending(d, a, e);
    }
    return 0;
}

static int write_plan(struct daemon *d, struct err *e)
{
    for (size_t i = 0; i < d->plan.count; i++)
        if (write_action(d, &d->plan.actions[i], e) < 0)
            return err_wrap(e, "job %jd", (intmax_t)d->plan.actions[i].job->id);
    return 0;
}

/* Answers to requests are kept for a while, in case a client asks again. */
static int prune(struct daemon *d, struct err *e)
{
    int64_t now_us = daemon_now_us(d);
    if (now_us - d->pruned_us < API_REQUEST_KEEP_US)
        return 0;
    d->pruned_us = now_us;
    return store_request_prune(d->store, now_us - API_REQUEST_KEEP_US, e);
}

/* Where nobody waits for an answer, and no job for a place, it is ends that are written down: a
 * power cut a moment later is as if it had come a moment earlier, and they need not wait for the
 * disk. (Until the store has them, outcomes are in files that nobody syncs.) */
static bool may_relax(const struct daemon *d)
{
    struct sched_usage now;
    sched_usage(d->sched, &now);
    return !requests_change(d) && now.pending == 0;
}

static int begin(struct daemon *d, struct err *e)
{
    return may_relax(d) ? store_begin_relaxed(d->store, e) : store_begin(d->store, e);
}

/* Before a job may start, or is resized, that is on disk. */
static int commit(struct daemon *d, struct err *e)
{
    if (store_commit(d->store, e) < 0)
        return -1;
    return d->plan.count ? store_sync(d->store, e) : 0;
}

static int transact(struct daemon *d, struct err *e)
{
    d->plan.count = 0;
    if (begin(d, e) < 0)
        return -1;
    if (prune(d, e) < 0 || settle_all(d, e) < 0 || resizes_hear(d, e) < 0 ||
        requests_serve_changes(d, e) < 0 ||
        sched_pass(d->sched, daemon_now_us(d), &d->plan, e) < 0 || write_plan(d, e) < 0) {
        store_rollback(d->store);
        return -1;
    }
    crash_point("scheduler-before-commit");
    return commit(d, e);
}

/* --- after the commit ------------------------------------------------------------------------- */

static void log_end(const struct run *r)
{
    if (r->never_began) {
        log_warn("Job %jd%s could not be started: %s", (intmax_t)r->job, r->task, r->why);
        return;
    }
    const struct attempt_record *a = &r->end;
    char result[32] = "";
    if (a->has_result && a->signal)
        snprintf(result, sizeof result, " (signal %d)", a->signal);
    else if (a->has_result)
        snprintf(result, sizeof result, " (exit code %d)", a->exit_code);
    log_info("Job %jd%s %s%s after %.2fs%s%s%s", (intmax_t)r->job, r->task,
             job_state_name(a->state), result, (double)a->runtime_us / 1e6, a->reason ? ": " : "",
             a->reason ? a->reason : "", r->again ? "; it is run again" : "");
}

static void log_end_pending(const struct action *a)
{
    char why[128];
    log_info("Job %jd %s: %s", (intmax_t)a->job->id, job_state_name(a->state),
             plan_end_words(a, why, sizeof why));
}

static void log_ends(const struct daemon *d)
{
    const struct run *r, *next;
    if (!d->settle)
        return;
    HASH_ITER (hh, d->runs, r, next)
        if (r->settled)
            log_end(r);
}

/* The store has the outcomes: their files and runs can go. */
static void forget_settled(struct daemon *d)
{
    struct run *r, *next;
    if (!d->settle)
        return;
    d->settle = false;
    HASH_ITER (hh, d->runs, r, next) {
        if (!r->settled) {
            d->settle |= r->phase >= RUN_OVER;
            continue;
        }
        bool whole = r->end.state != JOB_NODE_FAIL && !r->never_began;
        if (d->nended < ENDED_MAX && whole && !r->elastic)
            d->ended[d->nended++] = (struct attempt_id){r->job, r->attempt};
        else
            status_remove(d->paths.run, r->job, r->attempt);
        runs_remove(r);
    }
}

static void log_plan(const struct daemon *d)
{
    for (size_t i = 0; i < d->plan.count; i++) {
        const struct action *a = &d->plan.actions[i];
        if (a->type == ACTION_START)
            launch_log(runs_find(d, a->job->id, a->job->attempt));
        else if (a->type == ACTION_RESIZE)
            resizes_log(d, a);
        else if (a->type == ACTION_END)
            log_end_pending(a);
    }
}

static void carry_out(struct daemon *d)
{
    for (size_t i = 0; i < d->plan.count; i++) {
        const struct action *a = &d->plan.actions[i];
        if (a->type == ACTION_START)
            launch_go(d, runs_find(d, a->job->id, a->job->attempt));
    }
    resizes_tell(d);
}

static void abandon_starts(struct daemon *d)
{
    for (size_t i = 0; i < d->plan.count; i++) {
        const struct action *a = &d->plan.actions[i];
        struct run *r = a->type == ACTION_START ? runs_find(d, a->job->id, a->job->attempt) : NULL;
        if (r)
            launch_abandon(r);
    }
}

/* The transaction did not come about: who asked is told, the world is as the store has it, and what
 * was to be written down is tried again later. */
static void fail(struct daemon *d, const struct err *why)
{
    struct err e = {0};
    struct run *r, *next;
    log_warn("%s", why->text);
    requests_refuse(d, why);
    abandon_starts(d);
    HASH_ITER (hh, d->runs, r, next)
        r->settled = false;
    if (world_load(d, &e) < 0)
        log_warn("cannot read the store: %s", e.text);
    daemon_wake_at(d, daemon_now_us(d) + backoff_next(&d->commit_backoff));
}

static void act(struct daemon *d)
{
    if (d->settle || d->plan.count || requests_change(d))
        d->api.revision++;
    d->tick = false;
    d->commit_backoff = (struct backoff){0};
    carry_out(d);
    log_ends(d); /* before the starts that they made room for */
    log_plan(d);
    requests_answer(d);
    forget_settled(d);
    if (d->plan.wake_us)
        daemon_wake_at(d, d->plan.wake_us);
    if (d->settle) /* what could not be launched */
        daemon_wake_at(d, daemon_now_us(d));
    shepherds_keep_ready(d);
    daemon_sync_soon(d);
}

void batch_run(struct daemon *d)
{
    struct err e = {0};
    if (d->settle || d->tick || requests_change(d)) {
        if (transact(d, &e) < 0) {
            fail(d, &e);
        } else {
            crash_point("scheduler-after-commit");
            act(d);
            crash_point("scheduler-after-launch");
        }
    }
    requests_serve_reads(d);
}
