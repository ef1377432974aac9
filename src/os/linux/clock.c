// SPDX-License-Identifier: MIT
#include "os/clock.h"

#include <string.h>
#include <time.h>

#include "os/file.h"

int64_t clock_boot_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_BOOTTIME, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

const char *clock_boot_id(void)
{
    static char id[40];
    if (!id[0] && file_read("/proc/sys/kernel/random/boot_id", id, sizeof id) > 0)
        id[strcspn(id, "\n")] = '\0';
    return id;
}
