// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "cli/ask.h"
#include "cli/cell.h"
#include "cli/path.h"
#include "cli/retry.h"
#include "cli/verb.h"
#include "os/clock.h"
#include "util/cleanup.h"
#include "util/number.h"
#include "util/size.h"
#include "util/text.h"
#include "util/times.h"
#include "util/when.h"

struct update_options {
    bool json;
};

static const struct option_def options[] = {
    OPTION_FLAG(struct update_options, json, "json", "print JSON"),
    OPTIONS_END,
};

static const char notes[] =
    "Keys, as the options of submit: cpus, mem, time (or unlimited), priority, name, begin,\n"
    "deadline (or none), dependency (or none), output, error, min-cpus, max-cpus, retries,\n"
    "retry-on, retry-delay, retry-mem, max-mem, requeue (yes or no). Of a running job: time,\n"
    "priority, name; a time that is over ends it. All keys are changed, or none.\n";

/* What can be said, and how it goes into the request. */
struct key {
    const char *name, *field;
    int (*add)(const struct key *k, const char *value, struct frame *request, struct err *e);
    int64_t min, max;
};

static int add_number(const struct key *k, const char *value, struct frame *request, struct err *e)
{
    int64_t n;
    if (number_parse(k->name, value, k->min, k->max, &n, e) < 0)
        return -1;
    return ask_set(request, k->field, json_integer(n), e);
}

static int add_size(const struct key *k, const char *value, struct frame *request, struct err *e)
{
    int64_t mb;
    if (size_parse_mb(k->name, value, &mb, e) < 0)
        return -1;
    return ask_set(request, k->field, json_integer(mb), e);
}

static int add_limit(const struct key *k, const char *value, struct frame *request, struct err *e)
{
    int64_t us = 0;
    if (strcasecmp(value, "unlimited") != 0 && duration_parse_us(k->name, value, &us, e) < 0)
        return -1;
    return ask_set(request, k->field, json_integer(us / US_PER_SEC), e);
}

static int add_when(const struct key *k, const char *value, struct frame *request, struct err *e)
{
    int64_t us = 0;
    bool none = strcmp(k->name, "deadline") == 0 && strcasecmp(value, "none") == 0;
    if (!none && when_parse_us(k->name, value, clock_wall_us(), &us, e) < 0)
        return -1;
    return ask_set(request, k->field, json_real((double)us / (double)US_PER_SEC), e);
}

static int add_text(const struct key *k, const char *value, struct frame *request, struct err *e)
{
    if (!*value)
        return err_set(e, ERR_USAGE, "%s: empty", k->name);
    return frame_add_blob(request, k->field, value, strlen(value)) < 0 ? err_nomem(e) : 0;
}

static int add_file(const struct key *k, const char *value, struct frame *request, struct err *e)
{
    _cleanup_free_ char *dir = getcwd(NULL, 0);
    if (!dir)
        return err_errno(e, "the current directory");
    return path_add(request, k->field, k->name, value, dir, e);
}

static int add_on(const struct key *k, const char *value, struct frame *request, struct err *e)
{
    return retry_add_on(request, k->name, value, e);
}

static int add_delay(const struct key *k, const char *value, struct frame *request, struct err *e)
{
    return retry_add_delay(request, k->name, value, e);
}

static int add_factor(const struct key *k, const char *value, struct frame *request, struct err *e)
{
    return retry_add_mem(request, k->name, value, e);
}

static int add_yes(const struct key *k, const char *value, struct frame *request, struct err *e)
{
    bool yes = strcasecmp(value, "yes") == 0;
    if (!yes && strcasecmp(value, "no") != 0)
        return err_set(e, ERR_USAGE, "%s: neither yes nor no", k->name);
    return ask_set(request, k->field, json_boolean(yes), e);
}

static int add_dependency(const struct key *k, const char *value, struct frame *request,
                          struct err *e)
{
    const char *text = strcasecmp(value, "none") == 0 ? "" : value;
    char shown[64];
    if (!*value || !text_is_utf8(text, strlen(text)))
        return err_set(e, ERR_USAGE, "%s %s: not a list such as afterok:12,afterany:14, nor none",
                       k->name, text_brief(value, shown, sizeof shown));
    return ask_set(request, k->field, json_string(text), e);
}

