// SPDX-License-Identifier: MIT
/* How long a job will run is what the last two of the same user and command did. */
#include "fixture.h"

#define ANN 1000
#define BOB 1001
#define S   INT64_C(1000000)

/* A job that ran and ended. If nothing else is said: of ann, COMPLETED after one second. */
struct run {
    const char *command;
    uint32_t uid;
    enum job_state state;
    int exit_code, signal;
    bool no_result;
    int64_t limit_us, runtime_us;
};

static int64_t submit_run(struct store *s, const struct run *r)
{
    struct job_record j = a_job(NULL);
    free(j.command);
    j.command = copy_of(r->command);
    j.job.uid = r->uid;
    j.job.limit_us = r->limit_us;
    must(store_job_insert(s, &j, "/logs", &err));
    int64_t id = j.job.id;
    job_record_clear(&j);
    return id;
}

static void run(struct store *s, struct run r)
{
    r.uid = r.uid ? r.uid : ANN;
    must(store_begin(s, &err));
    struct job j = {.id = submit_run(s, &r), .attempt = 1, .start_us = T0, .alloc_cpus = 1};
    must(store_attempt_begin(s, &j, NULL, "boot-1", &err));
    struct attempt_record end = {
        .job = j.id,
        .attempt = 1,
        .state = r.state ? r.state : JOB_COMPLETED,
        .end_us = T0 + j.id * S,
        .runtime_us = r.runtime_us ? r.runtime_us : S,
        .has_result = !r.no_result,
        .exit_code = r.exit_code,
        .signal = r.signal,
    };
    must(store_attempt_end(s, &end, &err));
    must(store_commit(s, &err));
}
#define RUN(...) run(s, (struct run){__VA_ARGS__})

static int64_t predicted(struct store *s, uint32_t uid, const char *command)
{
    int64_t us = -1;
    must(store_predict(s, uid, command, &us, &err));
    return us;
}

static void the_last_two(struct store *s)
{
    is_int(predicted(s, ANN, "make all"), 0, "of what never ran nothing is known");
    RUN("make all", .runtime_us = 10 * S);
    is_int(predicted(s, ANN, "make all"), 10 * S, "after one run it is that one's time");
    RUN("make all", .runtime_us = 20 * S);
    is_int(predicted(s, ANN, "make all"), 15 * S, "after two the mean of both");
    RUN("make all", .runtime_us = 41 * S);
    is_int(predicted(s, ANN, "make all"), 30500000, "after three that of the last two");
    RUN("quick", .runtime_us = 1);
    is_int(predicted(s, ANN, "quick"), 1, "the shortest time is a time");
}

static void users_are_apart(struct store *s)
{
    RUN("train 1", .runtime_us = 10 * S);
    is_int(predicted(s, BOB, "train 1"), 0, "what one user's ran is nothing to another");
    RUN("train 1", .uid = BOB, .runtime_us = 90 * S);
    is_int(predicted(s, ANN, "train 1"), 10 * S, "each has");
    is_int(predicted(s, BOB, "train 1"), 90 * S, "his own");
}

static void commands_are_apart(struct store *s)
{
    RUN("python a.py", .runtime_us = 10 * S);
    RUN("python b.py", .runtime_us = 30 * S);
    is_int(predicted(s, ANN, "python a.py"), 10 * S, "each command has its own");
    is_int(predicted(s, ANN, "python b.py"), 30 * S, "whatever else its program ran");
    is_int(predicted(s, ANN, "python c.py"), 20 * S, "a new one has its program's last two");
    is_int(predicted(s, ANN, "  LR=0.1  SEED=2\tpython c.py"), 20 * S,
           "which is the first word that is no assignment");
    is_int(predicted(s, ANN, "python"), 20 * S, "alone or not");
    is_int(predicted(s, ANN, "python3 c.py"), 0, "another program is another");
    RUN("python", .runtime_us = 2 * S);
    is_int(predicted(s, ANN, "python"), 2 * S, "a command of one word is not its program");
    is_int(predicted(s, ANN, "python d.py"), 16 * S, "but one of its runs");
    RUN("A=1", .runtime_us = 5 * S);
    is_int(predicted(s, ANN, "A=1"), 5 * S, "a command may be assignments alone");
}

