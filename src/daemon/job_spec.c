// SPDX-License-Identifier: MIT
#include "daemon/job_spec.h"

#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attempt/images.h"
#include "attempt/output.h"
#include "attempt/spec.h"
#include "daemon/places.h"
#include "daemon/runs.h"
#include "daemon/shepherds.h"
#include "util/cleanup.h"

#define GRACE_US (5 * INT64_C(1000000))

/* The kernel's limit for one argument (MAX_ARG_STRLEN in linux/binfmts.h), the NUL included. A
 * shell line that is longer goes by a file. */
#define ARGUMENT_MAX (128 * 1024)

static const char *const thread_variables[] = {
    "OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS", NULL,
};

static void add_variable(struct buf *env, const char *name, const char *value)
{
    buf_puts(env, name);
    buf_puts(env, "=");
    buf_add(env, value, strlen(value) + 1);
}

static void add_number(struct buf *env, const char *name, int64_t value)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, value);
    add_variable(env, name, text);
}

/* The same under two names: scripts for Slurm look for theirs. */
static void add_twins(struct buf *env, const char *name, int64_t value)
{
    add_number(env, name, value);
    add_number(env, name + strlen("MINI_"), value);
}

static bool is_set(const struct strz *env, const char *name)
{
    size_t len = strlen(name);
    strz_each (s, env)
        if (strncmp(s, name, len) == 0 && s[len] == '=')
            return true;
    return false;
}

/* What a job tells itself; a job that is submitted inside another does not inherit it. */
static bool is_ours(const char *variable)
{
    static const char *const ours[] = {
        "MINI_SLURM_JOB_",
        "MINI_SLURM_PARAM_",
        "MINI_SLURM_ARRAY_",
        "SLURM_ARRAY_",
        "SLURM_JOB_ID=",
        "MINI_SLURM_ATTEMPT=",
        "MINI_SLURM_ELASTIC=",
        "MINI_SLURM_CONTROL_FILE=",
        "MINI_SLURM_ACK_FILE=",
        "MINI_SLURM_CURRENT_CPUS=",
        "MINI_SLURM_MIN_CPUS=",
        "MINI_SLURM_MAX_CPUS=",
        "MINI_SLURM_WORKER=",
        "MINI_SLURM_WORKERS=",
        "MINI_SLURM_EVENT=",
        "MINI_SLURM_EXIT_CODE=",
        "MINI_SLURM_RESTART_COUNT=",
        "SLURM_RESTART_COUNT=",
        NULL,
    };
    /* Asked of every variable at every start; nearly all are others. */
    if (*variable != 'M' && *variable != 'S')
        return false;
    for (size_t i = 0; ours[i]; i++)
        if (strncmp(variable, ours[i], strlen(ours[i])) == 0)
            return true;
    return false;
}

static int64_t max_cpus(const struct daemon *d, const struct job *j)
{
    return j->max_cpus ? j->max_cpus : d->config.cpus;
}

static const char *or_empty(const char *s)
{
    return s ? s : "";
}

static void add_elastic(struct buf *env, const struct daemon *d, const struct job_record *r)
{
    add_number(env, "MINI_SLURM_ELASTIC", 1);
    add_variable(env, "MINI_SLURM_CONTROL_FILE", or_empty(r->control_path));
    add_variable(env, "MINI_SLURM_ACK_FILE", or_empty(r->ack_path));
    add_number(env, "MINI_SLURM_CURRENT_CPUS", r->job.alloc_cpus);
    add_number(env, "MINI_SLURM_MIN_CPUS", r->job.min_cpus);
    add_number(env, "MINI_SLURM_MAX_CPUS", max_cpus(d, &r->job));
}

static void add_array(struct buf *env, const struct job_record *r)
{
    add_twins(env, "MINI_SLURM_ARRAY_JOB_ID", r->job.array_id);
    add_twins(env, "MINI_SLURM_ARRAY_TASK_ID", r->job.task);
    add_twins(env, "MINI_SLURM_ARRAY_TASK_COUNT", r->array.count);
    add_twins(env, "MINI_SLURM_ARRAY_TASK_MIN", r->array.min);
    add_twins(env, "MINI_SLURM_ARRAY_TASK_MAX", r->array.max);
    add_twins(env, "MINI_SLURM_ARRAY_TASK_STEP", r->array.step);
}

