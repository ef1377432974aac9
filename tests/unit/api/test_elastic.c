// SPDX-License-Identifier: MIT
/* Elastic jobs: what is submitted and refused, how they are shown, and who may resize them. */
#include <signal.h>

#include "world.h"

static void load(struct world *w, int64_t id, struct job_record *r)
{
    struct err e = {0};
    job_record_clear(r);
    if (store_job_load(w->store, id, STORE_PLAIN, r, &e) < 0)
        ok(false, "job %" PRId64 ": %s", id, e.text);
}

static void test_stored(void)
{
    struct world w;
    struct job_record r = {0};
    world_open(&w, 8);
    const json_t *reply = submit_with(
        &w, "{'elastic': true, 'cpus': 4, 'min_cpus': 2, 'max_cpus': 6, 'mem_per_cpu_mb': 100,"
            " 'resize_grace': 1.5, 'resize_signal': 'SIGUSR2', 'workers': true}");
    is_int(num(reply, "max_cpus"), 6, "the answer says what it may have at most");
    load(&w, 1, &r);
    ok(r.job.elastic && r.job.cpus == 4 && r.job.min_cpus == 2 && r.job.max_cpus == 6,
       "its limits are stored");
    ok(r.job.mem_mb == 400 && r.job.mem_per_cpu_mb == 100, "its memory, which follows its CPUs");
    ok(r.resize_grace_us == 1500000 && r.resize_signal == SIGUSR2 && r.workers,
       "grace, signal, and that it is a pool");
    ok(r.control_path && strstr(r.control_path, "/.mini_slurm_logs/job_1.control"),
       "its control file is among the logs");
    ok(sched_job(w.sched, 1)->elastic && sched_job(w.sched, 1)->max_cpus == 6,
       "and the core knows it");

    reply = submit_with(&w, "{'elastic': true, 'cpus': 3}");
    is_int(num(reply, "max_cpus"), 8, "without a limit it may have all that the scheduler has");
    load(&w, 2, &r);
    ok(r.job.min_cpus == 3 && r.job.max_cpus == 0, "and never fewer than at its start");
    ok(r.resize_grace_us == 2000000 && r.resize_signal == SIGUSR1 && !r.workers,
       "it has 2 s after a SIGUSR1");
    submit_with(&w, "{'elastic': true, 'cpus': 3, 'resize_signal': 'none'}");
    load(&w, 3, &r);
    is_int(r.resize_signal, 0, "it may be told by its file alone");

    reply = submit_with(&w, "{'cpus': 3, 'mem_per_cpu_mb': 100, 'elastic': false}");
    ok(!json_object_get(reply, "max_cpus"), "another job has no such answer");
    load(&w, 4, &r);
    ok(!r.job.elastic && r.job.mem_mb == 300 && r.job.mem_per_cpu_mb == 0,
       "nor memory that changes, though it may ask for it by the CPU");
    job_record_clear(&r);
    world_close(&w);

    world_open(&w, 0);
    ok(is_null(submit_with(&w, "{'elastic': true}"), "max_cpus"),
       "without a scheduler nobody knows how many there are");
    world_close(&w);
}

static void test_refused(void)
{
    static const char *const cases[][2] = {
        {"{'elastic': 1}", "elastic 1: neither true nor false"},
        {"{'elastic': true, 'cpus': 2, 'min_cpus': 3}", "min_cpus 3: more than its 2 cpus"},
        {"{'elastic': true, 'cpus': 4, 'max_cpus': 3}", "max_cpus 3: less than its 4 cpus"},
        {"{'elastic': true, 'min_cpus': 0}", "min_cpus 0: not a whole number from 1"},
        {"{'elastic': true, 'max_cpus': 65537}", "max_cpus 65537: not a whole number"},
        {"{'elastic': true, 'resize_grace': 3601}", "resize_grace 3601: more than an hour"},
        {"{'elastic': true, 'resize_grace': -1}", "resize_grace -1: not a number of seconds"},
        {"{'elastic': true, 'resize_signal': 10}", "resize_signal 10: not a signal's name"},
        {"{'elastic': true, 'resize_signal': 'TERM'}", "use USR1, USR2, HUP, WINCH"},
        {"{'elastic': true, 'workers': 3}", "workers 3: neither true nor false"},
        {"{'min_cpus': 1}", "min_cpus: only an elastic job has that"},
        {"{'max_cpus': 4, 'elastic': false}", "max_cpus: only an elastic job has that"},
        {"{'resize_grace': 3}", "resize_grace: only an elastic job"},
        {"{'resize_signal': 'USR1'}", "resize_signal: only an elastic job"},
        {"{'workers': true}", "workers: only an elastic job"},
        {"{'mem_mb': 5, 'mem_per_cpu_mb': 5}", "mem_mb and mem_per_cpu_mb: only one"},
        {"{'cpus': 3, 'mem_per_cpu_mb': 1099511627776}", "too much for 3 CPUs"},
    };
    struct world w;
    world_open(&w, 8);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        has_str(error_of(submit_with(&w, cases[i][0])), cases[i][1], cases[i][0]);
    is_str(w.told, "", "and nothing happens");
    world_close(&w);
}

