// SPDX-License-Identifier: MIT
#include "store/record.h"

#include <stdlib.h>

int job_record_output(const struct job_record *r, int restart)
{
    return r->checkpoint == CHECKPOINT_CRIU ? 0 : restart;
}

bool job_record_may_rerun(const struct job_record *r)
{
    return r->retry.retries || r->retry.requeue || r->requeue_us || r->checkpoint;
}

int job_record_sweep(const struct job_record *r, struct sweep *s, struct err *e)
{
    if (!r->sweep || r->job.task < 0 || r->job.tasks.count)
        return 1;
    if (sweep_parse(r->sweep, s, e) == 0)
        return 0;
    return err_wrap(e, "job %lld", (long long)r->job.id);
}

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
    free(r->client);
    free(r->sweep);
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