/* The task's value of each parameter. */
static void add_parameters(struct buf *env, const struct sweep *s, int64_t task)
{
    for (size_t i = 0; i < s->nparams; i++) {
        buf_printf(env, "MINI_SLURM_PARAM_%s=", s->params[i].name);
        sweep_value(s, &s->params[i], task, env);
        buf_add(env, "", 1);
    }
}

static void add_name(struct buf *env, const struct job_record *r, const struct sweep *s)
{
    buf_puts(env, "MINI_SLURM_JOB_NAME=");
    if (s->nparams)
        sweep_fill(s, r->job.task, SWEEP_TEXT, r->name, env);
    else
        buf_puts(env, r->name);
    buf_add(env, "", 1);
}

/* An elastic job makes its threads once, for the CPUs it may ever have here. */
static int64_t thread_count(const struct daemon *d, const struct job *j)
{
    if (!j->elastic)
        return j->alloc_cpus;
    int64_t most = max_cpus(d, j);
    return most < d->config.cpus ? most : d->config.cpus;
}

/* For a job that came without an environment (from the Python mini-slurm): what a login would set.
 */
static void add_login(struct buf *env, uint32_t uid)
{
    const struct passwd *pw = getpwuid(uid);
    add_variable(env, "PATH", "/usr/local/bin:/usr/bin:/bin");
    if (!pw)
        return;
    add_variable(env, "HOME", pw->pw_dir);
    add_variable(env, "USER", pw->pw_name);
    add_variable(env, "LOGNAME", pw->pw_name);
    add_variable(env, "SHELL", pw->pw_shell);
}

/* The submitter's environment, and what tells the job about itself. */
static void make_env(struct buf *env, const struct daemon *d, const struct job_record *r,
                     const struct sweep *sweep, const char *mark)
{
    if (!r->env.data)
        add_login(env, r->job.uid);
    strz_each (s, &r->env)
        if (!is_ours(s))
            buf_add(env, s, strlen(s) + 1);
    add_twins(env, "MINI_SLURM_JOB_ID", r->job.id);
    add_number(env, "MINI_SLURM_JOB_CPUS", r->job.alloc_cpus);
    add_number(env, "MINI_SLURM_JOB_MEM_MB", r->job.alloc_mem_mb);
    if (r->name)
        add_name(env, r, sweep);
    add_variable(env, "MINI_SLURM_JOB_USER", or_empty(r->user));
    add_variable(env, "MINI_SLURM_ATTEMPT", mark);
    add_number(env, "MINI_SLURM_RESTART_COUNT", r->job.restarts);
    if (r->job.restarts)
        add_number(env, "SLURM_RESTART_COUNT", r->job.restarts);
    if (r->job.elastic)
        add_elastic(env, d, r);
    if (r->job.array_id)
        add_array(env, r);
    add_parameters(env, sweep, r->job.task);
    for (size_t i = 0; thread_variables[i]; i++)
        if (!is_set(&r->env, thread_variables[i]))
            add_number(env, thread_variables[i], thread_count(d, &r->job));
}

/* The job's words, with the values of a sweep's task in them. */
static void fill_words(struct buf *words, const struct job_record *r, const struct sweep *s)
{
    if (!s->nparams) {
        buf_add(words, r->argv.data, r->argv.len);
        return;
    }
    strz_each (word, &r->argv) {
        sweep_fill(s, r->job.task, r->shell ? SWEEP_SHELL : SWEEP_TEXT, word, words);
        buf_add(words, "", 1);
    }
}

/* What is executed: the argument vector, or a shell with the line; a line that is too long for an
 * argument, or names its own interpreter, by a script file. */
static void make_argv(struct buf *argv, const struct buf *words, bool shell, bool *script)
{
    bool interpreter = shell && strncmp(words->data, "#!", 2) == 0;
    *script = shell && (interpreter || words->len > ARGUMENT_MAX);
    if (shell && !interpreter)
        buf_add(argv, "/bin/sh", sizeof "/bin/sh");
    if (shell && !*script)
        buf_add(argv, "-c", sizeof "-c");
    if (!*script)
        buf_add(argv, words->data, words->len);
}

