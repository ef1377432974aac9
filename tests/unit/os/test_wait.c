// SPDX-License-Identifier: MIT
/* Sleeping until something comes up. */
#include <signal.h>
#include <unistd.h>

#include "os/clock.h"
#include "os/wait.h"
#include "tap.h"

int main(void)
{
    struct waiter w;
    struct err e = {0};
    uint64_t signals;
    int pipefd[2];
    static const int wanted[] = {SIGTERM, SIGCHLD, 0};
    if (pipe(pipefd) != 0) {
        printf("Bail out! pipe\n");
        return 1;
    }
    struct pollfd fds[] = {{.fd = -1, .events = POLLIN}, {.fd = pipefd[0], .events = POLLIN}};
    is_int(waiter_open(&w, wanted, &e), 0, "opened");

    int64_t deadline = clock_boot_us() + 20000;
    is_int(waiter_wait(&w, fds, 2, deadline, &signals, &e), 0, "it sleeps");
    ok(clock_boot_us() >= deadline, "until the time has come");
    ok(signals == 0 && fds[1].revents == 0, "and nothing else came up");
    is_int(waiter_wait(&w, fds, 2, deadline, &signals, &e), 0, "a time in the past is now");

    raise(SIGTERM);
    raise(SIGUSR1);
    waiter_wait(&w, fds, 2, 0, &signals, &e);
    ok(signals == UINT64_C(1) << SIGTERM, "a signal wakes it, one that is not wanted does not");

    if (write(pipefd[1], "", 1) != 1)
        return 1;
    waiter_wait(&w, fds, 2, clock_boot_us() + 60000000, &signals, &e);
    ok(signals == 0 && fds[1].revents, "so does a descriptor");
    ok(fds[0].revents == 0, "one that is -1 is left out");

    /* With no time set, the one of before must not go off. */
    char byte;
    deadline = clock_boot_us() + 10000;
    waiter_wait(&w, fds, 2, deadline, &signals, &e);
    is_int(read(pipefd[0], &byte, 1), 1, "(the descriptor is emptied)");
    pid_t child = fork();
    if (child == 0) {
        while (clock_boot_us() < deadline + 10000)
            continue;
        _exit(0);
    }
    waiter_wait(&w, fds, 2, 0, &signals, &e);
    ok(signals == UINT64_C(1) << SIGCHLD, "a time that is taken back does not wake it");
    waiter_close(&w);
    return done_testing();
}
