// SPDX-License-Identifier: MIT
/* Signals to a running job: the warning of its limit, and those that its user sends. */
#include "fixture.h"
#include "tap.h"

/* Says who it is when it is ready, and again for each signal. */
#define LISTEN(name)                                                                               \
    "trap \"echo " name " >>caught\" USR1; echo $$ >>ready; while :; do sleep 0.01; done"

static void send_token(const struct attempt *a, int signal, bool first, int64_t token)
{
    struct err e;
    char message[CONTROL_MESSAGE];
    struct control_signal c = {.signal = signal, .first = first, .token = token};
    if (control_send(a->dir, a->spec.job, 1, control_signal_format(&c, message), &e) != 0)
        cannot("control");
}

static void send_signal(const struct attempt *a, int signal, bool first)
{
    static int64_t token;
    send_token(a, signal, first, ++token);
}

static void kill_it(struct attempt *a)
{
    struct err e;
    control_send(a->dir, a->spec.job, 1, CONTROL_KILL, &e);
    attempt_wait(a);
}

static int count(const struct attempt *a, const char *word)
{
    int n = 0;
    for (const char *at = contents(a, "caught"); at && (at = strstr(at, word)); at++)
        n++;
    return n;
}

static void test_all(void)
{
    struct attempt a;
    attempt_new(
        &a, "sh -c '" LISTEN("child") "' & setsid sh -c '" LISTEN("daemon") "' & " LISTEN("first"));
    attempt_start(&a);
    await_line(&a, "ready", 3);
    send_signal(&a, SIGUSR1, false);
    await_line(&a, "caught", 3);
    ok(count(&a, "child") == 1 && count(&a, "daemon") == 1 && count(&a, "first") == 1,
       "a signal goes to every process");
    send_signal(&a, SIGUSR1, true);
    await_line(&a, "caught", 4);
    is_int(count(&a, "first"), 2, "or to the first alone");
    kill_it(&a);
    attempt_end(&a);
}

/* dash and bash execute the last command of a line in their place: so there is one behind it. */
static void test_shell_is_spared(void)
{
    struct attempt a;
    attempt_new(&a, "sh -c '" LISTEN("child") "'; echo on >>caught; exit 7");
    attempt_start(&a);
    long child = await_line(&a, "ready", 1);
    send_signal(&a, SIGUSR1, false);
    await_line(&a, "caught", 1);
    kill((pid_t)child, SIGKILL);
    attempt_wait(&a);
    is_int(a.status.exit_code, 7, "a shell that only waits does not die of a notice");
    attempt_end(&a);
}

static void test_ends_by_it(void)
{
    struct attempt a;
    attempt_new(&a, "sh -c 'echo $$ >>ready; sleep 100; true'; true");
    attempt_start(&a);
    await_line(&a, "ready", 1);
    send_signal(&a, SIGTERM, false);
    attempt_wait(&a);
    is_int(a.status.outcome, OUTCOME_EXITED, "a job that is sent SIGTERM is not cancelled");
    is_int(a.status.signal, SIGTERM, "it ends by it");
    attempt_end(&a);
}

static void test_comes_twice(void)
{
    struct attempt a;
    attempt_new(&a, "trap 'echo second >>caught' USR2; " LISTEN("first"));
    attempt_start(&a);
    await_line(&a, "ready", 1);
    send_token(&a, SIGUSR1, true, 1000);
    await_line(&a, "caught", 1);
    send_token(&a, SIGUSR1, true, 1000);
    send_token(&a, SIGUSR2, true, 1001);
    await_line(&a, "caught", 2);
    is_str(contents(&a, "caught"), "first\nsecond\n", "one that arrives twice is sent once");
    kill_it(&a);
    attempt_end(&a);
}

static void test_warning(void)
{
    struct attempt a;
    attempt_new(&a, "trap 'echo saved; exit 0' USR1; while :; do sleep 0.01; done");
    a.spec.limit_us = 20000000;
    a.spec.warning = (struct warning){.signal = SIGUSR1, .before_us = 19500000, .first = true};
    attempt_run(&a);
    is_int(a.status.outcome, OUTCOME_EXITED, "a job is warned of its limit");
    is_str(contents(&a, "out"), "saved\n", "and has time for its work");
    ok(a.status.runtime_us >= 500000 && a.status.runtime_us < 10000000, "so long before it");
    attempt_end(&a);
}

