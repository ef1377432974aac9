// SPDX-License-Identifier: MIT
/* Everything but submit: list, show, cancel, stats, ping, and what is no request at all. */
#include "attempt/status.h"
#include "os/clock.h"
#include "world.h"

static const json_t *job_at(const json_t *reply, size_t i)
{
    return json_array_get(json_object_get(reply, "jobs"), i);
}

static size_t jobs_in(const json_t *reply)
{
    return json_array_size(json_object_get(reply, "jobs"));
}

static const json_t *show(struct world *w, int64_t id)
{
    char head[64];
    snprintf(head, sizeof head, "{'v': 1, 'verb': 'show', 'job': %" PRId64 "}", id);
    return world_ask(w, ANN, head);
}

static void test_no_request(void)
{
    struct world w;
    world_open(&w, 0);
    has_str(error_of(world_ask(&w, ANN, "{'v': 1, 'verb': 'sing'}")), "knows no request \"sing\"",
            "an unknown verb is refused");
    has_str(error_of(world_ask(&w, ANN, "{'v': 1}")), "knows no request",
            "so is a request without a verb");
    has_str(error_of(world_ask(&w, ANN, "{'v': 1, 'verb': ['list']}")), "knows no request",
            "and one whose verb is no string");
    const json_t *reply = world_ask(&w, ANN, "{'v': 2, 'verb': 'list'}");
    has_str(error_of(reply), "version 2", "of another version it is told which it has");
    has_str(error_of(reply), "speaks version 1", "and which is spoken here");
    is_int(num(reply, "v"), 1, "by a reply that has the version itself");
    ok(!json_object_get(reply, "ok"), "and does not say ok");
    has_str(error_of(world_ask(&w, ANN, "{'verb': 'list'}")), "does not say its version",
            "a request without version is refused");
    has_str(error_of(world_ask(&w, ANN, "{'v': 1, 'verb': 'list', 'sort': 'name'}")),
            "list: mini-slurm 0.1.0 knows no \"sort\" there", "an unknown field is refused");
    world_close(&w);
}

static void test_show(void)
{
    struct world w;
    world_open(&w, 0);
    world_submit(&w, ANN, 2);
    w.now_us = NOON + 5000000;
    const json_t *job = json_object_get(show(&w, 1), "job");
    is_int(num(job, "id"), 1, "a job is shown");
    is_str(str(job, "state"), "PENDING", "pending");
    is_str(str(job, "reason"), "no scheduler is running", "for want of a scheduler");
    ok(real(job, "wait_time") == 5.0, "it waits for 5 s now");
    ok(real(job, "submit_time") == 1764000000.0, "since it was submitted");
    is_int(num(job, "cpus"), 2, "it wants 2 CPUs");
    is_str(str(job, "command"), "python3 train.py", "for its command");
    ok(is_null(job, "name") && is_null(job, "mem_mb") && is_null(job, "time_limit"),
       "what was not asked for is null");
    ok(is_null(job, "start_time") && is_null(job, "end_time") && is_null(job, "runtime") &&
           is_null(job, "alloc") && is_null(job, "return_code") && is_null(job, "cpu_user") &&
           is_null(job, "mem_peak_kb") && is_null(job, "enforcement"),
       "and what is not known yet");
    ok(is_null(job, "elastic") && is_null(job, "cancel_requested"), "and what is not so");

    world_run(&w, 1, JOB_RUNNING);
    job = json_object_get(show(&w, 1), "job");
    is_str(str(job, "state"), "RUNNING", "once it runs");
    ok(real(job, "wait_time") == 2.0, "the wait stands still");
    ok(real(job, "runtime") == 3.0, "and the runtime goes on");
    is_str(str(json_object_get(job, "alloc"), "cpu_list"), "3", "it has its CPUs");
    ok(is_null(job, "enforcement"), "how it is held is not known without its status file");
    struct attempt_status status = {.job = 1, .attempt = 1, .levels = {.cpu = LEVEL_ENFORCED}};
    snprintf(status.boot_id, sizeof status.boot_id, "boot");
    is_int(status_claim(w.place.paths.run, &status, NULL, NULL), 0,
           "(a shepherd claims the attempt)");
    job = json_object_get(show(&w, 1), "job");
    is_str(str(json_object_get(job, "enforcement"), "cpu"), "enforced", "with it, it is");

    world_submit(&w, ANN, 1);
    world_run(&w, 2, JOB_FAILED);
    const json_t *reply = show(&w, 2);
    job = json_object_get(reply, "job");
    ok(real(job, "runtime") == 1.0, "of an ended job the runtime is that of its run");
    ok(real(job, "end_time") == 1764000003.0, "and the end is told");
    is_int(num(job, "return_code"), 3, "with its return code");
    ok(real(job, "cpu_user") == 0.5, "its CPU time");
    is_int(num(job, "mem_peak_kb"), 2048, "its memory");
    is_str(str(json_object_get(job, "enforcement"), "memory"), "watched", "how it was held");
    const json_t *attempt = json_array_get(json_object_get(reply, "attempts"), 0);
    is_int(num(attempt, "attempt"), 1, "and its attempts");
    is_str(str(attempt, "state"), "FAILED", "with their states");
    is_str(str(attempt, "cpu_list"), "3", "and CPUs");

    reply = show(&w, 9);
    has_str(error_of(reply), "no such job: 9", "an unknown job is refused");
    is_int(num(json_object_get(reply, "error"), "code"), ERR_NOT_FOUND, "as not found");
    has_str(error_of(world_ask(&w, ANN, "{'v': 1, 'verb': 'show'}")), "which job?",
            "so is no job at all");
    has_str(error_of(world_ask(&w, ANN, "{'v': 1, 'verb': 'show', 'job': 'x'}")),
            "job \"x\": not a job's id", "and what is no id");
    world_close(&w);
}

