// SPDX-License-Identifier: MIT
#include "os/handler.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "os/clock.h"
#include "os/file.h"
#include "util/cleanup.h"

/* Lists of groups and of memory nodes stand in it too. */
#define STATUS_ROOM 16384

static bool has_signal(const char *status, const char *key, int signal)
{
    const char *at = strstr(status, key);
    return at && (strtoull(at + strlen(key), NULL, 16) >> (signal - 1) & 1);
}

static int look_at_signals(struct handler *h, int signal)
{
    char path[40], text[STATUS_ROOM];
    snprintf(path, sizeof path, "/proc/%ld/status", (long)h->pid);
    if (file_read(path, text, sizeof text) <= 0)
        return -1;
    h->catches = has_signal(text, "\nSigCgt:\t", signal);
    h->blocks = has_signal(text, "\nSigBlk:\t", signal);
    return 0;
}

/* Field n of /proc/PID/stat, counted from the third: the second may hold anything. */
static int64_t field(const char *text, int n)
{
    const char *at = strrchr(text, ')');
    for (int i = 2; at && i < n; i++)
        at = strchr(at + 1, ' ');
    return at ? (int64_t)strtoull(at, NULL, 10) : -1;
}

/* Where its stack begins is random for each program that is executed. */
static int look_at_life(struct handler *h)
{
    enum { START = 22, STACK = 28 };
    char path[40], text[1024];
    snprintf(path, sizeof path, "/proc/%ld/stat", (long)h->pid);
    if (file_read(path, text, sizeof text) <= 0)
        return -1;
    h->start = field(text, START);
    h->image = field(text, STACK);
    h->age_us = clock_boot_us() - h->start * (1000000 / sysconf(_SC_CLK_TCK));
    return h->start >= 0 ? 0 : -1;
}

int handler_look(struct handler *h, pid_t pid, int signal)
{
    *h = (struct handler){.pid = pid};
    if (look_at_signals(h, signal) != 0)
        return -1;
    return look_at_life(h);
}

bool handler_same(const struct handler *a, const struct handler *b)
{
    return a->pid == b->pid && a->start == b->start && a->image == b->image;
}

/* What is read of the pid while the descriptor's process lives is of that process; and if it no
 * longer does, the signal goes nowhere. */
int handler_signal(const struct handler *h, int signal)
{
    struct handler now;
    _cleanup_close_ int fd = (int)syscall(SYS_pidfd_open, h->pid, 0);
    if (fd < 0 || handler_look(&now, h->pid, signal) != 0 || !handler_same(h, &now) || !now.catches)
        return -1;
    return (int)syscall(SYS_pidfd_send_signal, fd, signal, NULL, 0);
}
