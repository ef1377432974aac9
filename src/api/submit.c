// SPDX-License-Identifier: MIT
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/access.h"
#include "api/checkpoint.h"
#include "api/control.h"
#include "api/correspond.h"
#include "api/depend.h"
#include "api/elastic.h"
#include "api/fields.h"
#include "api/json.h"
#include "api/notify.h"
#include "api/parameters.h"
#include "api/place.h"
#include "api/submission.h"
#include "api/submit.h"
#include "api/warning.h"
#include "attempt/console.h"
#include "util/cleanup.h"
#include "util/pattern.h"
#include "util/text.h"

/* What is shown of a job must fit into a frame, where a byte may take five. */
#define COMMAND_MAX ((size_t)8 << 20)
#define ARRAY_MAX   (128 * 1024)
#define UNNAMED     "job" /* what %x is of a job without a name */

static int read_numbers(const struct call *c, struct job_record *r, struct err *e)
{
    const struct frame *f = c->request;
    int64_t priority = 0, umask = 077;
    r->job.cpus = 1;
    if (field_int(f, "cpus", 1, CPUSET_MAX, &r->job.cpus, e) < 0 ||
        field_int(f, "priority", -PRIORITY_MAX, PRIORITY_MAX, &priority, e) < 0 ||
        field_seconds_us(f, "time_limit", &r->job.limit_us, e) < 0 ||
        field_bool(f, "shell", &r->shell, e) < 0 || field_int(f, "umask", 0, 0777, &umask, e) < 0)
        return -1;
    r->job.priority = (int)priority;
    r->umask = (uint32_t)umask;
    return 0;
}

/* Memory by the CPU is settled here; an elastic job's follows its CPUs later on. */
static int read_memory(const struct call *c, struct job *j, struct err *e)
{
    int64_t per_cpu = 0;
    if (field_int(c->request, "mem_mb", 1, MEM_MAX_MB, &j->mem_mb, e) < 0 ||
        field_int(c->request, "mem_per_cpu_mb", 1, MEM_MAX_MB, &per_cpu, e) < 0)
        return -1;
    if (!per_cpu)
        return 0;
    if (j->mem_mb)
        return err_set(e, ERR_INVALID, "mem_mb and mem_per_cpu_mb: only one can be asked for");
    if (per_cpu > MEM_MAX_MB / j->cpus)
        return err_set(e, ERR_INVALID, "mem_per_cpu_mb %jd: too much for %jd CPUs",
                       (intmax_t)per_cpu, (intmax_t)j->cpus);
    j->mem_mb = per_cpu * j->cpus;
    j->mem_per_cpu_mb = j->elastic ? per_cpu : 0;
    return 0;
}

static bool blank(const char *s)
{
    return s[strspn(s, " \t\r\n")] == '\0';
}

static int read_command(const struct call *c, struct job_record *r, struct err *e)
{
    if (field_strz(c->request, "argv", &r->argv, e) < 0 ||
        field_string(c->request, "command", COMMAND_MAX, &r->command, e) < 0)
        return -1;
    size_t words = strz_count(&r->argv);
    if (words == 0 || (r->shell ? blank(r->argv.data) : !r->argv.data[0]))
        return err_set(e, ERR_INVALID, "the command is empty");
    if (r->shell && words > 1)
        return err_set(e, ERR_INVALID, "a shell command is one line, this has %zu words", words);
    if (!r->command)
        return err_set(e, ERR_INVALID, "command is missing: the command as it was typed");
    return 0;
}

static int read_env(const struct call *c, struct job_record *r, struct err *e)
{
    char shown[64];
    if (field_strz(c->request, "env", &r->env, e) < 0)
        return -1;
    if (!r->env.data)
        return err_set(e, ERR_INVALID, "env is missing: the job's environment (it may be empty)");
    strz_each (var, &r->env) {
        const char *eq = strchr(var, '=');
        if (!eq || eq == var)
            return err_set(e, ERR_INVALID, "env %s: not of the form NAME=value",
                           text_brief(var, shown, sizeof shown));
    }
    return 0;
}

static int read_array(const struct call *c, struct job *j, struct err *e)
{
    _cleanup_free_ char *text = NULL;
    if (field_string(c->request, "array", ARRAY_MAX, &text, e) < 0)
        return -1;
    return text ? taskset_parse("array", text, &j->tasks, &j->array_limit, e) : 0;
}

int submission_path(const struct call *c, const char *blob, const struct job_record *r, char **path,
                    struct err *e)
{
    _cleanup_free_ char *pattern = NULL;
    _cleanup_buf_ struct buf filled = {0};
    char host[HOST_NAME_MAX + 1] = "";
    if (field_path(c->request, blob, &pattern, e) < 0)
        return -1;
    if (!pattern)
        return 0;
    if (pattern_check(blob, pattern, e) < 0)
        return -1;
    gethostname(host, sizeof host - 1);
    host[strcspn(host, ".")] = '\0';
    pattern_fill_names(pattern, r->name ? r->name : UNNAMED,
                       r->user ? r->user : access_user_name(c->who->uid), host, &filled);
    *path = buf_steal(&filled, NULL);
    return *path ? 0 : err_nomem(e);
}