static void which_ends_count(struct store *s)
{
    RUN("job", .runtime_us = 8 * S);
    RUN("job", .state = JOB_CANCELLED);
    RUN("job", .state = JOB_NODE_FAIL, .no_result = true);
    RUN("job", .state = JOB_OUT_OF_MEMORY, .signal = 9);
    RUN("job", .state = JOB_FAILED, .signal = 11);
    RUN("job", .state = JOB_FAILED, .no_result = true);
    is_int(predicted(s, ANN, "job"), 8 * S,
           "cancelled, lost, killed and never started ones say nothing about the run time");
    RUN("job", .state = JOB_FAILED, .exit_code = 1, .runtime_us = 2 * S);
    is_int(predicted(s, ANN, "job"), 5 * S, "one that failed by itself does");
    RUN("job", .state = JOB_TIMEOUT, .signal = 15, .limit_us = 60 * S, .runtime_us = 65 * S);
    is_int(predicted(s, ANN, "job"), 31 * S, "one that reached its time limit counts as that");
}

static void with_its_transaction(struct store *s)
{
    struct run r = {.command = "undone", .uid = ANN};
    must(store_begin(s, &err));
    struct job j = {.id = submit_run(s, &r), .attempt = 1, .start_us = T0, .alloc_cpus = 1};
    must(store_attempt_begin(s, &j, NULL, "boot-1", &err));
    struct attempt_record end = {
        .job = j.id, .attempt = 1, .state = JOB_COMPLETED, .runtime_us = S, .has_result = true};
    must(store_attempt_end(s, &end, &err));
    is_int(predicted(s, ANN, "undone"), S, "it is learnt with the end of the attempt");
    store_rollback(s);
    is_int(predicted(s, ANN, "undone"), 0, "and forgotten with it");
}

/* A command that comes to another's place takes it over. */
static void places_are_taken_over(struct store *s)
{
    RUN("mine", .runtime_us = 4 * S);
    RUN("mine", .runtime_us = 4 * S);
    sql(fixture_db, "UPDATE predictions SET command_hash = ~command_hash");
    is_int(predicted(s, ANN, "mine"), 0, "what another command left in its place is not taken");
    RUN("mine", .runtime_us = 6 * S);
    is_int(predicted(s, ANN, "mine"), 6 * S, "and not mixed with its own");
    sql(fixture_db, "UPDATE predictions SET uid = uid + 1");
    is_int(predicted(s, ANN, "mine"), 0, "nor is what another user left");
    RUN("mine", .runtime_us = 8 * S);
    is_int(predicted(s, ANN, "mine"), 8 * S, "which is taken over in the same way");
}

static void bounded(struct store *s)
{
    sql(fixture_db,
        "DELETE FROM predictions;"
        "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 16383)"
        " INSERT INTO predictions SELECT i, 9, i, 1, 1 FROM n");
    int known = 0;
    char command[32];
    for (int i = 0; i < 100; i++) {
        snprintf(command, sizeof command, "sweep --seed %d", i);
        RUN(command, .runtime_us = (i + 1) * S);
        known += predicted(s, ANN, command) == (i + 1) * S;
    }
    is_int(known, 100, "where all places are taken, new commands find one");
    is_str(sql_value(fixture_db, "SELECT count(*) FROM predictions"), "16384",
           "and no more are made");
}

int main(void)
{
    fixture_make();
    struct store *s = fixture_open();
    the_last_two(s);
    users_are_apart(s);
    commands_are_apart(s);
    which_ends_count(s);
    with_its_transaction(s);
    places_are_taken_over(s);
    bounded(s);
    store_close(s);
    s = fixture_open();
    is_int(predicted(s, ANN, "sweep --seed 99"), 100 * S, "a restart forgets nothing");
    store_close(s);
    fixture_remove();
    return done_testing();
}
