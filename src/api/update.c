// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "api/access.h"
#include "api/checkpoint.h"
#include "api/control.h"
#include "api/depend.h"
#include "api/elastic.h"
#include "api/fields.h"
#include "api/job_json.h"
#include "api/submission.h"
#include "api/submit.h"
#include "api/target.h"
#include "util/buf.h"
#include "util/cleanup.h"
#include "util/warning.h"

static const char *const fields[] = {"job",           "cpus",     "mem_mb",   "priority",
                                     "time_limit",    "min_cpus", "max_cpus", "dependency",
                                     CONTROL_UPDATES, NULL};
static const char *const blobs[] = {"name", "stdout", "stderr", NULL};

/* What of that can be changed while it runs. */
static const char *const of_running[] = {"job", "priority", "time_limit", "name", NULL};

static bool has(const char *const *list, const char *name)
{
    for (; *list; list++)
        if (strcmp(*list, name) == 0)
            return true;
    return false;
}

static bool is_given(const struct frame *f, const char *key)
{
    return field_get(f, key) || frame_blob(f, key);
}

/* Appends what is given of the list, "cpus,priority"; the first that a running job can't change is
 * *wrong. */
static void find_keys(const struct frame *f, const char *const *list, struct buf *keys,
                      const char **wrong)
{
    for (; *list; list++) {
        if (!is_given(f, *list) || strcmp(*list, "job") == 0)
            continue;
        buf_printf(keys, "%s%s", keys->len ? "," : "", *list);
        if (!*wrong && !has(of_running, *list))
            *wrong = *list;
    }
}

static int check_state(const struct job *j, const char *wrong, struct err *e)
{
    char job[JOB_LABEL];
    job_label(j, job);
    if (job_state_ended(j->state))
        return err_set(e, ERR_INVALID, "job %s has ended: %s", job, job_state_name(j->state));
    if (j->state != JOB_PENDING && wrong)
        return err_set(e, ERR_INVALID,
                       "job %s is %s: its %s can't be changed any more (only its priority, "
                       "time limit and name)",
                       job, job_state_name(j->state), wrong);
    return 0;
}

static int read_cpus(const struct frame *f, struct job *j, struct err *e)
{
    if (!j->elastic && (is_given(f, "min_cpus") || is_given(f, "max_cpus")))
        return err_set(e, ERR_INVALID, "%s: only an elastic job has that",
                       is_given(f, "min_cpus") ? "min_cpus" : "max_cpus");
    if (field_int(f, "cpus", 1, CPUSET_MAX, &j->cpus, e) < 0)
        return -1;
    return j->elastic ? elastic_read_limits(f, j, e) : 0;
}

static int read_memory(const struct frame *f, struct job *j, struct err *e)
{
    if (j->mem_per_cpu_mb && is_given(f, "mem_mb"))
        return err_set(e, ERR_INVALID, "mem_mb: its memory follows its CPUs, %" PRId64 " MB each",
                       j->mem_per_cpu_mb);
    if (j->mem_per_cpu_mb > MEM_MAX_MB / j->cpus)
        return err_set(e, ERR_INVALID, "cpus %" PRId64 ": too many with %" PRId64 " MB each",
                       j->cpus, j->mem_per_cpu_mb);
    if (j->mem_per_cpu_mb && j->state == JOB_PENDING)
        j->mem_mb = j->mem_per_cpu_mb * j->cpus;
    return field_int(f, "mem_mb", 1, MEM_MAX_MB, &j->mem_mb, e);
}

/* Instead of what is there, if it is not NULL. */
static void replace(char **text, char *given)
{
    if (!given)
        return;
    free(*text);
    *text = given;
}

static int read_name(const struct frame *f, char **name, struct err *e)
{
    char *given = NULL;
    if (field_string(f, "name", NAME_MAX_LEN, &given, e) < 0)
        return -1;
    replace(name, given);
    return 0;
}

/* The head of an array keeps a pattern, for its tasks. */
static int read_path(const struct call *c, const char *blob, const struct job_record *r,
                     char **path, struct err *e)
{
    _cleanup_free_ char *given = NULL;
    if (submission_path(c, blob, r, &given, e) < 0 ||
        (given && !r->job.tasks.count && store_path_fill(&given, &r->job, r->sweep, e) < 0))
        return -1;
    replace(path, steal(given));
    return 0;
}

