// SPDX-License-Identifier: MIT
/* A job's way from state to state; every step that is not on it is refused. */
#include "fixture.h"

static const char LAST_EVENT[] =
    "SELECT type || ' ' || job_id || ' ' || ifnull(attempt, '-') || ' '"
    " || ifnull(detail, '-') FROM events ORDER BY seq DESC LIMIT 1";

/* Runs the call in a transaction that is rolled back; expects ERR_INVALID and the words. */
#define refused(call, words, name)                                                                 \
    do {                                                                                           \
        must(store_begin(s, &err));                                                                \
        err = (struct err){0};                                                                     \
        ok((call) < 0 && err.code == ERR_INVALID, "%s: refused", name);                            \
        has_str(err.text, words, "  because of its state");                                        \
        store_rollback(s);                                                                         \
    } while (0)

static void from_submit_to_end(struct store *s)
{
    struct job_record r = {0};
    int64_t id = submit(s);
    is_str(sql_value(fixture_db, LAST_EVENT), "SUBMIT 1 - -", "the log has the submit");

    struct job j = {
        .id = id, .attempt = 1, .start_us = T0 + 2500000, .alloc_cpus = 3, .alloc_mem_mb = 700};
    cpuset_parse(&j.alloc_set, "0-1,5");
    must(store_begin(s, &err));
    must(store_attempt_begin(s, &j, "node[1-2]", "boot-1", &err));
    must(store_commit(s, &err));
    cpuset_free(&j.alloc_set);
    must(store_job_load(s, id, STORE_PLAIN, &r, &err));
    is_int(r.job.state, JOB_RUNNING, "it runs");
    is_int(r.job.attempt, 1, "its first attempt");
    is_int(r.job.start_us, T0 + 2500000, "since then");
    is_int(r.job.alloc_cpus, 3, "with three CPUs");
    ok(cpuset_has(&r.job.alloc_set, 5) && cpuset_count(&r.job.alloc_set) == 3, "namely these");
    is_int(r.job.alloc_mem_mb, 700, "with memory");
    is_int(r.job.mem_mb, 0, "though it asked for none");
    job_record_clear(&r);
    is_str(sql_value(fixture_db, "SELECT mem_mb FROM jobs"), "700",
           "mem_mb is what it got, for readers of the original's columns");
    is_str(sql_value(fixture_db, "SELECT round(wait_time, 6) FROM jobs"), "2.5", "it waited 2.5 s");
    is_str(sql_value(fixture_db, LAST_EVENT),
           "START 1 1 {\"cpus\":3,\"mem_mb\":700,\"cpu_list\":\"0-1,5\"}", "the log has the start");

    struct attempt_record end = {.job = id,
                                 .attempt = 1,
                                 .state = JOB_FAILED,
                                 .end_us = T0 + 9000000,
                                 .runtime_us = 6400001,
                                 .exit_code = 3,
                                 .has_result = true,
                                 .cpu_user_us = 1500000,
                                 .cpu_system_us = -1,
                                 .mem_peak_kb = 5120,
                                 .levels = {LEVEL_ENFORCED, LEVEL_WATCHED, LEVEL_ADVISORY},
                                 .reason = (char *)"it said \"no\""};
    must(store_begin(s, &err));
    must(store_attempt_end(s, &end, &err));
    must(store_commit(s, &err));
    must(store_job_load(s, id, STORE_PLAIN, &r, &err));
    is_int(r.job.state, JOB_FAILED, "it failed");
    is_int(r.end_us, T0 + 9000000, "then");
    is_int(r.runtime_us, 6400001, "after that long");
    ok(r.has_result && r.exit_code == 3 && r.signal == 0, "with code 3");
    is_int(r.cpu_user_us, 1500000, "having used CPU");
    is_int(r.cpu_system_us, -1, "(how much of the kernel's is not known)");
    is_int(r.mem_peak_kb, 5120, "and memory");
    ok(r.levels.cpu == LEVEL_ENFORCED && r.levels.mem == LEVEL_WATCHED &&
           r.levels.procs == LEVEL_ADVISORY && r.levels.gpu == LEVEL_NONE,
       "and it says how it was held");
    is_str(r.reason, "it said \"no\"", "and why");
    is_str(r.nodes, "node[1-2]", "and where it ran");
    job_record_clear(&r);
    is_str(sql_value(fixture_db, LAST_EVENT),
           "END 1 1 {\"state\":\"FAILED\",\"exit_code\":3,\"signal\":0}", "the log has the end");
}

