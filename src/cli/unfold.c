// SPDX-License-Identifier: MIT
#include "cli/unfold.h"

#include "util/taskset.h"

static int each_task(json_t *job, struct taskset *tasks,
                     int (*each)(void *ctx, const json_t *job, struct err *e), void *ctx,
                     struct err *e)
{
    json_object_del(job, "tasks");
    while (tasks->count) {
        if (json_object_set_new(job, "task", json_integer(taskset_pop(tasks))) < 0)
            return err_nomem(e);
        int r = each(ctx, job, e);
        if (r)
            return r;
    }
    return 0;
}

int unfold(json_t *job, int (*each)(void *ctx, const json_t *job, struct err *e), void *ctx,
           struct err *e)
{
    const char *text = json_string_value(json_object_get(job, "tasks"));
    struct taskset tasks = {0};
    if (!text)
        return each(ctx, job, e);
    if (taskset_parse("tasks", text, &tasks, NULL, e) < 0)
        return -1;
    int r = each_task(job, &tasks, each, ctx, e);
    taskset_free(&tasks);
    return r;
}
