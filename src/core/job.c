// SPDX-License-Identifier: MIT
#include "core/job.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <strings.h>

#include "core/dependency.h"
#include "util/text.h"

static const struct {
    const char *name, *code;
    bool ended;
} states[JOB_STATES] = {
    [JOB_PENDING] = {"PENDING", "PD", false},
    [JOB_RUNNING] = {"RUNNING", "R", false},
    [JOB_SUSPENDED] = {"SUSPENDED", "S", false},
    [JOB_COMPLETED] = {"COMPLETED", "CD", true},
    [JOB_FAILED] = {"FAILED", "F", true},
    [JOB_CANCELLED] = {"CANCELLED", "CA", true},
    [JOB_TIMEOUT] = {"TIMEOUT", "TO", true},
    [JOB_OUT_OF_MEMORY] = {"OUT_OF_MEMORY", "OOM", true},
    [JOB_NODE_FAIL] = {"NODE_FAIL", "NF", true},
    [JOB_DEADLINE] = {"DEADLINE", "DL", true},
};

const char *job_state_name(enum job_state s)
{
    return states[s].name;
}

const char *job_state_code(enum job_state s)
{
    return states[s].code;
}

int job_state_parse(const char *text)
{
    for (int i = 0; i < JOB_STATES; i++)
        if (strcasecmp(text, states[i].name) == 0 || strcasecmp(text, states[i].code) == 0)
            return i;
    return -1;
}

bool job_ends_at_deadline(const struct job *j)
{
    return j->deadline_us &&
           (!j->limit_us || j->start_us + j->stood_us + j->limit_us > j->deadline_us);
}

int64_t job_may_run_us(const struct job *j)
{
    if (!job_ends_at_deadline(j))
        return j->limit_us;
    int64_t left_us = j->deadline_us - j->start_us - j->stood_us;
    return left_us > 0 ? left_us : 1;
}

bool job_state_ended(enum job_state s)
{
    return states[s].ended;
}

bool job_state_runs(enum job_state s)
{
    return s == JOB_RUNNING || s == JOB_SUSPENDED;
}

int64_t job_ran_us(const struct job *j, int64_t now_us)
{
    int64_t until_us = j->suspended_us ? j->suspended_us : now_us;
    return until_us - j->start_us - j->stood_us;
}

int job_copy(struct job *to, const struct job *from)
{
    *to = *from;
    to->alloc_set = (struct cpuset){0};
    to->tasks = (struct taskset){0};
    if (dependency_copy(&to->depends, &from->depends) < 0)
        return -1;
    if (taskset_copy(&to->tasks, &from->tasks) == 0)
        return 0;
    dependency_free(&to->depends);
    return -1;
}

void job_free(struct job *j)
{
    cpuset_free(&j->alloc_set);
    taskset_free(&j->tasks);
    dependency_free(&j->depends);
}

char *job_label(const struct job *j, char buf[JOB_LABEL])
{
    _cleanup_buf_ struct buf tasks = {0};
    char few[32];
    taskset_format(&j->tasks, &tasks);
    if (!j->array_id)
        snprintf(buf, JOB_LABEL, "%" PRId64, j->id);
    else if (j->tasks.count)
        snprintf(buf, JOB_LABEL, "%" PRId64 "_[%s]", j->array_id,
                 text_brief(tasks.failed ? "" : tasks.data, few, sizeof few));
    else
        snprintf(buf, JOB_LABEL, "%" PRId64 "_%" PRId64, j->array_id, j->task);
    return buf;
}
