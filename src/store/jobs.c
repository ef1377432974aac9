// SPDX-License-Identifier: MIT
#include "store/jobs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/dependency.h"
#include "store/columns.h"
#include "store/db.h"
#include "store/environments.h"
#include "store/events.h"
#include "store/retries.h"
#include "util/pattern.h"

/* AUTOINCREMENT hands out what follows the highest id ever; asking first lets the row have paths
 * with its id in them without being written twice. */
static const char JOB_NEXT_ID[] = "SELECT seq + 1 FROM sqlite_sequence WHERE name = 'jobs'";
static const char JOB_INSERT[] =
    "INSERT INTO jobs (status, id, priority, cpus, mem_mb, req_mem_mb, submit_time, eligible_time,"
    " time_limit, uid, gid, umask, shell, is_elastic, min_cpus, max_cpus, mem_per_cpu_mb,"
    " resize_grace, resize_signal, workers, control_file, ack_file, req_nodes, max_switches,"
    " switches_wait, whole_cores, exclusive, warn_signal, warn_time, warn_first, notify, notify_on,"
    " held, deadline, " RETRY_COLUMNS ","
    " array_job_id, array_limit, array_spec, array_left, array_count, array_min, array_max,"
    " array_step, dependency, kill_on_invalid_dep, pty, client, sweep, checkpoint, env_hash, user, "
    "name, "
    "stdout_path,"
    " stderr_path, cwd, command, argv)"
    " VALUES ('PENDING', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
    " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
    " ?, ?,"
    " ?, ?, ?, ?, ?, ?, ?, ?, ?,"
    " ?, ?,"
    " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
static const char JOB_LOAD[] = "SELECT " JOB_COLUMNS " FROM jobs WHERE id = ?";
/* What was split off an array was not submitted. Mostly the last row is looked at. */
static const char JOB_LAST[] = "SELECT id FROM jobs WHERE uid = ?"
                               " AND (array_job_id IS NULL OR array_job_id = id)"
                               " ORDER BY id DESC LIMIT 1";
static const char JOB_STATE[] = "SELECT status FROM jobs WHERE id = ?";

int store_next_id(struct store *s, int64_t *id, struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (stmt_open(&q, s, STMT_JOB_NEXT_ID, JOB_NEXT_ID, e) < 0)
        return -1;
    int got = stmt_step(&q, e);
    if (got < 0)
        return -1;
    *id = got ? stmt_get_int(&q) : 1;
    return 0;
}

static int replace_path(char **path, struct buf *text, struct err *e)
{
    char *filled = buf_steal(text, NULL);
    if (!filled)
        return err_nomem(e);
    free(*path);
    *path = filled;
    return 0;
}

/* Behind the numbers: a % in a value is nothing special. */
static int fill_parameters(char **path, const struct job *j, const char *sweep, struct err *e)
{
    _cleanup_sweep_ struct sweep s = {0};
    _cleanup_buf_ struct buf filled = {0};
    if (sweep_parse(sweep, &s, e) < 0)
        return err_wrap(e, "job %lld", (long long)j->id);
    sweep_fill(&s, j->task, SWEEP_FILE, *path, &filled);
    return replace_path(path, &filled, e);
}

int store_path_fill(char **path, const struct job *j, const char *sweep, struct err *e)
{
    _cleanup_buf_ struct buf filled = {0};
    pattern_fill_numbers(*path, j->id, j->array_id, j->task, &filled);
    if (replace_path(path, &filled, e) < 0)
        return -1;
    return sweep ? fill_parameters(path, j, sweep, e) : 0;
}

/* The directory as the beginning of a pattern. */
static void quote_logs(const char *logs, bool sweep, struct buf *pattern)
{
    _cleanup_buf_ struct buf quoted = {0};
    if (sweep)
        sweep_quote(logs, &quoted);
    pattern->failed |= quoted.failed;
    if (!quoted.failed)
        pattern_quote(sweep ? quoted.data : logs, pattern);
}

/* What was asked for, or a file among the logs. Those of the tasks are known when they start. */
static int fill_path(char **path, const char *logs, const struct job_record *r, const char *ending,
                     struct err *e)
{
    const struct job *j = &r->job;
    bool head = j->tasks.count > 0;
    if (!*path && logs) {
        _cleanup_buf_ struct buf pattern = {0};
        quote_logs(logs, r->sweep != NULL, &pattern);
        buf_printf(&pattern, head ? "/job_%%A_%%a.%s" : "/job_%%j.%s", ending);
        if (!(*path = buf_steal(&pattern, NULL)))
            return err_nomem(e);
    }
    return *path && !head ? store_path_fill(path, j, r->sweep, e) : 0;
}

static bool argv_is_command(const struct job_record *r)
{
    size_t len = r->command ? strlen(r->command) + 1 : 0;
    return r->shell && r->argv.len == len && len && memcmp(r->argv.data, r->command, len) == 0;
}

