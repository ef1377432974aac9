// SPDX-License-Identifier: MIT
/* Ending a job: by its time limit, by a cancel, by a kill; and nothing is left of it. */
#include "fixture.h"
#include "tap.h"

static void tell(const struct attempt *a, const char *line)
{
    struct err e;
    if (control_send(a->dir, a->spec.job, a->spec.attempt, line, &e) != 0)
        cannot("control");
}

static void test_timeout(void)
{
    struct attempt a;
    attempt_new(&a, "sleep 100");
    a.spec.limit_us = 300000;
    attempt_run(&a);
    is_int(a.status.outcome, OUTCOME_TIMEOUT, "a job ends at its time limit");
    is_int(a.status.signal, SIGTERM, "by SIGTERM");
    is_str(a.status.reason, "reached its time limit of 00:00:00", "and the reason says so");
    ok(a.status.runtime_us >= 300000 && a.status.runtime_us < 2000000,
       "not before, not long after");
    attempt_end(&a);
}

static void test_timeout_ignored(void)
{
    struct attempt a;
    attempt_new(&a, "trap '' TERM; sleep 100 & echo $!; echo $$; wait");
    a.spec.limit_us = 200000;
    a.spec.grace_us = 300000;
    attempt_start(&a);
    long child = await_line(&a, "out", 1), self = await_line(&a, "out", 2);
    attempt_wait(&a);
    is_int(a.status.outcome, OUTCOME_TIMEOUT, "a job that ignores SIGTERM ends all the same");
    is_int(a.status.signal, SIGKILL, "by SIGKILL");
    ok(a.status.runtime_us >= 500000, "after its grace");
    ok(!is_alive(child) && !is_alive(self), "and all of it");
    attempt_end(&a);
}

static void test_cancel(void)
{
    struct attempt a;
    attempt_new(&a, "trap 'echo saved; exit 5' TERM; echo $$; while :; do sleep 0.01; done");
    attempt_start(&a);
    await_line(&a, "out", 1);
    tell(&a, CONTROL_CANCEL);
    attempt_wait(&a);
    is_int(a.status.outcome, OUTCOME_CANCELLED, "a cancelled job was cancelled");
    is_int(a.status.exit_code, 5, "whatever it says itself");
    has_str(contents(&a, "out"), "saved\n", "and had time to save its work");
    attempt_end(&a);
}

static void test_cancel_keeps_grace(void)
{
    struct attempt a;
    /* The shell dies of SIGTERM at once, its child takes a moment. */
    attempt_new(&a, "sh -c 'trap \"sleep 0.3; echo saved; exit\" TERM; echo $$;"
                    "while :; do sleep 0.01; done'; true");
    attempt_start(&a);
    await_line(&a, "out", 1);
    tell(&a, CONTROL_CANCEL);
    attempt_wait(&a);
    is_int(a.status.signal, SIGTERM, "the first process has ended");
    has_str(contents(&a, "out"), "saved\n", "and the others still have their grace");
    attempt_end(&a);
}

static void test_cancel_stopped(void)
{
    struct attempt a;
    attempt_new(&a, "echo $$; kill -STOP $$");
    attempt_start(&a);
    await_line(&a, "out", 1);
    tell(&a, CONTROL_CANCEL);
    attempt_wait(&a);
    is_int(a.status.signal, SIGTERM, "a stopped job is ended by SIGTERM as well");
    attempt_end(&a);
}

static void test_cancel_then_kill(void)
{
    struct attempt a;
    attempt_new(&a, "trap '' TERM; echo $$; while :; do sleep 0.01; done");
    a.spec.grace_us = 60000000;
    attempt_start(&a);
    await_line(&a, "out", 1);
    tell(&a, CONTROL_CANCEL);
    tell(&a, CONTROL_CANCEL);
    tell(&a, CONTROL_KILL);
    attempt_wait(&a);
    is_int(a.status.outcome, OUTCOME_CANCELLED, "a kill after a cancel is a cancel");
    is_int(a.status.signal, SIGKILL, "without any more grace");
    attempt_end(&a);
}

