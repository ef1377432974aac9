// SPDX-License-Identifier: MIT
/* Listing, counting and averaging, and that a long history slows none of them down: not by time,
 * which varies, but by the plans that SQLite follows. */
#include "fixture.h"
#include "store/db.h"

struct seen {
    char ids[256];
    int stop_at; /* the id at which to stop with 7 */
};

static int see(void *ctx, const struct job_record *r)
{
    struct seen *seen = ctx;
    size_t len = strlen(seen->ids);
    snprintf(seen->ids + len, sizeof seen->ids - len, "%s%lld", len ? " " : "",
             (long long)r->job.id);
    return r->job.id == seen->stop_at ? 7 : 0;
}

static void lists(struct store *s, struct store_filter f, const char *ids, const char *name)
{
    struct seen seen = {0};
    must(store_job_each(s, &f, see, &seen, &err));
    is_str(seen.ids, ids, name);
}

#define BIT(state) (1u << (state))
#define DAY        INT64_C(86400000000)

/* 1 completed long ago, 2 pending, 3 running, 4 failed just now, 5 cancelled while pending just
 * now, 6 completed long ago, 7 pending. */
static void make_some(struct store *s)
{
    for (int i = 0; i < 7; i++)
        submit(s);
    begin_attempt(s, 1, 1);
    end_attempt(s, 1, 1, JOB_COMPLETED, T0 + 5000000);
    begin_attempt(s, 3, 1);
    begin_attempt(s, 4, 1);
    end_attempt(s, 4, 1, JOB_FAILED, T0 + DAY);
    enum job_state was;
    must(store_begin(s, &err));
    must(store_cancel(s, 5, 0, false, T0 + DAY + 1, "r", &was, &err));
    must(store_commit(s, &err));
    begin_attempt(s, 6, 1);
    end_attempt(s, 6, 1, JOB_COMPLETED, T0 + 6000000);
}

static void every_filter(struct store *s)
{
    lists(s, (struct store_filter){0}, "1 2 3 4 5 6 7", "all, in ascending order");
    lists(s, (struct store_filter){.ended_after_us = T0 + DAY}, "2 3 4 5 7",
          "the active and the recently ended ones, also those that ended in that microsecond");
    lists(s, (struct store_filter){.ended_after_us = T0 + DAY + 1}, "2 3 5 7",
          "and not those of a microsecond before");
    lists(s, (struct store_filter){.states = BIT(JOB_PENDING)}, "2 7", "pending ones");
    lists(s, (struct store_filter){.states = BIT(JOB_RUNNING)}, "3", "running ones");
    lists(s, (struct store_filter){.states = BIT(JOB_PENDING) | BIT(JOB_RUNNING)}, "2 3 7",
          "active ones");
    lists(s, (struct store_filter){.states = BIT(JOB_COMPLETED)}, "1 6", "completed ones");
    lists(s, (struct store_filter){.states = BIT(JOB_COMPLETED), .ended_after_us = T0 + 6000000},
          "6", "lately completed ones");
    lists(s,
          (struct store_filter){.states = BIT(JOB_RUNNING) | BIT(JOB_FAILED), .ended_after_us = 1},
          "3 4", "of two kinds");
    lists(s, (struct store_filter){.states = BIT(JOB_TIMEOUT)}, "", "of a kind that there is not");
}

static void pages(struct store *s)
{
    lists(s, (struct store_filter){.limit = 3}, "1 2 3", "the first page of all");
    lists(s, (struct store_filter){.limit = 3, .after_id = 3}, "4 5 6", "the second");
    lists(s, (struct store_filter){.limit = 3, .after_id = 6}, "7", "the third");
    lists(s, (struct store_filter){.limit = 2, .ended_after_us = T0 + DAY}, "2 3",
          "the first page of the recent ones");
    lists(s, (struct store_filter){.limit = 2, .ended_after_us = T0 + DAY, .after_id = 3}, "4 5",
          "the second");
    struct seen seen = {.stop_at = 3};
    struct store_filter all = {0};
    is_int(store_job_each(s, &all, see, &seen, &err), 7, "a listing can be stopped");
    is_str(seen.ids, "1 2 3", "where it should");
    lists(s, (struct store_filter){.states = BIT(JOB_PENDING)}, "2 7", "and the next one is whole");
}