static const json_t *why(struct world *w, int64_t id)
{
    char head[64];
    snprintf(head, sizeof head, "{'v': 1, 'verb': 'why', 'job': %" PRId64 "}", id);
    return world_ask(w, ANN, head);
}

static void test_why(void)
{
    struct world w;
    world_open(&w, 0);
    world_submit(&w, ANN, 2);
    const json_t *reply = why(&w, 1);
    is_str(str(reply, "reason"), "no scheduler is running", "for want of a scheduler a job waits");
    ok(is_null(reply, "earliest") && is_null(reply, "changes") && is_null(reply, "held_by"),
       "and nothing else is known");
    world_run(&w, 1, JOB_RUNNING);
    has_str(error_of(why(&w, 1)), "job 1 is RUNNING", "a running job does not wait");
    is_int(num(json_object_get(why(&w, 9), "error"), "code"), ERR_NOT_FOUND, "nor one unknown");
    has_str(error_of(world_ask(&w, ANN, "{'v': 1, 'verb': 'why'}")), "which job?", "nor none");
    world_close(&w);

    world_open(&w, 4);
    struct plan p = {0};
    world_submit(&w, ANN, 3);
    ok(json_is_true(json_object_get(why(&w, 1), "starts_now")), "one is about to start");
    sched_pass(w.sched, NOON, &p, NULL);
    plan_free(&p);
    world_submit(&w, ANN, 2);
    reply = why(&w, 2);
    ok(json_is_false(json_object_get(reply, "starts_now")), "the next is not");
    has_str(str(reply, "reason"), "needs 2 CPUs, 1 is free", "in the words of the reason");
    is_int(num(json_object_get(reply, "missing"), "cpus"), 1, "a CPU is missing");
    const json_t *holder = json_array_get(json_object_get(reply, "held_by"), 0);
    is_int(num(holder, "job"), 1, "the first job holds it");
    ok(real(holder, "end_time") == 1764003600.0, "for an hour, as nothing is known of it");
    ok(json_is_false(json_object_get(holder, "end_is_limit")), "but who knows");
    ok(real(reply, "earliest") == 1764003600.0, "so the next starts then");
    ok(json_is_false(json_object_get(reply, "earliest_is_firm")), "or later");
    is_int(num(json_object_get(reply, "changes"), "cpus"), 1, "and now with one CPU");
    ok(is_null(json_object_get(reply, "changes"), "priority"), "but with no priority");
    world_close(&w);
}