static int read_paths(const struct call *c, struct job_record *r, struct err *e)
{
    const struct frame *f = c->request;
    if (field_path(f, "cwd", &r->cwd, e) < 0 ||
        field_string(f, "name", NAME_MAX_LEN, &r->name, e) < 0 ||
        submission_path(c, "stdout", r, &r->stdout_path, e) < 0 ||
        submission_path(c, "stderr", r, &r->stderr_path, e) < 0)
        return -1;
    if (!r->cwd)
        return err_set(e, ERR_INVALID, "cwd is missing: the directory to run in");
    return 0;
}

/* Who is to sit in front of it, and at what. */
static int read_console(const struct call *c, struct job_record *r, struct err *e)
{
    const json_t *client = field_get(c->request, "client");
    char shown[64];
    if (field_bool(c->request, "pty", &r->pty, e) < 0)
        return -1;
    if (r->pty && r->stderr_path)
        return err_set(e, ERR_INVALID, "stderr: a terminal has one output, which is stdout");
    if (!client)
        return 0;
    if (!json_is_string(client) || !console_client_fits(json_string_value(client)))
        return err_set(e, ERR_INVALID, "client %s: not the name of a client's socket",
                       field_brief(client, shown, sizeof shown));
    if (r->stdout_path || r->stderr_path)
        return err_set(e, ERR_INVALID, "%s: the output of a job with a client goes there",
                       r->stdout_path ? "stdout" : "stderr");
    if (r->job.tasks.count)
        return err_set(e, ERR_INVALID, "array: a client sits in front of one job");
    if (r->retry.retries || r->retry.requeue)
        return err_set(e, ERR_INVALID, "%s: a client sits in front of one attempt",
                       r->retry.retries ? "retries" : "requeue");
    if (r->checkpoint)
        return err_set(e, ERR_INVALID, "checkpoint: a client sits in front of one attempt");
    r->client = strdup(json_string_value(client));
    return r->client ? 0 : err_nomem(e);
}

static int set_submitter(const struct call *c, struct job_record *r, struct err *e)
{
    r->job.state = JOB_PENDING;
    r->job.uid = c->who->uid;
    r->gid = c->who->gid;
    r->job.submit_us = c->now_us;
    if (!r->job.eligible_us)
        r->job.eligible_us = c->now_us;
    r->cpu_user_us = r->cpu_system_us = r->mem_peak_kb = -1;
    r->user = strdup(access_user_name(r->job.uid));
    return r->user ? 0 : err_nomem(e);
}

int submission_read(const struct call *c, struct job_record *r, struct err *e)
{
    if (read_numbers(c, r, e) < 0 || elastic_read(c, r, e) < 0 || read_memory(c, &r->job, e) < 0 ||
        place_read(c->request, &r->job, e) < 0 || warning_read(c->request, r, e) < 0 ||
        checkpoint_read(c->request, r, e) < 0 || control_read(c, r, e) < 0 ||
        notify_read(c->request, r, e) < 0 || read_array(c, &r->job, e) < 0 ||
        read_command(c, r, e) < 0 || read_env(c, r, e) < 0 || read_paths(c, r, e) < 0 ||
        parameters_read(c, r, e) < 0 || read_console(c, r, e) < 0 || checkpoint_check(r, e) < 0 ||
        set_submitter(c, r, e) < 0)
        return -1;
    return 0;
}

int submission_store(struct call *c, struct job_record *r, struct err *e)
{
    if (store_job_insert(c->api->store, r, c->api->paths->logs, e) < 0 ||
        call_estimate(c, r, &r->job, e) < 0)
        return -1;
    if (correspond_waits(&r->job))
        return 0;
    return call_event(c, (struct event){.type = EVENT_SUBMIT}, &r->job, e);
}

static int submit(struct call *c, struct job_record *r, struct err *e)
{
    if (submission_read(c, r, e) < 0 || depend_read(c, r, e) < 0 || submission_store(c, r, e) < 0)
        return -1;
    if (correspond_waits(&r->job) && correspond_submit(c, r->job.id, e) < 0)
        return -1;
    struct object o = {.json = c->reply};
    object_set(&o, "job", json_integer(r->job.id));
    object_set(&o, "scheduler", json_boolean(c->api->sched != NULL));
    if (r->job.elastic)
        object_set(&o, "max_cpus", elastic_max_json(c->api, &r->job));
    if (r->job.tasks.count)
        object_set(&o, "tasks", json_integer(r->job.tasks.count));
    return o.failed ? err_nomem(e) : 0;
}

static int serve(struct call *c, struct err *e)
{
    struct job_record r = {0};
    int result = submit(c, &r, e);
    job_record_clear(&r);
    return result;
}

static const char *const fields[] = {"cpus",
                                     "mem_mb",
                                     "mem_per_cpu_mb",
                                     "priority",
                                     "time_limit",
                                     "shell",
                                     "umask",
                                     "elastic",
                                     "min_cpus",
                                     "max_cpus",
                                     "resize_grace",
                                     "resize_signal",
                                     "workers",
                                     "nodes",
                                     "max_switches",
                                     "switches_wait",
                                     "threads_per_core",
                                     "exclusive",
                                     "signal",
                                     "notify_on",
                                     "dependency",
                                     "kill_on_invalid_dep",
                                     CONTROL_FIELDS,
                                     "pty",
                                     "client",
                                     "checkpoint",
                                     NULL};
static const char *const blobs[] = {"argv",   "env",    "command", "cwd",   "name", "stdout",
                                    "stderr", "notify", "array",   "sweep", NULL};

const struct request_type request_submit = {
    .verb = "submit",
    .changes = true,
    .fields = fields,
    .blobs = blobs,
    .serve = serve,
};
