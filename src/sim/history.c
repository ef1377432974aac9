// SPDX-License-Identifier: MIT
#include "sim/history.h"

#include <stdlib.h>
#include <string.h>

#include "sim/predictor.h"
#include "util/cleanup.h"
#include "util/times.h"

#define HOUR_US (3600 * US_PER_SEC)

/* A job of the trace, still with times of the wall clock. Its estimate is 0 if it had no limit. */
struct ran {
    struct trace_job job;
    int64_t start_us, end_us;
    int64_t held_cpus; /* all the time that it ran */
};

struct reader {
    const struct history_options *o;
    struct history *h;
    struct err *e;
    struct numbering users, groups, commands;
    struct ran *ran;
    size_t count, cap;
};

static void reader_free(struct reader *rd)
{
    numbering_free(&rd->users);
    numbering_free(&rd->groups);
    numbering_free(&rd->commands);
    free(rd->ran);
}

/* --- from the store --------------------------------------------------------------------------- */

static int number_all(struct reader *rd, const struct job_record *r, struct trace_job *j)
{
    const char *command = r->command ? r->command : "";
    j->user = numbering_add(&rd->users, &r->job.uid, sizeof r->job.uid);
    j->group = numbering_add(&rd->groups, &r->gid, sizeof r->gid);
    j->executable = numbering_add(&rd->commands, command, strlen(command));
    return j->user < 0 || j->group < 0 || j->executable < 0 ? -1 : 0;
}

static int add(struct reader *rd, const struct ran *ran)
{
    if (rd->count == rd->cap) {
        size_t cap = rd->cap ? 2 * rd->cap : 1024;
        struct ran *grown = reallocarray(rd->ran, cap, sizeof *grown);
        if (!grown)
            return -1;
        rd->ran = grown;
        rd->cap = cap;
    }
    rd->ran[rd->count++] = *ran;
    return 0;
}

static int take(struct reader *rd, const struct job_record *r)
{
    const struct job *j = &r->job;
    bool cut = j->limit_us > 0 && r->runtime_us > j->limit_us;
    struct ran ran = {
        .job = {.number = j->id,
                .submit_us = j->submit_us,
                .run_us = cut ? j->limit_us : r->runtime_us,
                .estimate_us = j->limit_us,
                .procs = j->cpus,
                .mem_mb = j->mem_mb,
                .priority = j->priority},
        .start_us = j->start_us,
        .end_us = r->end_us,
        .held_cpus = j->elastic ? j->min_cpus : j->alloc_cpus,
    };
    if (number_all(rd, r, &ran.job) < 0 || add(rd, &ran) < 0)
        return err_nomem(rd->e);
    return 0;
}

static int take_if_ran(void *ctx, const struct job_record *r)
{
    struct reader *rd = ctx;
    struct swf_report *lines = &rd->h->lines;
    if (r->job.submit_us < rd->o->since_us)
        return 0;
    lines->lines++;
    if (!r->job.start_us || r->runtime_us <= 0)
        lines->no_run++;
    else if (rd->o->cpus && r->job.cpus > rd->o->cpus)
        lines->too_large++;
    else
        return take(rd, r);
    return 0;
}

/* --- to a trace ------------------------------------------------------------------------------- */

static int by_submit(const void *a, const void *b)
{
    const struct trace_job *j = &((const struct ran *)a)->job, *k = &((const struct ran *)b)->job;
    if (j->submit_us != k->submit_us)
        return j->submit_us < k->submit_us ? -1 : 1;
    return (j->number > k->number) - (j->number < k->number);
}

static int by_end(const void *a, const void *b)
{
    const struct ran *r = *(const struct ran *const *)a, *s = *(const struct ran *const *)b;
    if (r->end_us != s->end_us)
        return r->end_us < s->end_us ? -1 : 1;
    return (r->job.number > s->job.number) - (r->job.number < s->job.number);
}

static int64_t estimate_of(const struct reader *rd, const struct predictor *p,
                           const struct trace_job *j)
{
    if (rd->o->estimate_is_run)
        return j->run_us;
    if (j->estimate_us > 0)
        return j->estimate_us;
    int64_t guess_us = predictor_guess(p, j);
    if (!guess_us)
        guess_us = HOUR_US;
    return guess_us > j->run_us ? guess_us : j->run_us;
}

