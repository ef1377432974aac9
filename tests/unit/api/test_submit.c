// SPDX-License-Identifier: MIT
/* Submitting: what is stored, what is refused, and that a repeated request is the same request. */
#include <string.h>

#include "world.h"

static int64_t jobs_stored(struct world *w)
{
    struct store_counts n;
    store_counts(w->store, &n, NULL);
    return n.by_state[JOB_PENDING];
}

static void test_stored(void)
{
    struct world w;
    struct frame f;
    struct job_record r = {0};
    world_open(&w, 0);
    submission(&f, "first");
    json_object_update_new(f.head, json_loads("{\"cpus\": 2, \"mem_mb\": 64, \"priority\": -5, "
                                              "\"time_limit\": 1.5, \"umask\": 18}",
                                              0, NULL));
    set_blob(&f, "name", "run \xff", 5);
    set_blob(&f, "stdout", "/tmp/out", 8);
    json_t *reply = world_serve(&w, ANN, &f);
    is_int(num(reply, "v"), 1, "the reply has the version");
    ok(json_is_true(json_object_get(reply, "ok")), "and says ok");
    is_int(num(reply, "job"), 1, "and the new job's id");
    ok(json_is_false(json_object_get(reply, "scheduler")), "and that no scheduler runs");
    is_str(w.told, "submit 1; ", "the host is told");

    is_int(store_job_load(w.store, 1, STORE_WITH_ENV, &r, NULL), 0, "the job is in the store");
    is_int(r.job.state, JOB_PENDING, "pending");
    is_int(r.job.cpus, 2, "with its CPUs");
    is_int(r.job.mem_mb, 64, "its memory");
    is_int(r.job.priority, -5, "its priority");
    is_int(r.job.limit_us, 1500000, "its time limit");
    is_int(r.umask, 022, "its umask");
    is_int(r.job.uid, ANN, "its user, who is not in the request but the caller");
    is_int(r.job.submit_us, NOON, "and the time");
    ok(r.argv.len == 17 && memcmp(r.argv.data, "python3\0train.py", 17) == 0, "argv as it was");
    ok(r.env.len == 19 && memcmp(r.env.data, "PATH=/bin\0BYTES=\xff\n", 19) == 0,
       "environment as it was");
    is_str(r.name, "run \xff", "the name, of any bytes");
    is_str(r.stdout_path, "/tmp/out", "the output path that was given");
    ok(r.stderr_path && strstr(r.stderr_path, "/job_1.err"), "and the default of the other");
    job_record_clear(&r);

    submission(&f, "second");
    set_blob(&f, "env", "", 0);
    world_serve(&w, ANN, &f);
    store_job_load(w.store, 2, STORE_WITH_ENV, &r, NULL);
    is_int(r.job.cpus, 1, "one CPU if none was asked for");
    is_int(r.job.mem_mb, 0, "memory is left open if none was asked for");
    is_int(r.umask, 077, "and what it writes is private");
    ok(r.env.data && r.env.len == 0, "an empty environment is an environment");
    job_record_clear(&r);
    world_close(&w);
}

/* A good submission with one field changed. */
static void refused_field(struct world *w, const char *key, const char *json, const char *text)
{
    struct frame f;
    submission(&f, "x");
    json_object_set_new(f.head, key, json_loads(json, JSON_DECODE_ANY, NULL));
    has_str(error_of(world_serve(w, ANN, &f)), text, text);
}

/* ... with one blob changed (NULL: left out). */
static void refused_blob(struct world *w, const char *name, const void *data, size_t len,
                         const char *text)
{
    struct frame f;
    submission(&f, "x");
    set_blob(&f, name, data, len);
    has_str(error_of(world_serve(w, ANN, &f)), text, text);
}

