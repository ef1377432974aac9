// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>

#include "cli/ask.h"
#include "cli/cell.h"
#include "cli/columns.h"
#include "cli/efficiency.h"
#include "cli/verb.h"

struct show_options {
    bool json;
};

static const struct option_def options[] = {
    OPTION_FLAG(struct show_options, json, "json", "print JSON"),
    OPTIONS_END,
};

/* One line of the page: a label, and how its value is made of the job. */
struct line {
    const char *label;
    const char *key;
    void (*value)(struct buf *out, const json_t *job, const char *key);
    bool only_if_known;
};

/* A part of what the last run held. */
/* Where jobs are not pinned, the numbers are nothing but numbers. */
static void value_cpu_list(struct buf *out, const json_t *job, const char *key)
{
    const json_t *how = json_object_get(json_object_get(job, "enforcement"), "cpu");
    if (json_is_string(how) && strcmp(json_string_value(how), "advisory") == 0) {
        buf_puts(out, "-");
        return;
    }
    cell_text(out, json_object_get(job, "alloc"), key);
}

/* "core[0-3], 2 switches, 4 hops". */
static void value_nodes(struct buf *out, const json_t *job, const char *key)
{
    const json_t *alloc = json_object_get(job, "alloc");
    long long switches = (long long)json_integer_value(json_object_get(alloc, "switches"));
    cell_text(out, alloc, key);
    if (switches > 1)
        buf_printf(out, ", %lld switches, %lld hops", switches,
                   (long long)json_integer_value(json_object_get(alloc, "distance")));
}

static void add_part(struct buf *out, const char *before, const json_t *part, const char *key)
{
    const json_t *value = json_object_get(part, key);
    if (!json_is_integer(value) && !json_is_true(value))
        return;
    buf_puts(out, out->len ? ", " : "");
    buf_puts(out, before);
    if (json_is_integer(value))
        cell_int(out, part, key);
}

/* "nodes 4, switches 1 (for 00:10:00), threads per core 1, exclusive". */
static void value_placement(struct buf *out, const json_t *job, const char *key)
{
    const json_t *p = json_object_get(job, key);
    if (!json_is_object(p)) {
        buf_puts(out, "-");
        return;
    }
    add_part(out, "nodes ", p, "nodes");
    add_part(out, "switches ", p, "max_switches");
    if (json_is_number(json_object_get(p, "switches_wait"))) {
        buf_puts(out, " (for ");
        cell_duration(out, p, "switches_wait");
        buf_puts(out, ")");
    }
    add_part(out, "threads per core ", p, "threads_per_core");
    add_part(out, "exclusive", p, "exclusive");
}

/* "2"; "2 (allocated: 4)" on whole nodes; "2 (current: 4, min: 2, max: 8)". */
static void value_cpus(struct buf *out, const json_t *job, const char *key)
{
    const json_t *elastic = json_object_get(job, "elastic"), *alloc = json_object_get(job, "alloc");
    cell_int(out, job, key);
    if (!json_is_object(elastic)) {
        long long has = json_integer_value(json_object_get(alloc, key));
        if (has && has != json_integer_value(json_object_get(job, key)))
            buf_printf(out, " (allocated: %lld)", has);
        return;
    }
    buf_puts(out, " (current: ");
    cell_int(out, elastic, "current");
    buf_puts(out, ", min: ");
    cell_int(out, elastic, "min");
    buf_puts(out, ", max: ");
    cell_int_or(out, elastic, "max", "machine");
    buf_puts(out, ")");
}

/* Of a task, which is named by its array. */
static void value_own_id(struct buf *out, const json_t *job, const char *key)
{
    bool task = json_is_integer(json_object_get(job, "task"));
    cell_int(out, task ? job : NULL, key);
}

static void value_wanted(struct buf *out, const json_t *job, const char *key)
{
    cell_int(out, json_object_get(job, "elastic"), key);
}