static void test_odd_bytes(void)
{
    /* A lone 0xff, half a surrogate pair, an overlong NUL, beyond Unicode, and a good letter. */
    static const char odd[] = "echo \xff\xed\xa0\x80\xc0\x80\xf4\x90\x80\x80 \n\t\x1b[31m \xc3\xa4";
    struct world w;
    struct frame f;
    world_open(&w, 0);
    submission(&f, "odd");
    set_blob(&f, "command", odd, sizeof odd - 1);
    set_blob(&f, "cwd", "/a\\b\xfe", 5);
    is_str(error_of(world_serve(&w, ANN, &f)), "", "a command may be of any bytes");
    const json_t *reply = show(&w, 1);
    const json_t *job = json_object_get(reply, "job");
    is_str(str(job, "command"),
           "echo \\xFF\\xED\\xA0\\x80\\xC0\\x80\\xF4\\x90\\x80\\x80 \\n\\t\\x1B[31m \xc3\xa4",
           "it is shown on one line, with what is no text spelt out");
    is_str(str(job, "cwd"), "/a\\\\b\\xFE", "a backslash is doubled, so that it can be told");
    char *text = json_dumps(reply, FRAME_JSON);
    ok(text, "it can be sent as JSON");
    free(text);
    world_close(&w);
}

static void test_list(void)
{
    struct world w;
    world_open(&w, 0);
    const json_t *reply = world_ask(&w, ANN, "{'v': 1, 'verb': 'list'}");
    is_int(jobs_in(reply), 0, "an empty queue is a list of none");
    ok(is_null(reply, "next"), "without a next page");
    for (int i = 0; i < 5; i++)
        world_submit(&w, ANN, 1);
    world_run(&w, 2, JOB_RUNNING);
    world_run(&w, 4, JOB_COMPLETED);

    reply = world_ask(&w, ANN, "{'v': 1, 'verb': 'list', 'limit': 2}");
    is_int(jobs_in(reply), 2, "a page has as many as were asked for");
    is_int(num(job_at(reply, 1), "id"), 2, "in the order of ids");
    is_int(num(reply, "next"), 2, "and says where the next begins");
    reply = world_ask(&w, ANN, "{'v': 1, 'verb': 'list', 'limit': 3, 'after_id': 2}");
    is_int(num(job_at(reply, 0), "id"), 3, "which is there");
    ok(jobs_in(reply) == 3 && is_null(reply, "next"), "up to the last");

    reply = world_ask(&w, ANN, "{'v': 1, 'verb': 'list', 'states': ['running', 'CD']}");
    is_int(jobs_in(reply), 2, "states choose");
    is_int(num(job_at(reply, 0), "id"), 2, "the running one");
    is_int(num(job_at(reply, 1), "id"), 4, "and the completed one");

    reply = world_ask(&w, ANN, "{'v': 1, 'verb': 'list', 'ended_after': 1764000003.000001}");
    is_int(jobs_in(reply), 4, "a job that ended before is left out");
    is_int(num(reply, "older"), 1, "and counted");
    reply = world_ask(&w, ANN, "{'v': 1, 'verb': 'list', 'ended_after': 1764000003}");
    ok(jobs_in(reply) == 5 && num(reply, "older") == 0, "one that ended just then is not");
    reply = world_ask(&w, ANN, "{'v':1,'verb':'list','states':['PD'],'ended_after':1764000009}");
    is_int(num(reply, "older"), 0, "who asks for pending ones misses no ended ones");

    has_str(error_of(world_ask(&w, ANN, "{'v': 1, 'verb': 'list', 'states': ['DONE']}")),
            "states \"DONE\": no state of a job", "an unknown state is refused");
    has_str(error_of(world_ask(&w, ANN, "{'v': 1, 'verb': 'list', 'states': []}")),
            "states: an empty list", "so is a list of none");
    has_str(error_of(world_ask(&w, ANN, "{'v': 1, 'verb': 'list', 'limit': 0}")),
            "limit 0: not a whole number", "a page of none");
    has_str(error_of(world_ask(&w, ANN, "{'v': 1, 'verb': 'list', 'ended_after': 'now'}")),
            "ended_after \"now\": not a time", "and a time that is none");
    world_close(&w);
}

/* Three jobs whose commands do not fit into one page. */
static void test_large_page(void)
{
    struct world w;
    struct frame f;
    size_t len = (size_t)7 << 20;
    char *command = malloc(len), id[2] = "1";
    memset(command, 'x', len);
    world_open(&w, 0);
    for (; id[0] <= '3'; id[0]++) {
        submission(&f, id);
        set_blob(&f, "command", command, len);
        world_serve(&w, ANN, &f);
    }
    const json_t *reply = world_ask(&w, ANN, "{'v': 1, 'verb': 'list'}");
    ok(jobs_in(reply) == 2 && num(reply, "next") == 2, "a page ends before it grows too large");
    reply = world_ask(&w, ANN, "{'v': 1, 'verb': 'list', 'after_id': 2}");
    ok(jobs_in(reply) == 1 && is_null(reply, "next"), "and the next one has the rest");
    free(command);
    world_close(&w);
}

