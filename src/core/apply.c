// SPDX-License-Identifier: MIT
/* apply.c - what an event changes. */
#include "core/dependency.h"
#include "core/world.h"

/* A job whose start failed waits 0.2 s for the next, then twice as long each time, to 51 s. */
#define RETRY_FIRST_US INT64_C(200000)
#define RETRY_DOUBLED  8

static int apply_submit(struct sched *s, const struct event *ev, struct err *e)
{
    struct node *n = world_add(s, ev->job, ev->now_us, e);
    if (!n)
        return -1;
    n->job.state = JOB_PENDING;
    s->pending++;
    world_enqueue(s, n, ev->now_us);
    return 0;
}

/* What an adopted job is owed of what it holds. */
static int64_t owed_cpus(const struct sched *s, const struct job *j)
{
    bool lent = j->elastic && !s->config.elastic.disabled && j->alloc_cpus > j->cpus;
    return lent ? j->cpus : j->alloc_cpus;
}

/* A running job from before: what it holds is taken as a fact, also if the machine is smaller now
 * (then less than nothing is free until enough has ended). */
static int apply_adopt(struct sched *s, const struct event *ev, struct err *e)
{
    struct node *n = world_add(s, ev->job, ev->now_us, e);
    if (!n)
        return -1;
    struct job *j = &n->job;
    j->state = JOB_RUNNING;
    if (world_adopt(s, n, &ev->job->alloc_set, owed_cpus(s, j), ev->now_us) == 0) {
        depends_started(s, n, ev->now_us);
        return 0;
    }
    world_remove(s, n, ev->now_us);
    return err_nomem(e);
}

static int apply_cancel(struct sched *s, struct node *n, int64_t now_us)
{
    if (n->where == IN_CLAIMS)
        world_unclaim(s, n, now_us);
    if (n->job.state == JOB_PENDING) {
        world_leave(s, n);
        s->pending--;
        depends_ended(s, n, JOB_CANCELLED, now_us);
        world_remove(s, n, now_us);
    }
    return 0;
}

static int not_running(const struct node *n, struct err *e)
{
    return err_set(e, ERR_INVALID, "job %jd does not run", (intmax_t)n->job.id);
}

static int apply_finish(struct sched *s, struct node *n, const struct event *ev, struct err *e)
{
    if (n->job.state != JOB_RUNNING)
        return not_running(n, e);
    world_release(s, n, ev->now_us);
    depends_ended(s, n, ev->state, ev->now_us);
    world_remove(s, n, ev->now_us);
    return 0;
}

/* Perhaps it is the machine: then nothing is started for a while. Perhaps it is this job: then it
 * waits longer than that, so that others are tried before it. */
static int apply_start_failed(struct sched *s, struct node *n, const struct event *ev,
                              struct err *e)
{
    struct job *j = &n->job;
    if (j->state != JOB_RUNNING)
        return not_running(n, e);
    world_release(s, n, ev->now_us);
    j->state = JOB_PENDING;
    j->start_us = 0;
    int64_t delay_us = RETRY_FIRST_US
                       << (j->failed_starts < RETRY_DOUBLED ? j->failed_starts : RETRY_DOUBLED);
    j->failed_starts++;
    j->eligible_us = ev->now_us + delay_us;
    if (ev->retry_us > s->hold_until_us)
        s->hold_until_us = ev->retry_us;
    s->pending++;
    world_enqueue(s, n, ev->now_us);
    depends_unstarted(s, n, ev->now_us);
    return 0;
}

/* What the node owns is not the event's to change. */
static void keep_own(struct job *j, const struct job *now)
{
    j->state = JOB_PENDING;
    j->attempt = now->attempt;
    j->alloc_set = now->alloc_set;
    j->task = now->task;
    j->tasks = now->tasks;
    j->depends = now->depends;
}

/* Nobody who waits for its end has seen it. */
static int apply_requeue(struct sched *s, struct node *n, const struct event *ev, struct err *e)
{
    struct job j = *ev->job;
    if (n->job.state != JOB_RUNNING)
        return not_running(n, e);
    world_release(s, n, ev->now_us);
    j.start_us = 0;
    j.failed_starts = 0;
    j.alloc_cpus = j.alloc_mem_mb = 0;
    j.suspended_us = j.stood_us = 0;
    keep_own(&j, &n->job);
    j.name_key = n->job.name_key;
    s->pending++;
    world_ask(s, n, &j, ev->now_us);
    return 0;
}

static int apply_resize(struct sched *s, struct node *n, const struct event *ev, struct err *e)
{
    struct job *j = &n->job;
    if (j->state != JOB_RUNNING)
        return not_running(n, e);
    if (!j->elastic)
        return err_set(e, ERR_INVALID, "job %jd is not elastic", (intmax_t)j->id);
    if (!sched_resizes(s))
        return err_set(e, ERR_INVALID, "elastic jobs are not resized");
    j->wanted_cpus = ev->cpus;
    n->asked = true;
    if (n->need.cpus > shares_most(s, j))
        world_owe(s, n, shares_most(s, j) - n->need.cpus, ev->now_us);
    if (n->need.cpus == shares_most(s, j))
        n->gave_way = false; /* it has what it wants */
    return 0;
}

static int rename_job(struct sched *s, struct node *n, uint64_t name_key, int64_t now_us)
{
    namesakes_leave(s, n, now_us);
    n->job.name_key = name_key;
    int rc = namesakes_join(s, n, now_us);
    depends_on_namesakes(s, n, !namesakes_before(n), now_us);
    return rc;
}

