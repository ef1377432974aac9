// SPDX-License-Identifier: MIT
#include "core/job.h"

#include <stddef.h>
#include <strings.h>

#include "core/dependency.h"

static const struct {
    const char *name, *code;
    bool ended;
} states[JOB_STATES] = {
    [JOB_PENDING] = {"PENDING", "PD", false},
    [JOB_RUNNING] = {"RUNNING", "R", false},
    [JOB_COMPLETED] = {"COMPLETED", "CD", true},
    [JOB_FAILED] = {"FAILED", "F", true},
    [JOB_CANCELLED] = {"CANCELLED", "CA", true},
    [JOB_TIMEOUT] = {"TIMEOUT", "TO", true},
    [JOB_OUT_OF_MEMORY] = {"OUT_OF_MEMORY", "OOM", true},
    [JOB_NODE_FAIL] = {"NODE_FAIL", "NF", true},
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

bool job_state_ended(enum job_state s)
{
    return states[s].ended;
}

int job_copy(struct job *to, const struct job *from)
{
    *to = *from;
    to->alloc_set = (struct cpuset){0};
    return dependency_copy(&to->depends, &from->depends);
}

void job_free(struct job *j)
{
    cpuset_free(&j->alloc_set);
    dependency_free(&j->depends);
}
