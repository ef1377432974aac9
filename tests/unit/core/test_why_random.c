// SPDX-License-Identifier: MIT
/* test_why_random.c - random worlds of all policies and orders: every change that why names starts
 * the job, and none that is nearer does; nothing is named only where nothing helps; the earliest
 * start is never past, and where it is firm the job starts no later, whoever runs to his limit.
 * Changes are applied in a world that has been told all that has happened once more. The seed is
 * printed. */
#include "core/why.h"
#include "core/world.h"
#include "dice.h"
#include "fixture.h"
#include "tap.h"

#define WORLDS 500
#define STEPS  40
#define CPUS   8

/* What has happened, each followed by a pass but the last, where that is still to come. */
struct step {
    struct event ev;
    struct job job;
    bool pass;
};

struct story {
    struct sched_config config;
    bool limits; /* all jobs have them, and keep them; all starts succeed */
    struct step steps[2 * STEPS];
    size_t count;
    int64_t now_us, last_id;
};

static const char *run_step(struct sched *s, const struct step *st)
{
    struct plan p = {0};
    struct err e = {0};
    struct event ev = st->ev;
    ev.job = &st->job;
    int rc = sched_apply(s, &ev, &e);
    if (rc == 0 && st->pass)
        rc = sched_pass(s, ev.now_us, &p, &e);
    plan_free(&p);
    return rc < 0 ? "an event was refused" : NULL;
}

static struct sched *tell(const struct story *story)
{
    struct sched *s = sched_create(&story->config, NULL);
    for (size_t i = 0; i < story->count; i++)
        run_step(s, &story->steps[i]);
    return s;
}

/* --- worlds ----------------------------------------------------------------------------------- */

static void begin(struct story *story, uint64_t number)
{
    *story = (struct story){
        .limits = number % 2,
        .config = {.cpus = CPUS,
                   .mem_mb = 1000,
                   .gpus = 1,
                   .policy = (enum sched_policy)(number / 2 % 5),
                   .order = (enum order)(rnd(2) ? rnd(ORDER_EXPR) : ORDER_PRIORITY),
                   .reservations = rnd(3),
                   .estimate_us = 100 * SEC,
                   .format_time = format_seconds},
    };
    story->config.backfill_order = rnd(2) ? story->config.order : (enum order)rnd(ORDER_EXPR);
}

/* Now and then it is an array, which the story frees. */
static void make_array(struct job *j)
{
    char text[32];
    if (rnd(5))
        return;
    snprintf(text, sizeof text, "0-%d", (int)rnd(5));
    taskset_parse("tasks", text, &j->tasks, NULL, NULL);
    j->array_id = j->id;
    j->array_limit = rnd(4) ? 0 : 1 + rnd(3);
    j->task = -1;
}

static struct job any_job(const struct sched *s, struct story *story)
{
    int64_t limit = 1 + rnd(rnd(2) ? 30 : 300);
    struct job j = {
        .id = s->next_id,
        .priority = (int)rnd(4) - 1,
        .submit_us = story->now_us,
        .eligible_us = rnd(10) ? 0 : story->now_us + rnd(20) * SEC,
        .limit_us = story->limits || rnd(3) ? limit * SEC : 0,
        .estimate_us = rnd(3) * 20 * SEC,
        .cpus = 1 + rnd(rnd(2) ? 3 : CPUS + 1),
        .gpus = rnd(6) == 0,
        .mem_mb = rnd(rnd(3) ? 100 : 700),
    };
    make_array(&j);
    return j;
}

static struct job any_of(const struct sched *s, const struct story *story, enum job_state state)
{
    struct job found = {0};
    int64_t seen = 0;
    for (int64_t id = 1; id <= story->last_id; id++) {
        const struct job *j = sched_job(s, id);
        if (j && j->state == state && rnd(++seen) == 0)
            found = *j;
    }
    return found;
}

/* A job that has run to its limit; 0 if none has. */
static int64_t at_limit(const struct sched *s, const struct story *story)
{
    for (int64_t id = 1; id <= story->last_id; id++) {
        const struct job *j = sched_job(s, id);
        if (j && j->state == JOB_RUNNING && j->limit_us &&
            j->start_us + j->limit_us <= story->now_us)
            return id;
    }
    return 0;
}

