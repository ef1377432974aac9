// SPDX-License-Identifier: MIT
/* Many jobs in one request: what is stored, what is shared, and that what is wrong with one of them
 * leaves none. The command line's part is in tests/e2e/t42-graph.t. */
#include <string.h>

#include "world.h"

/* A request in the making: "jobs", "names" and "dependencies". */
struct file {
    struct buf jobs, names, dependencies;
};

static void add(struct file *file, const char *name, const char *dependency, const char *head)
{
    static const char argv[] = "true";
    struct frame f = {.head = json_loads(head, 0, NULL)};
    frame_add_blob(&f, "argv", argv, sizeof argv);
    frame_add_blob(&f, "command", "true", 4);
    if (strcmp(name, "own") == 0) {
        frame_add_blob(&f, "cwd", "/own", 4);
        frame_add_blob(&f, "assign", "A=3\0C=4", 8);
    }
    frame_encode(&f, &file->jobs, NULL);
    frame_clear(&f);
    buf_add(&file->names, name, strlen(name) + 1);
    buf_add(&file->dependencies, dependency, strlen(dependency) + 1);
}

/* Serves the request, and empties it. */
static const json_t *serve(struct world *w, struct file *file, const char *id)
{
    struct frame f = {.head =
                          json_pack("{s:i, s:s, s:s}", "v", 1, "verb", "submit_file", "id", id)};
    frame_add_blob(&f, "jobs", file->jobs.data, file->jobs.len);
    frame_add_blob(&f, "names", file->names.data, file->names.len);
    frame_add_blob(&f, "dependencies", file->dependencies.data, file->dependencies.len);
    frame_add_blob(&f, "env", "A=1\0B=2", 8);
    frame_add_blob(&f, "cwd", "/all", 4);
    buf_free(&file->jobs);
    buf_free(&file->names);
    buf_free(&file->dependencies);
    return world_serve(w, ANN, &f);
}

static void refused(struct world *w, struct file *file, const char *why)
{
    struct store_counts n;
    has_str(error_of(serve(w, file, "refused")), why, why);
    store_counts(w->store, &n, NULL);
    is_int(n.by_state[JOB_PENDING], 0, "and nothing is stored");
    is_str(w->told, "", "nor told");
}

static void test_refused(void)
{
    struct world w;
    struct file f = {0};
    world_open(&w, 4);
    refused(&w, &f, "0 names and 0 dependencies");
    add(&f, "a", "", "{}");
    add(&f, "b", "", "{\"cpus\": 0}");
    refused(&w, &f, "line 2: cpus 0: not a whole number");
    add(&f, "a", "", "{\"id\": 1, \"colour\": 1}");
    refused(&w, &f, "line 1: submit: mini-slurm 0.1.0 knows no \"colour\" there");
    add(&f, "a", "", "{}");
    add(&f, "b", "", "{}");
    f.jobs.len -= 3;
    refused(&w, &f, "line 2: the job is cut short");
    add(&f, "a", "", "{}");
    buf_add(&f.jobs, "MSL", 3);
    refused(&w, &f, "more jobs than names");
    add(&f, "a", "", "{}");
    buf_add(&f.names, "b", 2);
    refused(&w, &f, "2 names and 1 dependencies");
    add(&f, "a", "afterok:b", "{}");
    add(&f, "b", "afterany:c", "{}");
    add(&f, "c", "after:a", "{}");
    refused(&w, &f, "line 1: dependency: a cycle: a -> b -> c -> a");
    add(&f, "a", "afterok:2", "{}");
    add(&f, "b", "", "{}");
    refused(&w, &f, "line 1: dependency: there is no job 2");
    add(&f, "a", "", "{\"dependency\": \"afterok:a\"}");
    refused(&w, &f, "line 1: dependency: its place is in \"dependencies\"");
    world_close(&w);
}

static void is_env(struct world *w, int64_t id, const char *env, size_t len, const char *cwd)
{
    struct job_record r = {0};
    ok(store_job_load(w->store, id, STORE_WITH_ENV, &r, NULL) == 0 && r.env.len == len &&
           memcmp(r.env.data, env, len) == 0,
       "job %" PRId64 " has its environment", id);
    is_str(r.cwd, cwd, "and directory");
    job_record_clear(&r);
}

static void test_stored(void)
{
    struct world w;
    struct file f = {0};
    struct job_record r = {0};
    world_open(&w, 4);
    add(&f, "last", "afterok:own:first,after:first+2", "{\"cpus\": 2}");
    add(&f, "own", "", "{}");
    add(&f, "first", "", "{\"kill_on_invalid_dep\": false}");
    const json_t *reply = serve(&w, &f, "one");
    ok(num(reply, "first") == 1 && num(reply, "last") == 3, "three jobs, one after the other");
    is_str(w.told, "submit 1; submit 2; submit 3; ", "of which the host is told");
    store_job_load(w.store, 1, STORE_PLAIN, &r, NULL);
    is_str(r.dependency, "afterok:2:3,after:3+2", "names have become ids");
    is_str(r.name, "last", "and are stored");
    job_record_clear(&r);
    is_env(&w, 1, "A=1\0B=2", 8, "/all");
    is_env(&w, 2, "B=2\0A=3\0C=4", 12, "/own");
    const struct job *j = sched_job(w.sched, 1);
    ok(j && j->depends.count == 3 && j->cpus == 2 && sched_job(w.sched, 3)->depends.kept,
       "the core has them");
    add(&f, "", "afterok:3", "{}");
    is_int(num(serve(&w, &f, "one"), "last"), 3, "the same request has the same answer");
    add(&f, "", "afterok:3", "{}");
    is_int(num(serve(&w, &f, "two"), "last"), 4,
           "another one goes on, and may name the first's ids");
    world_close(&w);
}

int main(void)
{
    test_refused();
    test_stored();
    return done_testing();
}
