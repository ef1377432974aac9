// SPDX-License-Identifier: MIT
#include "sim/replay.h"

#include <inttypes.h>
#include <stdlib.h>

#include "sim/ends.h"
#include "sim/predictor.h"
#include "sim/work.h"
#include "util/cleanup.h"
#include "util/times.h"

/* Passes at one instant, each after what the one before it took away: a few are enough. */
#define PASSES_MAX 1000

/* An order to have fewer CPUs. */
struct shrink {
    int64_t id, generation;
};

struct replayer {
    const struct trace *trace;
    const struct replay_options *options;
    struct replay_result *result;
    struct sched *sched;
    struct plan plan;
    struct ends ends;
    size_t arrived, started, ended;
    struct predictor predictor; /* of what has ended so far, where that is asked for */
    /* Where jobs are malleable; else NULL. */
    struct work *works;     /* of each malleable job that runs */
    struct shrink *shrinks; /* of the last pass */
    bool again;             /* after which there is more to decide at once */
    size_t nshrinks;
};

/* --- events ----------------------------------------------------------------------------------- */

/* Jobs are known to the core by their place in the queue's order, from 1. */
static int64_t id_of(size_t job)
{
    return (int64_t)job + 1;
}

static size_t job_of(const struct action *a)
{
    return (size_t)a->job->id - 1;
}

static void make_malleable(const struct replayer *r, const struct trace_job *t, struct job *j)
{
    const struct malleable_options *o = &r->options->malleable;
    j->elastic = true;
    j->min_cpus = malleable_least(o, t->procs);
    j->max_cpus = malleable_most(o, t->procs, r->options->sched.cpus);
    /* As with the memory that nobody knows of: it never matters. */
    j->mem_per_cpu_mb = r->trace->mem_mb ? 0 : 1;
}

static int arrive(struct replayer *r, int64_t now_us, struct err *e)
{
    size_t job = r->arrived++;
    const struct trace_job *t = &r->trace->jobs[job];
    struct job j = {
        .id = id_of(job),
        .priority = (int)t->priority,
        .submit_us = t->submit_us,
        .limit_us = t->estimate_us,
        .estimate_us = predictor_guess(&r->predictor, t),
        .cpus = t->procs,
        .mem_mb = r->trace->mem_mb ? t->mem_mb : 0,
        .uid = (uint32_t)t->user,
    };
    if (r->result->jobs[job].malleable)
        make_malleable(r, t, &j);
    struct event ev = {.type = EVENT_SUBMIT, .now_us = now_us, .id = j.id, .job = &j};
    return sched_apply(r->sched, &ev, e);
}

static int end_work(struct replayer *r, const struct end *end, struct err *e)
{
    struct replay_job *out = &r->result->jobs[end->job];
    struct work *w = &r->works[end->job];
    if (!work_end(w, end->at_us))
        return err_set(
            e, ERR_INVALID, "job %" PRId64 " has done work of %.6f s when it ends, not of %.6f s",
            r->trace->jobs[end->job].number, w->done_us / US_PER_SEC, w->total_us / US_PER_SEC);
    out->cpus = w->cpu_us / (double)(end->at_us - out->start_us);
    return 0;
}

/* What can be seen of a job is how long it ran, however many CPUs it had. */
static int learn(struct replayer *r, const struct end *end)
{
    struct trace_job seen = r->trace->jobs[end->job];
    seen.run_us = end->at_us - r->result->jobs[end->job].start_us;
    return predictor_learn(&r->predictor, &seen);
}

static int end_next(struct replayer *r, struct err *e)
{
    struct end end = ends_pop(&r->ends);
    struct replay_job *out = &r->result->jobs[end.job];
    struct event ev = {
        .type = EVENT_FINISH, .now_us = end.at_us, .id = id_of(end.job), .state = JOB_COMPLETED};
    r->ended++;
    out->end_us = end.at_us;
    if (out->malleable && end_work(r, &end, e) < 0)
        return -1;
    if (r->options->predict && learn(r, &end) < 0)
        return err_nomem(e);
    return sched_apply(r->sched, &ev, e);
}

static void start(struct replayer *r, const struct action *a, int64_t now_us)
{
    size_t job = job_of(a);
    const struct trace_job *t = &r->trace->jobs[job];
    struct replay_job *out = &r->result->jobs[job];
    out->start_us = now_us;
    out->backfilled = a->backfilled;
    out->cpus = (double)t->procs;
    if (out->malleable) {
        r->works[job] = work_begin(r->options->malleable.parallel, t->procs, t->run_us, now_us);
        r->again = true; /* it may grow now */
    }
    ends_add(&r->ends, (struct end){now_us + t->run_us, r->started++, job});
}

static void resize(struct replayer *r, const struct action *a, int64_t now_us)
{
    size_t job = job_of(a);
    r->result->jobs[job].resizes++;
    ends_move(&r->ends, job, work_resize(&r->works[job], a->to_cpus, now_us));
    if (a->to_cpus < a->from_cpus)
        r->shrinks[r->nshrinks++] = (struct shrink){a->job->id, a->job->generation};
    r->again = r->again || r->nshrinks;
}

static void act(struct replayer *r, int64_t now_us)
{
    r->nshrinks = 0;
    r->again = false;
    for (size_t i = 0; i < r->plan.count; i++) {
        const struct action *a = &r->plan.actions[i];
        if (a->type == ACTION_START)
            start(r, a, now_us);
        else if (a->type == ACTION_RESIZE)
            resize(r, a, now_us);
    }
}

/* What was to be given back is not used any more. */
static int confirm(struct replayer *r, int64_t now_us, struct err *e)
{
    for (size_t i = 0; i < r->nshrinks; i++) {
        const struct shrink *s = &r->shrinks[i];
        struct event ev = {
            .type = EVENT_RESIZED, .now_us = now_us, .id = s->id, .generation = s->generation};
        if (sched_apply(r->sched, &ev, e) < 0)
            return -1;
    }
    return 0;
}

static int pass(struct replayer *r, int64_t now_us, struct err *e)
{
    struct sched_usage u;
    int passes = 0;
    do {
        if (++passes > PASSES_MAX)
            return err_set(e, ERR_INVALID, "jobs are resized without end at %" PRId64 " s",
                           now_us / US_PER_SEC);
        if (sched_pass(r->sched, now_us, &r->plan, e) < 0)
            return -1;
        act(r, now_us);
        if (confirm(r, now_us, e) < 0)
            return -1;
    } while (r->again);
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

static int draw_malleable(struct replayer *r)
{
    size_t count = r->trace->count;
    if (r->options->malleable.share <= 0)
        return 0;
    _cleanup_free_ bool *drawn = malleable_draw(&r->options->malleable, count);
    r->works = calloc(count + 1, sizeof *r->works);
    r->shrinks = calloc(count + 1, sizeof *r->shrinks);
    if (!drawn || !r->works || !r->shrinks)
        return -1;
    for (size_t i = 0; i < count; i++)
        r->result->jobs[i].malleable = drawn[i];
    return 0;
}

static int open_all(struct replayer *r, struct err *e)
{
    struct sched_config c = r->options->sched;
    size_t count = r->trace->count;
    c.expected_is_end = r->options->event_order == EVENTS_PER_EVENT;
    c.trust_predictions = r->options->predict;
    r->result->jobs = calloc(count + 1, sizeof *r->result->jobs);
    if (!r->result->jobs || ends_init(&r->ends, count) < 0 || draw_malleable(r) < 0)
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
    free(r.works);
    free(r.shrinks);
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
