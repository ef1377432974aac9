// SPDX-License-Identifier: MIT
#include "os/system.h"

#include <stdio.h>

#include "os/file.h"

/* proc(5): the first line of /proc/stat sums up all CPUs. */
static int read_cpu(struct system_load *l)
{
    char text[512];
    unsigned long long user, nice, system, idle, iowait, irq, softirq, steal;
    if (file_read("/proc/stat", text, sizeof text) <= 0 ||
        sscanf(text, "cpu %llu %llu %llu %llu %llu %llu %llu %llu", &user, &nice, &system, &idle,
               &iowait, &irq, &softirq, &steal) != 8)
        return -1;
    l->cpu_busy = (int64_t)(user + nice + system + irq + softirq + steal);
    l->cpu_total = l->cpu_busy + (int64_t)(idle + iowait);
    return 0;
}

int system_load(struct system_load *l)
{
    char text[4096];
    if (read_cpu(l) != 0 || file_read("/proc/meminfo", text, sizeof text) <= 0)
        return -1;
    int64_t total_kb = file_field(text, "MemTotal:");
    int64_t available_kb = file_field(text, "MemAvailable:");
    if (total_kb < 0 || available_kb < 0)
        return -1;
    l->mem_total_mb = total_kb / 1024;
    l->mem_available_mb = available_kb / 1024;
    return 0;
}
