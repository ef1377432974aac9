// SPDX-License-Identifier: MIT
/* Random workloads through the core and through the naive policies: every job starts at the same
 * time, and what a policy promises is kept. A workload that fails is made smaller before it is
 * printed. */
#include "naive.h"

#include <string.h>

#include "dice.h"
#include "tap.h"

#define SEC    INT64_C(1000000)
#define JOBS   40
#define WORLDS 4000

struct setting {
    struct sched_config config;
    struct trace trace;
};

static void make(struct setting *s)
{
    static const enum order orders[] = {ORDER_PRIORITY, ORDER_PRIORITY, ORDER_PRIORITY,
                                        ORDER_SJF,      ORDER_SAF,      ORDER_WFP,
                                        ORDER_F1,       ORDER_UNICEF};
    int64_t cpus = 1 + rnd(12), horizon = 5 + rnd(200), longest = 2 + rnd(60);
    s->config = (struct sched_config){
        .cpus = cpus,
        .mem_mb = 100,
        .policy = (enum sched_policy)rnd(5),
        .order = orders[rnd(8)],
        .backfill_order = orders[rnd(8)],
        .trust_predictions = rnd(2),
    };
    /* With one reservation it is EASY, but for predictions: it looks when its reservation is due.
     */
    if (s->config.policy == POLICY_CONSERVATIVE && s->config.order == ORDER_PRIORITY &&
        !s->config.trust_predictions && rnd(3) == 0) {
        s->config.reservations = 1;
        s->config.backfill_order = ORDER_PRIORITY;
    }
    /* Many at a time are planned another way than one by one. */
    int64_t burst_us = rnd(horizon) * SEC;
    bool bursts = rnd(4) == 0;
    s->trace = (struct trace){.mem_mb = 100, .procs = cpus};
    for (int64_t n = 1 + rnd(JOBS), i = 0; i < n; i++) {
        int64_t estimate = 1 + rnd(longest);
        struct trace_job j = {
            .number = i + 1,
            .submit_us = bursts && rnd(3) ? burst_us : rnd(horizon) * SEC,
            .estimate_us = estimate * SEC,
            .run_us = (rnd(3) ? 1 + rnd(estimate) : estimate) * SEC,
            .procs = 1 + rnd(rnd(2) ? cpus : (cpus + 1) / 2),
            .mem_mb = 1 + rnd(rnd(3) ? 30 : 100),
            .user = rnd(4) - 1,
            .executable = rnd(3) - 1,
        };
        if (trace_add(&s->trace, &j) < 0)
            printf("Bail out! no memory\n");
    }
    if (trace_sort(&s->trace) < 0)
        printf("Bail out! no memory\n");
}

/* A promise is kept where jobs keep to their limits and nobody comes in between: a later job of an
 * order other than the queue's may. */
static bool is_promised(const struct sched_config *c)
{
    return c->order == ORDER_PRIORITY && !c->trust_predictions &&
           (c->policy == POLICY_EASY || c->policy == POLICY_CONSERVATIVE);
}

static const char *wrong_with(const struct setting *s)
{
    static char text[600];
    struct naive_job naive[JOBS];
    struct replay_result r;
    struct err e = {0};
    struct replay_options o = {.sched = s->config, .predict = s->config.trust_predictions};
    const char *wrong = NULL;
    struct sched_config simple = s->config;
    if (simple.reservations)
        simple.policy = POLICY_EASY;
    naive_replay(&s->trace, &simple, naive);
    if (replay(&s->trace, &o, &r, &e) < 0) {
        snprintf(text, sizeof text, "refused: %s", e.text);
        wrong = text;
    }
    for (size_t i = 0; i < s->trace.count && !wrong; i++) {
        int64_t start_us = r.jobs[i].start_us;
        if (start_us != naive[i].start_us) {
            snprintf(text, sizeof text, "job %jd starts at %jd, naively at %jd",
                     (intmax_t)s->trace.jobs[i].number, (intmax_t)(start_us / SEC),
                     (intmax_t)(naive[i].start_us / SEC));
            wrong = text;
        } else if (is_promised(&s->config) && naive[i].promised_us >= 0 &&
                   start_us > naive[i].promised_us) {
            wrong = "a job starts later than promised";
        } else if (s->config.policy == POLICY_FIFO && s->config.order == ORDER_PRIORITY && i &&
                   start_us < r.jobs[i - 1].start_us) {
            wrong = "fifo starts a job before the one before it";
        }
    }
    replay_free(&r);
    return wrong;
}

