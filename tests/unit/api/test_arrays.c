// SPDX-License-Identifier: MIT
/* Arrays as requests name them: what is handed in, and which jobs 15, 15_3 and 15_[3-7] are. */
#include "world.h"

/* Submits an array of user uid; the reply. */
static const json_t *submit_array(struct world *w, uint32_t uid, const char *array)
{
    static int count;
    char id[32];
    struct frame f;
    snprintf(id, sizeof id, "array-%d", ++count);
    submission(&f, id);
    set_blob(&f, "array", array, strlen(array));
    return world_serve(w, uid, &f);
}

static const json_t *cancel(struct world *w, uint32_t uid, const char *jobs)
{
    static int count;
    char head[256];
    snprintf(head, sizeof head,
             "{'v': 1, 'verb': 'cancel', 'id': 'cancel-%d', 'jobs': [%s], 'now': false}", ++count,
             jobs);
    w->told[0] = '\0';
    return world_ask(w, uid, head);
}

static const json_t *show(struct world *w, const char *job)
{
    char head[128];
    snprintf(head, sizeof head, "{'v': 1, 'verb': 'show', 'job': %s}", job);
    return world_ask(w, ANN, head);
}

static const json_t *entry(const json_t *reply, const char *list, size_t i)
{
    return json_array_get(json_object_get(reply, list), i);
}

static void submitting(struct world *w)
{
    const json_t *reply = submit_array(w, ANN, "0-9%3");
    is_int(num(reply, "job"), 1, "an array is one job");
    is_int(num(reply, "tasks"), 10, "of so many tasks");
    is_str(w->told, "submit 1; ", "to the scheduler as well");
    has_str(error_of(submit_array(w, ANN, "5-1")), "array 5-1: the range runs backwards",
            "what is none is refused");
    const json_t *job = json_object_get(show(w, "1"), "job");
    is_int(num(job, "array_id"), 1, "it says that it is one");
    is_str(str(job, "tasks"), "0-9", "which tasks it has");
    is_int(num(job, "array_limit"), 3, "and how many may run at a time");
    ok(is_null(job, "task"), "it is not one of them");
}

static void reading(struct world *w)
{
    const json_t *reply = show(w, "'1_3'"), *job = json_object_get(reply, "job");
    is_int(num(job, "task"), 3, "a pending task is shown");
    ok(is_null(job, "tasks") && is_null(reply, "array"), "as if it were alone");
    has_str(str(job, "stdout"), "/job_1_3.out", "with its own files");
    const json_t *array = json_object_get(show(w, "1"), "array");
    is_int(num(array, "count"), 10, "the array is summed up");
    is_int(num(json_object_get(array, "states"), "PENDING"), 10, "by state");
    has_str(error_of(show(w, "'1_10'")), "array 1 has no task 10", "what is none is refused");
    has_str(error_of(show(w, "'1_[1-2]'")), "one at a time", "so are two");
    has_str(error_of(show(w, "'1_'")), "not a task's number", "and half a name");
    has_str(error_of(show(w, "'1_[]'")), "not a task's number", "and no task");
    has_str(error_of(show(w, "'x_1'")), "not a job's id", "and no array");
    has_str(error_of(show(w, "'1'")), "not a job's id", "and a number that is none");
    has_str(error_of(show(w, "0")), "not a job's id", "and nobody's");
}

static void cancelling(struct world *w)
{
    const json_t *reply = cancel(w, ANN, "'1_3'");
    is_str(w->told, "divide 1: 2; cancel 2; ", "a task becomes a job, which is cancelled");
    is_int(num(entry(reply, "cancelled", 0), "task"), 3, "the answer says which it was");
    reply = cancel(w, ANN, "'1_[2-5]', 1");
    is_str(w->told, "divide 1: 3; cancel 1; cancel 3; ", "so do several; and all that is left");
    is_int(num(entry(reply, "failed", 0), "job"), 2, "one that has ended is refused");
    is_str(str(entry(reply, "cancelled", 1), "tasks"), "2,4-5", "those that were left of them");
    is_str(str(entry(reply, "cancelled", 0), "tasks"), "0-1,6-9", "and of all");
    has_str(str(entry(cancel(w, ANN, "1"), "failed", 0), "error"), "has ended",
            "then there is nothing left");
}