static int keep_attempt(void *ctx, const struct attempt_record *r)
{
    struct attempt_record *kept = ctx;
    *kept = *r;
    kept->cpu_list = copy_of(r->cpu_list);
    kept->reason = r->reason ? copy_of(r->reason) : NULL;
    return r->attempt == 1 ? 0 : 42;
}

static void the_attempt_tells_the_same(struct store *s)
{
    struct attempt_record a = {0};
    is_int(store_attempt_each(s, 1, keep_attempt, &a, &err), 0, "job 1 has an attempt");
    is_int(a.attempt, 1, "the first");
    is_int(a.state, JOB_FAILED, "which failed");
    is_int(a.start_us, T0 + 2500000, "its start");
    is_int(a.end_us, T0 + 9000000, "its end");
    is_int(a.runtime_us, 6400001, "its runtime");
    is_str(a.cpu_list, "0-1,5", "its CPUs");
    is_str(a.boot_id, "boot-1", "the boot it was of");
    ok(a.has_result && a.exit_code == 3 && a.signal == 0, "its result");
    is_int(a.mem_peak_kb, 5120, "its peak");
    ok(a.levels.cpu == LEVEL_ENFORCED && a.levels.gpu == LEVEL_NONE, "its levels");
    is_str(a.reason, "it said \"no\"", "its reason");
    attempt_record_clear(&a);
}

static void results_for_readers_of_the_original(struct store *s)
{
    int64_t killed = submit(s), lost = submit(s);
    begin_attempt(s, killed, 1);
    begin_attempt(s, lost, 1);
    struct attempt_record end = {.job = killed,
                                 .attempt = 1,
                                 .state = JOB_TIMEOUT,
                                 .end_us = T0 + 9000000,
                                 .signal = 15,
                                 .has_result = true};
    struct attempt_record gone = {
        .job = lost, .attempt = 1, .state = JOB_NODE_FAIL, .end_us = T0 + 9000000};
    must(store_begin(s, &err));
    must(store_attempt_end(s, &end, &err));
    must(store_attempt_end(s, &gone, &err));
    must(store_commit(s, &err));
    is_str(sql_value(fixture_db, "SELECT group_concat(ifnull(return_code, 'unknown')) FROM jobs"),
           "3,-15,unknown", "return_code: a code, minus a signal, or not known");
    struct job_record r = {0};
    must(store_job_load(s, lost, STORE_PLAIN, &r, &err));
    ok(!r.has_result && r.runtime_us == 0, "what is not known is no success");
    job_record_clear(&r);
}

