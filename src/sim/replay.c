// SPDX-License-Identifier: MIT
#include "sim/replay.h"

#include <stdlib.h>

#include "sim/ends.h"
#include "sim/predictor.h"

struct replayer {
    const struct trace *trace;
    const struct replay_options *options;
    struct replay_result *result;
    struct sched *sched;
    struct plan plan;
    struct ends ends;
    size_t arrived, started, ended;
    struct predictor predictor; /* of what has ended so far, where that is asked for */
};

/* --- events ----------------------------------------------------------------------------------- */

/* Jobs are known to the core by their place in the queue's order, from 1. */
static int arrive(struct replayer *r, int64_t now_us, struct err *e)
{
    const struct trace_job *t = &r->trace->jobs[r->arrived++];
    struct job j = {
        .id = (int64_t)r->arrived,
        .priority = (int)t->priority,
        .submit_us = t->submit_us,
        .limit_us = t->estimate_us,
        .estimate_us = predictor_guess(&r->predictor, t),
        .cpus = t->procs,
        .mem_mb = r->trace->mem_mb ? t->mem_mb : 0,
        .uid = (uint32_t)t->user,
    };
    struct event ev = {.type = EVENT_SUBMIT, .now_us = now_us, .id = j.id, .job = &j};
    return sched_apply(r->sched, &ev, e);
}

static int end_next(struct replayer *r, struct err *e)
{
    struct end end = ends_pop(&r->ends);
    struct event ev = {.type = EVENT_FINISH, .now_us = end.at_us, .id = (int64_t)end.job + 1};
    r->ended++;
    if (r->options->predict && predictor_learn(&r->predictor, &r->trace->jobs[end.job]) < 0)
        return err_nomem(e);
    return sched_apply(r->sched, &ev, e);
}

static void start_all(struct replayer *r, int64_t now_us)
{
    for (size_t i = 0; i < r->plan.count; i++) {
        const struct action *a = &r->plan.actions[i];
        size_t job = (size_t)a->job->id - 1;
        r->result->jobs[job] = (struct replay_job){now_us, a->backfilled};
        ends_add(&r->ends, (struct end){now_us + r->trace->jobs[job].run_us, r->started++, job});
    }
}

static int pass(struct replayer *r, int64_t now_us, struct err *e)
{
    struct sched_usage u;
    if (sched_pass(r->sched, now_us, &r->plan, e) < 0)
        return -1;
    start_all(r, now_us);
    sched_usage(r->sched, &u);
    if (u.pending > r->result->max_queue)
        r->result->max_queue = u.pending;
    return 0;
}

static bool arrives_at(const struct replayer *r, int64_t now_us)
{
    return r->arrived < r->trace->count && r->trace->jobs[r->arrived].submit_us == now_us;
}

static bool ends_at(const struct replayer *r, int64_t now_us)
{
    return r->ends.count && r->ends.heap[0].at_us == now_us;
}

/* All ends, then all arrivals, then one pass. */
static int step_batch(struct replayer *r, int64_t now_us, struct err *e)
{
    while (ends_at(r, now_us))
        if (end_next(r, e) < 0)
            return -1;
    while (arrives_at(r, now_us))
        if (arrive(r, now_us, e) < 0)
            return -1;
    return pass(r, now_us, e);
}

/* Arrivals one by one, then ends one by one, each with its pass. (What starts now ends later: a run
 * time is more than 0.) */
static int step_per_event(struct replayer *r, int64_t now_us, struct err *e)
{
    while (arrives_at(r, now_us))
        if (arrive(r, now_us, e) < 0 || pass(r, now_us, e) < 0)
            return -1;
    while (ends_at(r, now_us))
        if (end_next(r, e) < 0 || pass(r, now_us, e) < 0)
            return -1;
    return 0;
}

/* The next instant at which something happens, or a pass was asked for as it is live: a reservation
 * may be due while who was expected to have ended runs on. False if nothing happens any more. */
static bool next_instant(const struct replayer *r, int64_t *at_us)
{
    bool arrives = r->arrived < r->trace->count;
    if (!arrives && !r->ends.count)
        return false;
    *at_us = arrives ? r->trace->jobs[r->arrived].submit_us : r->ends.heap[0].at_us;
    if (r->ends.count && r->ends.heap[0].at_us < *at_us)
        *at_us = r->ends.heap[0].at_us;
    int64_t wake_us = r->options->event_order == EVENTS_BATCH ? r->plan.wake_us : 0;
    if (wake_us && wake_us < *at_us)
        *at_us = wake_us;
    return true;
}

static int run(struct replayer *r, struct err *e)
{
    const struct replay_options *o = r->options;
    const size_t every = 1 + r->trace->count / 200;
    size_t told = 0;
    int64_t now_us;
    while (next_instant(r, &now_us)) {
        int rc = o->event_order == EVENTS_BATCH ? step_batch(r, now_us, e)
                                                : step_per_event(r, now_us, e);
        if (rc < 0)
            return -1;
        if (o->progress && r->ended >= told + every) {
            told = r->ended;
            o->progress(o->ctx, r->ended, r->trace->count);
        }
    }
    if (r->ended == r->trace->count)
        return 0;
    return err_set(e, ERR_INVALID, "%zu of %zu jobs never start: they want more than there is",
                   r->trace->count - r->ended, r->trace->count);
}

static int open_all(struct replayer *r, struct err *e)
{
    struct sched_config c = r->options->sched;
    size_t count = r->trace->count;
    c.expected_is_end = r->options->event_order == EVENTS_PER_EVENT;
    c.trust_predictions = r->options->predict;
    r->result->jobs = calloc(count + 1, sizeof *r->result->jobs);
    if (!r->result->jobs || ends_init(&r->ends, count) < 0)
        return err_nomem(e);
    r->sched = sched_create(&c, e);
    return r->sched ? 0 : -1;
}

int replay(const struct trace *t, const struct replay_options *o, struct replay_result *result,
           struct err *e)
{
    struct replayer r = {.trace = t, .options = o, .result = result};
    *result = (struct replay_result){0};
    int rc = open_all(&r, e) < 0 ? -1 : run(&r, e);
    ends_free(&r.ends);
    predictor_free(&r.predictor);
    plan_free(&r.plan);
    sched_destroy(r.sched);
    return rc;
}

void replay_free(struct replay_result *r)
{
    free(r->jobs);
    *r = (struct replay_result){0};
}