static struct step any_step(const struct sched *s, struct story *story)
{
    struct step st = {.ev = {.type = EVENT_TICK, .now_us = story->now_us}, .pass = true};
    int64_t running = any_of(s, story, JOB_RUNNING).id;
    int64_t pending = any_of(s, story, JOB_PENDING).id;
    int64_t thrown = rnd(20);
    if (story->limits && at_limit(s, story)) {
        st.ev.type = EVENT_FINISH;
        st.ev.id = at_limit(s, story);
    } else if (thrown < 13) {
        st.ev.type = EVENT_SUBMIT;
        st.job = any_job(s, story);
    } else if (thrown < 17 && running) {
        st.ev.type = EVENT_FINISH;
        st.ev.id = running;
    } else if (thrown == 17 && pending) {
        st.ev.type = EVENT_CANCEL;
        st.ev.id = pending;
    } else if (thrown == 18 && running && !story->limits) {
        st.ev.type = EVENT_START_FAILED;
        st.ev.id = running;
        st.ev.retry_us = story->now_us + rnd(5) * SEC;
    }
    return st;
}

/* Goes on with the story in s. At its end there may be no pass after the last event. */
static const char *live(struct sched *s, struct story *story)
{
    const char *wrong = NULL;
    for (int i = 0; i < STEPS && !wrong; i++) {
        struct step st = any_step(s, story);
        st.pass = i < STEPS - 1 || rnd(2);
        story->steps[story->count++] = st;
        wrong = run_step(s, &st);
        story->last_id = s->next_id - 1;
        if (st.pass && i < STEPS - 1 && !(story->limits && at_limit(s, story)))
            story->now_us += rnd(8) * SEC;
    }
    return wrong;
}

/* --- what is claimed -------------------------------------------------------------------------- */

static int changes_seen, firm_seen, none_seen, arrays_firm;

/* Whether j, which was pending, does not wait any more; of an array its next task. */
static bool has_started(const struct sched *s, const struct job *j)
{
    const struct job *now = sched_job(s, j->id);
    return now->state == JOB_RUNNING || now->tasks.count < j->tasks.count;
}

static bool starts_with(const struct story *story, const struct job *j)
{
    struct sched *s = tell(story);
    struct step cancel = {.ev = {.type = EVENT_CANCEL, .now_us = story->now_us, .id = j->id}};
    struct step submit = {.ev = {.type = EVENT_SUBMIT, .now_us = story->now_us}, .job = *j};
    submit.pass = true;
    run_step(s, &cancel);
    run_step(s, &submit);
    bool starts = has_started(s, j);
    sched_destroy(s);
    return starts;
}

static int64_t asked(const struct sched *s, const struct job *j, enum change_kind kind)
{
    switch (kind) {
    case CHANGE_CPUS:
        return j->cpus;
    case CHANGE_MEM:
        return sched_mem_mb(s, j);
    case CHANGE_GPUS:
        return j->gpus;
    case CHANGE_TIME:
        return j->limit_us ? j->limit_us : INT64_MAX;
    default:
        return j->priority;
    }
}

/* The nearest value that helps, by trying each; what is asked for now if none does. */
static int64_t by_force(const struct story *story, const struct job *j, enum change_kind kind)
{
    int64_t v = asked(NULL, j, kind);
    const int64_t last = kind == CHANGE_CPUS ? 1 : kind == CHANGE_GPUS ? 0 : 4;
    while (v != last) {
        struct job changed = *j;
        v += v < last ? 1 : -1;
        change_apply(&changed, kind, v);
        if (starts_with(story, &changed))
            return v;
    }
    return asked(NULL, j, kind);
}

/* Whether all values are few, and why claims to have tried them. Where promises are kept it does
 * not: whoever asks anew, for whatever, may get a better place than he was promised. */
static bool can_be_forced(const struct sched_config *c, enum change_kind kind)
{
    if (c->policy == POLICY_CONSERVATIVE)
        return false;
    return kind == CHANGE_CPUS || kind == CHANGE_GPUS ||
           (kind == CHANGE_PRIORITY && c->order == ORDER_PRIORITY);
}

