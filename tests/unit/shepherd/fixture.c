// SPDX-License-Identifier: MIT
#include "fixture.h"

#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <time.h>

#include "os/file.h"
#include "os/process.h"
#include "util/buf.h"

/* The one of the same build. */
#define SHEPHERD "../../../mini-slurm-shepherd"

void cannot(const char *what)
{
    printf("Bail out! %s: %s\n", what, strerror(errno));
    exit(1);
}

const char *in_dir(const struct attempt *a, const char *name)
{
    static char paths[8][128];
    static int next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", a->dir, name);
    return path;
}

void set_text(char **field, const char *text)
{
    char *copy = strdup(text);
    if (!copy)
        cannot("memory");
    free(*field);
    *field = copy;
}

void set_argv(struct attempt *a, char *const argv[])
{
    free(a->spec.argv.data);
    if (strz_from(argv, &a->spec.argv) != 0)
        cannot("memory");
}

void attempt_new(struct attempt *a, const char *line)
{
    static int64_t job;
    signal(SIGPIPE, SIG_IGN); /* a shepherd may go while it is told something */
    *a = (struct attempt){.dir = "/tmp/mini-slurm-test-XXXXXX"};
    if (!mkdtemp(a->dir))
        cannot("mkdtemp");
    struct attempt_spec *s = &a->spec;
    s->job = ++job;
    s->attempt = 1;
    set_text(&s->run_dir, a->dir);
    set_text(&s->script, "");
    set_text(&s->cwd, a->dir);
    set_text(&s->stdout_path, in_dir(a, "out"));
    set_text(&s->stderr_path, in_dir(a, "out"));
    set_text(&s->cpus, "");
    set_text(&s->mems, "");
    set_text(&s->group, "");
    set_argv(a, WORDS("/bin/sh", "-c", line));
    char mark[80];
    snprintf(mark, sizeof mark, "ATTEMPT=%s", a->dir);
    if (strz_from(WORDS("PATH=/usr/bin:/bin", "GREETING=hello", mark), &s->env) != 0)
        cannot("memory");
    s->uid = geteuid();
    s->gid = getegid();
    s->umask = 022;
    s->grace_us = 5000000;
    s->levels = (struct levels){LEVEL_WATCHED, LEVEL_WATCHED, LEVEL_WATCHED, LEVEL_NONE};
}

const char *program_beside(const char *name)
{
    static char path[4096];
    char *self = process_executable();
    if (!self)
        cannot("own path");
    *strrchr(self, '/') = '\0';
    snprintf(path, sizeof path, "%s/%s", self, name);
    free(self);
    if (access(path, X_OK) != 0)
        cannot(path);
    return path;
}

static int spec_file(const struct attempt *a)
{
    struct err e;
    _cleanup_buf_ struct buf bytes = {0};
    char path[] = "/tmp/mini-slurm-test-XXXXXX"; /* not in the directory: that may be full */
    int fd = mkostemp(path, O_CLOEXEC);
    if (fd < 0 || spec_encode(&a->spec, &bytes, &e) != 0 ||
        file_write_all(fd, bytes.data, bytes.len) != 0)
        cannot("spec");
    unlink(path);
    return fd;
}

