// SPDX-License-Identifier: MIT
/* main.c - the laboratory: `mini-slurm simulate`: traces through the scheduler in virtual time;
 * and, told --export first, `mini-slurm export`. */
#include <inttypes.h>
#include <string.h>

#include "sim/export.h"
#include "sim/jobs_csv.h"
#include "sim/out_path.h"
#include "sim/own_history.h"
#include "sim/plot.h"
#include "sim/progress.h"
#include "sim/report.h"
#include "sim/request.h"
#include "util/cleanup.h"
#include "util/text.h"

/* What all replays of one trace come to. */
struct outcome {
    struct trace trace;
    struct swf_report lines;
    struct replay_result results[RUNS_MAX]; /* of each run of the request */
    struct metrics metrics[RUNS_MAX];
    json_t *json;
};

static void outcome_free(struct outcome *o)
{
    for (size_t i = 0; i < RUNS_MAX; i++)
        replay_free(&o->results[i]);
    trace_free(&o->trace);
    json_decref(o->json);
}

/* --- the trace -------------------------------------------------------------------------------- */

static int check_broken(const struct request *q, const struct swf_report *r, struct err *e)
{
    if (r->broken == 0)
        return 0;
    if (!q->lenient)
        return err_set(e, ERR_INVALID, "%s (broken lines: %zu; --lenient leaves them out)",
                       r->broken_lines[0], r->broken);
    size_t named = r->broken < SWF_BROKEN_NAMED ? r->broken : SWF_BROKEN_NAMED;
    fprintf(stderr, "%s: broken lines left out: %zu%s\n", simulate_command.name, r->broken,
            r->broken > named ? "; the first are:" : ":");
    for (size_t i = 0; i < named; i++)
        fprintf(stderr, "  %s\n", r->broken_lines[i]);
    return 0;
}

static void say_guess(const struct trace *t, const struct swf_report *r)
{
    char name[128];
    if (r->procs_guessed)
        fprintf(stderr,
                "%s: %s does not say how many CPUs its machine has: taken to have as many as its "
                "largest job wants, %" PRId64 " (--cpus N says otherwise)\n",
                simulate_command.name, text_brief(t->name, name, sizeof name), t->procs);
}

static int refuse_empty(const char *path, const struct swf_report *r, struct err *e)
{
    if (r->no_estimate > 0)
        return err_set(e, ERR_INVALID,
                       "%s: there are no jobs to replay: %zu have no estimate (--clairvoyant gives "
                       "them their run time)",
                       path, r->no_estimate);
    return err_set(e, ERR_INVALID, "%s: there are no jobs to replay (of %zu)", path, r->lines);
}

static int get_history(const struct request *q, struct outcome *o, struct err *e)
{
    struct history h;
    int rc = own_history(q->since_days, q->swf.procs, q->swf.estimate_is_run, &h, e);
    o->trace = h.trace;
    o->lines = h.lines;
    return rc;
}

/* path: NULL where it is not from a file. */
static int read_trace(const struct request *q, const char *path, struct outcome *o, struct err *e)
{
    if (path)
        return swf_read(path, &q->swf, &o->trace, &o->lines, e);
    return q->from_history ? get_history(q, o, e) : lublin_make(&q->lublin, &o->trace, e);
}

static int get_trace(const struct request *q, const char *path, struct outcome *o, struct err *e)
{
    struct trace *t = &o->trace;
    if (read_trace(q, path, o, e) < 0 || check_broken(q, &o->lines, e) < 0)
        return -1;
    if (t->count == 0)
        return refuse_empty(path ? path : t->name, &o->lines, e);
    say_guess(t, &o->lines);
    if (q->load != 1)
        trace_rescale(t, q->load);
    return 0;
}

/* --- its files -------------------------------------------------------------------------------- */

/* Part of a file's name where there are several traces, or runs. */
static const char *if_several(size_t count, const char *name)
{
    return count > 1 ? name : NULL;
}

