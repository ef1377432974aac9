// SPDX-License-Identifier: MIT
/* hog PROCESSES MB [shared] - so many processes that together touch so much memory, each its part
 * (or all the same pages), and say "full" when they have it. Then they stay. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void touch(size_t bytes, int flags)
{
    char *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED)
        exit(1);
    memset(p, 1, bytes);
}

/* Two pages only, if they are to be there for all: touched by each after the fork, they count. */
static volatile char sum;

static void read_all(const char *p, size_t bytes)
{
    for (size_t i = 0; i < bytes; i += 4096)
        sum = (char)(sum + p[i]);
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return 2;
    int processes = atoi(argv[1]);
    size_t bytes = (size_t)atol(argv[2]) << 20;
    char *shared = NULL;
    if (argc > 3) {
        shared = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (shared == MAP_FAILED)
            return 1;
    }
    for (int i = 0; i < processes; i++) {
        pid_t pid = fork();
        if (pid < 0)
            return 1;
        if (pid > 0)
            continue;
        if (shared)
            read_all(shared, bytes);
        else
            touch(bytes / (size_t)processes, MAP_PRIVATE);
        if (write(1, "1\n", 2) != 2)
            return 1;
        pause();
    }
    pause();
    return 0;
}
