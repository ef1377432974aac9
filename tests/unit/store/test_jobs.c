// SPDX-License-Identifier: MIT
/* What is submitted comes back as it was, byte for byte. */
#include "fixture.h"

static void insert(struct store *s, struct job_record *r)
{
    must(store_begin(s, &err));
    must(store_job_insert(s, r, "/logs", &err));
    must(store_commit(s, &err));
}

static bool same_strz(const struct strz *a, const struct strz *b)
{
    return a->len == b->len && memcmp(a->data, b->data, a->len) == 0;
}

static void a_job_with_everything(struct store *s)
{
    struct job_record r = a_job(NULL), got = {0};
    free(r.command);
    free(r.cwd);
    free(r.argv.data);
    r.job.priority = -5;
    r.job.cpus = 7;
    r.job.mem_mb = 4096;
    r.job.limit_us = 90500000;
    r.job.eligible_us = T0 + 60000001;
    r.job.uid = 4294967294u;
    r.name = copy_of("sweep \xff\xfe");
    r.command = copy_of("printf '\xc3\xa4\x80\n' \"$X\"");
    r.shell = false;
    set_strz(&r.argv, "printf\0\0\xc3\xa4\x80\n", 13);
    set_strz(&r.env, "A=1\0B=\xff\0", 8);
    r.cwd = copy_of("/tmp/\xe4 dir");
    r.umask = 077;
    r.stdout_path = copy_of("/tmp/\xf6.out");
    insert(s, &r);
    is_int(r.job.id, 1, "the first job is number 1");
    is_str(r.stdout_path, "/tmp/\xf6.out", "a path that was given is kept");
    is_str(r.stderr_path, "/logs/job_1.err", "one that was not is made from the id");

    must(store_job_load(s, 1, STORE_WITH_ENV, &got, &err));
    is_int(got.job.state, JOB_PENDING, "it is pending");
    is_int(got.job.priority, -5, "priority");
    is_int(got.job.cpus, 7, "CPUs");
    is_int(got.job.mem_mb, 4096, "memory");
    is_int(got.job.submit_us, T0, "the submit time, to the microsecond");
    is_int(got.job.eligible_us, T0 + 60000001, "the eligible time");
    is_int(got.job.limit_us, 90500000, "the time limit");
    is_int(got.job.uid, 4294967294u, "a large uid");
    is_int(got.gid, 100, "gid");
    is_int(got.umask, 077, "umask");
    is_str(got.user, "ann", "user");
    is_str(got.name, "sweep \xff\xfe", "a name of any bytes");
    is_str(got.command, r.command, "the command, which is not UTF-8");
    is_str(got.cwd, r.cwd, "the directory, which is not UTF-8");
    is_str(got.stdout_path, r.stdout_path, "standard output");
    ok(!got.shell && same_strz(&got.argv, &r.argv), "the arguments, an empty one among them");
    ok(same_strz(&got.env, &r.env), "the environment");
    is_int(got.job.start_us, 0, "no start yet");
    is_int(got.end_us, 0, "no end");
    ok(!got.has_result && !got.reason && !got.cancel_us, "no result, reason or cancel");
    is_int(got.mem_peak_kb, -1, "a peak that is not known is not 0");
    is_int(got.job.attempt, 0, "no attempts");
    job_record_clear(&got);
    ok(!got.command && !got.argv.data, "a cleared record holds nothing");
    job_record_clear(&r);
}

static void a_job_with_little(struct store *s)
{
    struct job_record r = a_job(NULL), got = {0};
    insert(s, &r);
    must(store_job_load(s, r.job.id, STORE_WITH_ENV, &got, &err));
    is_int(got.job.mem_mb, 0, "no memory asked for");
    is_int(got.job.eligible_us, T0, "eligible at once");
    is_int(got.job.limit_us, 0, "no limit");
    ok(got.name == NULL, "no name");
    ok(got.env.data == NULL, "no environment stored");
    ok(got.shell && same_strz(&got.argv, &r.argv), "a line for the shell");
    is_str(sql_value(fixture_db, "SELECT argv FROM jobs WHERE id = 2"), "(null)",
           "which is in the database once, as the command");
    is_str(sql_value(fixture_db, "SELECT mem_mb || ',' || (req_mem_mb IS NULL) FROM jobs"
                                 " WHERE id = 2"),
           "0,1", "mem_mb is a number for readers of the original's columns");
    job_record_clear(&got);
    job_record_clear(&r);

    r = a_job(NULL);
    set_strz(&r.env, "", 0);
    insert(s, &r);
    must(store_job_load(s, r.job.id, STORE_WITH_ENV, &got, &err));
    ok(got.env.data != NULL && got.env.len == 0, "an empty environment is not none");
    job_record_clear(&got);
    job_record_clear(&r);
}

