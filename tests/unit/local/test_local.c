// SPDX-License-Identifier: MIT
/* Without a scheduler: clients are served, alone or beside others, and find out what ended
 * meanwhile. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../api/world.h"
#include "api/client.h"
#include "attempt/control.h"
#include "attempt/status.h"

#define CLIENTS 2
#define JOBS    100

/* Submits one as the `submit` verb does; its id, or -1. */
static int64_t submit(struct client *c)
{
    _cleanup_frame_ struct frame request = {0}, reply = {0};
    struct err e = {0};
    if (client_request(&request, "submit") < 0)
        return -1;
    set_blob(&request, "argv", "true", 5);
    set_blob(&request, "env", "", 0);
    set_blob(&request, "command", "true", 4);
    set_blob(&request, "cwd", "/", 1);
    if (client_call(c, &request, &reply, &e) < 0) {
        printf("# %s\n", e.text);
        return -1;
    }
    return c->served_here ? num(reply.head, "job") : -1;
}

static void client_main(int out)
{
    struct client c;
    world_client(&c);
    for (int i = 0; i < JOBS; i++) {
        int64_t id = submit(&c);
        if (id < 1 || write(out, &id, sizeof id) != sizeof id)
            _exit(1);
    }
    client_close(&c);
    _exit(0);
}

static void test_concurrent(void)
{
    struct place place;
    int ends[2], status = 0, failed = 0;
    pid_t clients[CLIENTS];
    place_open(&place);
    if (pipe(ends) < 0)
        return;
    for (int i = 0; i < CLIENTS; i++) {
        fflush(stdout);
        clients[i] = fork();
        if (clients[i] == 0)
            client_main(ends[1]);
    }
    close(ends[1]);
    bool seen[CLIENTS * JOBS + 1] = {false};
    int64_t id, distinct = 0;
    while (read(ends[0], &id, sizeof id) == sizeof id) {
        bool fresh = id >= 1 && id <= CLIENTS * JOBS && !seen[id];
        if (fresh)
            seen[id] = true;
        distinct += fresh;
    }
    close(ends[0]);
    for (int i = 0; i < CLIENTS; i++)
        failed += waitpid(clients[i], &status, 0) < 0 || status != 0;
    is_int(failed, 0, "two clients at the same time submit 100 jobs each");
    is_int(distinct, CLIENTS * JOBS, "all ids are distinct, without a gap");

    struct store *store = NULL;
    struct store_counts n = {0};
    store_open(place.paths.db, &store, NULL);
    store_counts(store, &n, NULL);
    is_int(n.by_state[JOB_PENDING], CLIENTS * JOBS, "and all are in the store");
    store_close(store);
    place_close(&place);
}

/* One call as a verb makes it; the reply's head, or NULL. */
static json_t *ask(struct client *c, const char *verb, const char *field, json_t *value,
                   struct err *e)
{
    _cleanup_frame_ struct frame request = {0}, reply = {0};
    client_request(&request, verb);
    if (field)
        json_object_set_new(request.head, field, value);
    return client_call(c, &request, &reply, e) < 0 ? NULL : json_incref(reply.head);
}

static void test_repeated(void)
{
    struct place place;
    struct client c;
    struct err e = {0};
    place_open(&place);
    world_client(&c);
    _cleanup_frame_ struct frame request = {0}, first = {0}, again = {0};
    submission(&request, "once");
    is_int(client_call(&c, &request, &first, &e), 0, "a job is submitted");
    is_int(client_call(&c, &request, &again, &e), 0, "and the request repeated");
    ok(json_equal(first.head, again.head), "with the same answer");
    json_t *stats = ask(&c, "stats", NULL, NULL, &e);
    is_int(num(json_object_get(stats, "states"), "PENDING"), 1, "it is one job");
    json_decref(stats);
    ok(!ask(&c, "show", "job", json_integer(9), &e), "what is refused is an error");
    is_str(e.text, "no such job: 9", "with the server's words");
    is_int(e.code, ERR_NOT_FOUND, "and code");
    client_close(&c);
    place_close(&place);
}

