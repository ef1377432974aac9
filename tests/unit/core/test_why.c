// SPDX-License-Identifier: MIT
/* test_why.c - small worlds of 4 CPUs and 1000 MB: why a job waits, and what would start it now.
 * Times are seconds. */
#include "core/why.h"
#include "fixture.h"
#include "tap.h"

static struct sched *world(enum sched_policy policy)
{
    struct sched_config c = {.cpus = 4,
                             .mem_mb = 1000,
                             .gpus = 1,
                             .policy = policy,
                             .estimate_us = 500 * SEC,
                             .format_time = format_seconds};
    return sched_create(&c, NULL);
}

static void pass(struct sched *s, int64_t now)
{
    struct plan p = {0};
    is_int(sched_pass(s, now * SEC, &p, NULL), 0, "(a pass)");
    plan_free(&p);
}

static void post(struct sched *s, struct event ev, const struct job *j)
{
    struct err e = {0};
    ev.job = j;
    if (sched_apply(s, &ev, &e) < 0)
        ok(false, "an event: %s", e.text);
}

/* Submits at its id, in seconds: whoever has the lower id was there first. limit 0: none. */
static void submit(struct sched *s, int64_t id, int64_t cpus, int64_t limit, int priority)
{
    struct job j = {.id = id,
                    .submit_us = id,
                    .cpus = cpus,
                    .mem_mb = 10,
                    .limit_us = limit * SEC,
                    .priority = priority};
    post(s, (struct event){.type = EVENT_SUBMIT, .now_us = SEC, .id = id}, &j);
}

/* The job's why at 10 s, after a pass. */
static struct why why(struct sched *s, int64_t id)
{
    struct why w;
    struct err e = {0};
    pass(s, 10);
    if (sched_why(s, id, 10 * SEC, &w, &e) < 0)
        ok(false, "why %" PRId64 ": %s", id, e.text);
    return w;
}

/* "cpus 1; time 20; priority 6"; "nothing". */
static const char *changes(const struct why *w)
{
    static const char *const names[] = {
        [CHANGE_CPUS] = "cpus", [CHANGE_MEM] = "mem",           [CHANGE_GPUS] = "gpus",
        [CHANGE_TIME] = "time", [CHANGE_PRIORITY] = "priority",
    };
    static char text[256];
    size_t used = 0;
    snprintf(text, sizeof text, "nothing");
    for (int k = 0; k < CHANGE_KINDS; k++) {
        const struct change *c = &w->changes[k];
        if (c->helps)
            used +=
                (size_t)snprintf(text + used, sizeof text - used, "%s%s %" PRId64, used ? "; " : "",
                                 names[k], k == CHANGE_TIME ? c->to / SEC : c->to);
    }
    return text;
}

static void test_greedy(void)
{
    struct sched *s = world(POLICY_GREEDY);
    submit(s, 1, 2, 90, 0);
    submit(s, 2, 1, 40, 0);
    pass(s, 0);
    submit(s, 3, 4, 60, 0);
    struct why w = why(s, 3);
    is_int(w.missing.cpus, 3, "4 CPUs are wanted and 1 is free: 3 are missing");
    is_int(w.missing.mem_mb, 0, "there is memory");
    is_int((intmax_t)w.nholders, 2, "two jobs hold them");
    is_int(w.holders[0].id, 2, "the one that ends first is named first");
    is_int(w.holders[0].end_us, 40 * SEC, "with its end");
    ok(w.holders[0].limit, "which is its limit");
    is_int(w.holders[1].holds.cpus, 2, "and what each holds");
    is_int(w.earliest_us, 90 * SEC, "both have to end");
    ok(!w.firm, "but under greedy somebody else may be faster");
    is_int(w.ahead, 0, "nobody has to be waited for");
    is_str(changes(&w), "cpus 1", "with one CPU it would start");
    sched_destroy(s);
}