static int list_again(void *ctx, const struct job_record *r)
{
    struct store_filter all = {0};
    struct seen seen = {0};
    return store_job_each(ctx, &all, see, &seen, &err) < 0 ? 99 : 0;
}

static void not_inside_each_other(struct store *s)
{
    struct store_filter all = {0};
    is_int(store_job_each(s, &all, list_again, s, &err), 99, "a listing in a listing is refused");
    is_int(err.code, ERR_INVALID, "and leaves no doubt");
}

static void counts(struct store *s)
{
    struct store_counts c;
    must(store_counts(s, &c, &err));
    is_int(c.by_state[JOB_PENDING], 2, "two are pending");
    is_int(c.by_state[JOB_RUNNING], 1, "one runs");
    is_int(c.by_state[JOB_COMPLETED], 2, "two are completed");
    is_int(c.by_state[JOB_FAILED], 1, "one failed");
    is_int(c.by_state[JOB_CANCELLED], 1, "one is cancelled");
    is_int(c.by_state[JOB_TIMEOUT], 0, "none ran out of time");
    is_int(c.used_cpus, 2, "the running one holds two CPUs");
    is_int(c.used_mem_mb, 512, "and memory");
    is_int(c.ended_with_times, 3, "three ran and ended");
    ok(c.mean_wait_s > 1.999 && c.mean_wait_s < 2.001, "after two seconds each");
    ok(c.mean_runtime_s > 2.999 && c.mean_runtime_s < 3.001, "and ran three");

    int64_t older = -1;
    must(store_count_older(s, T0 + DAY, &older, &err));
    is_int(older, 2, "two ended before the last day");
    must(store_count_older(s, 1, &older, &err));
    is_int(older, 0, "none before the beginning");

    sql(fixture_db, "DELETE FROM attempts WHERE job_id = 4; DELETE FROM jobs WHERE id = 4;"
                    "UPDATE jobs SET status = 'TIMEOUT' WHERE id = 6");
    must(store_counts(s, &c, &err));
    ok(c.by_state[JOB_FAILED] == 0 && c.by_state[JOB_COMPLETED] == 1 &&
           c.by_state[JOB_TIMEOUT] == 1,
       "the counts are right even after somebody changed jobs by hand");
}

static const char HISTORY[] =
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)"
    " INSERT INTO jobs (status, cpus, mem_mb, submit_time, eligible_time, start_time, end_time,"
    "  wait_time, runtime, uid, gid, umask, shell, cwd, command)"
    " SELECT iif(i % 50000 = 0, 'PENDING', 'COMPLETED'), 1, 1, i, i, i, iif(i % 50000, i + 1, "
    "NULL),"
    "  iif(i > 98000, 4, 1), 1, 0, 0, 18, 1, '/', 'true' FROM n";

/* Rows that the store's statements stepped over without an index, all together, until now. */
static int full_scan_steps(struct store *s)
{
    int steps = 0;
    for (sqlite3_stmt *st = NULL; (st = sqlite3_next_stmt(s->db, st));)
        steps += sqlite3_stmt_status(st, SQLITE_STMTSTATUS_FULLSCAN_STEP, 0);
    return steps;
}

/* Work of the virtual machine since the last call. */
static int64_t machine_steps(struct store *s)
{
    int64_t steps = 0;
    for (sqlite3_stmt *st = NULL; (st = sqlite3_next_stmt(s->db, st));)
        steps += sqlite3_stmt_status(st, SQLITE_STMTSTATUS_VM_STEP, 1);
    return steps;
}