static char *csv_path(const struct request *q, const struct run *run, const struct trace *t)
{
    return out_path(q->csv, if_several(q->ntraces, t->name), if_several(q->runs.count, run->name));
}

static char *plot_path(const struct request *q, const struct trace *t)
{
    return out_path(q->plot, if_several(q->ntraces, t->name), NULL);
}

static int check_path(const struct request *q, const char *path, struct err *e)
{
    if (!path)
        return err_nomem(e);
    if (out_path_is_among(path, q->traces, q->ntraces))
        return err_set(e, ERR_USAGE, "%s: a trace that is read can't be written to", path);
    return 0;
}

static int check_paths(const struct request *q, const struct trace *t, struct err *e)
{
    for (size_t i = 0; q->csv && i < q->runs.count; i++) {
        _cleanup_free_ char *path = csv_path(q, &q->runs.list[i], t);
        if (check_path(q, path, e) < 0)
            return -1;
    }
    _cleanup_free_ char *path = q->plot ? plot_path(q, t) : NULL;
    return q->plot ? check_path(q, path, e) : 0;
}

/* --- the runs --------------------------------------------------------------------------------- */

static int replay_run(const struct request *q, const struct run *run, const struct trace *t,
                      struct replay_result *r, struct err *e)
{
    struct progress bar;
    struct replay_options o = {
        .sched = {.cpus = t->procs,
                  /* Of memory nobody knows about each CPU has 1 MB: so it never matters. */
                  .mem_mb = t->mem_mb ? t->mem_mb : t->procs,
                  .policy = run->policy,
                  .order = run->order,
                  .backfill_order = run->backfill_order,
                  .order_expr = q->expr,
                  .reservations = q->reservations,
                  .elastic = q->elastic},
        .event_order = q->event_order,
        .predict = q->predict,
        .malleable = q->malleable,
        .progress = progress_tell,
        .ctx = &bar,
    };
    o.malleable.share = run->malleable;
    progress_begin(&bar, t->name, run->name);
    int rc = replay(t, &o, r, e);
    progress_end(&bar);
    return rc;
}

static int write_jobs(const struct request *q, const struct run *run, const struct outcome *o,
                      const struct replay_result *r, struct err *e)
{
    _cleanup_free_ char *path = csv_path(q, run, &o->trace);
    return path ? jobs_csv_write(path, &o->trace, r, q->runs.malleable, e) : err_nomem(e);
}

static int do_run(const struct request *q, size_t i, struct outcome *o, struct err *e)
{
    const struct run *run = &q->runs.list[i];
    struct replay_result *r = &o->results[i];
    struct metrics *m = &o->metrics[i];
    if (replay_run(q, run, &o->trace, r, e) < 0)
        return -1;
    if (metrics_of(&o->trace, r, o->trace.procs, m) < 0 ||
        report_add(o->json, run, m, q->runs.malleable) < 0)
        return err_nomem(e);
    return q->csv ? write_jobs(q, run, o, r, e) : 0;
}

static int draw_shares(const char *path, const struct request *q, const struct outcome *o,
                       struct err *e)
{
    struct plot_share shares[RUNS_MAX];
    for (size_t i = 0; i < q->runs.count; i++)
        shares[i] = (struct plot_share){q->runs.list[i].setting, q->runs.list[i].malleable,
                                        o->metrics[i].mean_turnaround_s, o->metrics[i].utilisation};
    return plot_shares_write(path, &o->trace, o->trace.procs, shares, q->runs.count, e);
}

static int draw_runs(const char *path, const struct request *q, const struct outcome *o,
                     struct err *e)
{
    struct plot_run runs[RUNS_MAX];
    for (size_t i = 0; i < q->runs.count; i++)
        runs[i] = (struct plot_run){q->runs.list[i].name, &o->results[i]};
    return plot_write(path, &o->trace, o->trace.procs, runs, q->runs.count, e);
}

static int draw(const struct request *q, const struct outcome *o, struct err *e)
{
    _cleanup_free_ char *path = plot_path(q, &o->trace);
    if (!path)
        return err_nomem(e);
    return q->runs.malleable ? draw_shares(path, q, o, e) : draw_runs(path, q, o, e);
}

