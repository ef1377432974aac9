// SPDX-License-Identifier: MIT
#include "api/job_json.h"

#include <stdio.h>
#include <stdlib.h>

#include "api/access.h"
#include "api/checkpoint.h"
#include "api/control.h"
#include "api/elastic.h"
#include "api/json.h"
#include "api/notify.h"
#include "api/parameters.h"
#include "api/place.h"
#include "api/warning.h"
#include "attempt/output.h"
#include "attempt/status.h"
#include "util/buf.h"
#include "util/cleanup.h"
#include "util/text.h"

/* How far a run is held to its allocation: of a running one its shepherd's file knows, later the
 * store. null if it can't be told. */
static json_t *levels_json(const struct api *a, int64_t job, int attempt, enum job_state state,
                           const struct levels *stored)
{
    struct attempt_status status;
    if (!job_state_runs(state))
        return attempt > 0 && state != JOB_PENDING ? json_levels(stored) : json_null();
    if (status_read(a->paths->run, job, attempt, &status, NULL) < 0)
        return json_null();
    return json_levels(&status.levels);
}

static void set_result(struct object *o, bool known, int exit_code, int signal)
{
    object_set(o, "return_code", known ? json_integer(signal ? -signal : exit_code) : json_null());
    object_set(o, "exit_code", known ? json_integer(exit_code) : json_null());
    object_set(o, "signal", known ? json_integer(signal) : json_null());
}

static void set_usage(struct object *o, int64_t user_us, int64_t system_us, int64_t peak_kb)
{
    object_set(o, "cpu_user", user_us < 0 ? json_null() : json_seconds_us(user_us));
    object_set(o, "cpu_system", system_us < 0 ? json_null() : json_seconds_us(system_us));
    object_set(o, "mem_peak_kb", json_known(peak_kb));
}

static int64_t since(int64_t us, int64_t now_us)
{
    return now_us > us ? now_us - us : 0; /* the wall clock may have been set back */
}

static json_t *runtime_json(enum job_state state, const struct job *j, int64_t runtime_us,
                            int64_t now_us)
{
    if (state == JOB_PENDING || !j->start_us)
        return json_null();
    return json_seconds_us(job_state_runs(state) ? since(0, job_ran_us(j, now_us)) : runtime_us);
}

static json_t *wait_json(const struct job_record *r, int64_t now_us)
{
    const struct job *j = &r->job;
    int64_t until = now_us;
    if (j->state != JOB_PENDING)
        until = j->start_us ? j->start_us : r->end_us;
    return json_seconds_us(since(j->submit_us, until));
}

/* Why it is pending again, if it is, and what it waits for. */
static json_t *pending_reason_json(const struct api *a, const struct job_record *r, int64_t now_us)
{
    char waits[512], all[1536];
    if (a->sched)
        sched_reason(a->sched, r->job.id, now_us, waits, sizeof waits);
    else
        text_copy(waits, sizeof waits, r->job.held ? JOB_HELD_WORDS : "no scheduler is running");
    snprintf(all, sizeof all, "%s%s%s", r->reason ? r->reason : "", r->reason ? "; " : "", waits);
    return json_bytes(all);
}

json_t *job_reason_json(const struct api *a, const struct job_record *r, int64_t now_us)
{
    char text[512] = "";
    if (r->job.state == JOB_PENDING)
        return pending_reason_json(a, r, now_us);
    if (job_state_runs(r->job.state) && r->cancel_us)
        snprintf(text, sizeof text, "being %s by %s", r->cancel_now ? "killed" : "cancelled",
                 access_user_name(r->cancel_uid));
    else if (job_state_runs(r->job.state) && r->requeue_us)
        snprintf(text, sizeof text, "being requeued by %s", access_user_name(r->requeue_uid));
    return json_bytes(text[0] || !r->reason ? text : r->reason);
}

/* Which nodes a job is on, or was, and of a running one how far apart they are; null if that can't
 * be told. */