/* A client has its output itself; a terminal has only one. */
static int fill_outputs(struct job_record *r, const char *logs, struct err *e)
{
    if (r->client)
        return 0;
    if (fill_path(&r->stdout_path, logs, r, "out", e) < 0)
        return -1;
    if (!r->pty || !r->stdout_path)
        return fill_path(&r->stderr_path, logs, r, "err", e);
    free(r->stderr_path);
    r->stderr_path = strdup(r->stdout_path);
    return r->stderr_path ? 0 : err_nomem(e);
}

static int fill_paths(struct job_record *r, const char *logs, struct err *e)
{
    if (fill_outputs(r, logs, e) < 0)
        return -1;
    if (!r->job.elastic)
        return 0;
    if (fill_path(&r->control_path, logs, r, "control", e) < 0)
        return -1;
    return fill_path(&r->ack_path, logs, r, "ack", e);
}

/* Of an array that is new. */
static void set_array(struct job_record *r)
{
    const struct taskset *t = &r->job.tasks;
    if (!t->count)
        return;
    r->job.array_id = r->job.id;
    r->job.task = -1;
    r->array.count = t->count;
    r->array.min = t->first;
    r->array.max = taskset_last(t);
    r->array.step = taskset_step(t);
}

static void put_elastic(struct stmt *q, const struct job_record *r)
{
    const struct job *j = &r->job;
    stmt_put_int(q, j->elastic);
    stmt_put_int_or_null(q, j->elastic, j->min_cpus);
    stmt_put_int_or_null(q, j->max_cpus != 0, j->max_cpus);
    stmt_put_int_or_null(q, j->mem_per_cpu_mb != 0, j->mem_per_cpu_mb);
    stmt_put_seconds(q, j->elastic, r->resize_grace_us);
    stmt_put_int_or_null(q, j->elastic, r->resize_signal);
    stmt_put_int(q, r->workers);
    stmt_put_text(q, r->control_path);
    stmt_put_text(q, r->ack_path);
}

static void put_placement(struct stmt *q, const struct job *j)
{
    stmt_put_int_or_null(q, j->nodes != 0, j->nodes);
    stmt_put_int_or_null(q, j->max_switches != 0, j->max_switches);
    stmt_put_seconds(q, j->switches_wait_us != 0, j->switches_wait_us);
    stmt_put_int(q, j->whole_cores);
    stmt_put_int(q, j->exclusive);
}

static void put_dependency(struct stmt *q, const struct job_record *r)
{
    stmt_put_text(q, r->dependency);
    stmt_put_int(q, !r->job.depends.kept);
}

static void put_shepherd(struct stmt *q, const struct job_record *r)
{
    const struct warning *w = &r->warning;
    stmt_put_int_or_null(q, w->signal != 0, w->signal);
    stmt_put_seconds(q, w->signal != 0, w->before_us);
    stmt_put_int(q, w->first);
    stmt_put_text(q, r->notify);
    stmt_put_int_or_null(q, r->notify != NULL, r->notify_on);
}

static void put_array(struct stmt *q, const struct job_record *r, const char *tasks)
{
    const struct job *j = &r->job;
    bool head = j->tasks.count > 0;
    stmt_put_int_or_null(q, head, j->array_id);
    stmt_put_int_or_null(q, j->array_limit != 0, j->array_limit);
    stmt_put_text(q, tasks);
    stmt_put_int_or_null(q, head, j->tasks.count);
    stmt_put_int_or_null(q, head, r->array.count);
    stmt_put_int_or_null(q, head, r->array.min);
    stmt_put_int_or_null(q, head, r->array.max);
    stmt_put_int_or_null(q, head, r->array.step);
}

static void put_control(struct stmt *q, const struct job_record *r)
{
    stmt_put_int(q, r->job.held);
    stmt_put_time(q, r->job.deadline_us);
    retry_put(q, &r->retry);
}

static void put_console(struct stmt *q, const struct job_record *r)
{
    stmt_put_int(q, r->pty);
    stmt_put_text(q, r->client);
}

static void put_checkpoint(struct stmt *q, const struct job_record *r)
{
    stmt_put_text(q, checkpoint_name(r->checkpoint));
}

static int insert_row(struct store *s, const struct job_record *r, const unsigned char *env,
                      struct err *e)
{
    const struct job *j = &r->job;
    _cleanup_buf_ struct buf tasks = {0};
    taskset_format(&j->tasks, &tasks);
    if (tasks.failed)
        return err_nomem(e);
    _cleanup_stmt_ struct stmt q = {0};
    if (stmt_open(&q, s, STMT_JOB_INSERT, JOB_INSERT, e) < 0)
        return -1;
    stmt_put_int(&q, j->id);
    stmt_put_int(&q, j->priority);
    stmt_put_int(&q, j->cpus);
    stmt_put_int(&q, j->mem_mb);
    stmt_put_int_or_null(&q, j->mem_mb != 0, j->mem_mb);
    stmt_put_seconds(&q, true, j->submit_us);
    stmt_put_seconds(&q, true, j->eligible_us);
    stmt_put_seconds(&q, j->limit_us != 0, j->limit_us);
    stmt_put_int(&q, j->uid);
    stmt_put_int(&q, r->gid);
    stmt_put_int(&q, r->umask);
    stmt_put_int(&q, r->shell);
    put_elastic(&q, r);
    put_placement(&q, j);
    put_shepherd(&q, r);
    put_control(&q, r);
    put_array(&q, r, tasks.data);
    put_dependency(&q, r);
    put_console(&q, r);
    stmt_put_text(&q, r->sweep);
    put_checkpoint(&q, r);
    stmt_put_blob(&q, env, ENVIRONMENT_KEY_LEN);
    stmt_put_text(&q, r->user);
    stmt_put_text(&q, r->name);
    stmt_put_text(&q, r->stdout_path);
    stmt_put_text(&q, r->stderr_path);
    stmt_put_blob(&q, r->cwd, r->cwd ? strlen(r->cwd) : 0);
    stmt_put_text(&q, r->command);
    stmt_put_blob(&q, argv_is_command(r) ? NULL : r->argv.data, r->argv.len);
    return stmt_run(&q, NULL, e);
}