void attempt_start(struct attempt *a)
{
    struct err e;
    char crash[80] = "HARMLESS=1";
    if (a->crash_at)
        snprintf(crash, sizeof crash, "MINI_SLURM_CRASH_AT=%s", a->crash_at);
    int fd = spec_file(a);
    int log = open(in_dir(a, "log"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    int channel[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channel) != 0)
        cannot("socketpair");
    int fds[] = {-1, log, log, [SPEC_FD] = fd, [CHANNEL_FD] = channel[1]};
    a->shepherd =
        process_spawn(WORDS(program_beside(SHEPHERD), SPEC_TITLE_ROOM), WORDS(crash), fds, 5, &e);
    if (a->shepherd < 0)
        cannot(e.text);
    close(channel[1]);
    const char *words = a->words ? a->words : SPEC_AND_RUN;
    if (file_write_all(channel[0], words, strlen(words)) != 0)
        cannot("channel");
    close(log);
    a->channel = channel[0];
    a->spec_fd = fd;
    if (!a->stay) {
        close(a->channel);
        close(a->spec_fd);
    }
}

void attempt_wait(struct attempt *a)
{
    struct err e;
    int fd = process_watch(a->shepherd, 0, &e);
    struct pollfd p = {.fd = fd, .events = POLLIN};
    if (fd < 0 || poll(&p, 1, 60000) != 1) {
        kill(a->shepherd, SIGKILL);
        process_sweep("ATTEMPT", a->dir);
        cannot("the shepherd did not end within a minute");
    }
    close(fd);
    waitpid(a->shepherd, &a->exit_status, 0);
    a->told = status_read(a->dir, a->spec.job, a->spec.attempt, &a->status, &e) == 0;
}

void attempt_await_over(struct attempt *a, const struct attempt *earlier)
{
    struct err e;
    struct pollfd p = {.fd = earlier->channel, .events = POLLIN};
    char word = 0;
    if (poll(&p, 1, 60000) != 1 || recv(p.fd, &word, 1, 0) != 1 || word != SAY_OVER)
        cannot("the shepherd did not say that the attempt is over");
    a->told = status_read(a->dir, a->spec.job, a->spec.attempt, &a->status, &e) == 0;
}

void attempt_run_by(struct attempt *a, const struct attempt *earlier)
{
    struct err e;
    _cleanup_buf_ struct buf bytes = {0};
    if (spec_encode(&a->spec, &bytes, &e) != 0 ||
        file_write_all(earlier->spec_fd, bytes.data, bytes.len) != 0 ||
        file_write_all(earlier->channel, SPEC_AND_RUN, 2) != 0)
        cannot("the next spec");
    attempt_await_over(a, earlier);
}

void attempt_run(struct attempt *a)
{
    attempt_start(a);
    attempt_wait(a);
}

const char *contents(const struct attempt *a, const char *name)
{
    static char texts[4][8192];
    static int next;
    char *text = texts[next++ % 4];
    return file_read(in_dir(a, name), text, sizeof texts[0]) >= 0 ? text : NULL;
}

/* The n-th line (from 1) if it is complete. */
static const char *line_of(const char *text, int n)
{
    for (; text && strchr(text, '\n'); text = strchr(text, '\n') + 1)
        if (--n == 0)
            return text;
    return NULL;
}

void tiny_sleep(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
}

long await_line(const struct attempt *a, const char *name, int lines)
{
    for (int i = 0; i < 20000; i++) {
        const char *line = line_of(contents(a, name), lines);
        if (line)
            return strtol(line, NULL, 10);
        tiny_sleep();
    }
    printf("# %s has not %d lines\n", name, lines);
    return -1;
}

bool is_alive(long pid)
{
    char path[64], text[512];
    snprintf(path, sizeof path, "/proc/%ld/stat", pid);
    if (file_read(path, text, sizeof text) <= 0)
        return false;
    const char *state = strrchr(text, ')');
    return state && state[2] != 'Z' && state[2] != 'X';
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    return remove(path);
}

void attempt_end(struct attempt *a)
{
    nftw(a->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    spec_free(&a->spec);
}
/* The groups: v1 hierarchies where they are mounted, else v2. */

static bool make_below(const char *mount, char base[CGROUP_PATH])
{
    struct err e;
    snprintf(base, CGROUP_PATH, "%s/mini-slurm-test-%ld", mount, (long)getpid());
    if (access(mount, W_OK) == 0 && cgroup_make_base(base, &e) == 0)
        return true;
    base[0] = '\0';
    return false;
}

bool attempt_use_groups(struct attempt *a)
{
    struct cgroup_base *base = &a->spec.base;
    struct levels *l = &a->spec.levels;
    bool mem = geteuid() == 0 && make_below("/sys/fs/cgroup/memory", base->v1_mem);
    bool cpu = mem && make_below("/sys/fs/cgroup/cpuset", base->v1_cpu);
    if (!cpu) {
        printf("# this machine lets us have no v1 groups for memory and CPUs\n");
        return false;
    }
    make_below("/sys/fs/cgroup/unified", base->v2);
    make_below("/sys/fs/cgroup/freezer", base->v1_procs);
    l->mem = l->cpu = LEVEL_ENFORCED;
    l->procs = base->v2[0] || base->v1_procs[0] ? LEVEL_ENFORCED : LEVEL_WATCHED;
    char name[32];
    snprintf(name, sizeof name, "job-%lld", (long long)a->spec.job);
    set_text(&a->spec.group, name);
    return true;
}

bool attempt_groups_gone(struct attempt *a)
{
    const struct cgroup_base *base = &a->spec.base;
    const char *dirs[] = {base->v2, base->v1_mem, base->v1_cpu, base->v1_procs};
    bool gone = true;
    for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++)
        if (dirs[i][0] && rmdir(dirs[i]) != 0) /* not empty: EBUSY */
            gone = false;
    return gone;
}