static void set_nodes(struct object *o, const struct topology *t, const struct job_record *r)
{
    struct topology_extent x = {0};
    _cleanup_free_ char *names = NULL;
    if (t && job_state_runs(r->job.state))
        x = topology_extent(t, &r->job.alloc_set);
    if (x.nodes)
        names = topology_node_names(t, &r->job.alloc_set);
    object_set(o, "nodes", json_bytes(names ? names : r->nodes));
    object_set(o, "switches", x.nodes ? json_integer(x.switches) : json_null());
    object_set(o, "distance", x.nodes ? json_integer(x.distance) : json_null());
}

static json_t *alloc_json(const struct api *a, const struct job_record *r)
{
    const struct job *j = &r->job;
    if (j->alloc_cpus == 0 || j->state == JOB_PENDING)
        return json_null();
    _cleanup_free_ char *list = cpuset_format(&j->alloc_set);
    struct object o = object_new();
    object_set(&o, "cpus", json_integer(j->alloc_cpus));
    object_set(&o, "mem_mb", json_integer(j->alloc_mem_mb));
    object_set(&o, "cpu_list", list ? json_string(list) : NULL);
    set_nodes(&o, a->topology, r);
    return object_end(&o);
}

static json_t *cancel_json(const struct job_record *r)
{
    if (!r->cancel_us)
        return json_null();
    struct object o = object_new();
    object_set(&o, "time", json_time_us(r->cancel_us));
    object_set(&o, "uid", json_integer(r->cancel_uid));
    object_set(&o, "user", json_bytes(access_user_name(r->cancel_uid)));
    object_set(&o, "now", json_boolean(r->cancel_now));
    return object_end(&o);
}

/* null if it never was, in its last attempt. */
static json_t *suspended_json(const struct job *j, int64_t now_us)
{
    int64_t since_us = j->suspended_us;
    if (!since_us && !j->stood_us)
        return json_null();
    struct object o = object_new();
    object_set(&o, "since", json_time_us(since_us));
    object_set(&o, "time", json_seconds_us(j->stood_us + (since_us ? since(since_us, now_us) : 0)));
    return object_end(&o);
}

/* Those of its attempts that ran after so many restarts. */
static void set_outputs(struct object *o, const struct job_record *r, int restart)
{
    restart = job_record_output(r, restart);
    _cleanup_free_ char *out = output_path(r->stdout_path, restart);
    _cleanup_free_ char *error = output_path(r->stderr_path, restart);
    object_set(o, "stdout", json_bytes(out));
    object_set(o, "stderr", json_bytes(error));
}

static void set_request(struct object *o, const struct job_record *r)
{
    const struct job *j = &r->job;
    object_set(o, "priority", json_integer(j->priority));
    object_set(o, "cpus", json_integer(j->cpus));
    object_set(o, "mem_mb", j->mem_mb ? json_integer(j->mem_mb) : json_null());
    object_set(o, "time_limit", j->limit_us ? json_seconds_us(j->limit_us) : json_null());
    object_set(o, "cwd", json_bytes(r->cwd));
    set_outputs(o, r, j->restarts);
}

static void set_times(struct object *o, const struct job_record *r, int64_t now_us)
{
    const struct job *j = &r->job;
    object_set(o, "submit_time", json_time_us(j->submit_us));
    object_set(o, "eligible_time", json_time_us(j->eligible_us));
    object_set(o, "start_time", j->state == JOB_PENDING ? json_null() : json_time_us(j->start_us));
    object_set(o, "end_time", json_time_us(r->end_us));
    object_set(o, "wait_time", wait_json(r, now_us));
    object_set(o, "runtime", runtime_json(j->state, j, r->runtime_us, now_us));
}

static json_t *tasks_json(const struct taskset *t)
{
    _cleanup_buf_ struct buf text = {0};
    taskset_format(t, &text);
    if (!t->count)
        return json_null();
    return text.failed ? NULL : json_string(text.data);
}

int64_t states_ended(const int64_t by_state[JOB_STATES])
{
    int64_t ended = 0;
    for (int s = 0; s < JOB_STATES; s++)
        ended += job_state_ended((enum job_state)s) ? by_state[s] : 0;
    return ended;
}

json_t *states_json(const int64_t by_state[JOB_STATES])
{
    struct object o = object_new();
    for (int s = 0; s < JOB_STATES; s++)
        object_set(&o, job_state_name((enum job_state)s), json_integer(by_state[s]));
    return object_end(&o);
}

