// SPDX-License-Identifier: MIT
#include "cli/jobs.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "cli/ask.h"
#include "cli/cell.h"
#include "cli/states.h"
#include "util/text.h"

static json_t *range(const char *word, struct err *e)
{
    char first[32], shown[64];
    int64_t from, to;
    size_t len = strcspn(word, "-");
    if (len >= sizeof first)
        len = 0;
    snprintf(first, sizeof first, "%.*s", (int)len, word);
    if (ask_number(first, &from, NULL) < 0 || ask_number(word + len + 1, &to, NULL) < 0) {
        err_set(e, ERR_USAGE, "%s: not a range of job ids (e.g. 10-20)",
                text_brief(word, shown, sizeof shown));
        return NULL;
    }
    if (from <= to)
        return json_pack("[I, I]", (json_int_t)from, (json_int_t)to);
    err_set(e, ERR_USAGE, "%s: the range runs backwards (%lld-%lld?)", word, (long long)to,
            (long long)from);
    return NULL;
}

/* What a word stands for; NULL with *e. */
static json_t *job(const char *word, struct err *e)
{
    json_t *one = NULL;
    err_nomem(e); /* unless it is something else */
    if (isdigit((unsigned char)word[0]) && strchr(word, '-') && !strchr(word, '_'))
        return range(word, e);
    return ask_job(word, &one, e) < 0 ? NULL : one;
}

static int add_words(struct frame *request, char **words, struct err *e)
{
    json_t *jobs = json_array();
    if (ask_set(request, "jobs", jobs, e) < 0)
        return -1;
    for (; *words; words++) {
        json_t *one = job(*words, e);
        if (!one)
            return -1;
        if (json_array_append_new(jobs, one) < 0)
            return err_nomem(e);
    }
    return 0;
}

static int add_filter(struct frame *request, const struct jobs_options *o, struct err *e)
{
    json_t *states = o->state ? states_parse("--state", o->state, e) : NULL;
    if (o->state && (!states || ask_set(request, "states", states, e) < 0))
        return -1;
    if (o->user && ask_set(request, "user", json_string(o->user), e) < 0)
        return -1;
    if (o->all && ask_set(request, "all", json_true(), e) < 0)
        return -1;
    if (o->name && frame_add_blob(request, "name", o->name, strlen(o->name)) < 0)
        return err_nomem(e);
    return 0;
}

bool jobs_narrowed(const struct jobs_options *o)
{
    return o->name || o->state || o->user || o->all;
}

int jobs_select(struct frame *request, const struct jobs_options *o, char **words, struct err *e)
{
    if (!*words && !jobs_narrowed(o))
        return err_set(e, ERR_USAGE, "no job given");
    if (*words && add_words(request, words, e) < 0)
        return -1;
    return add_filter(request, o, e);
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
    const json_t *list = json_object_get(reply->head, done);
    bool failed = print_failed(v, json_object_get(reply->head, "failed"));
    if (!failed && json_array_size(list) == 0)
        fprintf(stderr, "%s: there is no such job\n", v->command.name);
    if (json && ask_print_json(reply, e) < 0)
        return -1;
    if (!json)
        json_array_foreach (list, i, entry)
            say(ctx, entry);
    return failed ? VERB_FAILED : VERB_DONE;
}

/* --- verbs that are said of jobs, and of nothing else ------------------------------------------
 */

struct change_options {
    struct jobs_options which;
    bool json;
};

const struct option_def jobs_change_options[] = {
    JOBS_OPTIONS(struct change_options, which),
    OPTION_FLAG(struct change_options, json, "json", "print JSON"),
    OPTIONS_END,
};

static void say_changed(const void *did, const json_t *entry)
{
    struct buf job _cleanup_buf_ = {0};
    cell_job(&job, entry, "job");
    if (!job.failed)
        printf("%s job %s\n", (const char *)did, job.data);
}

int jobs_change(const struct verb *v, const char *done, const char *did, int argc, char **argv,
                struct err *e)
{
    struct change_options o = {0};
    int r = options_parse(&v->command, &o, &argc, argv, e);
    if (r)
        return r;
    struct frame request _cleanup_frame_ = {0}, reply _cleanup_frame_ = {0};
    if (client_request(&request, v->name) < 0)
        return err_nomem(e);
    if (jobs_select(&request, &o.which, argv, e) < 0 || ask(&request, &reply, e) < 0)
        return -1;
    return jobs_print(v, &reply, done, say_changed, did, o.json, e);
}