/* What it went through stays its own, and so does what it waits for. */
static int apply_update(struct sched *s, struct node *n, const struct event *ev, struct err *e)
{
    struct job j = *ev->job;
    if (n->job.state == JOB_RUNNING && j.held)
        return err_set(e, ERR_INVALID, "job %jd does not wait", (intmax_t)j.id);
    if (j.name_key != n->job.name_key && rename_job(s, n, j.name_key, ev->now_us) < 0)
        return err_nomem(e);
    if (n->job.state == JOB_RUNNING) {
        world_relimit(s, n, &j, ev->now_us);
        return 0;
    }
    if (n->where == IN_CLAIMS)
        world_unclaim(s, n, ev->now_us);
    keep_own(&j, &n->job);
    j.failed_starts = n->job.failed_starts;
    world_ask(s, n, &j, ev->now_us);
    return 0;
}

static int apply_depend(struct sched *s, struct node *n, const struct event *ev, struct err *e)
{
    struct dependency d;
    if (n->job.state != JOB_PENDING)
        return err_set(e, ERR_INVALID, "job %jd does not wait", (intmax_t)n->job.id);
    if (dependency_copy(&d, &ev->job->depends) < 0)
        return err_nomem(e);
    if (depends_replace(s, n, &d) < 0) {
        dependency_free(&d);
        return err_nomem(e);
    }
    if (n->where == IN_CLAIMS)
        world_unclaim(s, n, ev->now_us);
    world_enqueue(s, n, ev->now_us);
    return 0;
}

static int apply_divide(struct sched *s, struct node *n, const struct event *ev, struct err *e)
{
    if (n->job.state != JOB_PENDING || !array_is_head(n))
        return err_set(e, ERR_INVALID, "job %jd is no head of an array", (intmax_t)n->job.id);
    return array_divide(s, n, ev->job, ev->now_us, e);
}

/* Of an order that another has followed nothing is known. */
static int apply_resized(struct sched *s, struct node *n, const struct event *ev, struct err *e)
{
    if (n->job.state != JOB_RUNNING)
        return not_running(n, e);
    if (n->job.elastic && ev->generation == n->job.generation)
        world_shrunk(s, n, ev->mem_mb, ev->now_us);
    return 0;
}

/* Who has only claimed what he starts with waits on in the queue. */
static int apply_drain(struct sched *s, int64_t now_us)
{
    s->drained = true;
    while (s->claims.count) {
        struct node *n = s->claims.nodes[0];
        world_unclaim(s, n, now_us);
        world_enqueue(s, n, now_us);
    }
    return 0;
}

static int apply_suspend(struct node *n, const struct event *ev, struct err *e)
{
    if (n->job.state != JOB_RUNNING)
        return not_running(n, e);
    if (!n->job.suspended_us)
        n->job.suspended_us = ev->now_us;
    return 0;
}

static int apply_resume(struct sched *s, struct node *n, const struct event *ev, struct err *e)
{
    struct job *j = &n->job;
    if (j->state != JOB_RUNNING)
        return not_running(n, e);
    if (!j->suspended_us)
        return 0;
    j->stood_us += ev->now_us - j->suspended_us;
    j->suspended_us = 0;
    s->resumed = true;
    return 0;
}

/* Of a job that is there. */
static int apply_to(struct sched *s, struct node *n, const struct event *ev, struct err *e)
{
    switch (ev->type) {
    case EVENT_CANCEL:
        return apply_cancel(s, n, ev->now_us);
    case EVENT_FINISH:
        return apply_finish(s, n, ev, e);
    case EVENT_START_FAILED:
        return apply_start_failed(s, n, ev, e);
    case EVENT_DIVIDE:
        return apply_divide(s, n, ev, e);
    case EVENT_REQUEUE:
        return apply_requeue(s, n, ev, e);
    case EVENT_UPDATE:
        return apply_update(s, n, ev, e);
    case EVENT_DEPEND:
        return apply_depend(s, n, ev, e);
    case EVENT_RESIZE:
        return apply_resize(s, n, ev, e);
    case EVENT_RESIZED:
        return apply_resized(s, n, ev, e);
    case EVENT_SUSPEND:
        return apply_suspend(n, ev, e);
    case EVENT_RESUME:
        return apply_resume(s, n, ev, e);
    case EVENT_SUBMIT:
    case EVENT_ADOPT:
    case EVENT_DRAIN:
    case EVENT_RESUME_ALL:
    case EVENT_TICK:
        break; /* of no such job */
    }
    return 0;
}

int sched_apply(struct sched *s, const struct event *ev, struct err *e)
{
    world_forget_ended(s);
    switch (ev->type) {
    case EVENT_SUBMIT:
        return apply_submit(s, ev, e);
    case EVENT_ADOPT:
        return apply_adopt(s, ev, e);
    case EVENT_DRAIN:
        return apply_drain(s, ev->now_us);
    case EVENT_RESUME_ALL:
        s->drained = false;
        return 0;
    case EVENT_TICK:
        return 0;
    default:
        break;
    }
    struct node *n = world_find(s, ev->id);
    if (!n)
        return err_set(e, ERR_INVALID, "job %jd is not active", (intmax_t)ev->id);
    return apply_to(s, n, ev, e);
}