/* What is run beside it. */
static void set_hooks(struct attempt_spec *spec, const struct daemon *d, const struct job_record *r)
{
    spec->notify = r->notify;
    spec->notify_on = r->notify_on;
    spec->prolog = (char *)or_empty(d->hooks.prolog);
    spec->epilog = (char *)or_empty(d->hooks.epilog);
    spec->hook_timeout_us = d->hooks.timeout_us;
}

static void set_elastic(struct attempt_spec *spec, const struct daemon *d,
                        const struct job_record *r)
{
    spec->elastic = r->job.elastic;
    if (!spec->elastic)
        return;
    spec->ncpus = r->job.alloc_cpus;
    spec->min_cpus = r->job.min_cpus;
    spec->max_cpus = max_cpus(d, &r->job);
    spec->resize_signal = r->resize_signal;
    spec->control_path = r->control_path;
    spec->ack_path = r->ack_path;
}

/* Of this attempt. */
static char *output_of(const struct job_record *r, const char *path)
{
    return output_path(or_empty(path), job_record_output(r, r->job.restarts));
}

/* Whose it is, where it runs, and who sits in front of it. */
static void set_owner(struct attempt_spec *spec, const struct job_record *r)
{
    spec->uid = r->job.uid;
    spec->gid = r->gid;
    spec->umask = r->umask;
    spec->cwd = r->cwd;
    spec->pty = r->pty;
    spec->client = (char *)or_empty(r->client);
}

/* What it is held to beside its CPUs, and how. */
static void set_limits(struct attempt_spec *spec, const struct daemon *d,
                       const struct job_record *r)
{
    const struct job *j = &r->job;
    spec->limit_us = job_may_run_us(j);
    spec->warning = r->warning;
    spec->checkpoint = r->checkpoint;
    spec->grace_us = GRACE_US;
    spec->mem_mb = j->alloc_mem_mb;
    spec->levels = d->machine.levels;
    spec->base = d->machine.base;
}

int job_spec_make(const struct daemon *d, const struct job_record *r, const struct run *run,
                  const struct attempt_id *given, struct buf *out, struct err *e)
{
    _cleanup_buf_ struct buf env = {0}, words = {0}, argv = {0};
    _cleanup_sweep_ struct sweep sweep = {0};
    _cleanup_free_ char *cpus = places_cpus(d, &r->job.alloc_set);
    _cleanup_free_ char *mems = places_mems(d, &r->job.alloc_set, r->job.alloc_mem_mb);
    char mark[128];
    bool script;
    snprintf(mark, sizeof mark, "%s.%jd.%d", d->paths.instance, (intmax_t)r->job.id, run->attempt);
    if (job_record_sweep(r, &sweep, e) < 0)
        return -1;
    make_env(&env, d, r, &sweep, mark);
    fill_words(&words, r, &sweep);
    if (words.failed || !words.data)
        return err_nomem(e);
    make_argv(&argv, &words, r->shell, &script);
    _cleanup_free_ char *output = output_of(r, r->stdout_path);
    _cleanup_free_ char *error = output_of(r, r->stderr_path);
    _cleanup_free_ char *images = images_path(d->paths.logs, r->job.id);
    if (!cpus || !mems || !output || !error || !images || env.failed || argv.failed)
        return err_nomem(e);
    /* It points into what others own: nothing of it is to be freed. */
    struct attempt_spec spec = {
        .job = r->job.id,
        .attempt = run->attempt,
        .run_dir = d->paths.run,
        .given = given ? *given : (struct attempt_id){0},
        .argv = {.data = argv.data, .len = argv.len},
        .script = script ? words.data : (char *)"",
        .env = {.data = env.data, .len = env.len},
        .stdout_path = output,
        .stderr_path = error,
        .cpus = cpus,
        .mems = mems,
        .group = run->shepherd->group,
        .images = images,
    };
    set_owner(&spec, r);
    set_limits(&spec, d, r);
    set_elastic(&spec, d, r);
    set_hooks(&spec, d, r);
    return spec_encode(&spec, out, e);
}
