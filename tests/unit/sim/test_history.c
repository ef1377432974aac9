// SPDX-License-Identifier: MIT
/* A store's jobs as a trace. */
#include "sim/history.h"

#include "../store/fixture.h"

#define S  INT64_C(1000000)
#define T1 (T0 - T0 % S) /* the second of the first submission */

enum { ANN = 1000, BOB };

static const struct history_options machine = {.own_cpus = 8, .own_mem_mb = 1000};

/* What becomes of a job; times in seconds after T0. */
struct life {
    const char *command;
    int64_t submit, end, run_us, limit, cpus, mem_mb;
    uint32_t uid;
    int priority;
    enum job_state state; /* 0: COMPLETED */
};

static int64_t submit_life(struct store *s, const struct life *l)
{
    struct job_record r = a_job("PATH=/bin");
    free(r.command);
    r.command = copy_of(l->command ? l->command : "sleep 1");
    r.job.submit_us = T0 + l->submit * S;
    r.job.limit_us = l->limit * S;
    r.job.cpus = l->cpus ? l->cpus : 1;
    r.job.mem_mb = l->mem_mb;
    r.job.priority = l->priority;
    r.job.uid = l->uid ? l->uid : ANN;
    return put_in(s, &r);
}

static void live(struct store *s, struct life l)
{
    int64_t id = submit_life(s, &l);
    begin_attempt(s, id, 1);
    struct attempt_record r = {.job = id,
                               .attempt = 1,
                               .state = l.state ? l.state : JOB_COMPLETED,
                               .end_us = T0 + l.end * S,
                               .runtime_us = l.run_us,
                               .has_result = true};
    must(store_begin(s, &err));
    must(store_attempt_end(s, &r, &err));
    must(store_commit(s, &err));
}
#define LIVE(...) live(s, (struct life){__VA_ARGS__})

static struct store *fresh(void)
{
    unlink(fixture_db);
    return fixture_open();
}

static struct history history_of(struct store *s, const struct history_options *o)
{
    struct history h;
    must(history_read(s, o, &h, &err));
    return h;
}

/* The estimates in whole seconds: "10 20"; in a static buffer. */
static const char *estimates(struct store *s, const struct history_options *o)
{
    static char text[512];
    struct history h = history_of(s, o);
    size_t len = 0;
    for (size_t i = 0; i < h.trace.count; i++)
        len += (size_t)snprintf(text + len, sizeof text - len, "%s%" PRId64, i ? " " : "",
                                h.trace.jobs[i].estimate_us / S);
    history_free(&h);
    return text;
}

static void a_job_of_it(void)
{
    struct store *s = fresh();
    LIVE(.end = 9, .run_us = 3000001, .limit = 60, .cpus = 2, .mem_mb = 300, .priority = 7);
    struct history h = history_of(s, &machine);
    is_int((int64_t)h.trace.count, 1, "a job that ran is in its history");
    is_str(h.trace.name, "history", "which is called so");
    const struct trace_job *j = h.trace.jobs;
    is_int(j->number, 1, "it has its id");
    is_int(j->submit_us, T0 - T1, "times count from the second of the first submission");
    is_int(h.begin_us, T1, "which is known");
    is_int(h.end_us, T0 + 9 * S, "as is the last end");
    is_int(j->run_us, 3000001, "it runs as long as it did");
    is_int(j->estimate_us, 60 * S, "its time limit is the estimate");
    is_int(j->procs * 1000 + j->mem_mb, 2300, "it has the CPUs and the memory it asked for");
    is_int(j->priority, 7, "and its priority");
    is_int(j->user * 100 + j->group * 10 + j->executable, 111, "whose it was is numbers");
    is_int(h.trace.procs * 10000 + h.trace.mem_mb, 81000, "the machine is this one");
    history_free(&h);
    ok(!h.trace.jobs && h.trace.count == 0, "a freed history has none");
    store_close(s);
}

