// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli/ask.h"
#include "cli/cell.h"
#include "cli/verb.h"
#include "util/times.h"

struct why_options {
    bool json;
};

static const struct option_def options[] = {
    OPTION_FLAG(struct why_options, json, "json", "print JSON"),
    OPTIONS_END,
};

static long long number(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

static int64_t microseconds(const json_t *object, const char *key)
{
    return (int64_t)(json_number_value(json_object_get(object, key)) * (double)US_PER_SEC);
}

/* A point in time, without today's date. */
static void put_time(struct buf *out, const json_t *object, const char *key)
{
    const size_t day = strlen("2026-11-23 ");
    char today[32], text[32];
    time_format((int64_t)time(NULL) * US_PER_SEC, today, sizeof today);
    time_format(microseconds(object, key), text, sizeof text);
    buf_puts(out, strncmp(text, today, day) == 0 ? text + day : text);
}

static void put_line(struct buf *out, const char *label)
{
    buf_printf(out, "\n  %-14s", label);
}

/* "; " between the parts of a line. */
static const char *next(bool *first)
{
    const char *text = *first ? "" : "; ";
    *first = false;
    return text;
}

/* --- who holds it ----------------------------------------------------------------------------- */

/* Of what is missing, what he holds: "2 CPUs, 100 MB". */
static void put_held(struct buf *out, const json_t *holder, const json_t *missing)
{
    static const char *const kinds[][2] = {{"cpus", "CPU"}, {"gpus", "GPU"}, {"mem_mb", "MB"}};
    const char *sep = "";
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        long long held = number(holder, kinds[i][0]);
        if (held <= 0 || number(missing, kinds[i][0]) <= 0)
            continue;
        bool many = held != 1 && strcmp(kinds[i][1], "MB") != 0;
        buf_printf(out, "%s%lld %s%s", sep, held, kinds[i][1], many ? "s" : "");
        sep = ", ";
    }
}

static void put_holders(struct buf *out, const json_t *why)
{
    const json_t *list = json_object_get(why, "held_by"), *holder;
    long long more = number(why, "held_by_more");
    bool first = true;
    size_t i;
    if (json_array_size(list) == 0)
        return;
    put_line(out, "Held by:");
    json_array_foreach (list, i, holder) {
        bool limit = json_is_true(json_object_get(holder, "end_is_limit"));
        buf_printf(out, "%sjob ", next(&first));
        cell_job(out, holder, "job");
        buf_puts(out, ": ");
        put_held(out, holder, json_object_get(why, "missing"));
        buf_puts(out, limit ? " until " : " until about ");
        put_time(out, holder, "end_time");
        buf_puts(out, limit ? " (time limit)" : " (expected)");
    }
    if (more)
        buf_printf(out, "; and %lld more", more);
}

/* --- when it starts, and how it would start now ----------------------------------------------- */

static void put_earliest(struct buf *out, const json_t *why)
{
    bool firm = json_is_true(json_object_get(why, "earliest_is_firm"));
    put_line(out, "Earliest:");
    if (!json_is_number(json_object_get(why, "earliest"))) {
        buf_puts(out, "-");
        return;
    }
    buf_puts(out, firm ? "" : "about ");
    put_time(out, why, "earliest");
    buf_puts(out, firm ? ", firm: it rests on the time limits of the jobs there are"
                       : ", if jobs end as expected and nobody new goes before it");
}

/* The options of submit that would have made the difference. */
static void put_changes(struct buf *out, const json_t *changes)
{
    static const char *const counted[][3] = {{"cpus", "--cpus", ""},
                                             {"mem_mb", "--mem", "M"},
                                             {"gpus", "--gpus", ""},
                                             {"priority", "--priority", ""}};
    char limit[32];
    bool first = true;
    put_line(out, "Starts now:");
    for (size_t i = 0; i < sizeof counted / sizeof *counted; i++)
        if (json_is_integer(json_object_get(changes, counted[i][0])))
            buf_printf(out, "%swith %s %lld%s", next(&first), counted[i][1],
                       number(changes, counted[i][0]), counted[i][2]);
    if (json_is_number(json_object_get(changes, "time_limit")))
        buf_printf(out, "%swith --time %s", next(&first),
                   duration_format(microseconds(changes, "time_limit"), limit, sizeof limit));
    if (first)
        buf_puts(out, "with no single change");
}

static void put_ahead(struct buf *out, const json_t *ahead)
{
    if (!json_is_object(ahead))
        return;
    put_line(out, "Gives way to:");
    buf_puts(out, "job ");
    cell_job(out, ahead, "job");
    buf_puts(out, ", which is to start by ");
    put_time(out, ahead, "start_time");
}

/* "about to start", and what may still have to be given back for that. */
static void put_reason(struct buf *out, const json_t *why, bool starts)
{
    const char *soon = "about to start";
    const char *reason = json_string_value(json_object_get(why, "reason"));
    bool says_soon = reason && strncmp(reason, soon, strlen(soon)) == 0;
    if (starts && !says_soon) {
        buf_puts(out, soon);
        return;
    }
    buf_puts(out, says_soon ? "" : "waiting: ");
    cell_text(out, why, "reason");
}

static int print_why(const json_t *why, struct err *e)
{
    struct buf out _cleanup_buf_ = {0};
    bool starts = json_is_true(json_object_get(why, "starts_now"));
    buf_printf(&out, "Job %lld is ", number(why, "job"));
    put_reason(&out, why, starts);
    if (!starts && json_is_true(json_object_get(why, "scheduler"))) {
        put_holders(&out, why);
        put_earliest(&out, why);
        put_ahead(&out, json_object_get(why, "ahead"));
        put_changes(&out, json_object_get(why, "changes"));
    }
    if (out.failed)
        return err_nomem(e);
    puts(out.data);
    return 0;
}

static int run(int argc, char **argv, struct err *e)
{
    struct why_options o = {0};
    int r = options_parse(&verb_why.command, &o, &argc, argv, e);
    if (r)
        return r;
    struct frame reply _cleanup_frame_ = {0};
    if (ask_about_job("why", argc, argv, &reply, e) < 0)
        return -1;
    return o.json ? ask_print_json(&reply, e) : print_why(reply.head, e);
}

const struct verb verb_why = {
    .name = "why",
    .command = {.name = "mini-slurm why",
                .words = "ID",
                .summary = "say why a job waits, until when, and what would start it now",
                .options = options},
    .run = run,
};