/* How to get to its terminal; "-" if it has none. */
static void value_terminal(struct buf *out, const json_t *job, const char *key)
{
    if (json_is_true(json_object_get(job, key)))
        buf_printf(out, "mini-slurm attach %lld",
                   (long long)json_integer_value(json_object_get(job, "id")));
    else
        buf_puts(out, "-");
}

static void value_control(struct buf *out, const json_t *job, const char *key)
{
    cell_text(out, json_object_get(job, "elastic"), key);
}

static void value_mem(struct buf *out, const json_t *job, const char *key)
{
    const json_t *alloc = json_object_get(job, "alloc");
    if (json_is_integer(json_object_get(job, key))) {
        cell_int(out, job, key);
    } else if (json_is_object(alloc)) {
        cell_int(out, alloc, key);
        buf_puts(out, " (default)");
    } else {
        buf_puts(out, "default");
    }
}

/* "USR1 60.00s before it, to its first process". */
static void value_warning(struct buf *out, const json_t *job, const char *key)
{
    const json_t *w = json_object_get(job, key);
    if (!json_is_object(w)) {
        buf_puts(out, "-");
        return;
    }
    cell_text(out, w, "signal");
    buf_puts(out, ", ");
    cell_seconds(out, w, "before");
    buf_puts(out, " before it");
    if (json_is_true(json_object_get(w, "first")))
        buf_puts(out, ", to its first process");
}

/* "signal USR1, 30.00s before". */
static void value_checkpoint(struct buf *out, const json_t *job, const char *key)
{
    const json_t *c = json_object_get(job, key);
    if (!json_is_object(c)) {
        buf_puts(out, "-");
        return;
    }
    cell_text(out, c, "kind");
    if (!json_is_string(json_object_get(c, "signal")))
        return;
    buf_puts(out, " ");
    cell_text(out, c, "signal");
    buf_puts(out, ", ");
    cell_seconds(out, c, "before");
    buf_puts(out, " before");
}

/* "12.50s, since 2026-11-23 14:32:00". */
static void value_suspended(struct buf *out, const json_t *job, const char *key)
{
    const json_t *s = json_object_get(job, key);
    cell_seconds(out, s, "time");
    if (!json_is_number(json_object_get(s, "since")))
        return;
    buf_puts(out, ", since ");
    cell_time(out, s, "since");
}

/* "end,fail: mail -s done ann". */
static void value_notify(struct buf *out, const json_t *job, const char *key)
{
    const json_t *n = json_object_get(job, key);
    cell_text(out, n, "on");
    if (!json_is_object(n))
        return;
    buf_puts(out, ": ");
    cell_text(out, n, "command");
}

static void value_peak(struct buf *out, const json_t *job, const char *key)
{
    const json_t *kb = json_object_get(job, key);
    if (json_is_integer(kb))
        buf_printf(out, "%.1f MB", (double)json_integer_value(kb) / 1024);
    else
        buf_puts(out, "-");
}

static void value_restarts(struct buf *out, const json_t *job, const char *key)
{
    if (json_integer_value(json_object_get(job, key)))
        cell_int(out, job, key);
    else
        buf_puts(out, "-");
}

/* "1 of 3" */
static void value_retries(struct buf *out, const json_t *job, const char *key)
{
    const json_t *retry = json_object_get(job, key);
    cell_int(out, retry, "retried");
    if (!json_is_object(retry))
        return;
    buf_puts(out, " of ");
    cell_int(out, retry, "retries");
}

/* Of a job that came before that. */
static void value_begin(struct buf *out, const json_t *job, const char *key)
{
    double begin = json_number_value(json_object_get(job, key));
    if (begin > json_number_value(json_object_get(job, "submit_time")))
        cell_time(out, job, key);
    else
        buf_puts(out, "-");
}

