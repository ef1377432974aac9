// SPDX-License-Identifier: MIT
#include "util/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "util/times.h"

static bool timestamps;

void log_timestamps(bool on)
{
    timestamps = on;
}

static size_t put_prefix(char *line, size_t size)
{
    char now[32] = "";
    struct timespec t;
    if (timestamps && clock_gettime(CLOCK_REALTIME, &t) == 0)
        time_format((int64_t)t.tv_sec * US_PER_SEC, now, sizeof now);
    return (size_t)snprintf(line, size, "%s%s[mini-slurm] ", now, *now ? " " : "");
}

__attribute__((format(printf, 2, 0))) static void put_line(int fd, const char *fmt, va_list ap)
{
    char line[4096];
    size_t len = put_prefix(line, sizeof line), room = sizeof line - len - 1;
    int want = vsnprintf(line + len, room, fmt, ap);
    if (want < 0)
        return;
    len += (size_t)want < room ? (size_t)want : room - 1;
    line[len++] = '\n';
    if (write(fd, line, len) < 0)
        return;
}

void log_info(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    put_line(STDOUT_FILENO, fmt, ap);
    va_end(ap);
}

void log_warn(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    put_line(STDERR_FILENO, fmt, ap);
    va_end(ap);
}