static void an_elastic_job(struct store *s)
{
    struct job_record r = a_job(NULL), got = {0};
    r.job.cpus = 3;
    r.job.elastic = true;
    r.job.min_cpus = 2;
    r.job.max_cpus = 8;
    r.job.mem_mb = 300;
    r.job.mem_per_cpu_mb = 100;
    r.resize_grace_us = 1500000;
    r.workers = true;
    r.control_path = copy_of("/elsewhere");
    insert(s, &r);
    must(store_job_load(s, r.job.id, STORE_PLAIN, &got, &err));
    ok(got.job.elastic && got.job.cpus == 3 && got.job.min_cpus == 2 && got.job.max_cpus == 8,
       "an elastic job has its limits");
    is_int(got.job.mem_per_cpu_mb, 100, "its memory by the CPU");
    ok(got.resize_grace_us == 1500000 && got.resize_signal == 0 && got.workers,
       "how it is told, and that it is a pool");
    is_str(got.control_path, "/elsewhere", "a control file that was given is kept");
    has_str(got.ack_path, "/logs/job_", "one that was not");
    has_str(got.ack_path, ".ack", "  is made from the id");
    ok(!got.job.wanted_cpus && !got.current_cpus && !got.resizes && !got.job.generation,
       "nothing has become of it yet");
    job_record_clear(&got);
    job_record_clear(&r);

    r = a_job(NULL);
    r.job.elastic = true;
    r.job.min_cpus = 1;
    r.resize_signal = 10;
    insert(s, &r);
    must(store_job_load(s, r.job.id, STORE_PLAIN, &got, &err));
    ok(got.job.max_cpus == 0 && got.job.mem_per_cpu_mb == 0 && got.resize_signal == 10,
       "as many as there are, with the same memory");
    is_str(sql_value(fixture_db, "SELECT is_elastic || ',' || ifnull(max_cpus, '-') FROM jobs"
                                 " ORDER BY id DESC LIMIT 1"),
           "1,-", "in the original's columns");
    has_str(got.control_path, ".control", "its control file stands among the logs");
    job_record_clear(&got);
    job_record_clear(&r);

    must(store_job_load(s, 1, STORE_PLAIN, &got, &err));
    ok(!got.job.elastic && !got.job.min_cpus && !got.job.max_cpus && !got.control_path &&
           !got.ack_path && !got.resize_grace_us && !got.resize_signal && !got.workers,
       "other jobs have nothing of that");
    job_record_clear(&got);
}

static void a_placed_job(struct store *s)
{
    struct job_record r = a_job(NULL), got = {0};
    r.job.nodes = 4;
    r.job.max_switches = 2;
    r.job.switches_wait_us = 90000000;
    r.job.whole_cores = true;
    insert(s, &r);
    must(store_job_load(s, r.job.id, STORE_PLAIN, &got, &err));
    ok(got.job.nodes == 4 && got.job.max_switches == 2 && got.job.switches_wait_us == 90000000,
       "how many nodes on how many switches, and how long it waits for them");
    ok(got.job.whole_cores && !got.job.exclusive, "whole cores");
    job_record_clear(&got);
    r.job.whole_cores = false;
    r.job.exclusive = true;
    insert(s, &r);
    must(store_job_load(s, r.job.id, STORE_PLAIN, &got, &err));
    ok(!got.job.whole_cores && got.job.exclusive, "all to itself");
    job_record_clear(&got);
    job_record_clear(&r);
    must(store_job_load(s, 1, STORE_PLAIN, &got, &err));
    ok(!got.job.nodes && !got.job.max_switches && !got.job.switches_wait_us &&
           !got.job.whole_cores && !got.job.exclusive,
       "other jobs ask for nothing of that");
    job_record_clear(&got);
}

static void a_job_in_front(struct store *s)
{
    struct job_record r = a_job(NULL), got = {0};
    r.pty = true;
    insert(s, &r);
    must(store_job_load(s, r.job.id, STORE_PLAIN, &got, &err));
    ok(got.pty && !got.client, "it has a terminal");
    is_str(got.stderr_path, got.stdout_path, "with one output");
    job_record_clear(&got);
    job_record_clear(&r);
    r = a_job(NULL);
    r.client = copy_of("client.1");
    insert(s, &r);
    must(store_job_load(s, r.job.id, STORE_PLAIN, &got, &err));
    ok(!got.pty && strcmp(got.client, "client.1") == 0, "it has a client");
    ok(!got.stdout_path && !got.stderr_path, "and no files of its output");
    job_record_clear(&got);
    job_record_clear(&r);
}

static void a_long_command(struct store *s)
{
    struct job_record r = a_job(NULL), got = {0};
    size_t len = 1 << 20;
    free(r.command);
    free(r.argv.data);
    r.command = malloc(len + 1);
    if (!r.command)
        abort();
    memset(r.command, 'x', len);
    r.command[len] = '\0';
    set_strz(&r.argv, r.command, len + 1);
    insert(s, &r);
    must(store_job_load(s, r.job.id, STORE_PLAIN, &got, &err));
    ok(strcmp(got.command, r.command) == 0 && same_strz(&got.argv, &r.argv), "a command of 1 MB");
    job_record_clear(&got);
    job_record_clear(&r);
}