/* Of a sweep's task: "lr=0.1 bs=32". */
static void value_parameters(struct buf *out, const json_t *job, const char *key)
{
    const char *name;
    json_t *value, *all = json_object_get(job, key);
    if (!json_is_object(all))
        buf_puts(out, "-");
    json_object_foreach (all, name, value)
        buf_printf(out, "%s%s=%s", out->len ? " " : "", name, json_string_value(value));
}

static void value_enforcement(struct buf *out, const json_t *job, const char *key)
{
    static const char *const resources[][2] = {
        {"cpu", "CPUs"}, {"memory", "memory"}, {"processes", "processes"}, {"gpu", "GPU"}};
    const json_t *levels = json_object_get(job, key);
    if (!json_is_object(levels)) {
        buf_puts(out, "-");
        return;
    }
    for (size_t i = 0; i < sizeof resources / sizeof *resources; i++) {
        buf_printf(out, "%s%s ", i ? ", " : "", resources[i][1]);
        cell_text(out, levels, resources[i][0]);
    }
}

/* "CPUs 93 %, memory 12 %; ask for --mem 2G next time". */
static void value_efficiency(struct buf *out, const json_t *job, const char *key)
{
    (void)key;
    json_t *x = efficiency_json(job);
    if (!x) {
        out->failed = true;
        return;
    }
    if (json_is_null(json_object_get(x, "cpu_used"))) {
        buf_puts(out, "-");
    } else {
        buf_puts(out, "CPUs ");
        cell_percent(out, x, "cpu_efficiency");
        buf_puts(out, ", memory ");
        cell_percent(out, x, "mem_efficiency");
    }
    const char *suggestion = json_string_value(json_object_get(x, "suggestion"));
    if (suggestion)
        buf_printf(out, "; %s", suggestion);
    json_decref(x);
}

static const struct line lines[] = {
    {"Status:", "state", cell_text},
    {"Name:", "name", cell_text, true},
    {"User:", "user", cell_text},
    {"Priority:", "priority", cell_int},
    {"Job id:", "id", value_own_id, true},
    {"Parameters:", "parameters", value_parameters, true},
    {"Command:", "command", cell_text},
    {"Directory:", "cwd", cell_text},
    {"CPUs:", "cpus", value_cpus},
    {"CPUs wanted:", "wanted", value_wanted, true},
    {"Placement:", "placement", value_placement, true},
    {"Dependency:", "dependency", cell_text, true},
    {"CPU list:", "cpu_list", value_cpu_list, true},
    {"Nodes:", "nodes", value_nodes, true},
    {"Mem (MB):", "mem_mb", value_mem},
    {"Time limit:", "time_limit", cell_duration, true},
    {"Warning:", "warning", value_warning, true},
    {"Checkpoint:", "checkpoint", value_checkpoint, true},
    {"Notify:", "notify", value_notify, true},
    {"Restarts:", "restarts", value_restarts, true},
    {"Retries:", "retry", value_retries, true},
    {"Deadline:", "deadline", cell_time, true},
    {"Not before:", "eligible_time", value_begin, true},
    {"Submitted:", "submit_time", cell_time},
    {"Started:", "start_time", cell_time},
    {"Ended:", "end_time", cell_time},
    {"Wait time:", "wait_time", cell_seconds},
    {"Runtime:", "runtime", cell_seconds},
    {"Suspended:", "suspended", value_suspended, true},
    {"Return code:", "return_code", cell_return_code},
    {"Stdout:", "stdout", cell_text},
    {"Stderr:", "stderr", cell_text},
    {"Control:", "control_file", value_control, true},
    {"Terminal:", "pty", value_terminal, true},
    {"CPU user:", "cpu_user", cell_seconds},
    {"CPU system:", "cpu_system", cell_seconds},
    {"Peak memory:", "mem_peak_kb", value_peak},
    {"Efficiency:", NULL, value_efficiency, true},
    {"Reason:", "reason", cell_text},
    {"Enforcement:", "enforcement", value_enforcement},
};