static void others(struct world *w)
{
    submit_array(w, BOB, "1-5");
    const json_t *reply = cancel(w, ANN, "'4_2'");
    has_str(str(entry(reply, "failed", 0), "error"), "only", "others' tasks are not cancelled");
    is_str(w->told, "", "nor anything else done to them");
    is_str(str(entry(reply, "failed", 0), "job"), "4_2", "it is named as it was");
    cancel(w, BOB, "'4_[1-5]'");
    is_str(w->told, "cancel 4; ", "all of them are the array's own job");
}

/* Submits an array with parameters: its name is "try-{lr}". */
static const json_t *submit_sweep(struct world *w, const char *array, const char *sweep,
                                  const char *line)
{
    static int count;
    char id[32];
    struct frame f;
    snprintf(id, sizeof id, "sweep-%d", ++count);
    submission(&f, id);
    json_object_set_new(f.head, "shell", json_true());
    set_blob(&f, "argv", line, strlen(line) + 1);
    set_blob(&f, "command", line, strlen(line));
    set_blob(&f, "array", array, strlen(array));
    set_blob(&f, "sweep", sweep, strlen(sweep));
    set_blob(&f, "name", "try-{lr}", 8);
    return world_serve(w, ANN, &f);
}

static void sweeps(struct world *w)
{
    const json_t *reply = submit_sweep(w, "0-1", "grid\nmetric l=(.*)\nlr=a b,2\n", "train {lr}");
    is_int(num(reply, "tasks"), 2, "a sweep is an array");
    char name[32];
    snprintf(name, sizeof name, "'%lld_0'", (long long)num(reply, "job"));
    reply = show(w, name);
    const json_t *job = json_object_get(reply, "job"), *sweep = json_object_get(reply, "sweep");
    is_str(str(json_object_get(job, "parameters"), "lr"), "a b", "a task has its values");
    is_str(str(job, "command"), "train 'a b'", "in its command");
    is_str(str(job, "name"), "try-a b", "and in its name");
    is_str(str(sweep, "mode"), "grid", "and knows what it is a part of");
    is_str(str(sweep, "metric"), "l=(.*)", "with the metric");
    is_str(str(json_object_get(sweep, "parameters"), "lr"), "a b,2", "and all values");

    has_str(error_of(submit_sweep(w, "0-2", "grid\nlr=1,2\n", "train {lr}")),
            "sweep: its array is 0-1", "an array of another size is refused");
    has_str(error_of(submit_sweep(w, "1-2", "grid\nlr=1,2\n", "train {lr}")),
            "sweep: its array is 0-1", "and of other tasks");
    has_str(error_of(submit_sweep(w, "0-1", "grid\nlr=1,2\n", "train")),
            "parameter lr: the command has no {lr}", "and a command that names nothing");
    has_str(error_of(submit_sweep(w, "0-1", "grid\nlr=1,2\n", "train {lr} {x}")),
            "the command: {x} is no parameter", "and one that names too much");
    has_str(error_of(submit_sweep(w, "0-1", "grid\nenv\nx=1,2\n", "train")),
            "name: {lr} is no parameter", "and such a name");
    has_str(error_of(submit_sweep(w, "0-1", "grid\nlr=1,1\n", "train {lr}")), "1 is there twice",
            "and what is no sweep");

    static const char both[] = "{'v': 1, 'verb': 'list', 'array': 1, 'last': true}";
    static const char one[] = "{'v': 1, 'verb': 'list', 'array': 1}";
    has_str(error_of(world_ask(w, ANN, both)), "array: not together", "an array is listed as such");
    is_int(num(entry(world_ask(w, ANN, one), "jobs", 0), "array_id"), 1, "with all that was of it");
}

int main(void)
{
    for (int cpus = 0; cpus < 2; cpus++) { /* without a scheduler, and with one */
        struct world w;
        world_open(&w, cpus);
        submitting(&w);
        reading(&w);
        cancelling(&w);
        others(&w);
        sweeps(&w);
        world_close(&w);
    }
    return done_testing();
}
