// SPDX-License-Identifier: MIT
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "mini_slurm_elastic.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LOOK_MS 100

static atomic_int signalled;

static void on_signal(int signal)
{
    (void)signal;
    atomic_store(&signalled, 1);
}

/* Of the signals that submit --resize-signal can name, that which was ignored when the job began:
 * it goes to nobody who has no handler. */
static void listen_for_changes(void)
{
    static const int notices[] = {SIGUSR1, SIGUSR2, SIGHUP, SIGWINCH};
    struct sigaction was, ours = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    sigemptyset(&ours.sa_mask);
    for (size_t i = 0; i < sizeof notices / sizeof *notices; i++)
        if (sigaction(notices[i], NULL, &was) == 0 && was.sa_handler == SIG_IGN)
            sigaction(notices[i], &ours, NULL);
}

static long long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int cpus_here(void)
{
#ifdef __linux__
    enum { ROOM = 65536 };
    cpu_set_t *set = CPU_ALLOC(ROOM);
    size_t size = CPU_ALLOC_SIZE(ROOM);
    int count = set && sched_getaffinity(0, size, set) == 0 ? CPU_COUNT_S(size, set) : 0;
    CPU_FREE(set);
    if (count > 0)
        return count;
#endif
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 ? (int)online : 1;
}

/* The two lines of the control file: see docs/elastic-jobs.md. */
static bool parse(const char *text, struct mini_slurm_elastic *e)
{
    char status[16];
    long long s;
    int ms = 0;
    int n = sscanf(text, "%d %lld %d %d %15s %*s %lld %1023s %lld.%3d", &e->cpus, &e->mem_mb,
                   &e->min_cpus, &e->max_cpus, status, &e->generation, e->cpu_list, &s, &ms);
    if (n < 8 || e->cpus < 1)
        return false;
    e->shrinking = strcmp(status, "SHRINKING") == 0;
    e->deadline_ms = s * 1000 + ms;
    return true;
}

/* It is replaced as a whole, so that whatever is read was written together. */
static int look(struct mini_slurm_elastic *e)
{
    char text[8192];
    e->looked_ms = now_ms();
    int fd = open(e->control, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    ssize_t n = read(fd, text, sizeof text - 1);
    close(fd);
    if (n < 0)
        return -1;
    text[n] = '\0';
    if (parse(text, e))
        return 0;
    errno = EINVAL;
    return -1;
}

int mini_slurm_elastic_open(struct mini_slurm_elastic *e)
{
    int cpus = cpus_here();
    struct mini_slurm_elastic outside = {
        .cpus = cpus, .min_cpus = cpus, .max_cpus = cpus, .cpu_list = "-"};
    *e = outside;
    e->control = getenv("MINI_SLURM_CONTROL_FILE");
    e->ack = getenv("MINI_SLURM_ACK_FILE");
    if (!e->control)
        return 0;
    listen_for_changes(); /* first: what changes while we read is not missed */
    if (look(e) == 0)
        return 0;
    *e = outside;
    return -1;
}

bool mini_slurm_elastic_changed(struct mini_slurm_elastic *e)
{
    if (!e->control || (!atomic_exchange(&signalled, 0) && now_ms() - e->looked_ms < LOOK_MS))
        return false;
    struct mini_slurm_elastic seen = *e;
    bool whole = look(&seen) == 0;
    e->looked_ms = seen.looked_ms;
    if (!whole || seen.generation < e->generation)
        return false;
    bool changed = seen.generation != e->generation;
    *e = seen;
    return changed;
}

int mini_slurm_elastic_acknowledge(struct mini_slurm_elastic *e)
{
    if (!e->shrinking || !e->ack || e->acknowledged == e->generation)
        return 0;
    /* With an end of our own to read from there is no SIGPIPE if nobody listens any more. */
    int fd = open(e->ack, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return -1;
    char line[32];
    int len = snprintf(line, sizeof line, "%lld\n", e->generation);
    bool written = write(fd, line, (size_t)len) == len;
    close(fd);
    if (written)
        e->acknowledged = e->generation;
    return written ? 0 : -1;
}