static void steps_that_are_none(struct store *s)
{
    int64_t pending = submit(s), running = submit(s), ended = submit(s);
    enum job_state now;
    begin_attempt(s, running, 1);
    begin_attempt(s, ended, 1);
    end_attempt(s, ended, 1, JOB_COMPLETED, T0 + 5000000);

    struct job j = {.id = running, .attempt = 2, .start_us = T0};
    refused(store_attempt_begin(s, &j, NULL, "b", &err), "RUNNING", "beginning what runs");
    j = (struct job){.id = ended, .attempt = 2, .start_us = T0};
    refused(store_attempt_begin(s, &j, NULL, "b", &err), "COMPLETED", "beginning what has ended");
    j = (struct job){.id = pending, .attempt = 2, .start_us = T0};
    refused(store_attempt_begin(s, &j, NULL, "b", &err), "PENDING",
            "beginning with the second attempt");

    struct attempt_record end = {.job = pending, .attempt = 1, .state = JOB_FAILED};
    refused(store_attempt_end(s, &end, &err), "is PENDING", "ending what does not run");
    end.job = ended;
    refused(store_attempt_end(s, &end, &err), "is COMPLETED", "ending a second time");
    end = (struct attempt_record){.job = running, .attempt = 2, .state = JOB_FAILED};
    refused(store_attempt_end(s, &end, &err), "attempt 2", "ending another attempt");
    end = (struct attempt_record){.job = running, .attempt = 1, .state = JOB_PENDING};
    refused(store_attempt_end(s, &end, &err), "can't end as PENDING", "ending as pending");

    refused(store_attempt_void(s, pending, 1, "r", T0, &now, &err), "PENDING",
            "voiding what does not run");
    refused(store_attempt_void(s, ended, 1, "r", T0, &now, &err), "COMPLETED",
            "voiding what has ended");
    refused(store_attempt_void(s, running, 2, "r", T0, &now, &err), "attempt 2",
            "voiding another attempt");

    must(store_begin(s, &err));
    j = (struct job){.id = 999, .attempt = 1};
    is_int(store_attempt_begin(s, &j, NULL, "b", &err), -1, "beginning a job that there is not");
    is_int(err.code, ERR_NOT_FOUND, "  is another error");
    store_rollback(s);
    is_int(store_attempt_begin(s, &j, NULL, "b", &err), -1,
           "outside of a transaction, nothing begins");
    is_int(state_of(s, running), JOB_RUNNING, "none of this changed anything");
    is_int(state_of(s, ended), JOB_COMPLETED, "nor this");
}

static void a_start_that_did_not_come_about(struct store *s)
{
    int64_t id = submit(s);
    enum job_state now = JOB_STATES;
    struct job_record r = {0};
    begin_attempt(s, id, 1);
    is_str(sql_value(fixture_db, "SELECT nodes FROM jobs ORDER BY id DESC LIMIT 1"), "node1",
           "a job that starts is somewhere");
    must(store_begin(s, &err));
    must(store_attempt_void(s, id, 1, "fork: \"no\"\n\xff", T0 + 3000000, &now, &err));
    must(store_commit(s, &err));
    is_int(now, JOB_PENDING, "a voided start leaves the job pending");
    must(store_job_load(s, id, STORE_PLAIN, &r, &err));
    is_int(r.job.attempt, 1, "its number stays used");
    ok(r.job.start_us == 0 && r.job.alloc_cpus == 0 && r.job.alloc_mem_mb == 0 && !r.nodes,
       "holding nothing");
    job_record_clear(&r);
    has_str(sql_value(fixture_db, LAST_EVENT),
            "{\"state\":\"PENDING\",\"reason\":\"fork: ", "the log says why");
    is_str(sql_value(fixture_db, "SELECT json_valid(detail) FROM events ORDER BY seq DESC LIMIT 1"),
           "1", "in valid JSON, whatever was in the words");
    struct attempt_record none = {0};
    is_int(store_attempt_each(s, id, keep_attempt, &none, &err), 0, "but it was no attempt");
    is_int(none.attempt, 0, "of which there is a row");
    begin_attempt(s, id, 2);
    is_int(state_of(s, id), JOB_RUNNING, "and it begins again, with the next number");
    end_attempt(s, id, 2, JOB_COMPLETED, T0 + 9000000);
}

static enum job_state cancel(struct store *s, int64_t id, bool now, int64_t at)
{
    enum job_state was = JOB_STATES;
    must(store_begin(s, &err));
    must(store_cancel(s, id, 1000, now, at, "cancelled by ann", &was, &err));
    must(store_commit(s, &err));
    return was;
}