static void test_settled_first(void)
{
    struct sched *s = world(POLICY_GREEDY);
    submit(s, 1, 4, 90, 0);
    struct why w;
    is_int(sched_why(s, 1, 10 * SEC, &w, NULL), 0, "somebody asks before the pass");
    ok(w.starts && w.earliest_us == 10 * SEC, "it is about to start");
    submit(s, 2, 2, 90, 0);
    is_int(sched_why(s, 2, 10 * SEC, &w, NULL), 0, "who stands behind it");
    ok(!w.starts && w.missing.cpus == 2, "is told what will be missing then");
    is_int(w.holders[0].id, 1, "and who will hold it");
    is_int(sched_job(s, 1)->state, JOB_PENDING, "asking starts nobody");
    sched_destroy(s);
}

static void test_memory_and_gpus(void)
{
    struct sched *s = world(POLICY_GREEDY);
    struct job j = {.id = 1, .cpus = 1, .mem_mb = 700, .gpus = 1, .limit_us = 50 * SEC};
    post(s, (struct event){.type = EVENT_SUBMIT, .id = 1}, &j);
    submit(s, 2, 1, 60, 0);
    pass(s, 0);
    j = (struct job){.id = 3, .cpus = 1, .mem_mb = 400};
    post(s, (struct event){.type = EVENT_SUBMIT, .id = 3}, &j);
    struct why w = why(s, 3);
    is_int(w.missing.mem_mb, 110, "400 MB are wanted and 290 are free");
    is_int((intmax_t)w.nholders, 1, "the first end is enough");
    is_str(changes(&w), "mem 290", "or as much as there is");
    j = (struct job){.id = 4, .cpus = 1, .mem_mb = 100, .gpus = 1};
    post(s, (struct event){.type = EVENT_SUBMIT, .id = 4}, &j);
    w = why(s, 4);
    is_int(w.missing.gpus, 1, "the GPU is taken");
    is_str(changes(&w), "gpus 0", "without one it would start");
    j = (struct job){.id = 5, .cpus = 2};
    post(s, (struct event){.type = EVENT_SUBMIT, .id = 5}, &j);
    w = why(s, 5);
    is_int(w.missing.mem_mb, 210, "who asks for no memory gets his CPUs' share: 500 MB");
    is_str(changes(&w), "cpus 1; mem 290", "which is less with fewer CPUs");
    sched_destroy(s);
}

static void test_fifo(void)
{
    struct sched *s = world(POLICY_FIFO);
    submit(s, 1, 3, 90, 0);
    pass(s, 0);
    submit(s, 2, 4, 60, 5);
    submit(s, 3, 1, 60, 0);
    struct why w = why(s, 3);
    is_int(w.missing.cpus, 0, "nothing is missing");
    is_int(w.ahead, 2, "the first in the queue holds up all others");
    is_int(w.ahead_us, 90 * SEC, "until it starts");
    is_int(w.earliest_us, 150 * SEC, "and it wants all there is");
    ok(w.firm, "no later, as all have limits");
    is_str(changes(&w), "priority 6", "before the first in the queue it would start");
    submit(s, 4, 1, 0, 9);
    w = why(s, 3);
    ok(!w.firm, "who has no limit makes all uncertain");
    sched_destroy(s);
}

static void test_easy(void)
{
    struct sched *s = world(POLICY_EASY);
    submit(s, 1, 3, 90, 0);
    pass(s, 0);
    submit(s, 2, 4, 60, 0);
    submit(s, 3, 1, 200, 0);
    struct why w = why(s, 2);
    is_int(w.earliest_us, 90 * SEC, "the first in the queue has a reservation");
    ok(w.firm, "that is firm");
    is_str(changes(&w), "cpus 1", "and little would start it now");
    w = why(s, 3);
    is_int(w.missing.cpus, 0, "the next fits");
    is_int(w.ahead, 2, "and would delay the first");
    is_int(w.ahead_us, 90 * SEC, "beyond its shadow time");
    is_int(w.earliest_us, 150 * SEC, "so it starts when that has ended");
    ok(!w.firm, "if nobody else is faster");
    is_str(changes(&w), "time 80; priority 1", "it may be shorter, or before the first");
    sched_destroy(s);
}

