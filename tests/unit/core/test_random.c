// SPDX-License-Identifier: MIT
/* test_random.c - random worlds: after every event the indexes equal a naive recomputation, nothing
 * is oversubscribed, CPU sets are disjoint, no job that fits is left waiting, every pending job has
 * a reason, every task of an array is somewhere once, and the same events give the same plan again,
 * also to who was never asked why. The seed is printed. */
#include "core/why.h"
#include "core/world.h"
#include "dice.h"
#include "fixture.h"
#include "tap.h"

#define JOBS   60
#define TASKS  10 /* of an array, numbered from 0 */
#define EVENTS 400
#define WORLDS 1000

static struct sched *new_world(uint64_t number)
{
    int cpus = 1 + (int)(number % 8);
    struct sched_config c = {
        .cpus = cpus,
        .mem_mb = 1000,
        .gpus = 2,
        .policy = (enum sched_policy)(number % 5),
        .order = (enum order)(number / 3 % ORDER_EXPR),
        .backfill_order = (enum order)(number / 7 % ORDER_EXPR),
        .reservations = (int64_t)(number / 11 % 4),
        .trust_predictions = number / 13 % 2,
        .format_time = format_seconds,
    };
    struct cpuset set _cleanup_cpuset_ = {0};
    for (int i = 0; i < cpus; i++)
        cpuset_add(&set, 2 * i);
    c.topology = flat_topology(&set);
    struct err e = {0};
    return sched_create(&c, &e);
}

static bool queue_is_sorted(const struct queue *q)
{
    size_t count = 0;
    for (const struct node *n = queue_first(q); n; n = queue_next(q, n), count++) {
        const struct node *next = queue_next(q, n);
        if (next && !queue_before(q, n, next))
            return false;
    }
    return count == q->count;
}

static bool timeline_is_sorted(const struct timeline *t)
{
    for (size_t i = 1; i < t->count; i++)
        if (t->nodes[i - 1]->at_us > t->nodes[i]->at_us)
            return false;
    return true;
}

/* The first job of the whole queue that fits, found by looking at each. */
static const struct node *naive_find(const struct queue *q, const struct limits *l)
{
    const struct node *n = queue_first(q);
    while (n && !(amount_fits(&n->need, &l->free) &&
                  (n->estimate_us <= l->window_us || amount_fits(&n->need, &l->spare))))
        n = queue_next(q, n);
    return n;
}

static bool finds_as_naively(const struct queue *q, const struct sched *s)
{
    struct limits l = {.free = s->total, .window_us = rnd(9)};
    l.free.cpus = rnd(9);
    l.free.mem_mb = rnd(1000);
    l.spare = (struct amount){rnd(4), rnd(500), 1};
    return queue_find(q, NULL, &l) == naive_find(q, &l);
}

/* What runs, added up, and what the index says. */
static const char *wrong_with_running(const struct sched *s, struct cpuset *held)
{
    struct amount sum = s->free;
    for (size_t i = 0; i < s->running.count; i++) {
        const struct node *n = s->running.nodes[i];
        amount_add(&sum, &n->need);
        if (n->job.state != JOB_RUNNING || n->where != IN_RUNNING || world_find(s, n->job.id) != n)
            return "a running job is not in the index";
        if (cpuset_overlaps(held, &n->job.alloc_set))
            return "two jobs share a CPU";
        if (cpuset_count(&n->job.alloc_set) != n->need.cpus)
            return "a job has not the CPUs it asked for";
        const struct cpuset *set = &n->job.alloc_set;
        for (int c = cpuset_next(set, 0); c >= 0; c = cpuset_next(set, c + 1))
            cpuset_add(held, c);
    }
    if (memcmp(&sum, &s->total, sizeof sum) != 0)
        return "free is not total minus held";
    if (s->free.cpus < 0 || s->free.mem_mb < 0 || s->free.gpus < 0)
        return "oversubscribed";
    if (cpuset_overlaps(held, placement_free(s->placement)))
        return "a held CPU is free";
    if (cpuset_count(held) + cpuset_count(placement_free(s->placement)) != s->config.cpus)
        return "a CPU is lost";
    return NULL;
}