static void test_reason(void)
{
    struct world w;
    struct plan plan = {0};
    world_open(&w, 4);
    world_submit(&w, ANN, 3);
    world_submit(&w, ANN, 2);
    sched_pass(w.sched, NOON, &plan, NULL);
    world_run(&w, 1, JOB_RUNNING);
    has_str(str(json_object_get(show(&w, 2), "job"), "reason"), "needs 2 CPUs",
            "with a scheduler, a pending job has its reason");
    is_str(str(json_object_get(show(&w, 1), "job"), "reason"), "", "a running one has none");
    plan_free(&plan);
    world_close(&w);
}

static const json_t *entry(const json_t *reply, const char *list, size_t i)
{
    return json_array_get(json_object_get(reply, list), i);
}

static void test_cancel(void)
{
    struct world w;
    world_open(&w, 0);
    for (int i = 0; i < 3; i++)
        world_submit(&w, ANN, 1);
    world_run(&w, 2, JOB_RUNNING);
    world_run(&w, 3, JOB_COMPLETED);
    w.told[0] = '\0';

    const json_t *reply =
        world_ask(&w, ANN, "{'v': 1, 'verb': 'cancel', 'id': 'a', 'jobs': [1, 2, 3, 9]}");
    is_int(json_array_size(json_object_get(reply, "cancelled")), 2, "two of four are cancelled");
    is_int(num(entry(reply, "cancelled", 0), "job"), 1, "the pending one");
    is_str(str(entry(reply, "cancelled", 0), "was"), "PENDING", "and what it was");
    is_str(str(entry(reply, "cancelled", 1), "was"), "RUNNING", "and the running one");
    is_int(num(entry(reply, "failed", 0), "job"), 3, "the ended one is not");
    has_str(str(entry(reply, "failed", 0), "error"), "job 3 has ended: COMPLETED", "and why");
    has_str(str(entry(reply, "failed", 1), "error"), "no such job: 9", "nor is the unknown one");
    is_str(w.told, "cancel 1; 2.1 cancel; ", "the host is told of both that are");

    const json_t *job = json_object_get(show(&w, 1), "job");
    is_str(str(job, "state"), "CANCELLED", "the pending job is cancelled at once");
    has_str(str(job, "reason"), "cancelled by ", "and says by whom");
    ok(is_null(job, "runtime"), "it never ran");
    job = json_object_get(show(&w, 2), "job");
    is_str(str(job, "state"), "RUNNING", "the running one runs until it has ended");
    has_str(str(job, "reason"), "being cancelled by ", "but says so");
    is_int(num(json_object_get(job, "cancel_requested"), "uid"), ANN, "and who asked for it");

    w.told[0] = '\0';
    world_ask(&w, ANN, "{'v': 1, 'verb': 'cancel', 'id': 'a', 'jobs': [1, 2, 3, 9]}");
    is_str(w.told, "", "the same request again tells nobody again");
    world_ask(&w, ANN, "{'v': 1, 'verb': 'cancel', 'id': 'b', 'jobs': [2], 'now': true}");
    is_str(w.told, "2.1 kill; ", "another one can press harder");

    has_str(error_of(world_ask(&w, ANN, "{'v': 1, 'verb': 'cancel', 'id': 'c', 'jobs': []}")),
            "which jobs?", "to cancel none is refused");
    has_str(error_of(world_ask(&w, ANN, "{'v': 1, 'verb': 'cancel', 'id': 'c', 'jobs': [2, 'x']}")),
            "jobs \"x\": not a job's id", "so is what is no id");
    has_str(error_of(world_ask(&w, ANN, "{'v': 1, 'verb': 'cancel', 'jobs': [1]}")),
            "needs an \"id\"", "and a request without an id");
    world_close(&w);
}