static void cancelling_a_pending_job(struct store *s)
{
    int64_t id = submit(s);
    struct job_record r = {0};
    is_int(cancel(s, id, false, T0 + 1000000), JOB_PENDING, "it was pending");
    must(store_job_load(s, id, STORE_PLAIN, &r, &err));
    is_int(r.job.state, JOB_CANCELLED, "it is cancelled");
    is_int(r.end_us, T0 + 1000000, "which is its end");
    is_str(r.reason, "cancelled by ann", "with the reason");
    ok(r.cancel_us == T0 + 1000000 && r.cancel_uid == 1000 && !r.has_result, "and by whom");
    job_record_clear(&r);
    has_str(sql_value(fixture_db, LAST_EVENT), "- {\"was\":\"PENDING\",\"uid\":1000,\"now\":false}",
            "the log has it");

    enum job_state was = JOB_STATES;
    refused(store_cancel(s, id, 0, false, T0, "x", &was, &err), "has ended: CANCELLED",
            "cancelling again");
    is_int(was, JOB_CANCELLED, "  which tells its state");
    must(store_begin(s, &err));
    is_int(store_cancel(s, 999, 0, false, T0, "x", &was, &err), -1, "cancelling no job");
    is_int(err.code, ERR_NOT_FOUND, "  is not found");
    store_rollback(s);
}

static void cancelling_a_running_job(struct store *s)
{
    int64_t id = submit(s);
    struct job_record r = {0};
    begin_attempt(s, id, 1);
    is_int(cancel(s, id, false, T0 + 3000000), JOB_RUNNING, "it was running");
    is_int(state_of(s, id), JOB_RUNNING, "and goes on, until it has ended");
    is_int(cancel(s, id, true, T0 + 4000000), JOB_RUNNING, "asked again, at once");
    must(store_job_load(s, id, STORE_PLAIN, &r, &err));
    is_int(r.cancel_us, T0 + 3000000, "the first time stands");
    ok(r.cancel_now, "the hurry is added");
    job_record_clear(&r);
    end_attempt(s, id, 1, JOB_CANCELLED, T0 + 5000000);
    is_int(state_of(s, id), JOB_CANCELLED, "its end is written when it comes");

    id = submit(s);
    begin_attempt(s, id, 1);
    cancel(s, id, false, T0 + 3000000);
    enum job_state now = JOB_STATES;
    must(store_begin(s, &err));
    must(store_attempt_void(s, id, 1, "no fork", T0 + 6000000, &now, &err));
    must(store_commit(s, &err));
    is_int(now, JOB_CANCELLED, "cancelled while its start failed: it does not start again");
    must(store_job_load(s, id, STORE_PLAIN, &r, &err));
    ok(r.end_us == T0 + 6000000 && r.reason && !r.job.start_us, "and has an end and a reason");
    job_record_clear(&r);
}

static void what_recovery_asks_for(struct store *s)
{
    struct attempt_record *list;
    size_t count;
    sql(fixture_db, "DELETE FROM attempts; DELETE FROM jobs");
    must(store_attempt_running(s, &list, &count, &err));
    ok(count == 0 && list == NULL, "nothing runs");
    int64_t a = submit(s), b = submit(s), c = submit(s);
    begin_attempt(s, a, 1);
    begin_attempt(s, b, 1);
    begin_attempt(s, c, 1);
    end_attempt(s, b, 1, JOB_COMPLETED, T0 + 9000000);
    submit(s);
    must(store_attempt_running(s, &list, &count, &err));
    is_int((int)count, 2, "two attempts run");
    ok(count == 2 && list[0].job == a && list[1].job == c, "these");
    ok(count == 2 && list[1].attempt == 1 && strcmp(list[1].boot_id, "boot-1") == 0 &&
           list[1].alloc_mem_mb == 512 && strcmp(list[1].cpu_list, "") == 0,
       "with what is known of them");
    for (size_t i = 0; i < count; i++)
        attempt_record_clear(&list[i]);
    free(list);
}

int main(void)
{
    fixture_make();
    struct store *s = fixture_open();
    from_submit_to_end(s);
    the_attempt_tells_the_same(s);
    results_for_readers_of_the_original(s);
    steps_that_are_none(s);
    a_start_that_did_not_come_about(s);
    cancelling_a_pending_job(s);
    cancelling_a_running_job(s);
    what_recovery_asks_for(s);
    store_close(s);
    fixture_remove();
    return done_testing();
}
