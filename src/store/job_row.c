// SPDX-License-Identifier: MIT
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "store/columns.h"
#include "store/db.h"
#include "store/hash.h"
#include "store/jobs.h"
#include "store/retries.h"

static int read_cpus(struct stmt *q, int64_t id, struct cpuset *cpus, struct err *e)
{
    const char *list = stmt_peek_text(q);
    if (list && cpuset_parse(cpus, list) < 0)
        return err_set(e, ERR_CORRUPT, "%s is damaged: job %lld has the CPU list \"%s\"",
                       q->store->path, (long long)id, list);
    return 0;
}

/* The columns that the core knows: id to alloc_cpu_list. */
static int read_job(struct stmt *q, struct job *j, struct err *e)
{
    j->id = stmt_get_int(q);
    if (stmt_get_state(q, j->id, &j->state, e) < 0)
        return -1;
    j->priority = (int)stmt_get_int(q);
    j->submit_us = stmt_get_time(q);
    j->eligible_us = stmt_get_time(q);
    j->start_us = stmt_get_time(q);
    j->limit_us = stmt_get_time(q);
    j->cpus = stmt_get_int(q);
    j->mem_mb = stmt_get_int(q);
    j->uid = (uint32_t)stmt_get_int(q);
    j->attempt = (int)stmt_get_int(q);
    j->alloc_cpus = stmt_get_int(q);
    j->alloc_mem_mb = stmt_get_int(q);
    return read_cpus(q, j->id, &j->alloc_set, e);
}

/* is_elastic to ack_file. An elastic job of the Python mini-slurm has no more than its limits. */
static void read_elastic(struct stmt *q, struct job_record *r)
{
    struct job *j = &r->job;
    j->elastic = stmt_get_int(q) != 0;
    j->min_cpus = stmt_get_int_or(q, j->elastic ? j->cpus : 0);
    j->max_cpus = stmt_get_int(q);
    j->mem_per_cpu_mb = stmt_get_int(q);
    j->wanted_cpus = stmt_get_int(q);
    j->generation = stmt_get_int(q);
    r->current_cpus = stmt_get_int(q);
    r->resizes = stmt_get_int(q);
    r->resize_grace_us = stmt_get_seconds_or(q, j->elastic ? RESIZE_GRACE_US : 0);
    r->resize_signal = (int)stmt_get_int_or(q, j->elastic ? SIGUSR1 : 0);
    r->workers = stmt_get_int(q) != 0;
    r->control_path = stmt_get_text(q);
    r->ack_path = stmt_get_text(q);
}

/* req_nodes to exclusive. */
static void read_placement(struct stmt *q, struct job *j)
{
    j->nodes = stmt_get_int(q);
    j->max_switches = stmt_get_int(q);
    j->switches_wait_us = stmt_get_seconds_or(q, 0);
    j->whole_cores = stmt_get_int(q) != 0;
    j->exclusive = stmt_get_int(q) != 0;
}

/* dependency and kill_on_invalid_dep. */
static void read_dependency(struct stmt *q, struct job_record *r)
{
    r->dependency = stmt_get_text(q);
    r->job.depends.kept = stmt_get_int(q) == 0;
}

/* warn_signal to suspended. */
static void read_shepherd(struct stmt *q, struct job_record *r)
{
    r->warning.signal = (int)stmt_get_int(q);
    r->warning.before_us = stmt_get_seconds_or(q, 0);
    r->warning.first = stmt_get_int(q) != 0;
    r->notify = stmt_get_text(q);
    r->notify_on = (int)stmt_get_int(q);
    r->job.suspended_us = stmt_get_time(q);
    r->job.stood_us = stmt_get_seconds_or(q, 0);
}

/* held to requeue_hold. */
static void read_control(struct stmt *q, struct job_record *r)
{
    r->job.held = stmt_get_int(q) != 0;
    r->job.deadline_us = stmt_get_time(q);
    retry_read(q, &r->retry);
    r->retried = (int)stmt_get_int(q);
    r->job.restarts = (int)stmt_get_int(q);
    r->requeue_us = stmt_get_time(q);
    r->requeue_uid = (uint32_t)stmt_get_int(q);
    r->requeue_hold = stmt_get_int(q) != 0;
}