static void what_is_refused(struct store *s)
{
    struct job_record r = a_job(NULL), got = {0};
    is_int(store_job_insert(s, &r, "/logs", &err), -1, "an insert outside of a transaction");
    is_int(err.code, ERR_INVALID, "  is refused");
    must(store_begin(s, &err));
    r.job.state = JOB_RUNNING;
    is_int(store_job_insert(s, &r, "/logs", &err), -1, "a new job that is not pending");
    is_int(err.code, ERR_INVALID, "  is refused");
    r.job.state = JOB_PENDING;
    free(r.cwd);
    r.cwd = NULL;
    is_int(store_job_insert(s, &r, "/logs", &err), -1, "a job without directory");
    has_str(err.text, "cwd", "  is refused for that");
    store_rollback(s);
    is_int(store_job_load(s, 999, STORE_PLAIN, &got, &err), -1, "a job that there is not");
    is_int(err.code, ERR_NOT_FOUND, "  is not found");
    is_str(err.text, "no such job: 999", "  and named");
    job_record_clear(&r);
}

static void ids_are_never_used_again(struct store *s)
{
    int64_t last = submit(s);
    char text[80];
    snprintf(text, sizeof text, "DELETE FROM jobs WHERE id = %lld", (long long)last);
    sql(fixture_db, text);
    is_int(submit(s), last + 1, "the id of a deleted job does not come again");
    must(store_begin(s, &err));
    struct job_record r = a_job(NULL);
    must(store_job_insert(s, &r, "/logs", &err));
    store_rollback(s);
    is_int(submit(s), r.job.id, "one that was rolled back was never given");
    job_record_clear(&r);
}

static void environments_are_shared(struct store *s)
{
    sql(fixture_db, "UPDATE jobs SET env_hash = NULL; DELETE FROM environments");
    struct job_record a = a_job("SECRET=1"), b = a_job("SECRET=1"), c = a_job("SECRET=2");
    insert(s, &a);
    insert(s, &b);
    insert(s, &c);
    is_str(sql_value(fixture_db, "SELECT count(*) FROM environments"), "2",
           "three jobs with two environments: two are stored");

    /* As if another environment had the same hash: replace what is stored under it. */
    sql(fixture_db, "UPDATE environments SET data = x'414200' WHERE CAST(data AS TEXT) LIKE '%2'");
    struct job_record d = a_job("SECRET=2"), got = {0};
    insert(s, &d);
    insert(s, &c);
    must(store_job_load(s, d.job.id, STORE_WITH_ENV, &got, &err));
    ok(same_strz(&got.env, &d.env), "a colliding environment gets a place of its own");
    is_str(sql_value(fixture_db, "SELECT count(*) FROM environments"), "3",
           "where the next job finds it");
    job_record_clear(&got);
    job_record_clear(&a);
    job_record_clear(&b);
    job_record_clear(&c);
    job_record_clear(&d);
}

static void a_damaged_row(struct store *s)
{
    struct job_record got = {0};
    int64_t id = submit(s);
    sql(fixture_db, "UPDATE jobs SET status = 'DREAMING' WHERE id = (SELECT max(id) FROM jobs)");
    is_int(store_job_load(s, id, STORE_PLAIN, &got, &err), -1, "a job in a state unknown to us");
    is_int(err.code, ERR_CORRUPT, "  is damage");
    has_str(err.text, "DREAMING", "  that is shown");
    job_record_clear(&got);
    sql(fixture_db, "UPDATE jobs SET status = 'PENDING', argv = x'41', submit_time = 1e300"
                    " WHERE id = (SELECT max(id) FROM jobs)");
    is_int(store_job_load(s, id, STORE_PLAIN, &got, &err), -1, "arguments that do not end");
    is_int(err.code, ERR_CORRUPT, "  are damage");
    is_int(got.job.submit_us, INT64_MAX, "a time out of range does not overflow");
    job_record_clear(&got);
    sql(fixture_db, "UPDATE jobs SET argv = NULL, submit_time = 1, alloc_cpu_list = '3-x'"
                    " WHERE id = (SELECT max(id) FROM jobs)");
    is_int(store_job_load(s, id, STORE_PLAIN, &got, &err), -1, "a CPU list that is none");
    is_int(err.code, ERR_CORRUPT, "  is damage");
    job_record_clear(&got);
}

int main(void)
{
    fixture_make();
    struct store *s = fixture_open();
    a_job_with_everything(s);
    a_job_with_little(s);
    an_elastic_job(s);
    a_placed_job(s);
    a_job_in_front(s);
    a_long_command(s);
    what_is_refused(s);
    ids_are_never_used_again(s);
    environments_are_shared(s);
    a_damaged_row(s);
    store_close(s);
    fixture_remove();
    return done_testing();
}