static int fill_dependency(struct job_record *r, struct err *e)
{
    if (!r->job.depends.count || r->dependency)
        return 0;
    r->dependency = dependency_format(&r->job.depends);
    return r->dependency ? 0 : err_nomem(e);
}

int store_job_insert(struct store *s, struct job_record *r, const char *logs, struct err *e)
{
    if (db_in_transaction(s, e) < 0)
        return -1;
    if (r->job.state != JOB_PENDING)
        return err_set(e, ERR_INVALID, "a new job is PENDING, not %s",
                       job_state_name(r->job.state));
    if (store_next_id(s, &r->job.id, e) < 0 || fill_dependency(r, e) < 0)
        return -1;
    set_array(r);
    if (fill_paths(r, logs, e) < 0)
        return -1;
    if (!r->job.eligible_us)
        r->job.eligible_us = r->job.submit_us;
    r->job.name_key = job_name_key(r->job.uid, r->name);
    unsigned char key[ENVIRONMENT_KEY_LEN];
    if (r->env.data && environment_intern(s, &r->env, key, e) < 0)
        return -1;
    if (insert_row(s, r, r->env.data ? key : NULL, e) < 0)
        return -1;
    return event_submit(s, &r->job, e);
}

int store_job_load(struct store *s, int64_t id, enum store_load how, struct job_record *r,
                   struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (stmt_open(&q, s, STMT_JOB_LOAD, JOB_LOAD, e) < 0)
        return -1;
    stmt_put_int(&q, id);
    int got = stmt_step(&q, e);
    if (got == 0)
        return err_set(e, ERR_NOT_FOUND, "no such job: %lld", (long long)id);
    if (got < 0 || job_row_read(&q, r, e) < 0)
        return -1;
    return how == STORE_WITH_ENV ? environment_load(s, id, &r->env, e) : 0;
}

int store_job_last(struct store *s, uint32_t uid, int64_t *id, struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (stmt_open(&q, s, STMT_JOB_LAST, JOB_LAST, e) < 0)
        return -1;
    stmt_put_int(&q, uid);
    int got = stmt_step(&q, e);
    if (got == 0)
        return err_set(e, ERR_NOT_FOUND, "no last job: none was submitted yet");
    if (got < 0)
        return -1;
    *id = stmt_get_int(&q);
    return 0;
}

int job_state_load(struct store *s, int64_t id, enum job_state *state, struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (stmt_open(&q, s, STMT_JOB_STATE, JOB_STATE, e) < 0)
        return -1;
    stmt_put_int(&q, id);
    int got = stmt_step(&q, e);
    if (got == 0)
        return err_set(e, ERR_NOT_FOUND, "no such job: %lld", (long long)id);
    return got < 0 ? -1 : stmt_get_state(&q, id, state, e);
}

/* What to call it, and what it is. */
static int load_label(struct store *s, int64_t id, char label[JOB_LABEL], const char **state,
                      struct err *e)
{
    _cleanup_job_record_ struct job_record r = {0};
    if (store_job_load(s, id, STORE_PLAIN, &r, e) < 0)
        return -1;
    job_label(&r.job, label);
    *state = job_state_name(r.job.state);
    return 0;
}

int job_refuse(struct store *s, int64_t id, const char *what, struct err *e)
{
    char job[JOB_LABEL];
    const char *state;
    if (load_label(s, id, job, &state, e) < 0)
        return -1;
    return err_set(e, ERR_INVALID, "%s: job %s is %s", what, job, state);
}

int job_refuse_ended(struct store *s, int64_t id, struct err *e)
{
    char job[JOB_LABEL];
    const char *state;
    if (load_label(s, id, job, &state, e) < 0)
        return -1;
    return err_set(e, ERR_INVALID, "job %s has ended: %s", job, state);
}

int attempt_refuse(struct store *s, int64_t job, int attempt, const char *what, struct err *e)
{
    char text[96];
    snprintf(text, sizeof text, "attempt %d of job %lld %s", attempt, (long long)job, what);
    return job_refuse(s, job, text, e);
}
