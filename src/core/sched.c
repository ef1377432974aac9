// SPDX-License-Identifier: MIT
#include "core/sched.h"

#include <stdlib.h>
#include <strings.h>

#include "core/world.h"
#include "util/idhash.h"

/* A job whose start failed waits 0.2 s for the next, then twice as long each time, to 51 s. */
#define RETRY_FIRST_US INT64_C(200000)
#define RETRY_DOUBLED  8

struct node {
    struct job job;
    UT_hash_handle hh;
};

static const char *const policies[] = {
    [POLICY_GREEDY] = "greedy",
};

const char *sched_policy_name(enum sched_policy p)
{
    return policies[p];
}

int sched_policy_parse(const char *name)
{
    for (size_t i = 0; i < sizeof policies / sizeof *policies; i++)
        if (strcasecmp(name, policies[i]) == 0)
            return (int)i;
    return -1;
}

struct sched *sched_create(const struct sched_config *c, struct err *e)
{
    struct sched *s = calloc(1, sizeof *s);
    if (!s)
        goto nomem;
    s->config = *c;
    s->config.cpu_set = (struct cpuset){0};
    if (cpuset_copy(&s->config.cpu_set, &c->cpu_set) < 0 ||
        cpuset_copy(&s->free_set, &c->cpu_set) < 0)
        goto nomem;
    s->free_cpus = c->cpus;
    s->free_mem_mb = c->mem_mb;
    return s;
nomem:
    sched_destroy(s);
    err_nomem(e);
    return NULL;
}

static void node_free(struct node *n)
{
    cpuset_free(&n->job.alloc_set);
    free(n);
}

void sched_destroy(struct sched *s)
{
    if (!s)
        return;
    struct node *n, *next;
    HASH_ITER (hh, s->nodes, n, next) {
        HASH_DEL(s->nodes, n);
        node_free(n);
    }
    queue_free(&s->pending);
    queue_free(&s->running);
    cpuset_free(&s->config.cpu_set);
    cpuset_free(&s->free_set);
    free(s);
}

static struct node *find(const struct sched *s, int64_t id)
{
    struct node *n;
    HASH_FIND(hh, s->nodes, &id, sizeof id, n);
    return n;
}

const struct job *sched_job(const struct sched *s, int64_t id)
{
    struct node *n = find(s, id);
    return n ? &n->job : NULL;
}

enum sched_policy sched_policy(const struct sched *s)
{
    return s->config.policy;
}

void sched_usage(const struct sched *s, struct sched_usage *u)
{
    *u = (struct sched_usage){
        .cpus_total = s->config.cpus,
        .cpus_used = s->config.cpus - s->free_cpus,
        .mem_total_mb = s->config.mem_mb,
        .mem_used_mb = s->config.mem_mb - s->free_mem_mb,
        .pending = s->pending.count,
        .running = s->running.count,
    };
}

/* A copy of the job with a node of its own, in the hash; NULL if no memory. */
static struct node *node_add(struct sched *s, const struct job *job)
{
    struct node *n = calloc(1, sizeof *n);
    if (!n)
        return NULL;
    n->job = *job;
    n->job.alloc_set = (struct cpuset){0};
    HASH_ADD(hh, s->nodes, job.id, sizeof n->job.id, n);
    if (find(s, job->id) == n)
        return n;
    free(n); /* uthash could not grow */
    return NULL;
}

static void node_remove(struct sched *s, struct node *n)
{
    HASH_DEL(s->nodes, n);
    node_free(n);
}

static int apply_submit(struct sched *s, const struct event *ev, struct err *e)
{
    if (find(s, ev->job->id))
        return err_set(e, ERR_INVALID, "job %jd is there already", (intmax_t)ev->job->id);
    struct node *n = node_add(s, ev->job);
    if (!n)
        return err_nomem(e);
    n->job.state = JOB_PENDING;
    if (queue_insert(&s->pending, &n->job) < 0) {
        node_remove(s, n);
        return err_nomem(e);
    }
    return 0;
}

/* A running job from before: what it holds is taken as a fact, also if the machine is smaller now
 * (then less than nothing is free until enough has ended). */
