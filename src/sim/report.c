// SPDX-License-Identifier: MIT
#include "sim/report.h"

#include <stdbool.h>
#include <string.h>

#include "util/text.h"

/* --- JSON ------------------------------------------------------------------------------------- */

json_t *report_trace(const struct trace *t, const struct swf_report *r)
{
    char name[256];
    return json_pack("{s:s, s:I, s:I, s:{s:I, s:I, s:I, s:I, s:I, s:I}, s:I, s:I, s:[]}", "name",
                     text_brief(t->name, name, sizeof name), "cpus", (json_int_t)t->procs, "jobs",
                     (json_int_t)t->count, "dropped", "no_run", (json_int_t)r->no_run, "no_procs",
                     (json_int_t)r->no_procs, "no_estimate", (json_int_t)r->no_estimate,
                     "no_submit", (json_int_t)r->no_submit, "too_large", (json_int_t)r->too_large,
                     "broken", (json_int_t)r->broken, "killed", (json_int_t)r->killed, "unsorted",
                     (json_int_t)r->unsorted, "runs");
}

static json_t *run_json(const struct run *run, const struct metrics *m)
{
    const char *backfill = run->policy == POLICY_EASY ? order_name(run->backfill_order) : NULL;
    return json_pack(
        "{s:s, s:s, s:s, s:s?, s:I, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f,"
        " s:f, s:I, s:f}",
        "name", run->name, "policy", sched_policy_name(run->policy), "order",
        order_name(run->order), "backfill_order", backfill, "jobs", (json_int_t)m->jobs, "makespan",
        m->makespan_s, "utilisation", m->utilisation, "mean_wait", m->mean_wait_s, "median_wait",
        m->median_wait_s, "p95_wait", m->p95_wait_s, "max_wait", m->max_wait_s, "mean_bsld",
        m->mean_bsld, "median_bsld", m->median_bsld, "p95_bsld", m->p95_bsld, "max_bsld",
        m->max_bsld, "mean_sld", m->mean_sld, "fairness", m->fairness, "backfilled", m->backfilled,
        "max_queue", (json_int_t)m->max_queue, "mean_turnaround", m->mean_turnaround_s);
}

static int add_malleable(json_t *json, const struct run *run, const struct metrics *m)
{
    double each = m->malleable ? (double)m->resizes / (double)m->malleable : 0;
    json_t *more = json_pack("{s:f, s:I, s:I, s:f}", "malleable", run->malleable, "malleable_jobs",
                             (json_int_t)m->malleable, "resizes", (json_int_t)m->resizes,
                             "resizes_per_job", each);
    return json_object_update_new(json, more);
}

int report_add(json_t *trace, const struct run *run, const struct metrics *m, bool malleable)
{
    json_t *json = run_json(run, m);
    if (malleable && json && add_malleable(json, run, m) < 0) {
        json_decref(json);
        return -1;
    }
    return json_array_append_new(json_object_get(trace, "runs"), json);
}

/* --- the words above the table ---------------------------------------------------------------- */

struct count {
    const char *key, *words;
};
static const struct count dropped[] = {
    {"no_run", "without a run time"},         {"no_procs", "without processors"},
    {"no_estimate", "without an estimate"},   {"no_submit", "without a submit time"},
    {"too_large", "larger than the machine"}, {"broken", "on broken lines"},
};
static const struct count remarks[] = {
    {"killed", "killed at their estimate"},
    {"unsorted", "submitted before the one above them"},
};

