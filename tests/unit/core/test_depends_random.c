// SPDX-License-Identifier: MIT
/* test_depends_random.c - random graphs of jobs with random outcomes under all policies: nobody
 * starts before what he waits for allows it, what can never be satisfied ends within one pass with
 * all that hangs on it, and after every event the indexes equal a naive recomputation from what has
 * happened. The seed is printed. */
#include "core/dependency.h"
#include "core/world.h"
#include "dice.h"
#include "fixture.h"
#include "tap.h"

#define JOBS    40
#define EVENTS  300
#define WORLDS  1500
#define TASKS   3              /* of an array */
#define CLAUSES 4              /* of a job */
#define UNITS   (JOBS * 4 + 4) /* jobs, and tasks of arrays */
#define IDS     1000           /* tasks get ids from here on */

/* What has happened to a job, kept beside the core. */
struct past {
    enum phase { PAST_NONE, PAST_PENDING, PAST_RUNNING, PAST_ENDED } phase;
    enum job_state outcome;
    int64_t start_us, end_us;
    uint64_t name;
    int64_t id;    /* of its job; of a task 0 while it is in its head */
    int64_t array; /* of a task */
    bool is_array; /* its tasks are what happens */
};

struct world {
    struct sched *s;
    struct plan plan;
    struct past past[UNITS];
    int64_t last_id;
    int64_t order[JOBS + 1]; /* in which the ids are handed in: some wait for ids yet to come */
};

static void open_world(struct world *w, uint64_t number)
{
    struct sched_config c = {
        .cpus = 4,
        .mem_mb = 1000,
        .next_id = IDS,
        .policy = (enum sched_policy)(number % 5),
        .format_time = format_seconds,
    };
    struct err e = {0};
    *w = (struct world){.s = sched_create(&c, &e)};
    for (int64_t i = 1; i <= JOBS; i++)
        w->order[i] = i;
    for (int64_t i = 1; i + 3 <= JOBS; i++) {
        int64_t with = i + rnd(3), was = w->order[i];
        w->order[i] = w->order[with];
        w->order[with] = was;
    }
}

/* Where the past of an array's task is kept. */
static size_t unit(int64_t array, int64_t task)
{
    return (size_t)(JOBS + 1 + array * TASKS - TASKS + task);
}

/* That of a job which is no head. */
static struct past *past_of(struct world *w, const struct job *j)
{
    return &w->past[j->array_id ? unit(j->array_id, j->task) : (size_t)j->id];
}

/* --- naively ---------------------------------------------------------------------------------- */

static enum clause_state naive_end(const struct clause *c, const struct past *t, int64_t *from_us)
{
    bool well = t->outcome == JOB_COMPLETED;
    switch (c->type) {
    case CLAUSE_OK:
    case CLAUSE_CORR:
        return well ? CLAUSE_HOLDS : CLAUSE_NEVER;
    case CLAUSE_NOTOK:
        return well ? CLAUSE_NEVER : CLAUSE_HOLDS;
    case CLAUSE_START:
        *from_us = c->delay_us ? (t->start_us ? t->start_us : t->end_us) + c->delay_us : 0;
        return CLAUSE_HOLDS;
    default:
        return CLAUSE_HOLDS;
    }
}

/* What has become of a whole array, as if it were one job. */
static struct past sum_up(const struct world *w, int64_t array)
{
    struct past sum = {.phase = PAST_ENDED, .outcome = JOB_COMPLETED};
    bool begun = true;
    for (int64_t i = 0; i < TASKS; i++) {
        const struct past *t = &w->past[unit(array, i)];
        if (t->phase != PAST_ENDED)
            sum.phase = PAST_RUNNING;
        else if (t->outcome != JOB_COMPLETED)
            sum.outcome = t->outcome;
        begun = begun && t->phase != PAST_NONE && t->phase != PAST_PENDING;
    }
    if (!begun)
        sum.phase = PAST_PENDING;
    return sum;
}