/* array_job_id to array_step. */
static int read_array(struct stmt *q, struct job_record *r, struct err *e)
{
    struct job *j = &r->job;
    j->array_id = stmt_get_int(q);
    j->task = stmt_get_int_or(q, j->array_id ? -1 : 0);
    j->array_limit = stmt_get_int(q);
    const char *spec = stmt_peek_text(q);
    if (spec && taskset_parse("array_spec", spec, &j->tasks, NULL, e) < 0)
        return err_set(e, ERR_CORRUPT, "%s is damaged: job %lld has the tasks \"%.40s\"",
                       q->store->path, (long long)j->id, spec);
    taskset_skip(&j->tasks, stmt_get_int(q));
    r->array.count = stmt_get_int(q);
    r->array.min = stmt_get_int(q);
    r->array.max = stmt_get_int(q);
    r->array.step = stmt_get_int(q);
    return 0;
}

/* pty and client. */
static void read_console(struct stmt *q, struct job_record *r)
{
    r->pty = stmt_get_int(q) != 0;
    r->client = stmt_get_text(q);
}

static void read_checkpoint(struct stmt *q, struct job_record *r)
{
    r->checkpoint = checkpoint_find(stmt_peek_text(q));
    r->job.may_rerun = job_record_may_rerun(r);
}

/* exit_code to levels. */
static void read_outcome(struct stmt *q, struct job_record *r)
{
    r->has_result = !stmt_is_null(q);
    r->exit_code = (int)stmt_get_int(q);
    r->signal = (int)stmt_get_int(q);
    r->runtime_us = stmt_get_time(q);
    r->cpu_user_us = stmt_get_seconds_or(q, -1);
    r->cpu_system_us = stmt_get_seconds_or(q, -1);
    r->mem_peak_kb = stmt_get_int_or(q, -1);
    r->cancel_us = stmt_get_time(q);
    r->cancel_uid = (uint32_t)stmt_get_int(q);
    r->cancel_now = stmt_get_int(q) != 0;
    stmt_get_levels(q, &r->levels);
}

/* A line for the shell is stored once, as the command. */
static void read_argv(struct stmt *q, struct job_record *r)
{
    if (!stmt_is_null(q)) {
        r->argv.data = stmt_get_bytes(q, &r->argv.len);
        return;
    }
    const char *line = r->command ? r->command : "";
    r->argv.data = strdup(line);
    r->argv.len = strlen(line) + 1;
    if (!r->argv.data)
        q->nomem = true;
}

uint64_t job_name_key(uint32_t uid, const char *name)
{
    if (!name)
        return 0;
    u128 h = hash_more(HASH_OF_NOTHING, &uid, sizeof uid);
    uint64_t key = (uint64_t)hash_more(h, name, strlen(name));
    return key ? key : 1;
}

int job_row_read(struct stmt *q, struct job_record *r, struct err *e)
{
    if (read_job(q, &r->job, e) < 0)
        return -1;
    read_elastic(q, r);
    read_placement(q, &r->job);
    read_shepherd(q, r);
    read_control(q, r);
    if (read_array(q, r, e) < 0)
        return -1;
    read_dependency(q, r);
    read_console(q, r);
    r->sweep = stmt_get_text(q);
    read_checkpoint(q, r);
    r->gid = (uint32_t)stmt_get_int(q);
    r->umask = (uint32_t)stmt_get_int(q);
    r->shell = stmt_get_int(q) != 0;
    r->end_us = stmt_get_time(q);
    read_outcome(q, r);
    r->user = stmt_get_text(q);
    r->name = stmt_get_text(q);
    r->job.name_key = job_name_key(r->job.uid, r->name);
    r->reason = stmt_get_text(q);
    r->stdout_path = stmt_get_text(q);
    r->stderr_path = stmt_get_text(q);
    r->cwd = stmt_get_text(q);
    r->command = stmt_get_text(q);
    r->nodes = stmt_get_text(q);
    read_argv(q, r);
    if (q->nomem)
        return err_nomem(e);
    if (!strz_valid(r->argv.data, r->argv.len))
        return err_set(e, ERR_CORRUPT, "%s is damaged: job %lld has an argv that does not end",
                       q->store->path, (long long)r->job.id);
    return 0;
}

int job_row_each(struct stmt *q, int (*each)(void *ctx, const struct job_record *r), void *ctx,
                 struct err *e)
{
    int got = 0;
    while ((got = stmt_step(q, e)) == 1) {
        _cleanup_job_record_ struct job_record r = {0};
        if (job_row_read(q, &r, e) < 0)
            return -1;
        int stop = each(ctx, &r);
        if (stop)
            return stop;
    }
    return got;
}
