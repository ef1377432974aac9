// SPDX-License-Identifier: MIT
/* The way of one order.
 *
 * More: the kernel first, then the job is told. Fewer: the job is told, and has its grace, or until
 * it answers; then it is narrowed whatever it does, and that is reported once it is seen to hold. A
 * newer order takes the place of one under way, wherever that has got to; no order matters any
 * more once the job ends. */
#include <stdlib.h>

#include "attempt/report.h"
#include "os/clock.h"
#include "shepherd/shepherd.h"
#include "util/log.h"

#define RETRY_FIRST_US   INT64_C(10000)
#define RETRY_SLOWEST_US INT64_C(1000000)

static void enter(struct elastic *el, enum resize_stage stage, int64_t in_us)
{
    el->stage = stage;
    el->due_us = stage == RESIZE_SETTLED ? 0 : clock_boot_us() + in_us;
}

static void try_later(struct elastic *el, enum resize_stage stage)
{
    if (el->stage != stage)
        el->retry_us = RETRY_FIRST_US / 2;
    el->retry_us = 2 * el->retry_us < RETRY_SLOWEST_US ? 2 * el->retry_us : RETRY_SLOWEST_US;
    enter(el, stage, el->retry_us);
}

static void report(struct shepherd *s)
{
    struct err e = {0};
    struct report r = {.job = s->spec.job,
                       .attempt = s->spec.attempt,
                       .generation = s->elastic.order.generation,
                       .mem_mb = s->spec.mem_mb};
    if (report_send(s->spec.run_dir, &r, &e) >= 0) {
        enter(&s->elastic, RESIZE_SETTLED, 0);
        return;
    }
    if (e.code != ERR_FULL)
        log_warn("job %lld: %s", (long long)s->spec.job, e.text);
    try_later(&s->elastic, RESIZE_REPORTING);
}

/* What the job is told it has, and whether that is more or less than the last time. */
static void set_told(struct elastic *el)
{
    int64_t cpus = el->order.cpus;
    if (cpus != el->told_cpus)
        el->event = cpus > el->told_cpus ? "grow" : "shrink";
    el->told_cpus = cpus;
}

static void settle(struct shepherd *s)
{
    struct elastic *el = &s->elastic;
    s->spec.ncpus = el->order.cpus;
    allot_less_mem(s);
    report(s);
    set_told(el);
    elastic_tell(s, -1);
    if (!el->asked)
        notify_begin(s);
}

static void carry_out(struct shepherd *s)
{
    allot_more_mem(s);
    if (allot_cpus(s))
        settle(s);
    else
        try_later(&s->elastic, RESIZE_NARROWING);
}

static void ask(struct shepherd *s)
{
    struct elastic *el = &s->elastic;
    set_told(el);
    enter(el, RESIZE_TOLD, el->order.grace_us);
    elastic_tell(s, el->order.grace_us);
    notify_begin(s);
}

static bool is_over(const struct shepherd *s)
{
    return s->ending != ENDING_NOT || s->leader_ended;
}

static void take(struct shepherd *s, struct resize_order *o)
{
    struct elastic *el = &s->elastic;
    if (o->generation == el->order.generation && el->stage == RESIZE_SETTLED)
        report(s); /* another scheduler, which does not know */
    if (o->generation <= el->order.generation) {
        resize_order_free(o);
        return;
    }
    resize_order_free(&el->order);
    el->order = *o;
    /* Who is suspended can't answer, and does not use what he is to lose. */
    el->asked = allot_takes_away(s) && !suspend_is_on(s);
    enter(el, RESIZE_SETTLED, 0);
    if (el->asked)
        ask(s);
    else
        carry_out(s);
}

void resize_hear(struct shepherd *s)
{
    struct err e = {0};
    struct resize_order o;
    if (!s->spec.elastic || is_over(s))
        return;
    /* The child sets its own affinity, and must not be overtaken. */
    if (s->job >= 0) {
        s->elastic.early = true;
        return;
    }
    if (resize_order_read(s->spec.run_dir, s->spec.job, s->spec.attempt, &o, &e) == 0)
        take(s, &o);
    else
        log_warn("job %lld: %s", (long long)s->spec.job, e.text);
}

void resize_job_runs(struct shepherd *s)
{
    if (s->elastic.early)
        resize_hear(s);
}

void resize_answered(struct shepherd *s)
{
    if (elastic_is_acked(s) && s->elastic.stage == RESIZE_TOLD && !is_over(s))
        carry_out(s);
}

void resize_go_on(struct shepherd *s)
{
    if (is_over(s))
        return;
    switch (s->elastic.stage) {
    case RESIZE_SETTLED:
        break;
    case RESIZE_TOLD:
        carry_out(s);
        break;
    case RESIZE_NARROWING:
        if (allot_holds(s))
            settle(s);
        else
            try_later(&s->elastic, RESIZE_NARROWING);
        break;
    case RESIZE_REPORTING:
        report(s);
        break;
    }
}
