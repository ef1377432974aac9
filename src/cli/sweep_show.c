// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/ask.h"
#include "cli/external.h"
#include "cli/metric.h"
#include "cli/sweep.h"
#include "util/cleanup.h"
#include "util/text.h"

struct show_options {
    const char *metric, *sort, *plot;
    bool reverse, unfold, csv, json;
};

static const struct option_def options[] = {
    OPTION_TEXT(struct show_options, metric, "metric", "REGEX",
                "what to look for in the output, an extended regular expression whose\n"
                "first group is the value: the last one counts (default: what the sweep\n"
                "was submitted with)"),
    OPTION_TEXT(struct show_options, sort, "sort", "KEY",
                "by a parameter, metric, time or task (default: metric, if there is one)"),
    OPTION_FLAG(struct show_options, reverse, "reverse", "the largest first, which is the best"),
    OPTION_FLAG(struct show_options, unfold, "array", "each pending task on a line of its own"),
    OPTION_LETTER("r", "array"),
    OPTION_FLAG(struct show_options, csv, "csv", "print comma-separated values"),
    OPTION_FLAG(struct show_options, json, "json", "print JSON"),
    OPTION_TEXT(struct show_options, plot, "plot", "FILE",
                "draw the metric over each parameter as well: .svg, .png or .pdf"),
    OPTIONS_END,
};

static const struct command command = {
    .name = "mini-slurm sweep show",
    .words = "ID",
    .summary = "list the tasks of a sweep, with their parameters and what came out",
    .options = options,
};

int sweep_ask(struct client *c, int argc, char **argv, struct frame *reply, int64_t *id,
              struct err *e)
{
    if (argc != 1)
        return err_set(e, ERR_USAGE, argc ? "one sweep at a time" : "no sweep given");
    json_t *job = NULL;
    if (ask_job(argv[0], &job, e) < 0 || ask_show(c, job, reply, e) < 0)
        return -1;
    if (!json_is_object(json_object_get(reply->head, "sweep")))
        return err_set(e, ERR_INVALID, "job %s is no sweep", argv[0]);
    *id = json_integer_value(json_object_get(json_object_get(reply->head, "job"), "array_id"));
    return 0;
}

/* What is to be looked for, to free(); NULL with *e->code: no memory, else nothing is. */
static char *choose_metric(const struct show_options *o, const json_t *given, struct err *e)
{
    const char *kept = json_string_value(json_object_get(given, "metric"));
    char *regex = o->metric ? strdup(o->metric) : kept ? text_bytes(kept) : NULL;
    if (!regex && (o->metric || kept))
        err_nomem(e);
    return regex;
}

/* The number of the task with the least metric, or the largest; -1: no metric is a number. */
static int64_t best_task(const struct sweep_rows *rows, bool largest)
{
    const json_t *best = NULL;
    for (size_t i = 0; i < rows->count; i++) {
        const json_t *task = rows->list[i].task, *metric = json_object_get(task, "metric");
        if (!json_is_number(metric))
            continue;
        double more =
            best ? json_number_value(metric) - json_number_value(json_object_get(best, "metric"))
                 : 0;
        if (!best || (largest ? more > 0 : more < 0))
            best = task;
    }
    return best ? json_integer_value(json_object_get(best, "task")) : -1;
}

/* Becomes the program that draws, which reads what --json prints. */
static int plot(const char *path, const json_t *all, struct err *e)
{
    char *argv[] = {NULL, (char *)path, NULL};
    FILE *file = tmpfile();
    if (!file || json_dumpf(all, file, JSON_COMPACT | JSON_REAL_PRECISION(16)) < 0 ||
        fflush(file) != 0 || fseek(file, 0, SEEK_SET) != 0 || dup2(fileno(file), STDIN_FILENO) < 0)
        return err_errno(e, "a temporary file");
    if (fflush(stdout) != 0)
        return err_errno(e, "standard output");
    return external_run("mini-slurm-plot", argv, e);
}

static int print(const struct show_options *o, const struct sweep_rows *rows, int64_t id,
                 struct err *e)
{
    int r = 0;
    json_t *all = sweep_json(rows, id, best_task(rows, o->reverse));
    if (!all)
        return err_nomem(e);
    if (o->json)
        r = print_json(all, e);
    else if (o->csv)
        sweep_print_csv(rows);
    else
        r = sweep_print_table(rows, e);
    if (r == 0 && o->plot)
        r = plot(o->plot, all, e);
    json_decref(all);
    return r;
}

static int show(const struct show_options *o, struct sweep_rows *rows, struct client *c, int64_t id,
                struct err *e)
{
    const char *by = o->sort ? o->sort : rows->metric ? "metric" : "task";
    if (sweep_list(c, id, rows, e) < 0 || sweep_sort(rows, by, o->reverse, e) < 0)
        return -1;
    return print(o, rows, id, e);
}

static int with_metric(const struct show_options *o, const json_t *given, struct client *c,
                       int64_t id, struct err *e)
{
    struct metric m;
    struct sweep_rows rows = {.given = given, .unfold = o->unfold};
    _cleanup_free_ char *regex = choose_metric(o, given, e);
    if (!regex && e->code)
        return -1;
    if (!regex && o->plot)
        return err_set(e, ERR_USAGE, "--plot: over what? Say --metric too");
    if (regex && metric_open(&m, regex, e) < 0)
        return -1;
    rows.metric = regex ? &m : NULL;
    int r = show(o, &rows, c, id, e);
    sweep_rows_free(&rows);
    if (regex)
        metric_close(&m);
    return r;
}

static int run(int argc, char **argv, struct err *e)
{
    struct show_options o = {0};
    struct frame reply _cleanup_frame_ = {0};
    struct client c;
    int64_t id = 0;
    int r = options_parse(&command, &o, &argc, argv, e);
    if (r)
        return r;
    if (o.csv && o.json)
        return err_set(e, ERR_USAGE, "--csv and --json: only one of them can be given");
    if (client_open(&c, e) < 0)
        return -1;
    r = sweep_ask(&c, argc, argv, &reply, &id, e);
    if (r == 0)
        r = with_metric(&o, json_object_get(reply.head, "sweep"), &c, id, e);
    client_close(&c);
    return r;
}

const struct sweep_verb sweep_show = {.name = "show", .command = &command, .run = run};
