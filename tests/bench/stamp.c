/* SPDX-License-Identifier: MIT */
/* stamp.c - when did a process begin, and when was it about to end?
 *
 * stamp FILE: appends one line to FILE, the two times in nanoseconds of CLOCK_MONOTONIC.
 * stamp FILE COMMAND...: appends the time (twice), then becomes COMMAND. */
#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static long long now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

int main(int argc, char *argv[])
{
    long long begin = now_ns();
    char line[64];

    if (argc < 2)
        return 2;
    int fd = open(argv[1], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    int len = snprintf(line, sizeof line, "%lld %lld\n", begin, now_ns());
    if (fd < 0 || write(fd, line, (size_t)len) != len)
        return 1;
    if (argc > 2)
        execvp(argv[2], argv + 2);
    return argc > 2;
}