static const struct key keys[] = {
    {"cpus", "cpus", add_number, 1, 65536},
    {"mem", "mem_mb", add_size, 0, 0},
    {"time", "time_limit", add_limit, 0, 0},
    {"priority", "priority", add_number, -1000000000, 1000000000},
    {"name", "name", add_text, 0, 0},
    {"begin", "begin", add_when, 0, 0},
    {"deadline", "deadline", add_when, 0, 0},
    {"dependency", "dependency", add_dependency, 0, 0},
    {"output", "stdout", add_file, 0, 0},
    {"error", "stderr", add_file, 0, 0},
    {"min-cpus", "min_cpus", add_number, 1, 65536},
    {"max-cpus", "max_cpus", add_number, 1, 65536},
    {"retries", "retries", add_number, 0, 1000000},
    {"retry-on", "retry_on", add_on, 0, 0},
    {"retry-delay", "retry_delay", add_delay, 0, 0},
    {"retry-mem", "retry_mem", add_factor, 0, 0},
    {"max-mem", "max_mem_mb", add_size, 0, 0},
    {"requeue", "requeue", add_yes, 0, 0},
};
#define KEYS (sizeof keys / sizeof *keys)

static const struct key *find_key(const char *name, struct err *e)
{
    const char *names[KEYS + 1] = {NULL};
    char shown[64];
    for (size_t i = 0; i < KEYS; i++) {
        if (strcmp(keys[i].name, name) == 0)
            return &keys[i];
        names[i] = keys[i].name;
    }
    const char *near = text_nearest(name, names);
    text_brief(name, shown, sizeof shown);
    if (near)
        err_set(e, ERR_USAGE, "%s: nothing that can be changed (did you mean %s?)", shown, near);
    else
        err_set(e, ERR_USAGE, "%s: nothing that can be changed (e.g. time=2h)", shown);
    return NULL;
}

/* "key=value" */
static int add_change(const char *word, struct frame *request, struct err *e)
{
    char name[32], shown[64];
    const char *eq = strchr(word, '=');
    if (!eq)
        return err_set(e, ERR_USAGE, "%s: not of the form key=value",
                       text_brief(word, shown, sizeof shown));
    size_t len = (size_t)(eq - word);
    text_copy(name, len < sizeof name ? len + 1 : sizeof name, word);
    const struct key *k = find_key(name, e);
    if (!k)
        return -1;
    if (json_object_get(request->head, k->field) || frame_blob(request, k->field))
        return err_set(e, ERR_USAGE, "%s: given twice", name);
    return k->add(k, eq + 1, request, e);
}

static int add_changes(char **words, struct frame *request, struct err *e)
{
    json_t *job = NULL;
    if (!words[0])
        return err_set(e, ERR_USAGE, "no job given");
    if (ask_job(words[0], &job, e) < 0 || ask_set(request, "job", job, e) < 0)
        return -1;
    if (!words[1])
        return err_set(e, ERR_USAGE, "what is to change? (e.g. time=2h)");
    for (words++; *words; words++)
        if (add_change(*words, request, e) < 0)
            return err_usage(e);
    return 0;
}

static int run(int argc, char **argv, struct err *e)
{
    struct update_options o = {0};
    int r = options_parse(&verb_update.command, &o, &argc, argv, e);
    if (r)
        return r;
    struct frame request _cleanup_frame_ = {0}, reply _cleanup_frame_ = {0};
    if (client_request(&request, "update") < 0)
        return err_nomem(e);
    if (add_changes(argv, &request, e) < 0 || ask(&request, &reply, e) < 0)
        return -1;
    if (o.json)
        return ask_print_json(&reply, e);
    struct buf job _cleanup_buf_ = {0};
    cell_job(&job, reply.head, "job");
    if (job.failed)
        return err_nomem(e);
    printf("Updated job %s\n", job.data);
    return 0;
}

const struct verb verb_update = {
    .name = "update",
    .command = {.name = "mini-slurm update",
                .words = "ID KEY=VALUE...",
                .summary = "change what a job asks for",
                .notes = notes,
                .options = options},
    .run = run,
};
