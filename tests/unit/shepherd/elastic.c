// SPDX-License-Identifier: MIT
#include "elastic.h"

#include <dirent.h>
#include <poll.h>
#include <sched.h>
#include <stdarg.h>

#include "os/file.h"

int reports = -1;

void elastic_new(struct attempt *a, const char *line, const char *cpus, bool groups)
{
    struct err e;
    attempt_new(a, line);
    if (groups && !attempt_use_groups(a))
        cannot("groups");
    struct attempt_spec *s = &a->spec;
    s->elastic = true;
    s->ncpus = strcmp(cpus, "0-1") == 0 ? 2 : 1;
    s->min_cpus = 1;
    s->max_cpus = 2;
    s->mem_mb = 128;
    s->resize_signal = SIGUSR1;
    set_text(&s->cpus, cpus);
    set_text(&s->control_path, in_dir(a, "job.control"));
    set_text(&s->ack_path, in_dir(a, "job.ack"));
    reports = report_open(a->dir, &e);
    if (reports < 0)
        cannot(e.text);
}

void elastic_end(struct attempt *a, bool groups)
{
    close(reports);
    if (groups)
        attempt_groups_gone(a);
    attempt_end(a);
}

const char *workers(const char *first, ...)
{
    static char line[8192];
    const char *program = program_beside("shepherd_worker");
    va_list ap;
    size_t len = 0;
    va_start(ap, first);
    for (const char *what = first; what; what = va_arg(ap, const char *))
        len += (size_t)snprintf(line + len, sizeof line - len, "%s %s & ", program, what);
    va_end(ap);
    snprintf(line + len, sizeof line - len, "wait");
    return line;
}

void order_mem(struct attempt *a, int64_t generation, const char *list, int64_t grace_us,
               int64_t mem_mb)
{
    struct err e;
    struct resize_order o = {.generation = generation,
                             .cpus = strcmp(list, "0-1") == 0 ? 2 : 1,
                             .mem_mb = mem_mb,
                             .grace_us = grace_us,
                             .cpu_list = (char *)(uintptr_t)list,
                             .reason = (char *)(uintptr_t) "job 17 waits"};
    if (resize_order_write(a->dir, a->spec.job, 1, &o, &e) != 0 ||
        control_send(a->dir, a->spec.job, 1, CONTROL_RESIZE, &e) < 0)
        cannot(e.text);
}

void order(struct attempt *a, int64_t generation, const char *list, int64_t grace_us)
{
    order_mem(a, generation, list, grace_us, a->spec.mem_mb);
}

void acknowledge(const struct attempt *a, const char *text)
{
    int fd = open(in_dir(a, "job.ack"), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0 || file_write_all(fd, text, strlen(text)) != 0)
        cannot("job.ack");
    close(fd);
}

bool next_report(struct report *r, int timeout_ms)
{
    char line[128];
    size_t len = 0;
    struct pollfd p = {.fd = reports, .events = POLLIN};
    while (poll(&p, 1, timeout_ms) == 1 && len < sizeof line && read(reports, line + len, 1) == 1) {
        if (line[len++] != '\n')
            continue;
        line[len - 1] = '\0';
        return report_parse(line, r) == 0;
    }
    return false;
}

bool await_report(int64_t generation)
{
    struct report r;
    while (next_report(&r, 20000))
        if (r.generation == generation)
            return true;
    printf("# no report of %lld\n", (long long)generation);
    return false;
}

static bool matches(const char *text, const char *wanted)
{
    for (; text && *wanted; wanted++) {
        if (*wanted == '*')
            text += strspn(text, "0123456789.");
        else if (*text++ != *wanted)
            return false;
    }
    return text && !*text;
}

bool await_control(const struct attempt *a, const char *text)
{
    for (int i = 0; i < 20000; i++, tiny_sleep())
        if (matches(contents(a, "job.control"), text))
            return true;
    printf("# the control file is %s\n", contents(a, "job.control"));
    return false;
}

static bool thread_runs_on(long pid, const char *thread, const char *list)
{
    char path[400], text[8192], wanted[64];
    snprintf(path, sizeof path, "/proc/%ld/task/%s/status", pid, thread);
    snprintf(wanted, sizeof wanted, "Cpus_allowed_list:\t%s\n", list);
    return file_read(path, text, sizeof text) > 0 && strstr(text, wanted);
}

bool runs_on(long pid, const char *list, int *threads)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%ld/task", pid);
    DIR *dir = opendir(path);
    struct dirent *entry;
    bool all = dir != NULL;
    *threads = 0;
    while (dir && (entry = readdir(dir)))
        if (entry->d_name[0] != '.') {
            ++*threads;
            all &= thread_runs_on(pid, entry->d_name, list);
        }
    if (dir)
        closedir(dir);
    return all && *threads > 0;
}

bool have_two_cpus(void)
{
    cpu_set_t ours;
    return sched_getaffinity(0, sizeof ours, &ours) == 0 && CPU_ISSET(0, &ours) &&
           CPU_ISSET(1, &ours);
}

bool have_groups(void)
{
    struct attempt probe;
    attempt_new(&probe, "true");
    bool groups = attempt_use_groups(&probe);
    attempt_groups_gone(&probe);
    attempt_end(&probe);
    return groups;
}