static enum clause_state naive_clause(const struct world *w, int64_t id, const struct clause *c,
                                      int64_t *from_us)
{
    const struct past *t = &w->past[c->task < 0 ? (size_t)c->job : unit(c->job, c->task)];
    struct past all;
    *from_us = 0;
    if (c->type != CLAUSE_SINGLETON && c->task < 0 && t->is_array) {
        all = sum_up(w, c->job);
        t = &all;
    }
    if (c->type == CLAUSE_SINGLETON) {
        for (int64_t i = 1; i < id; i++)
            if (w->past[i].name == w->past[id].name &&
                (w->past[i].phase == PAST_PENDING || w->past[i].phase == PAST_RUNNING))
                return CLAUSE_WAITS;
        return CLAUSE_HOLDS;
    }
    if (t->phase == PAST_ENDED)
        return naive_end(c, t, from_us);
    if (t->phase != PAST_RUNNING || c->type != CLAUSE_START)
        return CLAUSE_WAITS;
    *from_us = c->delay_us ? t->start_us + c->delay_us : 0;
    return CLAUSE_HOLDS;
}

/* Of all clauses together, and from when on. */
static enum clause_state naive(const struct world *w, const struct job *j, int64_t *from_us)
{
    const struct dependency *d = &j->depends;
    size_t counts[3] = {0};
    int64_t last_us = 0, first_us = INT64_MAX;
    for (size_t i = 0; i < d->count; i++) {
        int64_t us;
        enum clause_state state = naive_clause(w, j->id, &d->clauses[i], &us);
        counts[state]++;
        if (state == CLAUSE_HOLDS) {
            last_us = us > last_us ? us : last_us;
            first_us = us < first_us ? us : first_us;
        }
    }
    *from_us = d->any && counts[CLAUSE_HOLDS] ? first_us : last_us;
    if (d->any && d->count ? counts[CLAUSE_HOLDS] : counts[CLAUSE_HOLDS] == d->count)
        return CLAUSE_HOLDS;
    if (d->any ? !counts[CLAUSE_WAITS] : counts[CLAUSE_NEVER])
        return CLAUSE_NEVER;
    return CLAUSE_WAITS;
}

/* --- events ----------------------------------------------------------------------------------- */

/* A target that is an array, or one of its tasks; times are for jobs. */
static void aim_at_array(struct clause *c)
{
    c->delay_us = 0;
    if (rnd(2))
        c->task = rnd(TASKS);
}

static struct clause random_clause(int64_t id)
{
    struct clause c = {.type = (enum clause_type)rnd(CLAUSE_TYPES), .task = -1};
    if (c.type == CLAUSE_SINGLETON)
        return c;
    do
        c.job = 1 + rnd(JOBS);
    while (c.job >= id); /* so that there is no cycle */
    if (c.type == CLAUSE_START)
        c.delay_us = rnd(3);
    if (c.job % 5 == 0)
        aim_at_array(&c);
    return c;
}

static void settle(const struct world *w, struct clause *c)
{
    struct past t = w->past[c->task < 0 ? (size_t)c->job : unit(c->job, c->task)];
    if (t.is_array) {
        t = sum_up(w, c->job);
        for (int64_t i = 0; i < TASKS && t.phase != PAST_ENDED; i++)
            if (w->past[unit(c->job, i)].phase == PAST_ENDED &&
                w->past[unit(c->job, i)].outcome != JOB_COMPLETED)
                c->outcome = w->past[unit(c->job, i)].outcome;
    }
    if (t.phase == PAST_ENDED)
        clause_end(c, t.outcome, t.start_us, t.end_us);
}

/* What has ended is settled by whoever knows it: here by what is kept beside. */
static void random_depends(const struct world *w, int64_t id, bool named, struct dependency *d)
{
    d->any = rnd(2);
    d->kept = rnd(6) == 0;
    while (id > 1 && d->count < CLAUSES && rnd(4)) {
        struct clause c = random_clause(id);
        if (c.type == CLAUSE_SINGLETON && !named)
            continue;
        if (c.type != CLAUSE_SINGLETON)
            settle(w, &c);
        d->clauses[d->count++] = c;
    }
}