static void test_rubbish(void)
{
    struct attempt a;
    attempt_new(&a, "echo $$; sleep 100");
    attempt_start(&a);
    await_line(&a, "out", 1);
    char name[64];
    snprintf(name, sizeof name, "%lld.1.control", (long long)a.spec.job);
    int fd = open(in_dir(&a, name), O_WRONLY | O_CLOEXEC);
    static const char rubbish[] =
        "rubbish\n\ncancel\ncancel 999.1\ncancel at a length that no line of "
        "the control file ever has, and which is no reason to end\n";
    for (int i = 0; i < 20; i++)
        if (write(fd, rubbish, sizeof rubbish - 1) < 0)
            cannot("write");
    close(fd);
    tell(&a, CONTROL_KILL);
    attempt_wait(&a);
    is_int(a.status.signal, SIGKILL, "rubbish in the control file is passed over");
    attempt_end(&a);
}

static void test_sigterm(void)
{
    struct attempt a;
    attempt_new(&a, "echo $$; sleep 100");
    attempt_start(&a);
    await_line(&a, "out", 1);
    kill(a.shepherd, SIGUSR1);
    kill(a.shepherd, SIGTERM);
    attempt_wait(&a);
    is_int(a.exit_status, 0, "a shepherd does not die of signals");
    is_int(a.status.outcome, OUTCOME_CANCELLED, "SIGTERM means cancel");
    attempt_end(&a);
}

/* An output that nobody reads keeps the child in open(2). */
static void test_cancel_before_exec(void)
{
    struct attempt a;
    attempt_new(&a, "true");
    set_text(&a.spec.stdout_path, in_dir(&a, "fifo"));
    if (mkfifo(in_dir(&a, "fifo"), 0600) != 0)
        cannot("mkfifo");
    attempt_start(&a);
    struct err e;
    while (status_read(a.dir, a.spec.job, 1, &a.status, &e) != 0)
        tiny_sleep();
    tell(&a, CONTROL_CANCEL);
    attempt_wait(&a);
    is_int(a.status.outcome, OUTCOME_CANCELLED, "a job that hangs at its start can be cancelled");
    attempt_end(&a);
}

static void test_early_cancel(void)
{
    struct attempt a;
    struct err e;
    attempt_new(&a, "echo it ran");
    is_int(control_send(a.dir, a.spec.job, 1, CONTROL_CANCEL, &e), 1, "nobody is there yet");
    attempt_run(&a);
    is_int(a.status.outcome, OUTCOME_CANCELLED, "but who comes finds the note");
    ok(!contents(&a, "out"), "and the job does not run");
    is_int(a.status.started_us, 0, "not even for a moment");
    is_int(control_send(a.dir, a.spec.job, 1, CONTROL_CANCEL, &e), 1, "nobody is there any more");
    attempt_end(&a);
}

static void test_cancel_after_end(void)
{
    struct attempt a;
    attempt_new(&a, "exit 4");
    attempt_start(&a);
    struct err e;
    while (kill(a.shepherd, 0) == 0 && a.status.phase != PHASE_ENDED) {
        control_send(a.dir, a.spec.job, 1, "rubbish", &e);
        status_read(a.dir, a.spec.job, 1, &a.status, &e);
    }
    control_send(a.dir, a.spec.job, 1, CONTROL_CANCEL, &e);
    attempt_wait(&a);
    is_int(a.status.outcome, OUTCOME_EXITED, "a job that has ended can't be cancelled");
    attempt_end(&a);
}

int main(void)
{
    test_timeout();
    test_timeout_ignored();
    test_cancel();
    test_cancel_keeps_grace();
    test_cancel_stopped();
    test_cancel_then_kill();
    test_rubbish();
    test_sigterm();
    test_cancel_before_exec();
    test_early_cancel();
    test_cancel_after_end();
    return done_testing();
}
