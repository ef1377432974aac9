// SPDX-License-Identifier: MIT
/* The crash points, which are in no other build than that of the crash tests. */
#ifndef MINI_SLURM_CRASH_POINTS
#define MINI_SLURM_CRASH_POINTS
#endif
#include "util/crash.c" // NOLINT(bugprone-suspicious-include): built with crash points

#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

/* How many points a process passes before it is killed, of: one, two, two; 3 if it is not. */
static int passed(const char *at)
{
    int ends[2], count = -1;
    if (pipe(ends) < 0)
        return -1;
    pid_t child = fork();
    if (child == 0) {
        if (at ? setenv("MINI_SLURM_CRASH_AT", at, 1) : unsetenv("MINI_SLURM_CRASH_AT"))
            _exit(1);
        static const char *const points[] = {"one", "two", "two"};
        for (size_t i = 0; i < 3; i++) {
            crash_point(points[i]);
            if (write(ends[1], "x", 1) != 1)
                _exit(1);
        }
        _exit(0);
    }
    close(ends[1]);
    char marks[8];
    ssize_t n;
    for (count = 0; child > 0 && (n = read(ends[0], marks, sizeof marks)) > 0;)
        count += (int)n;
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    return killed == (count < 3) ? count : -1;
}

int main(void)
{
    is_int(passed(NULL), 3, "without a wish nothing happens");
    is_int(passed("one"), 0, "a process is killed where it was asked to be");
    is_int(passed("two"), 1, "which may be later");
    is_int(passed("two:2"), 2, "or at the second time");
    is_int(passed("two:3"), 3, "or never, if there are not so many");
    is_int(passed("tw"), 3, "a name must be whole");
    is_int(passed("twofold"), 3, "and no more than that");
    return done_testing();
}