/* --- the whole -------------------------------------------------------------------------------- */

/* Files of traces of one name would replace each other. */
static int check_name(const struct request *q, const json_t *trace, const json_t *earlier,
                      struct err *e)
{
    const json_t *name = json_object_get(trace, "name"), *other;
    size_t i;
    json_array_foreach (earlier, i, other)
        if ((q->csv || q->plot) && json_equal(json_object_get(other, "name"), name))
            return err_set(e, ERR_INVALID, "two traces are called %s: files for both have one name",
                           json_string_value(name));
    return 0;
}

/* Replays a trace, shows what comes of it, and keeps that in the array `all`. */
static int do_trace(const struct request *q, const char *path, json_t *all, FILE *to, struct err *e)
{
    struct outcome o _cleanup_(outcome_free) = {0};
    if (get_trace(q, path, &o, e) < 0)
        return -1;
    o.json = report_trace(&o.trace, &o.lines);
    if (!o.json)
        return err_nomem(e);
    if (check_name(q, o.json, all, e) < 0 || check_paths(q, &o.trace, e) < 0)
        return -1;
    for (size_t i = 0; i < q->runs.count; i++)
        if (do_run(q, i, &o, e) < 0)
            return -1;
    if (q->plot && draw(q, &o, e) < 0)
        return -1;
    if (!q->json && json_array_size(all) > 0)
        fputc('\n', to);
    if (!q->json)
        report_print(o.json, to);
    return json_array_append(all, o.json) < 0 ? err_nomem(e) : 0;
}

static int do_all(const struct request *q, json_t *all, FILE *to, struct err *e)
{
    if (q->ntraces == 0)
        return do_trace(q, NULL, all, to, e);
    for (size_t i = 0; i < q->ntraces; i++)
        if (do_trace(q, q->traces[i], all, to, e) < 0)
            return -1;
    return 0;
}

static int print_json(const struct request *q, json_t *all, FILE *to, struct err *e)
{
    json_t *malleable = NULL;
    if (q->runs.malleable)
        malleable = json_pack("{s:I, s:f, s:f, s:f}", "seed", (json_int_t)q->malleable.seed,
                              "parallel_fraction", q->malleable.parallel, "min", q->malleable.min,
                              "max", q->malleable.max);
    json_t *report = json_pack("{s:s, s:b, s:b, s:f, s:o?, s:O}", "event_order",
                               q->event_order == EVENTS_BATCH ? "batch" : "perevent", "predict",
                               q->predict, "clairvoyant", q->swf.estimate_is_run, "load", q->load,
                               "malleable", malleable, "traces", all);
    int rc = report ? json_dumpf(report, to, JSON_INDENT(2) | JSON_REAL_PRECISION(15)) : -1;
    fputc('\n', to);
    json_decref(report);
    return rc < 0 ? err_nomem(e) : 0;
}

static int simulate(const struct request *q, struct err *e)
{
    /* Jobs on standard output stand there alone. */
    FILE *to = q->csv && strcmp(q->csv, "-") == 0 ? stderr : stdout;
    json_t *all = json_array();
    int rc = all ? do_all(q, all, to, e) : err_nomem(e);
    if (rc == 0 && q->json)
        rc = print_json(q, all, to, e);
    json_decref(all);
    if ((fflush(to) != 0 || ferror(to)) && rc == 0)
        rc = err_errno(e, "cannot write to standard output");
    return rc;
}

int main(int argc, char **argv)
{
    struct request q;
    struct err e = {0};
    if (argc > 1 && strcmp(argv[1], "--export") == 0)
        return export_main(argc - 1, argv + 1);
    int rc = request_read(argc, argv, &q, &e);
    if (rc == 0)
        rc = simulate(&q, &e);
    request_free(&q);
    if (rc == OPTIONS_HELP) {
        options_help(&simulate_command, stdout);
        return 0;
    }
    return rc < 0 ? options_refuse(&simulate_command, &e) : 0;
}
