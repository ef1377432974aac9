// SPDX-License-Identifier: MIT
#include "daemon/launch.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attempt/spec.h"
#include "os/file.h"
#include "os/process.h"
#include "util/cleanup.h"
#include "util/crash.h"
#include "util/log.h"
#include "util/text.h"

#define GRACE_US (5 * INT64_C(1000000))

/* The kernel's limit for one argument (MAX_ARG_STRLEN in linux/binfmts.h), the NUL included. A
 * shell line that is longer goes by a file. */
#define ARGUMENT_MAX (128 * 1024)

static const char *const thread_variables[] = {
    "OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS", NULL,
};

static void add_variable(struct buf *env, const char *name, const char *value)
{
    buf_printf(env, "%s=%s", name, value);
    buf_add(env, "", 1);
}

static void add_number(struct buf *env, const char *name, int64_t value)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, value);
    add_variable(env, name, text);
}

static bool is_set(const struct strz *env, const char *name)
{
    size_t len = strlen(name);
    strz_each (s, env)
        if (strncmp(s, name, len) == 0 && s[len] == '=')
            return true;
    return false;
}

static bool is_ours(const char *variable)
{
    return strncmp(variable, "MINI_SLURM_JOB_", 15) == 0 ||
           strncmp(variable, "MINI_SLURM_ATTEMPT", 18) == 0;
}

/* The submitter's environment, and what tells the job about itself. */
static void make_env(struct buf *env, const struct job_record *r, const char *group)
{
    strz_each (s, &r->env)
        if (!is_ours(s))
            buf_add(env, s, strlen(s) + 1);
    add_number(env, "MINI_SLURM_JOB_ID", r->job.id);
    add_number(env, "MINI_SLURM_JOB_CPUS", r->job.alloc_cpus);
    add_number(env, "MINI_SLURM_JOB_MEM_MB", r->job.alloc_mem_mb);
    if (r->name)
        add_variable(env, "MINI_SLURM_JOB_NAME", r->name);
    add_variable(env, "MINI_SLURM_ATTEMPT", group);
    for (size_t i = 0; thread_variables[i]; i++)
        if (!is_set(&r->env, thread_variables[i]))
            add_number(env, thread_variables[i], r->job.alloc_cpus);
}

/* What is executed: the argument vector, or a shell with the line; a line that is too long for an
 * argument, or names its own interpreter, by a script file. */
static void make_argv(struct buf *argv, const struct job_record *r, bool *script)
{
    const char *line = r->argv.data;
    bool interpreter = r->shell && strncmp(line, "#!", 2) == 0;
    *script = r->shell && (interpreter || r->argv.len > ARGUMENT_MAX);
    if (r->shell && !interpreter)
        buf_add(argv, "/bin/sh", sizeof "/bin/sh");
    if (r->shell && !*script)
        buf_add(argv, "-c", sizeof "-c");
    if (!*script)
        buf_add(argv, r->argv.data, r->argv.len);
}

static const char *or_empty(const char *s)
{
    return s ? s : "";
}

/* Everything in *spec points into the arguments: it is not to be freed. */
static int make_spec(struct daemon *d, const struct job_record *r, int attempt, struct buf *out,
                     struct err *e)
{
    _cleanup_buf_ struct buf env = {0}, argv = {0};
    _cleanup_free_ char *cpus = cpuset_format(&r->job.alloc_set);
    char group[128];
    bool script;
    snprintf(group, sizeof group, "%s.%jd.%d", d->paths.instance, (intmax_t)r->job.id, attempt);
    make_env(&env, r, group);
    make_argv(&argv, r, &script);
    if (!cpus || env.failed || argv.failed)
        return err_nomem(e);
    struct attempt_spec spec = {
        .job = r->job.id,
        .attempt = attempt,
        .run_dir = d->paths.run,
        .argv = {.data = argv.data, .len = argv.len},
        .script = (char *)(script ? r->argv.data : ""),
        .env = {.data = env.data, .len = env.len},
        .cwd = r->cwd,
        .stdout_path = (char *)or_empty(r->stdout_path),
        .stderr_path = (char *)or_empty(r->stderr_path),
        .uid = r->job.uid,
        .gid = r->gid,
        .umask = r->umask,
        .limit_us = r->job.limit_us,
        .grace_us = GRACE_US,
        .mem_mb = r->job.alloc_mem_mb,
        .cpus = cpus,
        .levels = d->machine.levels,
        .base = d->machine.base,
        .group = group,
    };
    return spec_encode(&spec, out, e);
}

/* A file without a name with the spec in it, to be read from its start. */
static int spec_file(const struct buf *spec, const char *dir, struct err *e)
{
    _cleanup_close_ int fd = file_anonymous(dir);
    if (fd < 0 || file_write_all(fd, spec->data, spec->len) < 0 || lseek(fd, 0, SEEK_SET) < 0)
        return err_errno(e, "cannot make the shepherd's input");
    return steal_fd(&fd);
}

/* -1: none was started. */
static int start_shepherd(struct daemon *d, struct run *r, const struct buf *spec, struct err *e)
{
    extern char **environ;
    char title[48];
    snprintf(title, sizeof title, "%jd.%d", (intmax_t)r->job, r->attempt);
    char *argv[] = {d->shepherd, title, NULL};
    _cleanup_close_ int input = spec_file(spec, d->paths.run, e);
    if (input < 0)
        return -1;
    int fds[SPEC_FD + 1] = {-1, d->log_fd, d->log_fd, input};
    pid_t pid = process_spawn(argv, environ, fds, SPEC_FD + 1, e);
    if (pid < 0)
        return -1;
    crash_point("scheduler-shepherd-spawned");
    if (runs_watch(r, pid, 0, e) == 0)
        return 0;
    /* Nobody would know when it ends: so it ends now, and its files say how far it had come. */
    log_warn("job %jd: %s", (intmax_t)r->job, e->text);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    r->phase = RUN_OVER;
    d->settle = true;
    return 0;
}

static void log_start(struct run *r, const struct job_record *rec)
{
    _cleanup_buf_ struct buf command = {0};
    _cleanup_free_ char *cpus = cpuset_format(&rec->job.alloc_set);
    text_printable(&command, rec->command, strlen(rec->command));
    log_info("Started job %jd on %" PRId64 " CPU%s%s%s%s, %" PRId64 " MB: %.200s", (intmax_t)r->job,
             rec->job.alloc_cpus, rec->job.alloc_cpus == 1 ? "" : "s", cpus && *cpus ? " (" : "",
             cpus ? cpus : "", cpus && *cpus ? ")" : "", rec->job.alloc_mem_mb,
             command.data ? command.data : "");
}

static int try_launch(struct daemon *d, struct run *r, struct err *e)
{
    __attribute__((cleanup(job_record_clear))) struct job_record rec = {0};
    _cleanup_buf_ struct buf spec = {0};
    if (store_job_load(d->store, r->job, STORE_WITH_ENV, &rec, e) < 0 ||
        make_spec(d, &rec, r->attempt, &spec, e) < 0 || start_shepherd(d, r, &spec, e) < 0)
        return -1;
    log_start(r, &rec);
    return 0;
}

void launch(struct daemon *d, struct run *r)
{
    struct err e = {0};
    if (try_launch(d, r, &e) == 0)
        return;
    text_copy(r->why, sizeof r->why, e.text);
    r->phase = RUN_FAILED;
    d->settle = true;
}