/* A status file as a shepherd leaves it. */
static void leave_status(const char *run, int64_t id, bool ended, int exit_code)
{
    struct attempt_status s = {
        .job = id, .attempt = 1, .boot_id = "boot", .started_us = NOON, .shepherd = 1};
    struct err e = {0};
    int record = -1;
    bool good = status_claim(run, &s, &record, &e) == 0;
    s.phase = PHASE_ENDED;
    s.outcome = exit_code < 0 ? OUTCOME_CANCELLED : OUTCOME_EXITED;
    s.exit_code = exit_code < 0 ? 0 : exit_code;
    s.signal = exit_code < 0 ? 15 : 0;
    s.ended_us = NOON + 9000000;
    s.runtime_us = 7000000;
    good = good && (!ended || status_end(record, &s, &e) == 0);
    close(record);
    if (!good)
        ok(false, "a status file is left: %s", e.text);
}

static const char *state_of(struct client *c, int64_t id, char *reason, size_t len)
{
    struct err e = {0};
    json_t *reply = ask(c, "show", "job", json_integer(id), &e);
    json_t *job = json_object_get(reply, "job");
    int state = job ? job_state_parse(str(job, "state")) : -1;
    snprintf(reason, len, "%s", job ? str(job, "reason") : e.text);
    json_decref(reply);
    return state < 0 ? "none" : job_state_name((enum job_state)state);
}

static bool has_files(const char *run, int64_t id)
{
    char *path = attempt_path(run, id, 1, "status");
    bool there = access(path, F_OK) == 0;
    free(path);
    return there;
}

static void test_settle(void)
{
    struct world w;
    struct client c;
    char reason[1024];
    world_open(&w, 0);
    for (int i = 0; i < 5; i++) {
        world_submit(&w, geteuid(), 1);
        world_run(&w, i + 1, JOB_RUNNING);
    }
    const char *run = w.place.paths.run;
    leave_status(run, 1, true, 0);
    leave_status(run, 2, true, 4);
    leave_status(run, 3, false, 0);
    world_ask(&w, geteuid(), "{'v': 1, 'verb': 'cancel', 'id': 'c', 'jobs': [5]}");
    leave_status(run, 5, true, -1);
    store_close(w.store);
    w.store = NULL;

    world_client(&c);
    is_str(state_of(&c, 1, reason, sizeof reason), "COMPLETED",
           "a job that ended while no scheduler ran is shown so");
    is_str(state_of(&c, 2, reason, sizeof reason), "FAILED", "the others that ended as well");
    is_str(reason, "exit code 4", "with their reasons");
    ok(!has_files(run, 1) && !has_files(run, 2), "what the store has needs no file");
    is_str(state_of(&c, 3, reason, sizeof reason), "RUNNING", "one whose shepherd is there runs");
    ok(has_files(run, 3), "and keeps its file");
    is_str(state_of(&c, 4, reason, sizeof reason), "RUNNING",
           "one without any file is left to a scheduler");
    is_str(state_of(&c, 5, reason, sizeof reason), "CANCELLED", "a cancelled one is cancelled");
    has_str(reason, "cancelled by ", "and says by whom");
    client_close(&c);
    world_close(&w);
}

/* Cancels job 1; what its shepherd, if there is one, is told. */
static void cancel(struct client *c, int fifo, const char *told, const char *name)
{
    struct err e = {0};
    char line[64] = "";
    json_t *reply = ask(c, "cancel", "jobs", json_pack("[i]", 1), &e);
    is_int(json_array_size(json_object_get(reply, "cancelled")), 1, name);
    json_decref(reply);
    if (fifo < 0)
        return;
    ssize_t n = read(fifo, line, sizeof line - 1);
    is_str(n < 0 ? strerror(errno) : line, told, "  ... its shepherd is told");
}

static void test_cancel(void)
{
    struct world w;
    struct client c;
    char reason[1024];
    world_open(&w, 0);
    world_submit(&w, geteuid(), 1);
    world_run(&w, 1, JOB_RUNNING);
    char *path = attempt_path(w.place.paths.run, 1, 1, "control");
    int fifo = mkfifo(path, 0600) < 0 ? -1 : open(path, O_RDONLY | O_NONBLOCK);
    ok(fifo >= 0, "(a shepherd listens)");
    world_client(&c);
    cancel(&c, fifo, "cancel 1.1\n", "a running job is cancelled without a scheduler");
    is_str(state_of(&c, 1, reason, sizeof reason), "RUNNING", "it runs until it ends");
    has_str(reason, "being cancelled by ", "and says that it is being cancelled");
    close(fifo);
    cancel(&c, -1, NULL, "that its shepherd is gone is no error");
    free(path);
    client_close(&c);
    world_close(&w);
}

int main(void)
{
    test_concurrent();
    test_repeated();
    test_settle();
    test_cancel();
    return done_testing();
}