void job_json_array(struct object *o, const struct job *j)
{
    bool is = j->array_id != 0;
    object_set(o, "array_id", is ? json_integer(j->array_id) : json_null());
    object_set(o, "task", is && j->task >= 0 ? json_integer(j->task) : json_null());
    object_set(o, "tasks", tasks_json(&j->tasks));
    object_set(o, "array_limit", j->array_limit ? json_integer(j->array_limit) : json_null());
}

json_t *job_json(const struct api *a, const struct job_record *r, int64_t now_us)
{
    const struct job *j = &r->job;
    struct object o = object_new();
    object_set(&o, "id", json_integer(j->id));
    parameters_set(&o, r);
    object_set(&o, "user", json_bytes(r->user));
    object_set(&o, "uid", json_integer(j->uid));
    object_set(&o, "state", json_string(job_state_name(j->state)));
    object_set(&o, "reason", job_reason_json(a, r, now_us));
    set_request(&o, r);
    set_times(&o, r, now_us);
    object_set(&o, "attempts", json_integer(j->attempt));
    object_set(&o, "alloc", alloc_json(a, r));
    set_result(&o, r->has_result, r->exit_code, r->signal);
    set_usage(&o, r->cpu_user_us, r->cpu_system_us, r->mem_peak_kb);
    object_set(&o, "enforcement", levels_json(a, j->id, j->attempt, j->state, &r->levels));
    object_set(&o, "cancel_requested", cancel_json(r));
    object_set(&o, "elastic", elastic_json(a, r));
    object_set(&o, "placement", place_json(j));
    object_set(&o, "suspended", suspended_json(j, now_us));
    object_set(&o, "dependency", json_bytes(r->dependency));
    object_set(&o, "warning", warning_json(r));
    object_set(&o, "notify", notify_json(r));
    control_set(&o, r);
    job_json_array(&o, j);
    object_set(&o, "pty", json_boolean(r->pty));
    object_set(&o, "interactive", json_boolean(r->client != NULL));
    object_set(&o, "checkpoint", checkpoint_json(r));
    return object_end(&o);
}

json_t *attempt_json(const struct api *a, const struct job_record *job,
                     const struct attempt_record *r, int64_t now_us)
{
    struct job then = job->job;
    then.start_us = r->start_us;
    struct object o = object_new();
    object_set(&o, "attempt", json_integer(r->attempt));
    object_set(&o, "state", json_string(job_state_name(r->state)));
    object_set(&o, "start_time", json_time_us(r->start_us));
    object_set(&o, "end_time", json_time_us(r->end_us));
    object_set(&o, "runtime", runtime_json(r->state, &then, r->runtime_us, now_us));
    object_set(&o, "cpus", json_integer(r->alloc_cpus));
    object_set(&o, "mem_mb", json_integer(r->alloc_mem_mb));
    object_set(&o, "cpu_list", json_bytes(r->cpu_list ? r->cpu_list : ""));
    set_result(&o, r->has_result, r->exit_code, r->signal);
    set_usage(&o, r->cpu_user_us, r->cpu_system_us, r->mem_peak_kb);
    object_set(&o, "enforcement", levels_json(a, r->job, r->attempt, r->state, &r->levels));
    object_set(&o, "resizes", json_integer(r->resizes));
    object_set(&o, "restart", json_integer(r->restart));
    set_outputs(&o, job, r->restart);
    object_set(&o, "reason", json_bytes(r->reason ? r->reason : ""));
    return object_end(&o);
}

json_t *resize_json(const struct resize_record *r)
{
    struct object o = object_new();
    object_set(&o, "time", json_time_us(r->time_us));
    object_set(&o, "attempt", json_integer(r->attempt));
    object_set(&o, "generation", json_integer(r->generation));
    object_set(&o, "from", json_integer(r->from_cpus));
    object_set(&o, "to", json_integer(r->to_cpus));
    object_set(&o, "mem_mb", json_integer(r->mem_mb));
    object_set(&o, "cpu_list", json_bytes(r->cpu_list ? r->cpu_list : ""));
    object_set(&o, "reason", json_bytes(r->reason ? r->reason : ""));
    return object_end(&o);
}