static void test_conservative(enum sched_policy policy)
{
    bool kept = policy == POLICY_CONSERVATIVE;
    struct sched *s = world(policy);
    submit(s, 1, 3, 90, 0);
    pass(s, 0);
    submit(s, 2, 2, 60, 0);
    submit(s, 3, 2, 60, 0);
    submit(s, 4, 1, 200, 0);
    struct why w = why(s, 2);
    is_int(w.earliest_us, 90 * SEC, "the first has the first hole");
    is_int(w.firm, kept, kept ? "which is promised" : "which nobody has promised");
    w = why(s, 4);
    is_int(w.ahead, 2, "the last fits, but would delay who comes before");
    is_int(w.ahead_us, 90 * SEC, "at that time");
    is_int(w.earliest_us, 150 * SEC, "behind both there is a hole");
    is_int(w.firm, kept, kept ? "promised as well" : "expected");
    is_str(changes(&w), kept ? "time 80" : "time 80; priority 1",
           kept ? "it may be shorter; who has a promise is not overtaken"
                : "it may be shorter, or before them");
    sched_destroy(s);
}

/* What was promised counts, not what would be promised now. */
static void test_promises(void)
{
    struct sched *s = world(POLICY_CONSERVATIVE);
    submit(s, 1, 3, 90, 0);
    pass(s, 0);
    submit(s, 2, 4, 60, 0);
    pass(s, 1);
    submit(s, 3, 1, 200, 9);
    struct why w = why(s, 3);
    is_int(w.earliest_us, 150 * SEC, "who came later waits, however high its priority");
    is_int(w.ahead, 2, "for those who have a promise");
    is_str(changes(&w), "time 80", "and no priority changes that");
    sched_destroy(s);
}

static void test_estimates(void)
{
    struct sched *s = world(POLICY_EASY);
    struct job j = {.id = 1, .cpus = 3, .mem_mb = 10, .estimate_us = 70 * SEC};
    post(s, (struct event){.type = EVENT_SUBMIT, .id = 1}, &j);
    submit(s, 2, 1, 0, 0);
    pass(s, 0);
    submit(s, 3, 2, 0, 0);
    struct why w = why(s, 3);
    is_int((intmax_t)w.nholders, 1, "one job has to end");
    is_int(w.holders[0].end_us, 70 * SEC, "which is expected to");
    ok(!w.holders[0].limit, "but need not");
    is_int(w.earliest_us, 70 * SEC, "so the job starts then");
    ok(!w.firm, "if all goes well");
    pass(s, 80);
    struct err e = {0};
    is_int(sched_why(s, 3, 80 * SEC, &w, &e), 0, "it has not ended by 80");
    is_int(w.earliest_us, 140 * SEC, "then it is expected a minute later");
    sched_destroy(s);
}

static void test_limited_job_that_is_late(void)
{
    struct sched *s = world(POLICY_EASY);
    submit(s, 1, 4, 20, 0);
    pass(s, 0);
    submit(s, 2, 4, 20, 0);
    pass(s, 30);
    struct why w;
    is_int(sched_why(s, 2, 30 * SEC, &w, NULL), 0, "a job is over its limit");
    ok(!w.holders[0].limit && !w.firm, "then nothing is firm");
    ok(w.earliest_us > 30 * SEC, "and the end is ahead all the same");
    sched_destroy(s);
}

