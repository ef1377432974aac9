// SPDX-License-Identifier: MIT
#include "os/affinity.h"

#include <dirent.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A mask must not be shorter than the kernel's own, which has room for 8192 CPUs at most today. */
enum { CPUS_MIN = 8192, CPUS_MAX = 65536 };

/* "3" or "0-3" at *text, which is moved behind it. */
static bool parse_range(const char **text, long *first, long *last)
{
    char *end;
    if (**text < '0' || **text > '9')
        return false;
    *first = *last = strtol(*text, &end, 10);
    if (*end == '-') {
        if (end[1] < '0' || end[1] > '9')
            return false;
        *last = strtol(end + 1, &end, 10);
    }
    *text = end;
    return *first <= *last && *last < CPUS_MAX;
}

static bool parse_list(const char *list, cpu_set_t *mask, size_t size, long *highest)
{
    for (const char *at = list;; at++) {
        long first, last;
        if (!parse_range(&at, &first, &last) || (*at != ',' && *at != '\0'))
            return false;
        *highest = last > *highest ? last : *highest;
        for (long cpu = first; mask && cpu <= last; cpu++)
            CPU_SET_S((size_t)cpu, size, mask);
        if (*at == '\0')
            return true;
    }
}

int affinity_parse(struct affinity *a, const char *list, struct err *e)
{
    long highest = 0;
    *a = (struct affinity){0};
    if (!parse_list(list, NULL, 0, &highest))
        return err_set(e, ERR_INVALID, "%s: not a list of CPUs (e.g. 0-3,7)", list);
    size_t count = highest < CPUS_MIN ? CPUS_MIN : (size_t)highest + 1;
    cpu_set_t *mask = CPU_ALLOC(count);
    if (!mask)
        return err_nomem(e);
    size_t size = CPU_ALLOC_SIZE(count);
    CPU_ZERO_S(size, mask);
    parse_list(list, mask, size, &highest);
    *a = (struct affinity){.mask = mask, .size = size};
    return 0;
}

void affinity_free(struct affinity *a)
{
    free(a->mask);
    *a = (struct affinity){0};
}

int affinity_set(const struct affinity *a)
{
    return a->mask ? sched_setaffinity(0, a->size, a->mask) : 0;
}

/* Whether the thread may run outside of the set; no if it is gone. */
static bool strays(const struct affinity *a, pid_t thread, cpu_set_t *now)
{
    if (sched_getaffinity(thread, a->size, now) != 0)
        return false;
    CPU_OR_S(a->size, now, now, (cpu_set_t *)a->mask);
    return !CPU_EQUAL_S(a->size, now, (cpu_set_t *)a->mask);
}

int affinity_hold(const struct affinity *a, pid_t pid)
{
    char path[40];
    snprintf(path, sizeof path, "/proc/%ld/task", (long)pid);
    cpu_set_t *now = a->mask ? malloc(a->size) : NULL;
    DIR *tasks = now ? opendir(path) : NULL;
    int held = 0;
    struct dirent *d;
    while (tasks && (d = readdir(tasks))) {
        pid_t thread = (pid_t)atol(d->d_name);
        if (thread > 0 && strays(a, thread, now) &&
            sched_setaffinity(thread, a->size, a->mask) == 0)
            held++;
    }
    if (tasks)
        closedir(tasks);
    free(now);
    return held;
}