/* Takes out every job without which it still fails. */
static void minimise(struct setting *s)
{
    for (size_t i = s->trace.count; i-- > 0;) {
        struct trace_job out = s->trace.jobs[i];
        size_t behind = s->trace.count - i - 1;
        memmove(s->trace.jobs + i, s->trace.jobs + i + 1, behind * sizeof out);
        s->trace.count--;
        if (wrong_with(s))
            continue;
        memmove(s->trace.jobs + i + 1, s->trace.jobs + i, behind * sizeof out);
        s->trace.jobs[i] = out;
        s->trace.count++;
    }
}

static void print(const struct setting *s)
{
    printf("# %s, order %s, backfill order %s, %jd CPUs%s\n", sched_policy_name(s->config.policy),
           order_name(s->config.order), order_name(s->config.backfill_order),
           (intmax_t)s->config.cpus, s->config.trust_predictions ? ", predictions" : "");
    for (size_t i = 0; i < s->trace.count; i++) {
        const struct trace_job *j = &s->trace.jobs[i];
        printf("#   job %jd: submit %jd, run %jd, estimate %jd, %jd CPUs, %jd MB, user %jd, "
               "executable %jd\n",
               (intmax_t)j->number, (intmax_t)(j->submit_us / SEC), (intmax_t)(j->run_us / SEC),
               (intmax_t)(j->estimate_us / SEC), (intmax_t)j->procs, (intmax_t)j->mem_mb,
               (intmax_t)j->user, (intmax_t)j->executable);
    }
}

static void add(struct trace *t, int64_t submit, int64_t run, int64_t estimate, int64_t procs)
{
    struct trace_job j = {
        .number = (int64_t)t->count + 1,
        .submit_us = submit * SEC,
        .run_us = run * SEC,
        .estimate_us = estimate * SEC,
        .procs = procs,
        .mem_mb = 1,
        .user = -1,
    };
    if (trace_add(t, &j) < 0)
        printf("Bail out! no memory\n");
}

/* At 10 job 4 moves up to 70, and then job 5 out of its way: it could have 60 now, and gets it when
 * the reservations are compressed next, whoever came in between. */
static void burst_between_compressions(void)
{
    struct setting s = {
        .config = {.cpus = 4, .mem_mb = 100, .policy = POLICY_CONSERVATIVE},
        .trace = {.mem_mb = 100, .procs = 4},
    };
    add(&s.trace, 0, 10, 100, 2);
    add(&s.trace, 0, 20, 20, 1);
    add(&s.trace, 0, 1000, 1000, 1);
    add(&s.trace, 1, 50, 50, 3);
    add(&s.trace, 2, 50, 50, 1);
    while (s.trace.count < JOBS)
        add(&s.trace, 11, 10, 10, 4);
    const char *wrong = wrong_with(&s);
    ok(!wrong, "what a move gave back is not forgotten when many come%s%s", wrong ? ": " : "",
       wrong ? wrong : "");
    trace_free(&s.trace);
}

static const char *run_world(uint64_t number)
{
    struct setting s;
    make(&s);
    const char *wrong = wrong_with(&s);
    if (wrong) {
        minimise(&s);
        wrong = wrong_with(&s);
        print(&s);
    }
    trace_free(&s.trace);
    return wrong;
}

int main(void)
{
    burst_between_compressions();
    ok(!dice_try(WORLDS, run_world),
       "%d random workloads: the core starts every job when the naive policy does", WORLDS);
    return done_testing();
}