/* Goes through the submissions, and through the ends before each. */
static int estimate_all(struct reader *rd, const struct ran **ends)
{
    struct predictor p _cleanup_(predictor_free) = {0};
    size_t ended = 0;
    for (size_t i = 0; i < rd->count; i++)
        ends[i] = &rd->ran[i];
    qsort(ends, rd->count, sizeof *ends, by_end);
    for (size_t i = 0; i < rd->count; i++) {
        struct trace_job *j = &rd->ran[i].job;
        for (; ended < rd->count && ends[ended]->end_us <= j->submit_us; ended++)
            if (predictor_learn(&p, &ends[ended]->job) < 0)
                return -1;
        j->estimate_us = estimate_of(rd, &p, j);
    }
    rd->h->end_us = ends[rd->count - 1]->end_us;
    return 0;
}

static void raise_to(int64_t *n, int64_t other)
{
    if (*n < other)
        *n = other;
}

/* So many CPUs more are in use, or fewer. */
struct change {
    int64_t at_us, cpus;
};

/* Of one instant, those that come back first. */
static int by_time(const void *a, const void *b)
{
    const struct change *c = a, *d = b;
    if (c->at_us != d->at_us)
        return c->at_us < d->at_us ? -1 : 1;
    return (c->cpus > d->cpus) - (c->cpus < d->cpus);
}

/* Raises *cpus to the most that were in use at once: the machine had so many, this one or not. */
static int raise_to_used(const struct reader *rd, int64_t *cpus)
{
    _cleanup_free_ struct change *changes = calloc(rd->count, 2 * sizeof *changes);
    int64_t used = 0;
    if (!changes)
        return -1;
    for (size_t i = 0; i < rd->count; i++) {
        const struct ran *r = &rd->ran[i];
        changes[2 * i] = (struct change){r->start_us, r->held_cpus};
        changes[2 * i + 1] = (struct change){r->start_us + r->job.run_us, -r->held_cpus};
    }
    qsort(changes, 2 * rd->count, sizeof *changes, by_time);
    for (size_t i = 0; i < 2 * rd->count; i++) {
        used += changes[i].cpus;
        raise_to(cpus, used);
    }
    return 0;
}

static int make_trace(struct reader *rd)
{
    const struct history_options *o = rd->o;
    struct trace *t = &rd->h->trace;
    int64_t begin_us = rd->ran[0].job.submit_us;
    begin_us -= begin_us % US_PER_SEC;
    t->procs = o->cpus ? o->cpus : o->own_cpus;
    t->mem_mb = o->own_mem_mb;
    if (!o->cpus && raise_to_used(rd, &t->procs) < 0)
        return -1;
    for (size_t i = 0; i < rd->count; i++) {
        struct trace_job j = rd->ran[i].job;
        j.submit_us -= begin_us;
        raise_to(&t->procs, j.procs);
        if (t->mem_mb)
            raise_to(&t->mem_mb, j.mem_mb);
        if (trace_add(t, &j) < 0)
            return -1;
    }
    rd->h->begin_us = begin_us;
    rd->h->lines.taken = t->count;
    return 0;
}

static int settle(struct reader *rd)
{
    rd->h->trace.name = strdup("history");
    if (!rd->h->trace.name)
        return -1;
    if (rd->count == 0)
        return 0;
    _cleanup_free_ const struct ran **ends = calloc(rd->count, sizeof *ends);
    if (!ends)
        return -1;
    qsort(rd->ran, rd->count, sizeof *rd->ran, by_submit);
    return estimate_all(rd, ends) < 0 ? -1 : make_trace(rd);
}

int history_read(struct store *s, const struct history_options *o, struct history *h, struct err *e)
{
    struct reader rd _cleanup_(reader_free) = {.o = o, .h = h, .e = e};
    const struct store_filter f = {.states = JOB_STATES_ENDED, .ended_after_us = o->since_us};
    *h = (struct history){0};
    if (store_job_each(s, &f, take_if_ran, &rd, e) < 0)
        return -1;
    return settle(&rd) < 0 ? err_nomem(e) : 0;
}

void history_free(struct history *h)
{
    trace_free(&h->trace);
}
