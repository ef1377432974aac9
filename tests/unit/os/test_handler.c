// SPDX-License-Identifier: MIT
/* A signal for who handles it: everybody else lives on. */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/handler.h"
#include "tap.h"

enum kind { DEFAULT, IGNORES, CATCHES, BLOCKS };

static volatile sig_atomic_t caught;

static void on_signal(int signal)
{
    (void)signal;
    caught = 1;
}

static void become(enum kind kind)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    signal(SIGUSR1, kind == DEFAULT ? SIG_DFL : kind == IGNORES ? SIG_IGN : on_signal);
    sigprocmask(kind == BLOCKS ? SIG_BLOCK : SIG_UNBLOCK, &set, NULL);
}

/* A child that says "r" when it is ready, and "c" when it has caught the signal. */
static pid_t child(enum kind kind, int *from)
{
    int ends[2];
    char byte;
    if (pipe(ends) != 0)
        return -1;
    pid_t pid = fork();
    if (pid == 0) {
        become(kind);
        if (write(ends[1], "r", 1) != 1)
            _exit(1);
        while (!caught)
            usleep(1000);
        if (write(ends[1], "c", 1) != 1)
            _exit(1);
        for (;;)
            pause();
    }
    close(ends[1]);
    if (read(ends[0], &byte, 1) != 1)
        return -1;
    *from = ends[0];
    return pid;
}

static void end(pid_t pid, int from, int signal, const char *name)
{
    int status = 0;
    kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
    close(from);
    is_int(WTERMSIG(status), signal, name);
}

static void test_caught(void)
{
    struct handler h, again;
    int from = -1;
    char byte = 0;
    pid_t pid = child(CATCHES, &from);
    is_int(handler_look(&h, pid, SIGUSR1), 0, "a process can be looked at");
    ok(h.catches && !h.blocks, "it handles the signal");
    ok(h.age_us >= 0 && h.age_us < 60000000, "and is young");
    is_int(handler_look(&again, pid, SIGUSR2), 0, "another look");
    ok(!again.catches, "not another signal");
    ok(handler_same(&h, &again), "but it is the same process");
    is_int(handler_signal(&h, SIGUSR1), 0, "it is signalled");
    ok(read(from, &byte, 1) == 1 && byte == 'c', "and has handled it");
    again.start--;
    is_int(handler_signal(&again, SIGUSR1), -1, "an earlier process of its pid is not");
    is_int(handler_signal(&h, SIGUSR2), -1, "nor is it with what it does not handle");
    end(pid, from, SIGKILL, "it lived until it was killed");
    is_int(handler_signal(&h, SIGUSR1), -1, "who is gone is not signalled");
    is_int(handler_look(&h, pid, SIGUSR1), -1, "nor looked at");
}

static void test_others(void)
{
    static const enum kind kinds[] = {DEFAULT, IGNORES};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct handler h;
        int from = -1, sent = 0;
        pid_t pid = child(kinds[i], &from);
        is_int(handler_look(&h, pid, SIGUSR1), 0, "one without a handler");
        ok(!h.catches, "is seen to have none");
        for (int n = 0; n < 1000; n++)
            sent += handler_signal(&h, SIGUSR1) == 0;
        is_int(sent, 0, "and never signalled");
        end(pid, from, SIGKILL, "it lived until it was killed");
    }
}

static void test_blocked(void)
{
    struct handler h;
    int from = -1;
    pid_t pid = child(BLOCKS, &from);
    handler_look(&h, pid, SIGUSR1);
    ok(h.catches && h.blocks, "who blocks a signal is seen to");
    end(pid, from, SIGKILL, "it lived until it was killed");
}

/* Another program in the same process. */
static void test_exec(void)
{
    struct handler before, after;
    int ends[2];
    char byte;
    if (pipe(ends) != 0)
        return;
    pid_t pid = fork();
    if (pid == 0) {
        dup2(ends[1], 1);
        if (read(ends[0], &byte, 1) == 1)
            execl("/bin/sh", "sh", "-c", "echo; exec sleep 100", (char *)NULL);
        _exit(1);
    }
    handler_look(&before, pid, SIGUSR1);
    if (write(ends[1], "x", 1) != 1)
        return;
    do
        handler_look(&after, pid, SIGUSR1);
    while (after.image == before.image);
    ok(before.start == after.start && !handler_same(&before, &after),
       "a process that executes another program is not what it was");
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

int main(void)
{
    struct handler self;
    if (handler_look(&self, getpid(), SIGUSR1) != 0) {
        skip("this system does not tell what signals are handled");
        return done_testing();
    }
    test_caught();
    test_others();
    test_blocked();
    test_exec();
    return done_testing();
}