/* Where errors go into the file of the output they go on doing that. */
static int read_paths(const struct call *c, struct job_record *r, struct err *e)
{
    bool one_file = r->stdout_path && r->stderr_path && !strcmp(r->stdout_path, r->stderr_path);
    const char *errors = one_file && !is_given(c->request, "stderr") ? "stdout" : "stderr";
    if (read_path(c, "stdout", r, &r->stdout_path, e) < 0)
        return -1;
    return read_path(c, errors, r, &r->stderr_path, e);
}

static int read_changes(const struct call *c, struct job_record *r, struct err *e)
{
    const struct frame *f = c->request;
    struct job *j = &r->job;
    int64_t priority = j->priority;
    if (field_int(f, "priority", -PRIORITY_MAX, PRIORITY_MAX, &priority, e) < 0 ||
        field_seconds_or_none_us(f, "time_limit", &j->limit_us, e) < 0 || read_cpus(f, j, e) < 0 ||
        read_memory(f, j, e) < 0 || checkpoint_recheck(r, e) < 0 || control_read(c, r, e) < 0 ||
        read_name(f, &r->name, e) < 0)
        return -1;
    if (is_given(f, "time_limit") &&
        warning_check("time_limit, and signal", &r->warning, j->limit_us, r->resize_signal, e) < 0)
        return -1;
    j->priority = (int)priority;
    return read_paths(c, r, e);
}

static int tell(struct call *c, const struct job_record *r, struct err *e)
{
    if (call_update(c, r, &r->job, e) < 0)
        return -1;
    if (is_given(c->request, "dependency") &&
        call_event(c, (struct event){.type = EVENT_DEPEND}, &r->job, e) < 0)
        return -1;
    if (!job_state_runs(r->job.state) || !is_given(c->request, "time_limit"))
        return 0;
    return call_limit(c, &r->job, e);
}

static int change_dependency(struct call *c, struct job_record *r, struct err *e)
{
    if (!is_given(c->request, "dependency"))
        return 0;
    return depend_update(c, r, e) < 0
               ? -1
               : store_job_depends(c->api->store, r->job.id, &r->job.depends, e);
}

static int change(struct call *c, struct job_record *r, struct err *e)
{
    struct buf keys _cleanup_buf_ = {0};
    const char *wrong = NULL;
    find_keys(c->request, fields, &keys, &wrong);
    find_keys(c->request, blobs, &keys, &wrong);
    if (access_check(c->who, r, "update", e) < 0 || check_state(&r->job, wrong, e) < 0)
        return -1;
    if (!keys.len)
        return err_set(e, ERR_INVALID, "update: what is to change?");
    if (keys.failed)
        return err_nomem(e);
    if (read_changes(c, r, e) < 0 ||
        store_job_update(c->api->store, r, keys.data, c->who->uid, c->now_us, e) < 0 ||
        change_dependency(c, r, e) < 0)
        return -1;
    struct object o = {.json = c->reply};
    object_set(&o, "job", json_integer(r->job.id));
    if (r->job.array_id)
        job_json_array(&o, &r->job);
    object_set(&o, "changed", json_string(keys.data));
    object_set(&o, "scheduler", json_boolean(c->api->sched != NULL));
    return o.failed ? err_nomem(e) : tell(c, r, e);
}

/* A task that is changed alone leaves its array's head. */
static int find_job(struct call *c, int64_t *id, struct err *e)
{
    static const struct target_act act = {.verb = "update", .divides = 1u << JOB_PENDING};
    const json_t *job = field_get(c->request, "job");
    _cleanup_target_ struct target t = {0};
    _cleanup_ids_ struct ids ids = {0};
    if (!job)
        return err_set(e, ERR_INVALID, "update: which job? (\"job\" is missing)");
    if (target_named(c, "job", job, &t, e) < 0)
        return -1;
    *id = t.id;
    if (!t.tasks.count)
        return 0;
    if (target_jobs(c, &t, &act, &ids, e) < 0)
        return -1;
    if (ids.count > 1)
        return err_set(e, ERR_INVALID, "update: one job at a time");
    *id = ids.list[0];
    return 0;
}

static int serve(struct call *c, struct err *e)
{
    struct job_record r = {0};
    int64_t id = 0;
    if (find_job(c, &id, e) < 0)
        return -1;
    int result = store_job_load(c->api->store, id, STORE_PLAIN, &r, e);
    if (result == 0)
        result = change(c, &r, e);
    job_record_clear(&r);
    return result;
}

const struct request_type request_update = {
    .verb = "update",
    .changes = true,
    .fields = fields,
    .blobs = blobs,
    .serve = serve,
};