static void test_permission(void)
{
    struct world w;
    world_open(&w, 0);
    world_submit(&w, ANN, 1);
    world_submit(&w, ANN, 1);
    w.told[0] = '\0';
    const json_t *reply =
        world_ask(&w, BOB, "{'v': 1, 'verb': 'cancel', 'id': 'a', 'jobs': [1, 2]}");
    is_int(json_array_size(json_object_get(reply, "cancelled")), 0,
           "nobody cancels another user's jobs");
    has_str(str(entry(reply, "failed", 0), "error"), "job 1 belongs to ", "and is told why");
    reply = world_ask(&w, BOB, "{'v': 1, 'verb': 'suspend', 'id': 's', 'jobs': [1]}");
    has_str(str(entry(reply, "failed", 0), "error"), "job 1 belongs to ", "nor suspends them");
    reply = world_ask(&w, BOB, "{'v': 1, 'verb': 'resume', 'id': 'r', 'jobs': [1]}");
    has_str(str(entry(reply, "failed", 0), "error"), "job 1 belongs to ", "nor resumes them");
    reply =
        world_ask(&w, BOB, "{'v': 1, 'verb': 'signal', 'id': 'k', 'jobs': [1], 'signal': 'USR1'}");
    has_str(str(entry(reply, "failed", 0), "error"), "job 1 belongs to ", "nor signals them");
    is_str(w.told, "", "and nothing happens");
    reply = world_ask(&w, BOB, "{'v': 1, 'verb': 'show', 'job': 1}");
    is_str(str(json_object_get(reply, "job"), "state"), "PENDING", "to look is allowed");
    reply = world_ask(&w, ANN, "{'v': 1, 'verb': 'cancel', 'id': 'b', 'jobs': [1]}");
    is_int(num(entry(reply, "cancelled", 0), "job"), 1, "the owner cancels");
    reply = world_ask(&w, 0, "{'v': 1, 'verb': 'cancel', 'id': 'c', 'jobs': [2]}");
    is_int(num(entry(reply, "cancelled", 0), "job"), 2, "and root");
    is_str(str(json_object_get(show(&w, 2), "job"), "reason"), "cancelled by root",
           "whose name is in the reason");
    world_close(&w);
}

static void test_stats(void)
{
    struct world w;
    world_open(&w, 0);
    const json_t *reply = world_ask(&w, ANN, "{'v': 1, 'verb': 'stats'}");
    ok(is_null(reply, "scheduler"), "without a scheduler there is none");
    ok(is_null(reply, "mean_wait") && is_null(reply, "mean_runtime"), "and no means of no jobs");
    for (int i = 0; i < 3; i++)
        world_submit(&w, ANN, 1);
    world_run(&w, 1, JOB_RUNNING);
    world_run(&w, 2, JOB_FAILED);
    reply = world_ask(&w, ANN, "{'v': 1, 'verb': 'stats'}");
    is_int(num(reply, "cpus_used"), 1, "the running job's CPU is used");
    is_int(num(reply, "mem_used_mb"), 64, "and its memory");
    const json_t *states = json_object_get(reply, "states");
    ok(num(states, "PENDING") == 1 && num(states, "RUNNING") == 1 && num(states, "FAILED") == 1 &&
           num(states, "COMPLETED") == 0,
       "jobs are counted by state");
    is_int(num(reply, "ended_jobs"), 1, "one has ended");
    ok(real(reply, "mean_wait") == 2.0 && real(reply, "mean_runtime") == 1.0,
       "and has waited and run so long");
    world_close(&w);

    world_open(&w, 8);
    const json_t *s = json_object_get(world_ask(&w, ANN, "{'v': 1, 'verb': 'ping'}"), "scheduler");
    is_int(num(s, "pid"), 77, "a scheduler says its pid");
    is_int(num(s, "cpus_total"), 8, "its CPUs");
    is_int(num(s, "mem_total_mb"), 8192, "its memory");
    is_str(str(s, "policy"), "greedy", "its policy");
    is_str(str(s, "version"), MINI_SLURM_VERSION, "and its version");
    world_close(&w);
}

static void test_error_text(void)
{
    _cleanup_frame_ struct frame reply = {0};
    _cleanup_buf_ struct buf bytes = {0};
    struct err e = {.code = ERR_SYSTEM, .text = "/tmp/\xff: no"};
    api_reply_error(&reply, &e);
    is_str(error_of(reply.head), "/tmp/\\xFF: no", "an error may hold any bytes");
    is_int(frame_encode(&reply, &bytes, NULL), 0, "and can be sent");
}

int main(void)
{
    test_no_request();
    test_show();
    test_why();
    test_odd_bytes();
    test_list();
    test_large_page();
    test_reason();
    test_cancel();
    test_permission();
    test_stats();
    test_error_text();
    return done_testing();
}