static void who_is_in_it(void)
{
    struct store *s = fresh();
    struct life waits = {.submit = 1};
    LIVE(.end = 9, .run_us = S);
    submit_life(s, &waits);
    begin_attempt(s, submit_life(s, &waits), 1);
    int64_t cancelled = submit_life(s, &waits);
    enum job_state was;
    must(store_begin(s, &err));
    must(store_cancel(s, cancelled, ANN, false, T0 + 2 * S, "cancelled", &was, &err));
    must(store_commit(s, &err));
    LIVE(.submit = 2, .end = 5, .run_us = 0, .state = JOB_NODE_FAIL);
    LIVE(.submit = 3, .end = 9, .run_us = 2 * S, .cpus = 9, .state = JOB_CANCELLED);
    struct history h = history_of(s, &machine);
    is_int((int64_t)h.trace.count, 2, "whoever waits, runs or never ran is not in it");
    is_int((int64_t)h.lines.lines, 4, "of those that have ended");
    is_int((int64_t)h.lines.no_run, 2, "those without a run time are counted");
    is_int(h.trace.jobs[1].number, 6, "a job that was cancelled as it ran did run");
    is_int(h.trace.procs, 9, "the machine has room for the largest");
    history_free(&h);

    h = history_of(s, &(struct history_options){.cpus = 4, .own_cpus = 8});
    is_int((int64_t)h.trace.count * 10 + h.trace.procs, 14, "on a smaller one it is left out");
    is_int((int64_t)h.lines.too_large, 1, "and counted");
    is_int(h.trace.mem_mb, 0, "of memory that is not known nothing is said");
    history_free(&h);

    h = history_of(s, &(struct history_options){.own_cpus = 8, .since_us = T0 + 2 * S});
    is_int((int64_t)h.trace.count, 1, "of the last days only what was submitted then");
    is_int(h.begin_us, T1 + 3 * S, "and it begins there");
    history_free(&h);

    h = history_of(s, &(struct history_options){.own_cpus = 8, .since_us = T0 + 3600 * S});
    ok(h.trace.count == 0 && h.trace.name, "there may be none");
    history_free(&h);
    store_close(s);
}

/* Each holds two CPUs from the second second on. */
static void more_than_here(void)
{
    struct store *s = fresh();
    for (int i = 0; i < 4; i++)
        LIVE(.end = 9, .run_us = 7 * S);
    struct history h = history_of(s, &machine);
    is_int(h.trace.procs, 8, "four jobs of two CPUs at once are no more than the machine has");
    history_free(&h);
    LIVE(.end = 9, .run_us = 7 * S);
    h = history_of(s, &machine);
    is_int(h.trace.procs, 10, "where five were, there were more CPUs than here");
    history_free(&h);
    h = history_of(s, &(struct history_options){.cpus = 4, .own_cpus = 8});
    is_int(h.trace.procs, 4, "unless it is said how many");
    history_free(&h);
    store_close(s);
}

static void in_order(void)
{
    struct store *s = fresh();
    LIVE(.submit = 20, .end = 30, .run_us = S, .uid = BOB, .command = "b");
    LIVE(.submit = 10, .end = 40, .run_us = S, .uid = ANN, .command = "a");
    LIVE(.submit = 10, .end = 20, .run_us = S, .uid = BOB, .command = "a");
    struct history h = history_of(s, &machine);
    char got[64] = "";
    for (size_t i = 0; i < h.trace.count; i++) {
        const struct trace_job *j = &h.trace.jobs[i];
        snprintf(got + strlen(got), sizeof got - strlen(got), "%" PRId64 ":%" PRId64 "%" PRId64 " ",
                 j->number, j->user, j->executable);
    }
    is_str(got, "2:22 3:12 1:11 ",
           "jobs stand by submission, then id; users and commands by number of appearance");
    is_int(h.end_us, T0 + 40 * S, "the last end need not be the last job's");
    history_free(&h);
    store_close(s);
}

static void without_a_limit(void)
{
    struct store *s = fresh();
    LIVE(.submit = 0, .end = 10, .run_us = 10 * S);
    LIVE(.submit = 9, .end = 29, .run_us = 20 * S);
    LIVE(.submit = 10, .end = 21, .run_us = 4 * S);
    LIVE(.submit = 29, .end = 40, .run_us = 5 * S);
    LIVE(.submit = 50, .end = 99, .run_us = 49 * S);
    LIVE(.submit = 100, .end = 7300, .run_us = 7200 * S, .uid = BOB);
    LIVE(.submit = 100, .end = 160, .run_us = 65 * S, .limit = 60, .state = JOB_TIMEOUT);
    is_str(estimates(s, &machine), "3600 3600 10 12 49 7200 60",
           "what had ended is known, else it is an hour; never less than the run time");
    struct history_options o = machine;
    o.estimate_is_run = true;
    is_str(estimates(s, &o), "10 20 4 5 49 7200 60", "or the run time where all is known");
    struct history h = history_of(s, &machine);
    is_int(h.trace.jobs[6].run_us, 60 * S, "nobody runs beyond his limit");
    history_free(&h);
    store_close(s);
}

static void damaged(void)
{
    struct store *s = fresh();
    LIVE(.end = 9, .run_us = S);
    LIVE(.end = 9, .run_us = S);
    sql(fixture_db, "UPDATE jobs SET alloc_cpu_list = 'all' WHERE id = 2");
    struct history h;
    is_int(history_read(s, &machine, &h, &err), -1, "a damaged job is not passed over");
    has_str(err.text, "is damaged: job 2", "but named");
    history_free(&h);
    store_close(s);
}

int main(void)
{
    fixture_make();
    a_job_of_it();
    who_is_in_it();
    more_than_here();
    in_order();
    without_a_limit();
    damaged();
    fixture_remove();
    return done_testing();
}