static const char *wrong_with_pending(const struct sched *s, int64_t now_us)
{
    char why[256];
    size_t pending = 0, blocked = 0, expiring = 0;
    for (const struct node *n = s->nodes; n; n = n->hh.next) {
        if (n->job.state != JOB_PENDING)
            continue;
        pending++;
        sched_reason(s, n->job.id, now_us, why, sizeof why);
        if (!*why)
            return "a pending job has no reason";
        bool due = now_us >= s->hold_until_us && now_us >= n->job.eligible_us;
        due = due && world_blocked(n) == BLOCK_NOT;
        blocked += n->where == IN_BLOCKED;
        expiring += n->job.deadline_us != 0;
        if (n->job.deadline_us && now_us > n->job.deadline_us - n->job.limit_us)
            return "a job waits that can't end before its deadline";
        if (n->job.held && n->where != IN_BLOCKED && n->where != IN_NONE)
            return "a held job stands in a queue";
        if (s->config.policy == POLICY_GREEDY && due && amount_fits(&n->need, &s->free))
            return "a job that fits waits";
    }
    if (expiring != s->expiring.count)
        return "the number of jobs with a deadline is wrong";
    if (blocked != s->blocked)
        return "the number of blocked jobs is wrong";
    return pending == s->pending ? NULL : "the number of pending jobs is wrong";
}

/* Where the tasks of an array are, looked for everywhere. */
struct census {
    int64_t running;
    int seen[TASKS]; /* how often each is among the active jobs */
};

static struct census count_tasks(const struct sched *s, int64_t array)
{
    struct census c = {0};
    for (const struct node *n = s->nodes; n; n = n->hh.next) {
        const struct job *j = &n->job;
        if (j->array_id != array)
            continue;
        c.running += j->state == JOB_RUNNING;
        for (int64_t t = taskset_next(&j->tasks, 0); t >= 0; t = taskset_next(&j->tasks, t + 1))
            c.seen[t]++;
        if (!array_is_head(n))
            c.seen[j->task]++;
    }
    return c;
}

static const char *wrong_with_arrays(const struct sched *s)
{
    for (const struct array *a = s->arrays; a; a = a->hh.next) {
        struct census c = count_tasks(s, a->id);
        if (c.running != a->running)
            return "an array does not know how many of its tasks run";
        if (a->limit && a->running > a->limit)
            return "more tasks run than may";
        for (int i = 0; i < TASKS; i++)
            if (c.seen[i] > 1)
                return "a task is there twice";
    }
    for (const struct node *n = s->nodes; n; n = n->hh.next)
        if (n->job.state == JOB_PENDING && n->where != IN_NONE &&
            (n->where == IN_BLOCKED) != (world_blocked(n) != BLOCK_NOT))
            return "a job is blocked, and stands in a queue, or the reverse";
    return NULL;
}

/* Recomputes what the indexes say. */
static const char *wrong_with(const struct sched *s, int64_t now_us)
{
    struct cpuset held = {0};
    const char *wrong = wrong_with_running(s, &held);
    if (!wrong)
        wrong = wrong_with_pending(s, now_us);
    if (!wrong)
        wrong = wrong_with_arrays(s);
    if (!wrong && !(timeline_is_sorted(&s->running) && timeline_is_sorted(&s->later)))
        wrong = "a timeline is out of order";
    for (int i = 0; i < QUEUES && !wrong; i++) {
        if (!order_changes(i ? s->config.backfill_order : s->config.order, NULL) &&
            !queue_is_sorted(&s->queues[i]))
            wrong = "the queue is out of order";
        else if (!finds_as_naively(&s->queues[i], s))
            wrong = "the queue finds another job than looking at each";
    }
    cpuset_free(&held);
    return wrong;
}

struct step {
    struct event ev;
    struct job job;
};

/* Now and then it is an array. */
static void make_array(struct job *j)
{
    char text[32];
    if (rnd(3))
        return;
    int64_t first = rnd(TASKS), last = first + rnd(TASKS - first);
    snprintf(text, sizeof text, "%d-%d:%d", (int)first, (int)last, 1 + (int)rnd(3));
    taskset_parse("tasks", text, &j->tasks, NULL, NULL);
    j->array_id = j->id;
    j->array_limit = rnd(4);
    j->task = -1;
}

/* A part of the head's tasks, but not all, is to be a job of its own. */
static bool divide(const struct sched *s, const struct node *head, struct step *st)
{
    if (!head || head->job.tasks.count < 2)
        return false;
    st->ev.type = EVENT_DIVIDE;
    st->ev.id = head->job.id;
    st->job = (struct job){.id = s->next_id, .task = taskset_last(&head->job.tasks)};
    return true;
}

static const struct node *any_pending(const struct sched *s)
{
    const struct node *found = NULL;
    int64_t seen = 0;
    for (const struct node *n = s->nodes; n; n = n->hh.next)
        if (n->job.state == JOB_PENDING && rnd(++seen) == 0)
            found = n;
    return found;
}