static void submit(struct world *w, int64_t now_us, struct err *e)
{
    struct clause clauses[CLAUSES];
    int64_t id = w->order[++w->last_id];
    struct job j = {.id = id, .submit_us = now_us, .cpus = 1 + rnd(4), .mem_mb = rnd(300)};
    bool array = id % 5 == 0;
    j.limit_us = rnd(2) ? 1 + rnd(20) : 0;
    j.held = false;
    j.name_key = array ? 0 : (uint64_t)rnd(4);
    j.depends.clauses = clauses;
    random_depends(w, id, j.name_key != 0, &j.depends);
    struct event ev = {.type = EVENT_SUBMIT, .now_us = now_us, .id = id, .job = &j};
    w->past[id] = (struct past){.phase = PAST_PENDING, .name = j.name_key, .id = id};
    if (array) {
        j.array_id = id;
        j.task = -1;
        taskset_parse("tasks", "0-2", &j.tasks, NULL, e);
        w->past[id] = (struct past){.is_array = true};
        for (int64_t i = 0; i < TASKS; i++)
            w->past[unit(id, i)] = (struct past){.phase = PAST_PENDING, .array = id};
    }
    sched_apply(w->s, &ev, e);
    taskset_free(&j.tasks);
}

static int64_t any_in(const struct world *w, enum phase phase)
{
    int64_t found = 0, seen = 0;
    for (int64_t i = 1; i < UNITS; i++)
        if (w->past[i].phase == phase && rnd(++seen) == 0)
            found = i;
    return found;
}

static void end(struct past *p, enum job_state outcome, int64_t now_us)
{
    p->phase = PAST_ENDED;
    p->outcome = outcome;
    p->end_us = now_us;
}

/* All tasks that are in the head. */
static void end_head(struct world *w, int64_t array, int64_t now_us)
{
    for (int64_t i = 0; i < TASKS; i++)
        if (!w->past[unit(array, i)].id && w->past[unit(array, i)].phase == PAST_PENDING)
            end(&w->past[unit(array, i)], JOB_CANCELLED, now_us);
}

static void happen(struct world *w, enum event_type type, int64_t at, int64_t now_us, struct err *e)
{
    static const enum job_state outcomes[] = {JOB_COMPLETED, JOB_COMPLETED, JOB_COMPLETED,
                                              JOB_FAILED,    JOB_TIMEOUT,   JOB_CANCELLED};
    struct past *p = &w->past[at];
    struct event ev = {.type = type, .now_us = now_us, .id = p->id ? p->id : p->array};
    ev.state = outcomes[rnd(6)];
    ev.retry_us = now_us + rnd(3);
    if (type == EVENT_START_FAILED) {
        p->phase = PAST_PENDING;
        p->start_us = 0;
    } else if (!p->id) {
        end_head(w, p->array, now_us);
    } else {
        end(p, type == EVENT_CANCEL ? JOB_CANCELLED : ev.state, now_us);
    }
    sched_apply(w->s, &ev, e);
}

/* The pending job, or the array's head or task, waits for something else. */
static void depend(const struct world *w, const struct past *p, int64_t now_us, struct err *e)
{
    struct clause clauses[CLAUSES];
    struct job j = {.id = p->id ? p->id : p->array, .depends = {.clauses = clauses}};
    random_depends(w, p->array ? p->array : j.id, p->name != 0, &j.depends);
    struct event ev = {.type = EVENT_DEPEND, .now_us = now_us, .id = j.id, .job = &j};
    sched_apply(w->s, &ev, e);
}