static void test_refused(void)
{
    struct world w;
    world_open(&w, 0);
    refused_field(&w, "cpus", "0", "cpus 0: not a whole number from 1 to 65536");
    refused_field(&w, "cpus", "65537", "cpus 65537: not");
    refused_field(&w, "cpus", "1.5", "cpus 1.5: not");
    refused_field(&w, "cpus", "\"2\"", "cpus \"2\": not");
    refused_field(&w, "cpus", "[[1]]", "cpus [[1]]: not");
    refused_field(&w, "mem_mb", "-1", "mem_mb -1: not a whole number from 1 to 1099511627776");
    refused_field(&w, "priority", "1000000001", "priority 1000000001: not");
    refused_field(&w, "priority", "-1000000001", "priority -1000000001: not");
    refused_field(&w, "time_limit", "0", "time_limit 0: not a number of seconds above zero");
    refused_field(&w, "time_limit", "1e300", "time_limit 1e300: not");
    refused_field(&w, "time_limit", "true", "time_limit true: not");
    refused_field(&w, "umask", "512", "umask 512: not a whole number from 0 to 511");
    refused_field(&w, "shell", "1", "shell 1: neither true nor false");
    refused_field(&w, "array", "\"1-5\"", "submit: mini-slurm 0.1.0 knows no \"array\" there");
    refused_field(&w, "id", "\"\"", "needs an \"id\"");
    refused_field(&w, "id", "\"a b\"", "needs an \"id\"");
    refused_field(&w, "id", "null", "needs an \"id\"");

    refused_blob(&w, "argv", NULL, 0, "the command is empty");
    refused_blob(&w, "argv", "\0x", 3, "the command is empty");
    refused_blob(&w, "argv", "true", 4, "argv does not end with a NUL byte");
    refused_blob(&w, "command", NULL, 0, "command is missing");
    refused_blob(&w, "command", "a\0b", 3, "command holds a NUL byte");
    refused_blob(&w, "env", NULL, 0, "env is missing");
    refused_blob(&w, "env", "A=1\0FOO", 8, "env FOO: not of the form NAME=value");
    refused_blob(&w, "env", "=x", 3, "env =x: not of the form NAME=value");
    refused_blob(&w, "cwd", NULL, 0, "cwd is missing");
    refused_blob(&w, "cwd", "home", 4, "cwd home: not an absolute path");
    refused_blob(&w, "stdout", "out\n", 4, "stdout out\\n: not an absolute path");
    refused_blob(&w, "stderr", "", 0, "stderr is empty");
    refused_blob(&w, "name", "", 0, "name is empty");
    refused_blob(&w, "script", "x", 1, "knows no \"script\" there");

    char *long_text = malloc(9 << 20);
    memset(long_text, 'x', 9 << 20);
    long_text[0] = '/';
    refused_blob(&w, "name", long_text, 1025, "name has 1025 bytes: at most 1024");
    refused_blob(&w, "cwd", long_text, 4096, "cwd has 4096 bytes: at most 4095");
    refused_blob(&w, "command", long_text, 9 << 20, "command has 9437184 bytes");
    free(long_text);

    struct frame f;
    submission(&f, "x");
    json_object_set_new(f.head, "shell", json_true());
    has_str(error_of(world_serve(&w, ANN, &f)), "a shell command is one line, this has 2 words",
            "several words are no shell command");
    submission(&f, "x");
    json_object_set_new(f.head, "shell", json_true());
    set_blob(&f, "argv", " \n\t", 4);
    has_str(error_of(world_serve(&w, ANN, &f)), "the command is empty", "nor is a line of blanks");

    is_int(jobs_stored(&w), 0, "nothing of all this is stored");
    is_str(w.told, "", "nor is the host told");
    submission(&f, "x");
    is_int(num(world_serve(&w, ANN, &f), "job"), 1,
           "an error is not what the id stands for: set right, the same request is served");
    world_close(&w);
}

static void test_repeated(void)
{
    struct world w;
    struct frame f;
    world_open(&w, 4);
    submission(&f, "same");
    char *first = json_dumps(world_serve(&w, ANN, &f), FRAME_JSON);
    w.now_us += 1000000;
    submission(&f, "same");
    char *again = json_dumps(world_serve(&w, ANN, &f), FRAME_JSON);
    is_str(again, first, "the same request has the same answer");
    is_int(jobs_stored(&w), 1, "and is one job");
    is_str(w.told, "submit 1; ", "of which the host is told once");
    submission(&f, "other");
    is_int(num(world_serve(&w, ANN, &f), "job"), 2, "another id is another job");
    free(first);
    free(again);
    world_close(&w);
}

static void test_expected(void)
{
    struct world w;
    struct frame f;
    struct job job = {.id = 1, .attempt = 1, .start_us = NOON, .alloc_cpus = 1};
    struct attempt_record end = {
        .job = 1, .attempt = 1, .state = JOB_COMPLETED, .runtime_us = 3000000, .has_result = true};
    world_open(&w, 4);
    submission(&f, "first");
    world_serve(&w, ANN, &f);
    is_int(sched_job(w.sched, 1)->estimate_us, 0, "of a new command nothing is expected");
    store_begin(w.store, NULL);
    ok(store_attempt_begin(w.store, &job, NULL, "boot", NULL) == 0 &&
           store_attempt_end(w.store, &end, NULL) == 0 && store_commit(w.store, NULL) == 0,
       "once it has run");
    submission(&f, "again");
    world_serve(&w, ANN, &f);
    is_int(sched_job(w.sched, 2)->estimate_us, 3000000, "the core knows how long it ran");
    submission(&f, "limited");
    json_object_set_new(f.head, "time_limit", json_real(60));
    world_serve(&w, ANN, &f);
    is_int(sched_job(w.sched, 3)->estimate_us, 0, "with a time limit it goes by that");
    submission(&f, "bob's");
    world_serve(&w, BOB, &f);
    is_int(sched_job(w.sched, 4)->estimate_us, 0, "and others' runs say nothing");
    world_close(&w);
}

static void test_host_fails(void)
{
    struct world w;
    struct frame f;
    world_open(&w, 4);
    w.host_fails = true;
    submission(&f, "same");
    json_t *reply = world_serve(&w, ANN, &f);
    is_str(error_of(reply), "the host has no memory", "what the host can't take is refused");
    is_int(num(json_object_get(reply, "error"), "code"), ERR_FULL, "with its code");
    is_int(jobs_stored(&w), 0, "and undone");
    w.host_fails = false;
    submission(&f, "same");
    is_int(num(world_serve(&w, ANN, &f), "job"), 1, "and can be tried again");
    world_close(&w);
}

int main(void)
{
    test_stored();
    test_refused();
    test_repeated();
    test_expected();
    test_host_fails();
    return done_testing();
}
