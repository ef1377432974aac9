// SPDX-License-Identifier: MIT
#include "cli/jobs.h"

#include <stdio.h>

#include "cli/ask.h"

int jobs_add(struct frame *request, char **words, struct err *e)
{
    json_t *jobs = json_array();
    if (!*words) {
        json_decref(jobs);
        return err_set(e, ERR_USAGE, "no job given");
    }
    if (ask_set(request, "jobs", jobs, e) < 0)
        return -1;
    for (; *words; words++) {
        json_t *job = NULL;
        if (ask_job(*words, &job, e) < 0)
            return -1;
        if (json_array_append_new(jobs, job) < 0)
            return err_nomem(e);
    }
    return 0;
}

/* To standard error; whether there were any. */
static bool print_failed(const struct verb *v, const json_t *failed)
{
    size_t i;
    const json_t *f;
    json_array_foreach (failed, i, f)
        fprintf(stderr, "%s: %s\n", v->command.name,
                json_string_value(json_object_get(f, "error")));
    return json_array_size(failed) > 0;
}

int jobs_print(const struct verb *v, struct frame *reply, const char *done,
               void (*say)(const void *ctx, const json_t *entry), const void *ctx, bool json,
               struct err *e)
{
    size_t i;
    const json_t *entry;
    bool failed = print_failed(v, json_object_get(reply->head, "failed"));
    if (json && ask_print_json(reply, e) < 0)
        return -1;
    if (!json)
        json_array_foreach (json_object_get(reply->head, done), i, entry)
            say(ctx, entry);
    return failed ? VERB_FAILED : VERB_DONE;
}
