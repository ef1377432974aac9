// SPDX-License-Identifier: MIT
/* A suspended job stands still with all its processes, and its time with it. Once watched, where it
 * gets SIGSTOP, and once in groups, where it is frozen. */
#include "fixture.h"
#include "tap.h"

static const char *variant;

/* Three that count, each in a file of its own: a child, one that left the session, the first. */
#define COUNT(name) "echo $$ >>ready; while :; do echo x >>" name "; sleep 0.01; done"
#define FAMILY      "sh -c '" COUNT("child") "' & setsid sh -c '" COUNT("daemon") "' & " COUNT("first")

static bool begin(struct attempt *a, bool groups, const char *line)
{
    attempt_new(a, line);
    return !groups || attempt_use_groups(a);
}

static void end(struct attempt *a, bool groups)
{
    if (groups)
        ok(attempt_groups_gone(a), "%s: no group is left", variant);
    attempt_end(a);
}

static void tell(const struct attempt *a, const char *message)
{
    struct err e;
    if (control_send(a->dir, a->spec.job, 1, message, &e) != 0)
        cannot("control");
}

static long size(const struct attempt *a, const char *name)
{
    struct stat st;
    return stat(in_dir(a, name), &st) == 0 ? (long)st.st_size : 0;
}

static void wait_ms(int ms)
{
    for (int i = 0; i < ms; i++)
        tiny_sleep();
}

static long sum(const struct attempt *a)
{
    return size(a, "child") + size(a, "daemon") + size(a, "first");
}

/* Nobody counts for a while. */
static bool stands_still(const struct attempt *a)
{
    for (int tries = 0; tries < 100; tries++) {
        long before = sum(a);
        wait_ms(200);
        if (sum(a) == before)
            return true;
    }
    return false;
}

static bool all_go_on(const struct attempt *a)
{
    long child = size(a, "child"), daemon = size(a, "daemon"), first = size(a, "first");
    for (int i = 0; i < 10000; i++, tiny_sleep())
        if (size(a, "child") > child && size(a, "daemon") > daemon && size(a, "first") > first)
            return true;
    return false;
}

static void test_stands_still(bool groups)
{
    struct attempt a;
    if (!begin(&a, groups, FAMILY))
        return;
    attempt_start(&a);
    await_line(&a, "ready", 3);
    ok(all_go_on(&a), "%s: it runs", variant);
    tell(&a, CONTROL_SUSPEND);
    ok(stands_still(&a), "it stands still with all its processes");
    tell(&a, CONTROL_SUSPEND);
    tell(&a, CONTROL_RESUME);
    ok(all_go_on(&a), "and all of them go on");
    tell(&a, CONTROL_RESUME);
    tell(&a, CONTROL_SUSPEND);
    ok(stands_still(&a), "as often as one likes");
    tell(&a, CONTROL_CANCEL);
    attempt_wait(&a);
    is_int(a.status.outcome, OUTCOME_CANCELLED, "a suspended job can be cancelled");
    is_int(a.status.signal, SIGTERM, "and gets its SIGTERM");
    end(&a, groups);
}

static void test_cancel_gives_time(bool groups)
{
    struct attempt a;
    if (!begin(&a, groups,
               "trap 'echo saved; exit 5' TERM; echo $$ >>ready;"
               "while :; do sleep 0.01; done"))
        return;
    attempt_start(&a);
    await_line(&a, "ready", 1);
    tell(&a, CONTROL_SUSPEND);
    tell(&a, CONTROL_CANCEL);
    attempt_wait(&a);
    ok(a.status.exit_code == 5, "%s: whom it thaws, and leaves its grace", variant);
    end(&a, groups);
}

static void test_kill(bool groups)
{
    struct attempt a;
    if (!begin(&a, groups, FAMILY))
        return;
    attempt_start(&a);
    await_line(&a, "ready", 3);
    tell(&a, CONTROL_SUSPEND);
    tell(&a, CONTROL_KILL);
    attempt_wait(&a);
    ok(a.status.signal == SIGKILL, "%s: killed, it is gone", variant);
    end(&a, groups);
}

static void test_limit(bool groups)
{
    struct attempt a;
    if (!begin(&a, groups, "echo $$ >>ready; while :; do sleep 0.01; done"))
        return;
    a.spec.limit_us = 1000000;
    attempt_start(&a);
    await_line(&a, "ready", 1);
    tell(&a, CONTROL_SUSPEND);
    wait_ms(1500);
    ok(kill(a.shepherd, 0) == 0, "%s: its limit does not end it meanwhile", variant);
    tell(&a, CONTROL_RESUME);
    attempt_wait(&a);
    is_int(a.status.outcome, OUTCOME_TIMEOUT, "but later");
    ok(a.status.runtime_us >= 1000000 && a.status.runtime_us < 2400000,
       "and its runtime does not count the time it stood");
    ok(a.status.ended_us - a.status.started_us >= 2400000, "which was not short");
    end(&a, groups);
}

/* It is told before its shepherd is there. */
static void test_early(bool groups)
{
    struct attempt a;
    struct err e;
    if (!begin(&a, groups, "sleep 0.05; exit 4"))
        return;
    control_send(a.dir, a.spec.job, 1, CONTROL_SUSPEND, &e);
    attempt_start(&a);
    while (status_read(a.dir, a.spec.job, 1, &a.status, &e) != 0 || !a.status.started_us)
        tiny_sleep();
    wait_ms(300);
    ok(kill(a.shepherd, 0) == 0, "%s: who is to be suspended is, once it runs", variant);
    tell(&a, CONTROL_RESUME);
    attempt_wait(&a);
    is_int(a.status.exit_code, 4, "and goes on");
    end(&a, groups);
}

static void test_signals_wait(bool groups)
{
    struct attempt a;
    struct control_signal c = {.signal = SIGUSR1, .token = 1};
    char message[CONTROL_MESSAGE];
    if (!begin(&a, groups, "trap 'exit 6' USR1; echo $$ >>ready; while :; do sleep 0.01; done"))
        return;
    attempt_start(&a);
    await_line(&a, "ready", 1);
    tell(&a, CONTROL_SUSPEND);
    tell(&a, control_signal_format(&c, message));
    c = (struct control_signal){.signal = SIGCONT, .token = 2};
    tell(&a, control_signal_format(&c, message));
    wait_ms(300);
    ok(kill(a.shepherd, 0) == 0, "%s: a signal waits, and SIGCONT does not let it go on", variant);
    tell(&a, CONTROL_RESUME);
    attempt_wait(&a);
    is_int(a.status.exit_code, 6, "until it goes on");
    end(&a, groups);

    if (!begin(&a, groups, "echo $$ >>ready; while :; do sleep 0.01; done"))
        return;
    attempt_start(&a);
    await_line(&a, "ready", 1);
    tell(&a, CONTROL_SUSPEND);
    c = (struct control_signal){.signal = SIGKILL, .token = 3};
    tell(&a, control_signal_format(&c, message));
    attempt_wait(&a);
    is_int(a.status.outcome, OUTCOME_EXITED, "SIGKILL does not wait");
    is_int(a.status.signal, SIGKILL, "and ends it");
    end(&a, groups);
}

int main(void)
{
    for (int groups = 0; groups < 2; groups++) {
        variant = groups ? "in groups" : "watched";
        test_stands_still(groups);
        test_cancel_gives_time(groups);
        test_kill(groups);
        test_limit(groups);
        test_early(groups);
        test_signals_wait(groups);
    }
    return done_testing();
}
