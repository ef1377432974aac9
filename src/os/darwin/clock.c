// SPDX-License-Identifier: MIT
#include "os/clock.h"

#include <sys/sysctl.h>
#include <time.h>

int64_t clock_boot_us(void)
{
    /* On macOS this clock goes on while the machine sleeps. */
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

const char *clock_boot_id(void)
{
    static char id[40];
    size_t size = sizeof id;
    if (!id[0] && sysctlbyname("kern.bootsessionuuid", id, &size, NULL, 0) != 0)
        id[0] = '\0';
    return id;
}
