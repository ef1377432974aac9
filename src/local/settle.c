// SPDX-License-Identifier: MIT
#include "local/settle.h"

#include <stdlib.h>

#include "api/outcome.h"

struct search {
    const char *run_dir;
    struct settled *found;
    struct err *err;
};

static int look(void *ctx, const struct job_record *r)
{
    struct search *s = ctx;
    struct attempt_status status;
    if (status_read(s->run_dir, r->job.id, r->job.attempt, &status, NULL) < 0 ||
        status.phase != PHASE_ENDED)
        return 0;
    struct attempt_status *grown =
        reallocarray(s->found->ended, s->found->count + 1, sizeof *grown);
    if (!grown)
        return err_nomem(s->err);
    s->found->ended = grown;
    grown[s->found->count++] = status;
    return 0;
}

int settle_find(struct store *store, const char *run_dir, struct settled *s, struct err *e)
{
    struct search search = {.run_dir = run_dir, .found = s, .err = e};
    struct store_filter running = {.states = JOB_STATES_RUN};
    *s = (struct settled){0};
    return store_job_each(store, &running, look, &search, e);
}

int settle_store(struct store *store, const struct settled *s, struct err *e)
{
    for (size_t i = 0; i < s->count; i++)
        if (outcome_record(store, &s->ended[i], e) < 0)
            return -1;
    return 0;
}

void settle_clean(const char *run_dir, const struct settled *s)
{
    for (size_t i = 0; i < s->count; i++)
        status_remove(run_dir, s->ended[i].job, s->ended[i].attempt);
}

void settled_free(struct settled *s)
{
    free(s->ended);
    *s = (struct settled){0};
}
