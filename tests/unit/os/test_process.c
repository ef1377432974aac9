// SPDX-License-Identifier: MIT
/* Starting processes, telling them from later ones of the same pid, and waiting for them. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/process.h"
#include "tap.h"

#define WORDS(...) ((char *const *)(uintptr_t)(const char *const[]){__VA_ARGS__, NULL})

static int is_readable(int fd, int timeout_ms)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    return poll(&p, 1, timeout_ms);
}

static void read_line(int fd, char *line, size_t size)
{
    ssize_t n = read(fd, line, size - 1);
    line[n > 0 ? n : 0] = '\0';
}

static void test_spawn(void)
{
    struct err e = {0};
    int out[2], swapped[2];
    char line[256];
    if (pipe(out) != 0 || pipe(swapped) != 0)
        return;
    signal(SIGUSR1, SIG_IGN);
    sigset_t term;
    sigemptyset(&term);
    sigaddset(&term, SIGTERM);
    sigprocmask(SIG_BLOCK, &term, NULL);
    /* Descriptors that are in each other's way: low ones are to be others' numbers. */
    int low = dup2(out[1], 10);
    int fds[] = {-1, low, 0, 1};
    /* (The C library keeps two high signals to itself, as they were inherited.) */
    pid_t pid = process_spawn(
        WORDS("/bin/sh", "-c",
              "echo $A $(ls /proc/self/fd | wc -l) $(grep -c 'Sig\\(Blk\\|Ign\\):.*0000000$' "
              "/proc/$$/status) $(test $(cut -d' ' -f6 /proc/$$/stat) = $$ && echo leader)"),
        WORDS("A=alpha", "PATH=/usr/bin:/bin"), fds, 4, &e);
    ok(pid > 0, "a process is started");
    read_line(out[0], line, sizeof line);
    is_str(line, "alpha 5 2 leader\n",
           "it has its environment, its four descriptors (and one of ls), no ignored or blocked "
           "signals, and a session");
    int status;
    waitpid(pid, &status, 0);
    is_int(status, 0, "and ends");
    sigprocmask(SIG_UNBLOCK, &term, NULL);
    pid = process_spawn(WORDS("/no/such/program"), WORDS("A="), fds, 4, &e);
    is_int(pid, -1, "a program that is not there is not started");
    is_str(e.text, "cannot start /no/such/program: No such file or directory", "with its reason");
    close(low);
    for (int i = 0; i < 2; i++) {
        close(out[i]);
        close(swapped[i]);
    }
}

static void test_watch(void)
{
    struct err e = {0};
    int fds[] = {-1, -1, -1};
    pid_t pid = process_spawn(WORDS("/bin/sleep", "100"), WORDS("A="), fds, 3, &e);
    int64_t start = process_start(pid);
    ok(start > 0, "a process has a start");
    is_int(process_start(pid), start, "which stays");
    int fd = process_watch(pid, start, &e);
    ok(fd >= 0, "it can be watched");
    is_int(is_readable(fd, 0), 0, "while it lives nothing is to be read");
    ok(process_lives(pid, start), "and it is said to live");
    is_int(process_watch(pid, start + 1, &e), -1, "one that began at another time is another");
    is_int(e.code, ERR_NOT_FOUND, "which is gone");
    kill(pid, SIGKILL);
    is_int(is_readable(fd, 10000), 1, "its end can be read");
    close(fd);
    fd = process_watch(pid, start, &e);
    is_int(is_readable(fd, 10000), 1, "also by who comes before it was waited for");
    close(fd);
    ok(!process_lives(pid, start), "who waits to be waited for does not live");
    waitpid(pid, NULL, 0);
    ok(!process_lives(pid, start), "nor who is gone");
    is_int(process_start(pid), -1, "then it has no start");
    is_int(process_watch(pid, start, &e), -1, "and can't be watched");
    is_int(e.code, ERR_NOT_FOUND, "for it is gone");
}

static void test_sweep(void)
{
    struct err e = {0};
    int fds[] = {-1, -1, -1}, status;
    char mark[40];
    snprintf(mark, sizeof mark, "SWEEP_TEST=%ld", (long)getpid());
    pid_t marked = process_spawn(WORDS("/bin/sleep", "100"), WORDS("A=", mark), fds, 3, &e);
    strcat(mark, "0");
    pid_t other = process_spawn(WORDS("/bin/sleep", "100"), WORDS(mark), fds, 3, &e);
    mark[strlen(mark) - 1] = '\0';
    is_int(process_sweep("SWEEP_TEST", strchr(mark, '=') + 1), 1, "who carries the mark is found");
    waitpid(marked, &status, 0);
    ok(WIFSIGNALED(status), "and ended");
    is_int(waitpid(other, &status, WNOHANG), 0, "another is not");
    kill(other, SIGKILL);
    waitpid(other, NULL, 0);
    is_int(process_sweep("SWEEP_TEST", "nobody"), 0, "nobody is found where nobody is");
}

int main(void)
{
    test_spawn();
    test_watch();
    test_sweep();
    return done_testing();
}
