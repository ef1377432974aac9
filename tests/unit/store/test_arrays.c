// SPDX-License-Identifier: MIT
/* Arrays: one row until a task leaves it, which is a copy; what is left of the row, and who finds
 * what. */
#include "fixture.h"

/* "id:state task|tasks next left; ..." of all rows. */
static const char *rows(void)
{
    return sql_value(
        fixture_db,
        "SELECT group_concat(id || ':' || status || ' ' || coalesce(array_task_id, array_spec) ||"
        " ' ' || coalesce(array_next, '-') || ' ' || coalesce(array_left, '-'), '; ')"
        " FROM (SELECT * FROM jobs ORDER BY id)");
}

static int64_t submit_array(struct store *s, const char *tasks)
{
    struct job_record r = a_job("PATH=/bin");
    must(taskset_parse("tasks", tasks, &r.job.tasks, &r.job.array_limit, &err));
    r.name = copy_of("sweep");
    r.stdout_path = copy_of("/o/100%%_%3a.%j");
    return put_in(s, &r);
}

/* The head's first task leaves it, as the job with that id. */
static int leave(struct store *s, int64_t head, int64_t id, int64_t task)
{
    struct job j = {.id = id, .array_id = head, .task = task};
    must(store_begin(s, &err));
    int rc = store_task_leave(s, head, &j, &err);
    if (rc == 0)
        must(store_commit(s, &err));
    store_rollback(s);
    return rc;
}

static void one_after_the_other(struct store *s)
{
    int64_t id = submit_array(s, "1,3,7-8%2");
    struct job_record r = {0};
    is_str(rows(), "1:PENDING 1,3,7-8 - 4", "an array is one row");
    must(leave(s, id, 2, 1));
    must(leave(s, id, 3, 3));
    is_str(rows(), "1:PENDING 1,3,7-8 4 2; 2:PENDING 1 - -; 3:PENDING 3 - -",
           "tasks that leave it have rows of their own");
    ok(leave(s, id, 9, 7) < 0, "with no other than the next id");
    has_str(err.text, "the next job is 4, not 9", "and the message says so");
    ok(leave(s, id, id, 7) < 0, "and the head's row is for the last");

    must(store_job_load(s, id, STORE_PLAIN, &r, &err));
    ok(r.job.array_id == id && r.job.task == -1 && r.job.array_limit == 2, "the head is known");
    ok(r.job.tasks.count == 2 && r.job.tasks.first == 7, "and what is left of it");
    ok(r.array.count == 4 && r.array.min == 1 && r.array.max == 8 && r.array.step == 1,
       "and what it was");
    is_str(r.stdout_path, "/o/100%%_%3a.%j", "its output is a pattern");
    is_str(r.stderr_path, "/logs/job_%A_%a.err", "also where none was given");
    job_record_clear(&r);

    must(store_job_load(s, 3, STORE_WITH_ENV, &r, &err));
    ok(r.job.array_id == id && r.job.task == 3 && !r.job.tasks.count, "a task is known");
    is_str(r.stdout_path, "/o/100%_003.3", "and writes to a file of its own");
    is_str(r.stderr_path, "/logs/job_1_3.err", "or two");
    is_str(r.name, "sweep", "what is the array's is its as well");
    ok(r.env.len == sizeof "PATH=/bin" && r.array.count == 4, "to the last");
    job_record_clear(&r);

    must(leave(s, id, 4, 7));
    must(leave(s, id, id, 8));
    is_str(rows(), "1:PENDING 8 - -; 2:PENDING 1 - -; 3:PENDING 3 - -; 4:PENDING 7 - -",
           "the last one has the head's row");
    must(store_job_load(s, id, STORE_PLAIN, &r, &err));
    is_str(r.stdout_path, "/o/100%_008.1", "and its own files");
    job_record_clear(&r);
    ok(leave(s, id, 5, 9) < 0, "no task can leave it then");
}

static void several(struct store *s)
{
    int64_t id = submit_array(s, "0-9");
    struct job part = {.array_id = id, .task = -1};
    struct taskset rest = {0};
    must(leave(s, id, 2, 0));
    must(taskset_parse("tasks", "4-6", &part.tasks, NULL, &err));
    must(taskset_parse("tasks", "1-3,7-9", &rest, NULL, &err));
    must(store_begin(s, &err));
    must(store_tasks_leave(s, id, &part, &rest, &err));
    must(store_commit(s, &err));
    is_int(part.id, 3, "several that leave are one job");
    is_str(rows(), "1:PENDING 1-3,7-9 - 6; 2:PENDING 0 - -; 3:PENDING 4-6 - 3", "with one row");
    struct store_counts c;
    must(store_counts(s, &c, &err));
    is_int(c.by_state[JOB_PENDING], 10, "each pending task counts");
    taskset_free(&part.tasks);
    taskset_free(&rest);
}

