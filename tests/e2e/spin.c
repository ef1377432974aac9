// SPDX-License-Identifier: MIT
/* spin FILE - two threads that count, each in a number of its own in FILE: a program that knows
 * nothing of being elastic, and is as fast as it has CPUs. */
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#define THREADS 2
#define STRIDE  64

static void *count(void *arg)
{
    volatile uint64_t *counter = arg;
    for (;;)
        ++*counter;
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t thread;
    int fd = argc == 2 ? open(argv[1], O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;
    if (fd < 0 || ftruncate(fd, THREADS * STRIDE) != 0)
        return 1;
    char *counters = mmap(NULL, THREADS * STRIDE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (counters == MAP_FAILED)
        return 1;
    for (int i = 1; i < THREADS; i++)
        if (pthread_create(&thread, NULL, count, counters + i * STRIDE) != 0)
            return 1;
    count(counters);
    return 0;
}
