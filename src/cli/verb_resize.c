// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/ask.h"
#include "cli/cell.h"
#include "cli/verb.h"
#include "util/number.h"
#include "util/text.h"

struct resize_options {
    const char *cpus;
    bool json;
};

static const struct option_def options[] = {
    OPTION_TEXT(struct resize_options, cpus, "cpus", "N",
                "how many CPUs it wants; +N, -N: so many more or fewer than it has;\n"
                "auto: as many as it can get"),
    OPTION_FLAG(struct resize_options, json, "json", "print JSON"),
    OPTIONS_END,
};

static const char notes[] =
    "Without ID it is the job that asks, inside of it. It gets more as soon as they are free, and\n"
    "gives back at once. Its limits are those of submit --min-cpus and --max-cpus.\n";

static int find_job(int argc, char **argv, json_t **job, struct err *e)
{
    const char *own = getenv("MINI_SLURM_JOB_ID");
    if (argc > 1)
        return err_set(e, ERR_USAGE, "one job at a time");
    if (argc == 0 && !own)
        return err_set(e, ERR_USAGE, "no job given (only inside a job it is that one)");
    return ask_job(argc ? argv[0] : own, job, e);
}

/* "4", "+2", "-2"; "auto" leaves it out. */
static int add_cpus(const char *text, struct frame *request, struct err *e)
{
    char shown[64];
    int64_t n;
    if (!text)
        return err_set(e, ERR_USAGE, "no --cpus given: N, +N, -N or auto");
    if (strcmp(text, "auto") == 0)
        return 0;
    bool relative = *text == '+' || *text == '-';
    if (number_parse("--cpus", text + relative, 1, 65536, &n, NULL) < 0)
        return err_set(e, ERR_USAGE,
                       "--cpus %s: not N, +N or -N with a whole number from 1 to 65536, nor auto",
                       text_brief(text, shown, sizeof shown));
    if (ask_set(request, "relative", json_boolean(relative), e) < 0)
        return -1;
    return ask_set(request, "cpus", json_integer(*text == '-' ? -n : n), e);
}

static int print_resize(const json_t *reply, struct err *e)
{
    struct buf out _cleanup_buf_ = {0};
    const json_t *wanted = json_object_get(reply, "wanted");
    buf_puts(&out, "job ");
    cell_int(&out, reply, "job");
    buf_puts(&out, ": has ");
    cell_int(&out, reply, "cpus");
    buf_puts(&out, json_integer_value(json_object_get(reply, "cpus")) == 1 ? " CPU" : " CPUs");
    buf_puts(&out, ", wants ");
    if (json_is_integer(wanted))
        cell_int(&out, reply, "wanted");
    else
        buf_puts(&out, "as many as it can get");
    buf_puts(&out, " (min ");
    cell_int(&out, reply, "min");
    buf_puts(&out, ", max ");
    cell_int(&out, reply, "max");
    buf_puts(&out, ")");
    if (out.failed)
        return err_nomem(e);
    puts(out.data);
    return 0;
}

static int run(int argc, char **argv, struct err *e)
{
    struct resize_options o = {0};
    json_t *job = NULL;
    int r = options_parse(&verb_resize.command, &o, &argc, argv, e);
    if (r)
        return r;
    struct frame request _cleanup_frame_ = {0}, reply _cleanup_frame_ = {0};
    if (client_request(&request, "resize") < 0)
        return err_nomem(e);
    if (find_job(argc, argv, &job, e) < 0 || ask_set(&request, "job", job, e) < 0 ||
        add_cpus(o.cpus, &request, e) < 0 || ask(&request, &reply, e) < 0)
        return -1;
    return o.json ? ask_print_json(&reply, e) : print_resize(reply.head, e);
}

const struct verb verb_resize = {
    .name = "resize",
    .command = {.name = "mini-slurm resize",
                .words = "[ID]",
                .summary = "ask for more CPUs for a running elastic job, or give some back",
                .notes = notes,
                .options = options},
    .run = run,
};