static void test_many_holders(void)
{
    struct sched_config c = {.cpus = 40, .mem_mb = 1000, .format_time = format_seconds};
    struct sched *s = sched_create(&c, NULL);
    for (int id = 1; id <= 40; id++)
        submit(s, id, 1, 100 - id, 0);
    pass(s, 0);
    submit(s, 99, 30, 10, 0);
    struct why w = why(s, 99);
    is_int((intmax_t)w.nholders, WHY_HOLDERS, "of many holders the first are named");
    is_int((intmax_t)w.more_holders, 30 - WHY_HOLDERS, "and the others counted");
    is_int(w.earliest_us, 89 * SEC, "the 30th end is waited for");
    sched_destroy(s);
}

static void test_nothing_helps(void)
{
    struct sched *s = world(POLICY_GREEDY);
    submit(s, 1, 4, 90, 0);
    pass(s, 0);
    submit(s, 2, 1, 10, 0);
    struct why w = why(s, 2);
    is_str(changes(&w), "nothing", "where all CPUs are taken nothing helps");
    submit(s, 3, 5, 10, 0);
    w = why(s, 3);
    ok(!w.starts && w.earliest_us == 0, "what is too big never starts");
    is_int((intmax_t)w.nholders, 0, "whoever ends");
    post(s, (struct event){.type = EVENT_FINISH, .now_us = 10 * SEC, .id = 1}, NULL);
    w = why(s, 3);
    is_str(changes(&w), "cpus 3", "unless it asks for less");
    struct job j = {.id = 4, .cpus = 1, .mem_mb = 10, .eligible_us = 70 * SEC};
    post(s, (struct event){.type = EVENT_SUBMIT, .now_us = 10 * SEC, .id = 4}, &j);
    w = why(s, 4);
    is_int(w.earliest_us, 70 * SEC, "who is not due starts when he is");
    is_str(changes(&w), "nothing", "and nothing changes that");
    post(s,
         (struct event){
             .type = EVENT_START_FAILED, .now_us = 10 * SEC, .id = 2, .retry_us = 30 * SEC},
         NULL);
    submit(s, 5, 1, 10, 0);
    w = why(s, 5);
    is_int(w.earliest_us, 30 * SEC, "after a failed start everybody waits for a while");
    is_str(changes(&w), "nothing", "for whatever they ask");
    sched_destroy(s);
}

static void test_clock_set_back(void)
{
    struct sched *s = world(POLICY_CONSERVATIVE);
    submit(s, 1, 4, 90, 1);
    struct job j = {.id = 2, .cpus = 4, .mem_mb = 10, .eligible_us = 5 * SEC, .limit_us = SEC};
    post(s, (struct event){.type = EVENT_SUBMIT, .now_us = 5 * SEC, .id = 2}, &j);
    pass(s, 5);
    struct why w;
    is_int(sched_why(s, 2, 3 * SEC, &w, NULL), 0, "the clock was set back by 2 s");
    is_int(w.earliest_us, 95 * SEC, "who stands in the queue still does");
    sched_destroy(s);
}

static void test_errors(void)
{
    struct sched *s = world(POLICY_GREEDY);
    struct why w;
    struct err e = {0};
    submit(s, 1, 1, 0, 0);
    pass(s, 0);
    ok(sched_why(s, 9, SEC, &w, &e) < 0 && e.code == ERR_NOT_FOUND, "no job 9: not found");
    is_str(e.text, "job 9 is not active", "in words");
    ok(sched_why(s, 1, SEC, &w, &e) < 0 && e.code == ERR_INVALID, "a running job does not wait");
    is_str(e.text, "job 1 is running: it waits for nothing", "in words");
    sched_destroy(s);
}

int main(void)
{
    test_greedy();
    test_settled_first();
    test_memory_and_gpus();
    test_fifo();
    test_easy();
    test_conservative(POLICY_CONSERVATIVE);
    test_conservative(POLICY_CONSERVATIVE_REBUILD);
    test_promises();
    test_estimates();
    test_limited_job_that_is_late();
    test_many_holders();
    test_nothing_helps();
    test_clock_set_back();
    test_errors();
    return done_testing();
}