static int apply_adopt(struct sched *s, const struct event *ev, struct err *e)
{
    if (find(s, ev->job->id))
        return err_set(e, ERR_INVALID, "job %jd is there already", (intmax_t)ev->job->id);
    struct node *n = node_add(s, ev->job);
    if (!n)
        return err_nomem(e);
    n->job.state = JOB_RUNNING;
    if (cpuset_copy(&n->job.alloc_set, &ev->job->alloc_set) < 0 ||
        queue_insert(&s->running, &n->job) < 0) {
        node_remove(s, n);
        return err_nomem(e);
    }
    s->free_cpus -= n->job.alloc_cpus;
    s->free_mem_mb -= n->job.alloc_mem_mb;
    const struct cpuset *set = &n->job.alloc_set;
    for (int cpu = cpuset_next(set, 0); cpu >= 0; cpu = cpuset_next(set, cpu + 1))
        cpuset_remove(&s->free_set, cpu);
    return 0;
}

static int apply_cancel(struct sched *s, struct node *n)
{
    if (n->job.state == JOB_PENDING) {
        queue_remove(&s->pending, &n->job);
        node_remove(s, n);
    }
    return 0;
}

static int apply_finish(struct sched *s, struct node *n, struct err *e)
{
    if (n->job.state != JOB_RUNNING)
        return err_set(e, ERR_INVALID, "job %jd does not run", (intmax_t)n->job.id);
    world_release(s, &n->job);
    node_remove(s, n);
    return 0;
}

/* Perhaps it is the machine: then nothing is started for a while. Perhaps it is this job: then it
 * waits longer than that, so that others are tried before it. */
static int apply_start_failed(struct sched *s, struct node *n, const struct event *ev,
                              struct err *e)
{
    struct job *j = &n->job;
    if (j->state != JOB_RUNNING)
        return err_set(e, ERR_INVALID, "job %jd does not run", (intmax_t)j->id);
    if (queue_insert(&s->pending, j) < 0)
        return err_nomem(e);
    world_release(s, j);
    j->state = JOB_PENDING;
    j->start_us = 0;
    int64_t delay_us = RETRY_FIRST_US
                       << (j->failed_starts < RETRY_DOUBLED ? j->failed_starts : RETRY_DOUBLED);
    j->failed_starts++;
    j->eligible_us = ev->now_us + delay_us;
    if (ev->retry_us > s->hold_until_us)
        s->hold_until_us = ev->retry_us;
    return 0;
}

int sched_apply(struct sched *s, const struct event *ev, struct err *e)
{
    switch (ev->type) {
    case EVENT_SUBMIT:
        return apply_submit(s, ev, e);
    case EVENT_ADOPT:
        return apply_adopt(s, ev, e);
    case EVENT_TICK:
        return 0;
    case EVENT_CANCEL:
    case EVENT_FINISH:
    case EVENT_START_FAILED:
        break;
    }
    struct node *n = find(s, ev->id);
    if (!n)
        return err_set(e, ERR_INVALID, "job %jd is not active", (intmax_t)ev->id);
    if (ev->type == EVENT_CANCEL)
        return apply_cancel(s, n);
    if (ev->type == EVENT_FINISH)
        return apply_finish(s, n, e);
    return apply_start_failed(s, n, ev, e);
}

/* Takes the jobs that the plan started out of the pending queue. */
static void drop_started(struct queue *q)
{
    size_t kept = 0;
    for (size_t i = 0; i < q->count; i++)
        if (q->jobs[i]->state == JOB_PENDING)
            q->jobs[kept++] = q->jobs[i];
    q->count = kept;
}

int sched_pass(struct sched *s, int64_t now_us, struct plan *plan, struct err *e)
{
    plan->count = 0;
    plan->wake_us = 0;
    if (now_us < s->hold_until_us) {
        plan->wake_us = s->hold_until_us;
        return 0;
    }
    if (greedy_pass(s, now_us, plan) < 0)
        return err_nomem(e);
    if (plan->count)
        drop_started(&s->pending);
    return 0;
}
