// SPDX-License-Identifier: MIT
#include "cli/ask.h"
#include "cli/cell.h"
#include "cli/columns.h"
#include "cli/efficiency.h"
#include "cli/verb.h"

struct efficiency_options {
    bool json;
};

static const struct option_def options[] = {
    OPTION_FLAG(struct efficiency_options, json, "json", "print JSON"),
    OPTIONS_END,
};

#define LAST_JOBS 10

static const struct column columns[] = {
    {"ID", true, "job", cell_job},
    {"STAT", false, "state", cell_text},
    {"CPU", true, "cpus", cell_int},
    {"RUN(s)", true, "runtime", cell_tenths},
    {"USED(s)", true, "cpu_used", cell_tenths},
    {"CPU-EFF", true, "cpu_efficiency", cell_percent},
    {"MEM(MB)", true, "mem_mb", cell_int},
    {"PEAK(MB)", true, "mem_peak_mb", cell_tenths},
    {"MEM-EFF", true, "mem_efficiency", cell_percent},
    {"SUGGESTION", false, "suggestion", cell_text},
};

static int add(json_t *rows, const json_t *job, struct err *e)
{
    return json_array_append_new(rows, efficiency_json(job)) < 0 ? err_nomem(e) : 0;
}

static int add_last(struct client *c, json_t *rows, struct err *e)
{
    struct frame request _cleanup_frame_ = {0}, reply _cleanup_frame_ = {0};
    size_t i;
    const json_t *job;
    if (client_request(&request, "list") < 0)
        return err_nomem(e);
    if (ask_set(&request, "last", json_true(), e) < 0 ||
        ask_set(&request, "limit", json_integer(LAST_JOBS), e) < 0 ||
        client_call(c, &request, &reply, e) < 0)
        return -1;
    json_array_foreach (json_object_get(reply.head, "jobs"), i, job)
        if (add(rows, job, e) < 0)
            return -1;
    return 0;
}

static int add_one(struct client *c, const char *word, json_t *rows, struct err *e)
{
    struct frame reply _cleanup_frame_ = {0};
    json_t *job = NULL;
    if (ask_job(word, &job, e) < 0 || ask_show(c, job, &reply, e) < 0)
        return -1;
    return add(rows, json_object_get(reply.head, "job"), e);
}

static int collect(struct client *c, char **words, json_t *rows, struct err *e)
{
    if (!*words)
        return add_last(c, rows, e);
    for (; *words; words++)
        if (add_one(c, *words, rows, e) < 0)
            return -1;
    return 0;
}

static int print_table(const json_t *rows, struct err *e)
{
    struct table t _cleanup_table_;
    size_t i;
    const json_t *row;
    table_init(&t, columns, sizeof columns / sizeof *columns);
    json_array_foreach (rows, i, row)
        if (table_add(&t, row, e) < 0)
            return -1;
    if (t.rows)
        table_print(&t, "", terminal_columns(stdout), stdout);
    else
        fputs("No job has ended yet.\n", stderr);
    return 0;
}

static int print(json_t *rows, bool json, struct err *e)
{
    if (!json)
        return print_table(rows, e);
    json_t *all = json_pack("{s:O}", "jobs", rows);
    int r = all ? print_json(all, e) : err_nomem(e);
    json_decref(all);
    return r;
}

static int run(int argc, char **argv, struct err *e)
{
    struct efficiency_options o = {0};
    int r = options_parse(&verb_efficiency.command, &o, &argc, argv, e);
    if (r)
        return r;
    struct client c;
    if (client_open(&c, e) < 0)
        return -1;
    json_t *rows = json_array();
    r = rows ? collect(&c, argv, rows, e) : err_nomem(e);
    client_close(&c);
    if (r == 0)
        r = print(rows, o.json, e);
    json_decref(rows);
    return r;
}

const struct verb verb_efficiency = {
    .name = "efficiency",
    .command = {.name = "mini-slurm efficiency",
                .words = "[ID]...",
                .summary = "say what jobs used of what they held: these, or the last 10 that ended",
                .options = options},
    .run = run,
};
