// SPDX-License-Identifier: MIT
#include "store/record.h"

#include <stdlib.h>

void job_record_clear(struct job_record *r)
{
    job_free(&r->job);
    free(r->user);
    free(r->name);
    free(r->argv.data);
    free(r->command);
    free(r->env.data);
    free(r->cwd);
    free(r->stdout_path);
    free(r->stderr_path);
    free(r->reason);
    free(r->nodes);
    free(r->control_path);
    free(r->ack_path);
    free(r->dependency);
    free(r->notify);
    *r = (struct job_record){0};
}

void attempt_record_clear(struct attempt_record *r)
{
    free(r->cpu_list);
    free(r->reason);
    *r = (struct attempt_record){0};
}

void resize_record_clear(struct resize_record *r)
{
    free(r->cpu_list);
    free(r->nodes);
    free(r->reason);
    *r = (struct resize_record){0};
}
