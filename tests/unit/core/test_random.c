// SPDX-License-Identifier: MIT
/* test_random.c - random worlds: after every event the indexes equal a naive recomputation, nothing
 * is oversubscribed, CPU sets are disjoint, no job that fits is left waiting, every pending job has
 * a reason, and the same events give the same plan again. The seed is printed. */
#include <stdlib.h>
#include <time.h>

#include "core/world.h"
#include "tap.h"

#define JOBS   60
#define EVENTS 400

static uint64_t seed;

static uint64_t rnd(uint64_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed % below;
}

static void format_seconds(int64_t us, char *buf, size_t len)
{
    snprintf(buf, len, "%" PRId64, us);
}

static struct sched *new_world(int cpus)
{
    struct sched_config c = {.cpus = cpus, .mem_mb = 1000, .format_time = format_seconds};
    for (int i = 0; i < cpus; i++)
        cpuset_add(&c.cpu_set, 2 * i);
    struct err e = {0};
    struct sched *s = sched_create(&c, &e);
    cpuset_free(&c.cpu_set);
    return s;
}

static bool queue_is_sorted(const struct queue *q)
{
    for (size_t i = 1; i < q->count; i++)
        if (!queue_before(q->jobs[i - 1], q->jobs[i]))
            return false;
    return true;
}

/* Recomputes from the running jobs what the indexes say. */
static const char *wrong_with(const struct sched *s, int64_t now_us)
{
    struct cpuset held = {0};
    int64_t cpus = 0, mem = 0;
    const char *wrong = NULL;
    char why[256];
    for (size_t i = 0; i < s->running.count && !wrong; i++) {
        const struct job *j = s->running.jobs[i];
        cpus += j->alloc_cpus;
        mem += j->alloc_mem_mb;
        if (j->state != JOB_RUNNING || sched_job(s, j->id) != j)
            wrong = "a running job is not in the index";
        if (cpuset_overlaps(&held, &j->alloc_set))
            wrong = "two jobs share a CPU";
        if (cpuset_count(&j->alloc_set) != j->cpus)
            wrong = "a job has not the CPUs it asked for";
        for (int c = cpuset_next(&j->alloc_set, 0); c >= 0; c = cpuset_next(&j->alloc_set, c + 1))
            cpuset_add(&held, c);
    }
    if (cpuset_overlaps(&held, &s->free_set))
        wrong = "a held CPU is free";
    if (cpuset_count(&held) + cpuset_count(&s->free_set) != s->config.cpus)
        wrong = "a CPU is lost";
    if (cpus + s->free_cpus != s->config.cpus || mem + s->free_mem_mb != s->config.mem_mb)
        wrong = "free is not total minus held";
    if (s->free_cpus < 0 || s->free_mem_mb < 0)
        wrong = "oversubscribed";
    if (!queue_is_sorted(&s->pending))
        wrong = "the queue is out of order";
    for (size_t i = 0; i < s->pending.count && !wrong; i++) {
        const struct job *j = s->pending.jobs[i];
        sched_reason(s, j->id, now_us, why, sizeof why);
        if (!*why)
            wrong = "a pending job has no reason";
        if (world_fits(s, j) && now_us >= s->hold_until_us && now_us >= j->eligible_us)
            wrong = "a job that fits waits";
    }
    cpuset_free(&held);
    return wrong;
}

struct step {
    struct event ev;
    struct job job;
};

/* A random event that can happen now. */
static struct step next_event(const struct sched *s, int64_t now_us, int64_t *last_id)
{
    struct step st = {.ev = {.type = EVENT_TICK, .now_us = now_us}};
    const struct queue *run = &s->running, *wait = &s->pending;
    uint64_t dice = rnd(10);
    if (dice < 5 && *last_id < JOBS) {
        st.ev.type = EVENT_SUBMIT;
        st.job = (struct job){.id = ++*last_id,
                              .priority = (int)rnd(3),
                              .submit_us = now_us,
                              .cpus = 1 + (int64_t)rnd(9),
                              .mem_mb = (int64_t)rnd(600)};
    } else if (dice < 8 && run->count) {
        st.ev.type = EVENT_FINISH;
        st.ev.id = run->jobs[rnd(run->count)]->id;
    } else if (dice == 8 && wait->count) {
        st.ev.type = EVENT_CANCEL;
        st.ev.id = wait->jobs[rnd(wait->count)]->id;
    } else if (dice == 9 && run->count) {
        st.ev.type = EVENT_START_FAILED;
        st.ev.id = run->jobs[rnd(run->count)]->id;
        st.ev.retry_us = now_us + (int64_t)rnd(4);
    }
    return st;
}

static bool plans_equal(const struct plan *a, const struct plan *b)
{
    if (a->count != b->count || a->wake_us != b->wake_us)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (a->actions[i].job->id != b->actions[i].job->id)
            return false;
    return true;
}

/* Runs one world beside its replay; NULL if all held. */
static const char *run_world(int cpus)
{
    struct sched *s = new_world(cpus), *again = new_world(cpus);
    struct plan p = {0}, q = {0};
    struct err e = {0};
    const char *wrong = NULL;
    int64_t last_id = 0;
    for (int64_t now = 1; now <= EVENTS && !wrong; now++) {
        struct step st = next_event(s, now, &last_id);
        st.ev.job = &st.job;
        if (sched_apply(s, &st.ev, &e) < 0 || sched_apply(again, &st.ev, &e) < 0 ||
            sched_pass(s, now, &p, &e) < 0 || sched_pass(again, now, &q, &e) < 0)
            wrong = "an event was refused";
        else if (!plans_equal(&p, &q))
            wrong = "a replay gives another plan";
        else
            wrong = wrong_with(s, now);
    }
    plan_free(&p);
    plan_free(&q);
    sched_destroy(s);
    sched_destroy(again);
    return wrong;
}

int main(void)
{
    const char *given = getenv("SEED");
    uint64_t first = given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
    printf("# SEED=%" PRIu64 "\n", first);
    const char *wrong = NULL;
    uint64_t i;
    for (i = 0; i < 1000 && !wrong; i++) {
        seed = (first + i) * UINT64_C(0x9E3779B97F4A7C15) | 1;
        wrong = run_world(1 + (int)(i % 8));
    }
    ok(!wrong, "1000 random worlds%s%s", wrong ? ": " : "", wrong ? wrong : "");
    if (wrong)
        printf("# with SEED=%" PRIu64 "\n", first + i - 1);
    return done_testing();
}
