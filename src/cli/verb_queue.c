// SPDX-License-Identifier: MIT
#include <string.h>

#include "cli/ask.h"
#include "cli/cell.h"
#include "cli/columns.h"
#include "cli/drain.h"
#include "cli/queue.h"
#include "cli/states.h"
#include "cli/unfold.h"
#include "cli/verb.h"
#include "os/clock.h"
#include "util/times.h"

static const struct option_def options[] = {
    OPTION_TEXT(struct queue_options, status, "status", "S",
                "only jobs in this state, or these: PENDING, PD, R,F"),
    OPTION_FLAG(struct queue_options, all, "all", "also jobs that ended more than 24 hours ago"),
    OPTION_FLAG(struct queue_options, reason, "reason",
                "why each waits, or ended as it did, instead of its command"),
    OPTION_MAYBE_DECIMAL(struct queue_options, watch, "watch", "SECONDS", 0.1, 86400,
                         "draw it anew when something changes, and every 2 seconds or so many,\n"
                         "until Ctrl-C"),
    OPTION_FLAG(struct queue_options, unfold, "array",
                "each pending task of an array on a line of its own"),
    OPTION_LETTER("r", "array"),
    OPTION_FLAG(struct queue_options, json, "json", "print JSON"),
    OPTIONS_END,
};

#define DAY_US (24 * 3600 * US_PER_SEC)

/* What it has; before it runs, what was asked for. */
static void cell_cpus(struct buf *out, const json_t *job, const char *key)
{
    const json_t *alloc = json_object_get(job, "alloc");
    cell_int(out, states_runs(job, "state") && json_is_object(alloc) ? alloc : job, key);
}

/* What was asked for; else what it got. */
static void cell_mem(struct buf *out, const json_t *job, const char *key)
{
    bool asked = json_is_integer(json_object_get(job, key));
    cell_int(out, asked ? job : json_object_get(job, "alloc"), key);
}

/* What it has of what it may have at most: "4/8". */
static void cell_elastic(struct buf *out, const json_t *job, const char *key)
{
    const json_t *elastic = json_object_get(job, key);
    cell_int(out, elastic, "current");
    if (!json_is_object(elastic))
        return;
    buf_puts(out, "/");
    cell_int_or(out, elastic, "max", "machine");
}

static const struct column columns[] = {
    {"ID", true, "id", cell_job},
    {"STAT", false, "state", cell_text},
    {"CPU", true, "cpus", cell_cpus},
    {"MEM(MB)", true, "mem_mb", cell_mem},
    {"PRI", true, "priority", cell_int},
    {"WAIT(s)", true, "wait_time", cell_tenths},
    {"RUN(s)", true, "runtime", cell_tenths},
    {"ELASTIC", false, "elastic", cell_elastic},
    {"SUBMIT", false, "submit_time", cell_time},
    {"COMMAND", false, "command", cell_text}, /* the last */
};
#define COLUMNS (sizeof columns / sizeof *columns)
static const struct column reason_column = {"REASON", false, "reason", cell_text};

void queue_table(struct table *t, bool reason)
{
    static struct column shown[COLUMNS];
    memcpy(shown, columns, sizeof columns);
    if (reason)
        shown[COLUMNS - 1] = reason_column;
    table_init(t, shown, COLUMNS);
}

/* What becomes of the jobs, page by page: a long history is never held as a whole. */
struct listing {
    bool json, unfold;
    struct table table;
    size_t pages, jobs;
    long long older;
    char drained[DRAIN_LINE];
};

static int add_job_json(struct listing *l, const json_t *job, struct err *e)
{
    fputs(l->jobs ? ",\n" : "\n", stdout);
    if (json_dumpf(job, stdout, JSON_COMPACT | JSON_REAL_PRECISION(16)) < 0 && !ferror(stdout))
        return err_nomem(e);
    return 0;
}

static int add_job(void *ctx, const json_t *job, struct err *e)
{
    struct listing *l = ctx;
    if ((l->json ? add_job_json(l, job, e) : table_add(&l->table, job, e)) < 0)
        return -1;
    l->jobs++;
    return 0;
}

static int add_page(void *ctx, const json_t *reply, struct err *e)
{
    struct listing *l = ctx;
    size_t i;
    json_t *job;
    if (l->json && l->pages++ == 0)
        printf("{\"jobs\": [");
    json_array_foreach (json_object_get(reply, "jobs"), i, job) {
        if ((l->unfold ? unfold(job, add_job, l, e) : add_job(l, job, e)) < 0)
            return -1;
    }
    l->older = json_integer_value(json_object_get(reply, "older"));
    drain_line(reply, l->drained, sizeof l->drained);
    return 0;
}

int queue_filter(const struct queue_options *o, struct frame *request, struct err *e)
{
    if (o->status) {
        json_t *states = states_parse("--status", o->status, e);
        if (!states || ask_set(request, "states", states, e) < 0)
            return -1;
    }
    double since = (double)(clock_wall_us() - DAY_US) / (double)US_PER_SEC;
    return o->all ? 0 : ask_set(request, "ended_after", json_real(since), e);
}

static int make_request(const struct queue_options *o, struct frame *request, struct err *e)
{
    if (client_request(request, "list") < 0)
        return err_nomem(e);
    return queue_filter(o, request, e);
}

static int list(struct frame *request, struct listing *l, struct err *e)
{
    struct client c;
    if (client_open(&c, e) < 0)
        return -1;
    int r = ask_pages(&c, request, add_page, l, e);
    client_close(&c);
    return r;
}

static int print_table(struct listing *l, struct err *e)
{
    if (table_sort(&l->table, e) < 0)
        return -1;
    if (l->jobs)
        table_print(&l->table, "", terminal_columns(stdout), stdout);
    else
        fputs("No jobs.\n", stderr);
    fflush(stdout);
    if (l->drained[0])
        fprintf(stderr, "(%s)\n", l->drained);
    if (l->older)
        fprintf(stderr, "(%lld older job%s: mini-slurm queue --all)\n", l->older,
                l->older == 1 ? "" : "s");
    return 0;
}

static int run(int argc, char **argv, struct err *e)
{
    struct queue_options o = {.watch = -1};
    int r = options_parse(&verb_queue.command, &o, &argc, argv, e);
    if (r)
        return r;
    if (o.watch >= 0)
        return o.json ? err_set(e, ERR_USAGE, "--watch and --json: one of them")
                      : queue_watch(&o, e);
    struct frame request _cleanup_frame_ = {0};
    if (make_request(&o, &request, e) < 0)
        return -1;
    struct listing l = {.json = o.json, .unfold = o.unfold};
    queue_table(&l.table, o.reason);
    r = list(&request, &l, e);
    if (r == 0 && o.json)
        printf("%s], \"older\": %lld}\n", l.jobs ? "\n" : "", l.older);
    else if (r == 0)
        r = print_table(&l, e);
    table_free(&l.table);
    return r;
}

const struct verb verb_queue = {
    .name = "queue",
    .command = {.name = "mini-slurm queue",
                .summary = "list jobs: active ones, and those that ended in the last 24 hours",
                .options = options},
    .run = run,
};