static const json_t *show(struct world *w, int64_t id)
{
    char head[64];
    snprintf(head, sizeof head, "{'v': 1, 'verb': 'show', 'job': %" PRId64 "}", id);
    return world_ask(w, ANN, head);
}

static const json_t *elastic_of(struct world *w, int64_t id)
{
    return json_object_get(json_object_get(show(w, id), "job"), "elastic");
}

static void resize(struct world *w, int64_t generation, int64_t from, int64_t to)
{
    struct err e = {0};
    struct resize_record r = {.attempt = 1,
                              .generation = generation,
                              .time_us = NOON + 2000000 + generation * 1000000,
                              .from_cpus = from,
                              .to_cpus = to,
                              .mem_mb = 64,
                              .cpu_list = (char *)"0-3",
                              .reason = (char *)"job 17 \xff"};
    if (store_begin(w->store, &e) < 0 || store_attempt_resize(w->store, 1, &r, &e) < 0 ||
        store_commit(w->store, &e) < 0)
        ok(false, "a resize: %s", e.text);
}

static void test_shown(void)
{
    struct world w;
    world_open(&w, 8);
    submit_with(&w, "{'elastic': true, 'cpus': 1}");
    const json_t *x = elastic_of(&w, 1);
    ok(num(x, "initial") == 1 && num(x, "min") == 1 && num(x, "max") == 8,
       "a pending elastic job shows its limits");
    ok(is_null(x, "current") && is_null(x, "wanted") && is_null(x, "mem_per_cpu_mb"),
       "and that it has nothing yet");
    ok(real(x, "grace") == 2.0 && json_is_false(json_object_get(x, "workers")), "its grace");
    is_str(str(x, "signal"), "USR1", "its signal");
    has_str(str(x, "control_file"), "/job_1.control", "its control file");
    has_str(str(x, "ack_file"), "/job_1.ack", "where it acknowledges");
    is_int(json_array_size(json_object_get(show(&w, 1), "resizes")), 0, "no resizes");

    world_run(&w, 1, JOB_RUNNING);
    is_int(num(elastic_of(&w, 1), "current"), 1, "once it runs it has CPUs");
    resize(&w, 1, 1, 4);
    resize(&w, 2, 4, 2);
    x = elastic_of(&w, 1);
    is_int(num(x, "current"), 4, "more, until it is seen to have fewer");
    ok(num(x, "resizes") == 2 && num(x, "generation") == 2, "and its resizes are counted");
    const json_t *list = json_object_get(show(&w, 1), "resizes");
    const json_t *last = json_array_get(list, 1);
    is_int(json_array_size(list), 2, "they are listed");
    ok(num(last, "from") == 4 && num(last, "to") == 2 && num(last, "generation") == 2 &&
           num(last, "attempt") == 1 && real(last, "time") == 1764000004.0,
       "from what to what, and when");
    is_str(str(last, "cpu_list"), "0-3", "with the CPUs");
    has_str(str(last, "reason"), "job 17 ", "and the reason, whatever is in it");
    const json_t *stats =
        json_object_get(world_ask(&w, ANN, "{'v': 1, 'verb': 'stats'}"), "elastic");
    ok(num(stats, "running") == 1 && num(stats, "resizes") == 2, "stats count them as well");
    world_close(&w);
}

static const json_t *ask_resize(struct world *w, uint32_t uid, const char *more)
{
    static int count;
    char head[160];
    snprintf(head, sizeof head, "{'v': 1, 'verb': 'resize', 'id': 'r%d', %s}", ++count, more);
    return world_ask(w, uid, head);
}

