// SPDX-License-Identifier: MIT
/* pass.c - how long a scheduling pass takes with many jobs pending: pass JOBS...
 *
 * A machine of 64 CPUs, 256 GB and 4 GPUs, kept full. In each turn a running job ends and another
 * comes, then there is a pass, which is timed: median and 99th percentile of 2,000 (fewer for
 * orders that change with time). Then it is asked why jobs wait, of all ages: median and the
 * longest of 25. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/why.h"
#include "dice.h"

#define SEC  INT64_C(1000000)
#define WHYS 25

static int64_t clock_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000 + t.tv_nsec;
}

struct world {
    struct sched *sched;
    struct plan plan;
    int64_t now_us, last_id;
    int64_t *running; /* ids */
    size_t nrunning;
};

/* Mostly small and short, sometimes large and long. */
static void submit(struct world *w)
{
    struct err e = {0};
    struct job j = {
        .id = ++w->last_id,
        .priority = (int)rnd(5),
        .submit_us = w->now_us,
        .cpus = 1 + rnd(rnd(4) ? 4 : 64),
        .mem_mb = 100 + rnd(rnd(4) ? 8000 : 200000),
        .gpus = rnd(10) ? 0 : 1 + rnd(4),
        .limit_us = (60 + rnd(rnd(4) ? 3600 : 86400)) * SEC,
    };
    struct event ev = {.type = EVENT_SUBMIT, .now_us = w->now_us, .id = j.id, .job = &j};
    if (sched_apply(w->sched, &ev, &e) < 0)
        exit(1);
}

static void finish_one(struct world *w)
{
    struct err e = {0};
    size_t i = (size_t)rnd((int64_t)w->nrunning);
    struct event ev = {.type = EVENT_FINISH, .now_us = w->now_us, .id = w->running[i]};
    w->running[i] = w->running[--w->nrunning];
    if (sched_apply(w->sched, &ev, &e) < 0)
        exit(1);
}

static int64_t timed_pass(struct world *w)
{
    struct err e = {0};
    int64_t began = clock_ns();
    if (sched_pass(w->sched, w->now_us, &w->plan, &e) < 0)
        exit(1);
    int64_t took = clock_ns() - began;
    for (size_t i = 0; i < w->plan.count; i++)
        w->running[w->nrunning++] = w->plan.actions[i].job->id;
    return took;
}

/* Of the first job that is pending from this id on. */
static int64_t timed_why(struct world *w, int64_t id)
{
    struct err e = {0};
    struct why why;
    const struct job *j;
    while (!(j = sched_job(w->sched, id)) || j->state != JOB_PENDING)
        id++;
    int64_t began = clock_ns();
    if (sched_why(w->sched, id, ++w->now_us, &why, &e) < 0)
        exit(1);
    return clock_ns() - began;
}

static int by_value(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void measure(enum sched_policy policy, enum order order, int64_t reservations, size_t jobs,
                    size_t passes)
{
    struct err e = {0};
    struct sched_config c = {
        .cpus = 64,
        .mem_mb = 256 * 1024,
        .gpus = 4,
        .policy = policy,
        .order = order,
        .backfill_order = order,
        .reservations = reservations,
    };
    struct world w = {.sched = sched_create(&c, &e), .running = malloc(65 * sizeof(int64_t))};
    int64_t *took = malloc(passes * sizeof *took), whys[WHYS];
    if (!w.sched || !w.running || !took)
        exit(1);
    for (size_t i = 0; i < jobs; i++)
        submit(&w);
    int64_t first = timed_pass(&w);
    for (size_t i = 0; i < passes; i++) {
        w.now_us += SEC;
        if (w.nrunning)
            finish_one(&w);
        submit(&w);
        took[i] = timed_pass(&w);
    }
    for (int i = 0; i < WHYS; i++)
        whys[i] = timed_why(&w, 1 + w.last_id * i / WHYS);
    qsort(took, passes, sizeof *took, by_value);
    qsort(whys, WHYS, sizeof *whys, by_value);
    printf("%-22s %-9s %9zu %10.3f %10.3f %10.3f %10.3f %10.3f\n", sched_policy_name(policy),
           order_name(order), jobs, (double)took[passes / 2] / 1e6,
           (double)took[passes * 99 / 100] / 1e6, (double)first / 1e6, (double)whys[WHYS / 2] / 1e6,
           (double)whys[WHYS - 1] / 1e6);
    fflush(stdout);
    sched_destroy(w.sched);
    plan_free(&w.plan);
    free(w.running);
    free(took);
}

static void measure_all(size_t jobs)
{
    measure(POLICY_FIFO, ORDER_PRIORITY, 0, jobs, 2000);
    measure(POLICY_GREEDY, ORDER_PRIORITY, 0, jobs, 2000);
    measure(POLICY_EASY, ORDER_PRIORITY, 0, jobs, 2000);
    measure(POLICY_EASY, ORDER_SAF, 0, jobs, 2000);
    measure(POLICY_EASY, ORDER_WFP, 0, jobs, 50);
    measure(POLICY_CONSERVATIVE, ORDER_PRIORITY, 1000, jobs, 200);
}

int main(int argc, char **argv)
{
    printf("%-22s %-9s %9s %10s %10s %10s %10s %10s\n", "policy", "order", "pending", "median ms",
           "p99 ms", "first ms", "why ms", "why max");
    for (int i = 1; i < argc; i++)
        measure_all(strtoul(argv[i], NULL, 10));
    return 0;
}