static void random_event(struct world *w, int64_t now_us, struct err *e)
{
    int64_t thrown = rnd(11), running = any_in(w, PAST_RUNNING), pending = any_in(w, PAST_PENDING);
    if (thrown < 5 && w->last_id < JOBS)
        submit(w, now_us, e);
    else if (thrown < 8 && running)
        happen(w, EVENT_FINISH, running, now_us, e);
    else if (thrown == 8 && pending)
        happen(w, EVENT_CANCEL, pending, now_us, e);
    else if (thrown == 9 && running)
        happen(w, EVENT_START_FAILED, running, now_us, e);
    else if (thrown == 10 && pending)
        depend(w, &w->past[pending], now_us, e);
}

/* --- what must hold --------------------------------------------------------------------------- */

static const char *wrong_with_plan(struct world *w, int64_t now_us)
{
    int64_t from_us;
    const struct plan *p = &w->plan;
    for (size_t i = 0; i < p->count; i++) {
        const struct job *j = p->actions[i].job;
        enum clause_state state = naive(w, j, &from_us);
        if (p->actions[i].type == ACTION_START && (state != CLAUSE_HOLDS || from_us > now_us))
            return "a job starts before what it waits for allows it";
        if (p->actions[i].type != ACTION_END)
            continue;
        if (state != CLAUSE_NEVER || j->depends.kept)
            return "a job ends whose dependency may yet be satisfied";
        if (j->array_id && j->task < 0)
            end_head(w, j->array_id, now_us);
        else
            end(past_of(w, j), p->actions[i].state, now_us);
    }
    for (size_t i = 0; i < p->count; i++)
        if (p->actions[i].type == ACTION_START) {
            struct past *t = past_of(w, p->actions[i].job);
            t->phase = PAST_RUNNING;
            t->start_us = p->actions[i].job->start_us;
            t->id = p->actions[i].job->id;
        }
    return NULL;
}

static const char *wrong_with_node(const struct world *w, const struct node *n, int64_t now_us)
{
    char why[256];
    int64_t from_us;
    enum clause_state state = naive(w, &n->job, &from_us);
    if (state != depends_state(n))
        return "a dependency stands otherwise than a naive recomputation says";
    if (state == CLAUSE_HOLDS && from_us != n->depends_us)
        return "a dependency holds from another time on";
    if ((state != CLAUSE_HOLDS) != (n->where == IN_BLOCKED))
        return "a job is blocked and should not be, or the reverse";
    if (state == CLAUSE_NEVER && !n->job.depends.kept && now_us >= w->s->hold_until_us)
        return "what can never be satisfied did not end";
    sched_reason(w->s, n->job.id, now_us, why, sizeof why);
    return *why ? NULL : "a pending job has no reason";
}

static const char *wrong_with(const struct world *w, int64_t now_us)
{
    size_t blocked = 0, nodes = 0;
    const char *wrong = NULL;
    for (const struct node *n = w->s->nodes; n && !wrong; n = n->hh.next, nodes++) {
        if (n->job.state != JOB_PENDING)
            continue;
        blocked += n->where == IN_BLOCKED;
        wrong = wrong_with_node(w, n, now_us);
    }
    if (!wrong && blocked != w->s->blocked)
        wrong = "the number of blocked jobs is wrong";
    if (!wrong && !nodes && (w->s->targets || w->s->namesakes) && w->last_id == JOBS)
        wrong = "an index has something when nobody is there";
    return wrong;
}

static const char *run_world(uint64_t number)
{
    struct world w;
    struct err e = {0};
    const char *wrong = NULL;
    open_world(&w, number);
    for (int64_t now = 1; now <= EVENTS && !wrong; now++) {
        random_event(&w, now, &e);
        if (!e.code && sched_pass(w.s, now, &w.plan, &e) == 0)
            wrong = wrong_with_plan(&w, now);
        if (e.code)
            wrong = "an event was refused";
        if (!wrong)
            wrong = wrong_with(&w, now);
    }
    plan_free(&w.plan);
    sched_destroy(w.s);
    return wrong;
}

int main(void)
{
    ok(!dice_try(WORLDS, run_world), "%d random worlds", WORLDS);
    return done_testing();
}