static const char *wrong_with_change(const struct sched *s, const struct story *story,
                                     const struct job *j, enum change_kind kind,
                                     const struct change *c)
{
    struct job changed = *j;
    change_apply(&changed, kind, c->to);
    int64_t was = asked(s, j, kind);
    if (c->helps) {
        changes_seen++;
        if (kind == CHANGE_PRIORITY ? c->to <= was : c->to >= was)
            return "what is named is no change for the better";
        if (!starts_with(story, &changed))
            return "a change that is named does not start the job";
    }
    if (!can_be_forced(&story->config, kind))
        return NULL;
    none_seen += !c->helps;
    if (by_force(story, j, kind) != (c->helps ? c->to : was))
        return c->helps ? "a nearer change would do" : "a change that helps is not named";
    return NULL;
}

/* Goes on without anybody new, everybody running to his limit: whether the job starts by then. */
static bool starts_by(const struct story *story, const struct job *j, int64_t by_us)
{
    struct sched *s = tell(story);
    struct story rest = *story;
    struct plan p = {0};
    bool started = false;
    for (; !started && rest.now_us <= by_us; rest.now_us += SEC) {
        for (int64_t ended; (ended = at_limit(s, &rest));) {
            struct event ev = {.type = EVENT_FINISH, .now_us = rest.now_us, .id = ended};
            sched_apply(s, &ev, NULL);
        }
        sched_pass(s, rest.now_us, &p, NULL);
        rest.last_id = s->next_id - 1;
        started = has_started(s, j);
    }
    plan_free(&p);
    sched_destroy(s);
    return started;
}

static const char *wrong_with_earliest(const struct story *story, const struct job *j,
                                       const struct why *w)
{
    if (w->earliest_us && w->earliest_us < story->now_us)
        return "the earliest start is past";
    if (!w->firm)
        return NULL;
    firm_seen++;
    arrays_firm += j->tasks.count > 0;
    return starts_by(story, j, w->earliest_us) ? NULL : "a firm start is not kept";
}

static const char *wrong_with_job(struct sched *s, const struct story *story, const struct job *j)
{
    struct why w;
    struct err e = {0};
    if (sched_why(s, j->id, story->now_us, &w, &e) < 0)
        return "why is refused";
    if (w.starts)
        return w.earliest_us == story->now_us ? NULL : "what starts now does so at another time";
    const char *wrong = wrong_with_earliest(story, j, &w);
    bool lacks = w.missing.cpus || w.missing.mem_mb || w.missing.gpus;
    if (!wrong && lacks && w.ahead)
        wrong = "a job that does not fit is said to wait for another";
    for (int kind = 0; kind < CHANGE_KINDS && !wrong; kind++)
        wrong = wrong_with_change(s, story, j, (enum change_kind)kind, &w.changes[kind]);
    if (wrong)
        printf("# job %" PRId64 " under %s, %s: %s\n", j->id,
               sched_policy_name(story->config.policy), order_name(story->config.order), wrong);
    return wrong;
}

static bool starts_the_same(struct sched *a, struct sched *b, int64_t now_us)
{
    struct plan p = {0}, q = {0};
    bool same =
        sched_pass(a, now_us, &p, NULL) == sched_pass(b, now_us, &q, NULL) && plans_equal(&p, &q);
    plan_free(&p);
    plan_free(&q);
    return same;
}

static const char *run_world(uint64_t number)
{
    static struct story story;
    begin(&story, number);
    struct sched *s = sched_create(&story.config, NULL);
    const char *wrong = live(s, &story);
    for (int64_t id = 1; id <= story.last_id && !wrong; id++) {
        const struct job *j = sched_job(s, id);
        if (j && j->state == JOB_PENDING)
            wrong = wrong_with_job(s, &story, j);
    }
    struct sched *unasked = tell(&story);
    if (!wrong && !starts_the_same(s, unasked, story.now_us))
        wrong = "to ask changes the world";
    sched_destroy(unasked);
    sched_destroy(s);
    for (size_t i = 0; i < story.count; i++)
        taskset_free(&story.steps[i].job.tasks);
    return wrong;
}

int main(void)
{
    bool good = ok(!dice_try(WORLDS, run_world), "%d random worlds", WORLDS);
    printf("# %d changes, %d without one, %d firm starts, %d of arrays\n", changes_seen, none_seen,
           firm_seen, arrays_firm);
    ok(!good || (changes_seen > WORLDS && none_seen > WORLDS && firm_seen > WORLDS / 10),
       "there was enough to see");
    return done_testing();
}