/* It is held or released, or asks for something else. */
static struct job changed(const struct job *j)
{
    struct job other = *j;
    other.alloc_set = (struct cpuset){0};
    other.tasks = (struct taskset){0};
    if (rnd(2)) {
        other.held = !other.held;
        return other;
    }
    other.cpus = 1 + rnd(9);
    other.mem_mb = rnd(600);
    other.limit_us = rnd(30);
    other.priority = (int)rnd(3);
    other.deadline_us = rnd(3) ? other.deadline_us : other.deadline_us + rnd(20);
    return other;
}

/* A random event that can happen now. */
static struct step next_event(const struct sched *s, int64_t now_us, int64_t *jobs)
{
    struct step st = {.ev = {.type = EVENT_TICK, .now_us = now_us}};
    const struct timeline *run = &s->running;
    const struct node *waiting = any_pending(s);
    int64_t thrown = rnd(15);
    if (thrown < 5 && *jobs < JOBS) {
        ++*jobs;
        st.ev.type = EVENT_SUBMIT;
        st.job = (struct job){.id = s->next_id,
                              .priority = (int)rnd(3),
                              .submit_us = now_us,
                              .cpus = 1 + rnd(9),
                              .gpus = rnd(4) == 0,
                              .limit_us = rnd(30),
                              .estimate_us = rnd(30),
                              .held = rnd(8) == 0,
                              .deadline_us = rnd(4) ? 0 : now_us + rnd(60),
                              .eligible_us = rnd(8) ? 0 : now_us + rnd(5),
                              .mem_mb = rnd(600)};
        make_array(&st.job);
    } else if (thrown < 8 && run->count) {
        st.ev.type = EVENT_FINISH;
        st.ev.id = run->nodes[rnd((int64_t)run->count)]->job.id;
    } else if (thrown == 8 && rnd(2) && divide(s, waiting, &st)) {
        return st;
    } else if (thrown == 8 && waiting) {
        st.ev.type = EVENT_CANCEL;
        st.ev.id = waiting->job.id;
    } else if (thrown == 11 && run->count) {
        const struct node *n = run->nodes[rnd((int64_t)run->count)];
        st.ev.type = EVENT_UPDATE;
        st.ev.id = n->job.id;
        st.job = changed(&n->job);
        st.job.held = false;
    } else if (thrown == 12 && run->count) {
        const struct node *n = run->nodes[rnd((int64_t)run->count)];
        st.ev.type = EVENT_REQUEUE;
        st.ev.id = n->job.id;
        st.job = changed(&n->job);
        st.job.eligible_us = now_us + rnd(5);
        st.job.restarts++;
    } else if (thrown >= 13 && waiting) {
        st.ev.type = EVENT_UPDATE;
        st.ev.id = waiting->job.id;
        st.job = changed(&waiting->job);
    } else if (thrown == 9 && run->count) {
        st.ev.type = EVENT_START_FAILED;
        st.ev.id = run->nodes[rnd((int64_t)run->count)]->job.id;
        st.ev.retry_us = now_us + rnd(4);
    } else if (thrown == 10 && run->count) {
        const struct job *j = &run->nodes[rnd((int64_t)run->count)]->job;
        st.ev.type = j->suspended_us ? EVENT_RESUME : EVENT_SUSPEND;
        st.ev.id = j->id;
    }
    return st;
}

/* What is tried is taken back. */
static void ask_why(struct sched *s, int64_t now_us)
{
    struct why w;
    const struct node *waiting = any_pending(s);
    if (waiting)
        sched_why(s, waiting->job.id, now_us, &w, NULL);
}

/* Runs one world beside its replay; NULL if all held. */
static const char *run_world(uint64_t number)
{
    struct sched *s = new_world(number), *again = new_world(number);
    struct plan p = {0}, q = {0};
    struct err e = {0};
    const char *wrong = NULL;
    int64_t jobs = 0;
    for (int64_t now = 1; now <= EVENTS && !wrong; now++) {
        struct step st = next_event(s, now, &jobs);
        st.ev.job = &st.job;
        if (rnd(200) == 0)
            ask_why(s, now);
        if (sched_apply(s, &st.ev, &e) < 0 || sched_apply(again, &st.ev, &e) < 0 ||
            sched_pass(s, now, &p, &e) < 0 || sched_pass(again, now, &q, &e) < 0)
            wrong = "an event was refused";
        else if (!plans_equal(&p, &q))
            wrong = "a replay gives another plan";
        else
            wrong = wrong_with(s, now);
        taskset_free(&st.job.tasks);
    }
    plan_free(&p);
    plan_free(&q);
    topology_free((struct topology *)s->config.topology);
    topology_free((struct topology *)again->config.topology);
    sched_destroy(s);
    sched_destroy(again);
    return wrong;
}

int main(void)
{
    ok(!dice_try(WORLDS, run_world), "%d random worlds", WORLDS);
    return done_testing();
}