static void check_plans(struct store *s)
{
    int checked = 0;
    for (sqlite3_stmt *st = NULL; (st = sqlite3_next_stmt(s->db, st));) {
        char explain[8192];
        sqlite3_stmt *plan = NULL;
        snprintf(explain, sizeof explain, "EXPLAIN QUERY PLAN %s", sqlite3_sql(st));
        if (strlen(explain) == sizeof explain - 1)
            abort();
        sqlite3 *other = NULL;
        if (sqlite3_open(fixture_db, &other) != SQLITE_OK ||
            sqlite3_prepare_v2(other, explain, -1, &plan, NULL) != SQLITE_OK)
            abort();
        bool scans = false;
        while (sqlite3_step(plan) == SQLITE_ROW) {
            const char *step = (const char *)sqlite3_column_text(plan, 3);
            scans |= strncmp(step, "SCAN", 4) == 0 && !strstr(step, "SUBQUERY") &&
                     !strstr(step, "counts") && !strstr(step, "jobs_heads") &&
                     !strstr(step, "requests") /* from the oldest to the first to keep */ &&
                     !strstr(step, "sqlite_sequence") && !strstr(step, "(subquery") &&
                     !strstr(step, "CONSTANT ROW");
            if (scans)
                printf("# %s: %s\n", step, sqlite3_sql(st));
        }
        ok(!scans, "by index: %.40s...", sqlite3_sql(st));
        checked++;
        sqlite3_finalize(plan);
        sqlite3_close(other);
    }
    ok(checked > 15, "the plans of %d statements were looked at", checked);
}

static void everything_the_scheduler_does(struct store *s)
{
    struct store_filter active = {.states = BIT(JOB_PENDING) | BIT(JOB_RUNNING)},
                        recent = {.ended_after_us = INT64_C(99990000000)};
    struct seen seen = {0};
    struct store_counts c;
    struct attempt_record *list;
    size_t n;
    int64_t id = submit(s), older;
    char *reply;
    enum job_state state;
    begin_attempt(s, id, 1);
    end_attempt(s, id, 1, JOB_COMPLETED, 1000000);
    id = submit(s);
    begin_attempt(s, id, 1);
    must(store_begin(s, &err));
    must(store_cancel(s, id, 0, false, 1, "r", &state, &err));
    must(store_attempt_void(s, id, 1, "r", 1000000, &state, &err));
    must(store_request_find(s, "x", &reply, &err));
    must(store_request_put(s, "x", "y", T0, &err));
    must(store_request_prune(s, 1, &err));
    must(store_commit(s, &err));
    must(store_job_each(s, &active, see, &seen, &err));
    must(store_job_each(s, &recent, see, &seen, &err));
    must(store_counts(s, &c, &err));
    must(store_count_older(s, INT64_C(99990000000), &older, &err));
    must(store_attempt_running(s, &list, &n, &err));
    free(list);
    must(store_attempt_each(s, id, NULL, NULL, &err));
    is_int(older, 99989, "the old ones are counted without looking at them");
}

static void a_long_history(void)
{
    store_close(fixture_open());
    sql(fixture_db, HISTORY);
    struct store *s = fixture_open();
    lists(s, (struct store_filter){.states = BIT(JOB_PENDING) | BIT(JOB_RUNNING)}, "50000 100000",
          "the active ones of a hundred thousand");
    lists(s, (struct store_filter){.ended_after_us = INT64_C(100000000000), .limit = 3},
          "50000 99999 100000", "and the recent ones");
    struct store_counts c;
    must(store_counts(s, &c, &err));
    is_int(c.by_state[JOB_COMPLETED], 99998, "all are counted");
    is_int(c.ended_with_times, STORE_STATS_JOBS, "the last thousand are averaged");
    ok(c.mean_wait_s > 3.999 && c.mean_wait_s < 4.001, "and only they");

    machine_steps(s);
    everything_the_scheduler_does(s);
    int64_t steps = machine_steps(s);
    /* The averages look at a thousand entries of an index; nothing else at more than a few. */
    ok(steps < 30000, "all the scheduler does takes a few steps (%lld), not one for each old job",
       (long long)steps);
    ok(full_scan_steps(s) < 2500, "and looks at few rows (%d)", full_scan_steps(s));
    check_plans(s);
    store_close(s);
}

int main(void)
{
    fixture_make();
    struct store *s = fixture_open();
    make_some(s);
    every_filter(s);
    pages(s);
    not_inside_each_other(s);
    counts(s);
    store_close(s);
    unlink(fixture_db);
    a_long_history();
    fixture_remove();
    return done_testing();
}
