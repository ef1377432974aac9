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

/* Makes *now, what the thread has, what it may do outside of the set as well; whether there is any
 * such thing. */
static bool is_outside(const struct affinity *a, cpu_set_t *now)
{
    CPU_OR_S(a->size, now, now, (cpu_set_t *)a->mask);
    return !CPU_EQUAL_S(a->size, now, (cpu_set_t *)a->mask);
}

bool affinity_covers(const struct affinity *a, const struct affinity *b)
{
    cpu_set_t *both = a->mask && b->mask && a->size == b->size ? malloc(a->size) : NULL;
    if (!both)
        return false;
    memcpy(both, b->mask, b->size);
    bool covers = !is_outside(a, both);
    free(both);
    return covers;
}

static bool is_whole(const struct affinity *a, const cpu_set_t *now, size_t size)
{
    return a->mask && a->size == size && CPU_EQUAL_S(size, now, (cpu_set_t *)a->mask);
}

struct visit {
    const struct affinity *from, *to;
    bool pin; /* or only count */
    cpu_set_t *now;
};

/* No, if the thread is gone. */
static bool is_moved(const struct visit *v, pid_t thread)
{
    size_t size = v->to->size;
    if (sched_getaffinity(thread, size, v->now) != 0 || is_whole(v->to, v->now, size) ||
        (!is_whole(v->from, v->now, size) && !is_outside(v->to, v->now)))
        return false;
    return !v->pin || sched_setaffinity(thread, size, v->to->mask) == 0;
}

static int visit_threads(struct visit *v, pid_t pid)
{
    char path[40];
    snprintf(path, sizeof path, "/proc/%ld/task", (long)pid);
    v->now = v->to->mask ? malloc(v->to->size) : NULL;
    DIR *tasks = v->now ? opendir(path) : NULL;
    int count = 0;
    struct dirent *d;
    while (tasks && (d = readdir(tasks))) {
        pid_t thread = (pid_t)atol(d->d_name);
        count += thread > 0 && is_moved(v, thread);
    }
    if (tasks)
        closedir(tasks);
    free(v->now);
    return count;
}

int affinity_hold(const struct affinity *a, pid_t pid)
{
    return affinity_move(&(struct affinity){0}, a, pid);
}

int affinity_move(const struct affinity *from, const struct affinity *to, pid_t pid)
{
    return visit_threads(&(struct visit){.from = from, .to = to, .pin = true}, pid);
}

int affinity_strays(const struct affinity *a, pid_t pid)
{
    return visit_threads(&(struct visit){.from = &(struct affinity){0}, .to = a}, pid);
}