static long long integer(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

/* "  Left out: 3 without a run time, 1 on broken lines"; nothing if there is nothing to say. */
static void print_counts(const char *what, const struct count *c, size_t n, const json_t *counts,
                         FILE *to)
{
    const char *before = what;
    for (size_t i = 0; i < n; i++) {
        if (integer(counts, c[i].key) == 0)
            continue;
        fprintf(to, "%s%lld %s", before, integer(counts, c[i].key), c[i].words);
        before = ", ";
    }
    if (before != what)
        fputc('\n', to);
}

static void print_head(const json_t *trace, FILE *to)
{
    long long jobs = integer(trace, "jobs"), cpus = integer(trace, "cpus");
    fprintf(to, "%s: %lld job%s on %lld CPU%s\n", json_string_value(json_object_get(trace, "name")),
            jobs, jobs == 1 ? "" : "s", cpus, cpus == 1 ? "" : "s");
    print_counts("  Left out: ", dropped, sizeof dropped / sizeof *dropped,
                 json_object_get(trace, "dropped"), to);
    print_counts("  Of them: ", remarks, sizeof remarks / sizeof *remarks, trace, to);
}

/* --- the table -------------------------------------------------------------------------------- */

struct column {
    const char *header, *key;
    int decimals;
    double scale; /* a share is shown as a percentage */
};
#define COLUMNS_MAX 11
static const struct column columns[COLUMNS_MAX + 1] = {
    {"JOBS", "jobs", 0, 1},
    {"MAKESPAN(s)", "makespan", 0, 1},
    {"UTIL(%)", "utilisation", 2, 100},
    {"WAIT(s)", "mean_wait", 1, 1},
    {"MEDIAN(s)", "median_wait", 1, 1},
    {"P95(s)", "p95_wait", 1, 1},
    {"MAX(s)", "max_wait", 1, 1},
    {"BSLD", "mean_bsld", 4, 1},
    {"BSLD-P95", "p95_bsld", 2, 1},
    {"FAIR", "fairness", 4, 1},
    {"BACKFILLED(%)", "backfilled", 2, 100},
};
/* Where shares of malleable jobs are compared. */
static const struct column malleable_columns[COLUMNS_MAX + 1] = {
    {"JOBS", "jobs", 0, 1},
    {"MAKESPAN(s)", "makespan", 0, 1},
    {"UTIL(%)", "utilisation", 2, 100},
    {"WAIT(s)", "mean_wait", 1, 1},
    {"TURNAROUND(s)", "mean_turnaround", 1, 1},
    {"BSLD", "mean_bsld", 4, 1},
    {"BACKFILLED(%)", "backfilled", 2, 100},
    {"RESIZES", "resizes", 0, 1},
    {"PER-JOB", "resizes_per_job", 2, 1},
};

static const struct column *columns_of(const json_t *runs)
{
    bool malleable = json_object_get(json_array_get(runs, 0), "malleable");
    return malleable ? malleable_columns : columns;
}

static int print_value(char *buf, size_t len, const struct column *c, const json_t *run)
{
    double value = json_number_value(json_object_get(run, c->key));
    return snprintf(buf, len, "%.*f", c->decimals, value * c->scale);
}

static const char *name_of(const json_t *run)
{
    return json_string_value(json_object_get(run, "name"));
}

static int width_of(const struct column *c, const json_t *runs)
{
    int width = (int)strlen(c->header);
    size_t i;
    const json_t *run;
    json_array_foreach (runs, i, run) {
        int len = print_value(NULL, 0, c, run);
        width = len > width ? len : width;
    }
    return width;
}

static int name_width(const json_t *runs)
{
    int width = (int)strlen("POLICY");
    size_t i;
    const json_t *run;
    json_array_foreach (runs, i, run) {
        int len = (int)strlen(name_of(run));
        width = len > width ? len : width;
    }
    return width;
}

static void print_row(const json_t *run, int name, const struct column *c, const int *width,
                      FILE *to)
{
    char value[64];
    fprintf(to, "%-*s", name, name_of(run));
    for (size_t i = 0; c[i].header; i++) {
        print_value(value, sizeof value, &c[i], run);
        fprintf(to, " %*s", width[i], value);
    }
    fputc('\n', to);
}

void report_print(const json_t *trace, FILE *to)
{
    const json_t *runs = json_object_get(trace, "runs"), *run;
    const struct column *c = columns_of(runs);
    int width[COLUMNS_MAX], name = name_width(runs);
    size_t i;
    print_head(trace, to);
    fprintf(to, "%-*s", name, "POLICY");
    for (i = 0; c[i].header; i++) {
        width[i] = width_of(&c[i], runs);
        fprintf(to, " %*s", width[i], c[i].header);
    }
    fputc('\n', to);
    json_array_foreach (runs, i, run)
        print_row(run, name, c, width, to);
}