static int print_job(const json_t *job, struct err *e)
{
    struct buf title _cleanup_buf_ = {0};
    cell_job(&title, job, "id");
    printf("Job %s\n", title.failed ? "" : title.data);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct buf value _cleanup_buf_ = {0};
        lines[i].value(&value, job, lines[i].key);
        if (value.failed)
            return err_nomem(e);
        if (lines[i].only_if_known && value.data[0] == '-' && !value.data[1])
            continue;
        printf("  %-13s%s\n", lines[i].label, value.data);
    }
    return 0;
}

/* "  Array:       100 tasks: PENDING 90, RUNNING 2, COMPLETED 8". */
static void print_array(const json_t *array)
{
    const char *state, *sep = ": ";
    json_t *count;
    if (!json_is_object(array))
        return;
    printf("  %-13s%lld tasks",
           "Array:", (long long)json_integer_value(json_object_get(array, "count")));
    json_object_foreach (json_object_get(array, "states"), state, count) {
        if (json_integer_value(count) == 0)
            continue;
        printf("%s%s %lld", sep, state, (long long)json_integer_value(count));
        sep = ", ";
    }
    putchar('\n');
}

static const struct column attempt_columns[] = {
    {"ATTEMPT", true, "attempt", cell_int},      {"STAT", false, "state", cell_text},
    {"STARTED", false, "start_time", cell_time}, {"RUN(s)", true, "runtime", cell_tenths},
    {"CPUS", false, "cpu_list", cell_text},      {"CODE", true, "return_code", cell_int},
    {"STDOUT", false, "stdout", cell_text},      {"REASON", false, "reason", cell_text},
};

static int print_attempts(const json_t *attempts, struct err *e)
{
    struct table t _cleanup_table_;
    table_init(&t, attempt_columns, sizeof attempt_columns / sizeof *attempt_columns);
    size_t i;
    const json_t *attempt;
    json_array_foreach (attempts, i, attempt)
        if (table_add(&t, attempt, e) < 0)
            return -1;
    if (t.rows > 1)
        table_print(&t, "  ", terminal_columns(stdout), stdout);
    return 0;
}

static const struct column resize_columns[] = {
    {"RESIZED", false, "time", cell_time},  {"FROM", true, "from", cell_int},
    {"TO", true, "to", cell_int},           {"CPUS", false, "cpu_list", cell_text},
    {"REASON", false, "reason", cell_text},
};

static int print_resizes(const json_t *reply, struct err *e)
{
    const json_t *list = json_object_get(reply, "resizes"), *resize;
    const json_t *elastic = json_object_get(json_object_get(reply, "job"), "elastic");
    long long all = json_integer_value(json_object_get(elastic, "resizes"));
    struct table t _cleanup_table_;
    table_init(&t, resize_columns, sizeof resize_columns / sizeof *resize_columns);
    size_t i;
    json_array_foreach (list, i, resize)
        if (table_add(&t, resize, e) < 0)
            return -1;
    if (t.rows)
        table_print(&t, "  ", terminal_columns(stdout), stdout);
    if (all > (long long)t.rows)
        printf("  (the last %zu of %lld)\n", t.rows, all);
    return 0;
}

static int run(int argc, char **argv, struct err *e)
{
    struct show_options o = {0};
    int r = options_parse(&verb_show.command, &o, &argc, argv, e);
    if (r)
        return r;
    struct frame reply _cleanup_frame_ = {0};
    if (ask_about_job("show", argc, argv, &reply, e) < 0)
        return -1;
    if (o.json)
        return ask_print_json(&reply, e);
    if (print_job(json_object_get(reply.head, "job"), e) < 0)
        return -1;
    print_array(json_object_get(reply.head, "array"));
    if (print_attempts(json_object_get(reply.head, "attempts"), e) < 0)
        return -1;
    return print_resizes(reply.head, e);
}

const struct verb verb_show = {
    .name = "show",
    .command = {.name = "mini-slurm show",
                .words = "ID",
                .summary = "say all that is known of a job",
                .options = options},
    .run = run,
};