static void test_resize(void)
{
    struct world w;
    world_open(&w, 8);
    submit_with(&w, "{'elastic': true, 'cpus': 2, 'min_cpus': 1}");
    world_run(&w, 1, JOB_RUNNING); /* on one CPU */
    w.told[0] = '\0';
    const json_t *reply = ask_resize(&w, ANN, "'job': 1, 'cpus': 4");
    ok(num(reply, "job") == 1 && num(reply, "cpus") == 1 && num(reply, "wanted") == 4 &&
           num(reply, "min") == 1 && num(reply, "max") == 8,
       "a wish is answered by what it has and may have");
    is_str(w.told, "resize 1 to 4; ", "and the core is told");
    is_int(num(elastic_of(&w, 1), "wanted"), 4, "it is remembered");
    resize(&w, 1, 1, 4);
    is_int(num(ask_resize(&w, ANN, "'job': 1, 'cpus': 2, 'relative': true"), "wanted"), 6,
           "two more than it has");
    is_int(num(ask_resize(&w, ANN, "'job': 1, 'cpus': -3, 'relative': true"), "wanted"), 1,
           "three fewer");
    is_int(num(ask_resize(&w, 0, "'job': 1, 'cpus': 8"), "wanted"), 8, "root may ask, too");
    w.told[0] = '\0';
    ok(is_null(ask_resize(&w, ANN, "'job': 1, 'cpus': null"), "wanted"), "it may wish for nothing");
    is_str(w.told, "resize 1 to 0; ", "of which the core is told");
    ok(is_null(elastic_of(&w, 1), "wanted"), "and then there is no wish");
    world_close(&w);
}

static void refused(struct world *w, uint32_t uid, const char *more, const char *text)
{
    has_str(error_of(ask_resize(w, uid, more)), text, more);
}

static void test_resize_refused(void)
{
    struct world w;
    world_open(&w, 8);
    for (int i = 0; i < 3; i++)
        submit_with(&w, "{'elastic': true, 'cpus': 2, 'max_cpus': 4}");
    world_submit(&w, ANN, 1);
    world_run(&w, 1, JOB_RUNNING);
    world_run(&w, 3, JOB_COMPLETED);
    world_run(&w, 4, JOB_RUNNING);
    w.told[0] = '\0';
    refused(&w, ANN, "'job': 1, 'cpus': 5", "job 1 can't have 5 CPUs: only 2 to 4");
    refused(&w, ANN, "'job': 1, 'cpus': 1", "job 1 can't have 1 CPU: only 2 to 4");
    refused(&w, ANN, "'job': 1, 'cpus': -1, 'relative': true", "can't have 0 CPUs: only 2 to 4");
    refused(&w, ANN, "'job': 1, 'cpus': -9, 'relative': true", "can't have -8 CPUs");
    refused(&w, ANN, "'job': 1, 'cpus': -1", "cpus -1: not a whole number from 1");
    refused(&w, ANN, "'job': 1, 'cpus': 'all'", "cpus \"all\": not a whole number");
    refused(&w, ANN, "'job': 1, 'relative': true", "by how many CPUs?");
    refused(&w, ANN, "'job': 2, 'cpus': 3", "job 2 is PENDING: only a running job can be resized");
    refused(&w, ANN, "'job': 3, 'cpus': 3", "job 3 is COMPLETED: only a running job");
    refused(&w, ANN, "'job': 4, 'cpus': 3", "job 4 is not elastic: submit it with --elastic");
    refused(&w, ANN, "'job': 9, 'cpus': 3", "no such job: 9");
    refused(&w, ANN, "'cpus': 3", "which job?");
    refused(&w, BOB, "'job': 1, 'cpus': 3", "job 1 belongs to ");
    is_str(w.told, "", "of all that the core is told nothing");
    ok(is_null(elastic_of(&w, 1), "wanted"), "and nothing is remembered");

    w.api.sched = NULL;
    refused(&w, ANN, "'job': 1, 'cpus': 3", "no scheduler is running");
    world_close(&w);
}

int main(void)
{
    test_stored();
    test_refused();
    test_shown();
    test_resize();
    test_resize_refused();
    return done_testing();
}