static void test_warning_and_end(void)
{
    struct attempt a;
    attempt_new(&a, LISTEN("first"));
    a.spec.limit_us = 1500000;
    a.spec.warning = (struct warning){.signal = SIGUSR1, .before_us = 1000000, .first = true};
    attempt_run(&a);
    is_int(a.status.outcome, OUTCOME_TIMEOUT, "the warning does not move the end");
    is_int(count(&a, "first"), 1, "and comes once");
    ok(a.status.runtime_us >= 1500000, "the end is where it was");
    attempt_end(&a);
}

static void save_before(struct attempt *a, int64_t limit_us, int64_t before_us)
{
    a->spec.limit_us = limit_us;
    a->spec.checkpoint = CHECKPOINT_SIGNAL;
    a->spec.warning = (struct warning){.signal = SIGUSR1, .before_us = before_us};
}

static void say(struct attempt *a, const char *message)
{
    struct err e;
    if (control_send(a->dir, a->spec.job, 1, message, &e) != 0)
        cannot("control");
}

static void test_checkpoint(void)
{
    struct attempt a;
    attempt_new(&a, LISTEN("first"));
    save_before(&a, 1500000, 1000000);
    attempt_run(&a);
    ok(a.status.outcome == OUTCOME_TIMEOUT && a.status.checkpointed,
       "a checkpoint is a warning, and the outcome says that it was told");
    is_int(count(&a, "first"), 1, "it comes once");
    attempt_end(&a);
    attempt_new(&a, "exit 3");
    save_before(&a, 20000000, 1000000);
    attempt_run(&a);
    ok(a.status.exit_code == 3 && !a.status.checkpointed, "who ends before was not told");
    attempt_end(&a);
}

/* What recovery finds if the shepherd is killed now. */
static void test_checkpoint_is_claimed(void)
{
    struct attempt a;
    struct attempt_status st;
    struct err e;
    attempt_new(&a, LISTEN("first"));
    save_before(&a, 20000000, 19500000);
    attempt_start(&a);
    await_line(&a, "ready", 1);
    ok(status_read(a.dir, a.spec.job, 1, &st, &e) == 0 && !st.checkpointed, "not told yet");
    await_line(&a, "caught", 1);
    ok(status_read(a.dir, a.spec.job, 1, &st, &e) == 0 && st.phase == PHASE_CLAIMED &&
           st.checkpointed == 1 && st.started_us > 0,
       "the claim says that it was told");
    kill_it(&a);
    attempt_end(&a);
}

static void test_make_room(void)
{
    struct attempt a;
    attempt_new(&a, "trap 'sleep 0.2; echo saved >>caught; exit 7' USR1; echo $$ >>ready;"
                    " while :; do sleep 0.01; done");
    save_before(&a, 0, 20000000);
    attempt_start(&a);
    await_line(&a, "ready", 1);
    say(&a, CONTROL_CHECKPOINT);
    say(&a, CONTROL_CHECKPOINT);
    attempt_wait(&a);
    ok(a.status.outcome == OUTCOME_EXITED && a.status.exit_code == 7 && a.status.checkpointed,
       "one that is to make room has time to save its work");
    is_int(count(&a, "saved"), 1, "once, however often it is told");
    attempt_end(&a);
    attempt_new(&a, LISTEN("first"));
    save_before(&a, 0, 300000);
    attempt_start(&a);
    await_line(&a, "ready", 1);
    say(&a, CONTROL_SUSPEND);
    say(&a, CONTROL_CHECKPOINT);
    say(&a, CONTROL_SUSPEND);
    attempt_wait(&a);
    ok(a.status.outcome == OUTCOME_CANCELLED && a.status.checkpointed && count(&a, "first") == 1,
       "and is ended after it; one that was suspended goes on for that");
    attempt_end(&a);
}

static void test_make_room_without(void)
{
    struct attempt a;
    attempt_new(&a, LISTEN("first"));
    attempt_start(&a);
    await_line(&a, "ready", 1);
    say(&a, CONTROL_CHECKPOINT);
    attempt_wait(&a);
    ok(a.status.outcome == OUTCOME_CANCELLED && !a.status.checkpointed,
       "without a checkpoint it is ended at once");
    attempt_end(&a);
}

int main(void)
{
    test_all();
    test_shell_is_spared();
    test_ends_by_it();
    test_comes_twice();
    test_warning();
    test_warning_and_end();
    test_checkpoint();
    test_checkpoint_is_claimed();
    test_make_room();
    test_make_room_without();
    return done_testing();
}