static const char *list(const struct ids *ids)
{
    static char text[256];
    text[0] = '\0';
    for (size_t i = 0; i < ids->count; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%" PRId64, i ? " " : "",
                 ids->list[i]);
    free(ids->list);
    return text;
}

static void finding(struct store *s)
{
    int64_t by_state[JOB_STATES] = {0};
    struct ids tasks = {0}, heads = {0}, active = {0};
    enum job_state was;
    begin_attempt(s, 2, 1);
    end_attempt(s, 2, 1, JOB_FAILED, T0 + 3000000);
    must(leave(s, 1, 4, 1));
    must(store_begin(s, &err));
    must(store_cancel(s, 3, 1000, false, T0, "cancelled by ann", &was, &err));
    must(store_commit(s, &err));
    submit(s);
    must(store_array_tasks(s, 1, 0, 2, &tasks, &err));
    is_str(list(&tasks), "2 4", "tasks with rows of their own are found by their numbers");
    must(store_array_heads(s, 1, &heads, &err));
    is_str(list(&heads), "1 3", "and rows of several");
    must(store_array_active(s, 1, &active, &err));
    is_str(list(&active), "1 4", "and the active ones of both");
    must(store_array_states(s, 1, by_state, &err));
    ok(by_state[JOB_PENDING] == 6 && by_state[JOB_FAILED] == 1 && by_state[JOB_CANCELLED] == 3,
       "and how many are in which state");
    struct store_counts c;
    must(store_counts(s, &c, &err));
    ok(c.by_state[JOB_PENDING] == 7 && c.by_state[JOB_CANCELLED] == 1,
       "what was cancelled at one time counts as one job");
}

static void a_million(struct store *s)
{
    int64_t id = submit_array(s, "1-1000000");
    struct job_record r = {0};
    must(leave(s, id, 2, 1));
    must(store_job_load(s, id, STORE_PLAIN, &r, &err));
    is_int(r.job.tasks.count, 999999, "a million tasks are one row");
    job_record_clear(&r);
}

static int list_id(void *ctx, const struct job_record *r)
{
    struct buf *ids = ctx;
    buf_printf(ids, ids->len ? " %" PRId64 : "%" PRId64, r->job.id);
    return 0;
}

/* A copy of the sweep goes with each task, whose values are in the names of its files. */
static void with_parameters(struct store *s)
{
    struct job_record r = a_job("PATH=/bin");
    must(taskset_parse("tasks", "0-2", &r.job.tasks, NULL, &err));
    r.sweep = copy_of("grid\ndata=a/b,50%,%j\n");
    r.stdout_path = copy_of("/o/{data}/%a.{{data}}");
    must(store_begin(s, &err));
    must(store_job_insert(s, &r, "/{data}/logs", &err));
    must(store_commit(s, &err));
    is_str(r.stdout_path, "/o/{data}/%a.{{data}}", "the array's output is a pattern");
    int64_t id = r.job.id;
    job_record_clear(&r);
    submit(s);
    must(leave(s, id, 3, 0));
    must(leave(s, id, 4, 1));
    must(leave(s, id, id, 2));
    static const struct {
        int64_t id;
        const char *path;
    } tasks[] = {{3, "/o/a_b/0.{data}"}, {4, "/o/50%/1.{data}"}, {1, "/o/%j/2.{data}"}};
    for (size_t i = 0; i < 3; i++) {
        struct sweep sweep = {0};
        must(store_job_load(s, tasks[i].id, STORE_PLAIN, &r, &err));
        is_str(r.stdout_path, tasks[i].path, "a task writes to a file of its own");
        has_str(r.stderr_path, "/{data}/logs/job_1_", "a directory's braces are nothing special");
        ok(job_record_sweep(&r, &sweep, &err) == 0 && sweep.count == 3, "and knows its sweep");
        sweep_free(&sweep);
        job_record_clear(&r);
    }
    struct buf ids = {0};
    must(store_job_each(s, &(struct store_filter){.array = id}, list_id, &ids, &err));
    is_str(ids.data, "1 3 4", "the jobs of an array are listed");
    ids.len = 0;
    must(store_job_each(s, &(struct store_filter){.array = id, .after_id = 1, .limit = 1}, list_id,
                        &ids, &err));
    is_str(ids.data, "3", "by pages");
    buf_free(&ids);
}

static void each(void (*test)(struct store *s))
{
    fixture_make();
    struct store *s = fixture_open();
    test(s);
    if (test == several)
        finding(s);
    store_close(s);
    fixture_remove();
}

int main(void)
{
    each(one_after_the_other);
    each(several);
    each(a_million);
    each(with_parameters);
    return done_testing();
}
