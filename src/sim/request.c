// SPDX-License-Identifier: MIT
#include "sim/request.h"

#include <string.h>
#include <strings.h>

#include "sim/plot.h"
#include "util/number.h"

#define CPUS_MAX 1000000000
#define JOBS_MAX 100000000
/* Of malleable jobs. */
#define PARALLEL_DEFAULT 0.99
#define MIN_DEFAULT      0.5
#define MAX_DEFAULT      2
#define SEED_MAX         (INT64_C(1) << 53) /* what the table can hold exactly */

struct opts {
    const char *policy, *order, *backfill_order, *order_expr, *event_order;
    const char *generate, *jobs, *csv, *plot, *malleable, *elastic_order;
    int64_t reservations, cpus, seed, elastic_threshold, elastic_cooldown_us, elastic_step;
    double load, since, parallel, malleable_min, malleable_max;
    bool from_history, predict, clairvoyant, lenient, json;
};

static const struct option_def options[] = {
    OPTION_TEXT(struct opts, policy, "policy", "P,Q,...",
                "fifo, greedy, easy (default), conservative, conservative-rebuild; or all"),
    OPTION_TEXT(struct opts, order, "order", "O,...",
                "of the queue: priority (default: by priority, then arrival), sjf, sjf2,\n"
                "saf, slowdown, wfp, unicef, f1, f2, f3, f4, expr"),
    OPTION_TEXT(struct opts, backfill_order, "backfill-order", "O",
                "in which easy looks for jobs that may pass (default: the queue's)"),
    OPTION_TEXT(struct opts, order_expr, "order-expr", "EXPR",
                "the formula of the order expr, the smallest first, over submit, wait,\n"
                "estimate, cpus, memory, priority; implies --order expr"),
    OPTION_NUMBER(struct opts, reservations, "reservations", "N", 1, JOBS_MAX,
                  "conservative: only the first N in the queue have reservations"),
    OPTION_NUMBER(struct opts, cpus, "cpus", "N", 1, CPUS_MAX,
                  "CPUs of the machine (default: what the trace says)"),
    OPTION_TEXT(struct opts, event_order, "event-order", "HOW",
                "what happens at one instant. batch (default): all ends, all arrivals,\n"
                "then one pass; perevent: a pass after each, arrivals first"),
    OPTION_FLAG(struct opts, predict, "predict",
                "decide by predictions instead of estimates: the mean of the last two run\n"
                "times of the same user and executable, or else of the same user"),
    OPTION_TEXT(struct opts, malleable, "malleable", "PCT,...",
                "so many percent of the jobs, drawn by --seed, are malleable: they grow and\n"
                "shrink while they run, as elastic jobs do. Each share is a run; and --plot\n"
                "draws mean turnaround and utilisation over the shares"),
    OPTION_DECIMAL(struct opts, parallel, "parallel-fraction", "F", 0, 1,
                   "of a malleable job's work (default: 0.99): on n CPUs it is\n"
                   "1 / (1 - F + F / n) times as fast as on one (Amdahl)"),
    OPTION_DECIMAL(struct opts, malleable_min, "malleable-min", "X", 0, 1,
                   "the fewest CPUs of a malleable job, of what it asks for (default: 0.5);\n"
                   "it has fewer than it asks for only while a higher priority needs them"),
    OPTION_DECIMAL(struct opts, malleable_max, "malleable-max", "X", 1, CPUS_MAX,
                   "the most, of the same (default: 2)"),
    OPTION_NUMBER(struct opts, elastic_threshold, "elastic-threshold", "PCT", 1, 100,
                  "they grow only while less than that of the machine is used (default: 100)"),
    OPTION_TEXT(struct opts, elastic_order, "elastic-order", "HOW",
                "who gets what is left: equal shares (equal, default), or the highest\n"
                "priority first (priority)"),
    OPTION_DURATION(struct opts, elastic_cooldown_us, "elastic-cooldown", "TIME",
                    "after its start or growth a job does not grow for so long (default: 0)"),
    OPTION_NUMBER(struct opts, elastic_step, "elastic-step", "N", 1, CPUS_MAX,
                  "nor by fewer CPUs (default: 1)"),
    OPTION_FLAG(struct opts, clairvoyant, "clairvoyant", "every estimate is the run time"),
    OPTION_FLAG(struct opts, lenient, "lenient", "leave broken lines of a trace out"),
    OPTION_DECIMAL(struct opts, load, "load", "X", 0.001, 1000,
                   "multiply the load: arrivals come X times as fast"),
    OPTION_FLAG(struct opts, from_history, "from-history",
                "instead of a trace: what has run here so far. CPUs: this machine's, or\n"
                "as many as were in use at once, if that is more"),
    OPTION_DECIMAL(struct opts, since, "since", "DAYS", 0.001, 36500,
                   "of --from-history: only jobs submitted in the last so many days"),
    OPTION_TEXT(struct opts, generate, "generate", "MODEL",
                "make a trace instead of reading one: lublin (Lublin and Feitelson).\n"
                "Needs --jobs N and --cpus N"),
    OPTION_NUMBER(struct opts, seed, "seed", "S", 0, SEED_MAX,
                  "of --generate and --malleable (default: 1): the same seed, the same jobs"),
    OPTION_TEXT(struct opts, jobs, "jobs", "N|FILE",
                "with --generate: how many. Else the same as --csv FILE"),
    OPTION_TEXT(struct opts, csv, "csv", "FILE",
                "write a line a job: id,submit,start,end,procs,estimate,backfilled, in the\n"
                "order of arrival, times in seconds; with --malleable then\n"
                "malleable,resizes,cpus (the mean). Of several runs each has a file of its\n"
                "own: jobs.csv becomes jobs.easy-sjf.csv. -: standard output, and the table\n"
                "goes to standard error"),
    OPTION_TEXT(struct opts, plot, "plot", "FILE",
                "draw all runs side by side, as .svg, .png or .pdf"),
    OPTION_FLAG(struct opts, json, "json", "print JSON"),
    OPTIONS_END,
};

const struct command simulate_command = {
    .name = "mini-slurm simulate",
    .words = "[TRACE]...",
    .summary = "replay traces (SWF, also .gz; - is standard input) under scheduling policies",
    .notes = "A row of the table is a policy with an order, and after a \"/\" its backfill order:\n"
             "  MAKESPAN    from the first arrival to the last end\n"
             "  UTIL        CPU time used of CPU time there was, meanwhile\n"
             "  WAIT        mean wait; then its median, 95th percentile and maximum\n"
             "  BSLD        mean bounded slowdown, max(1, (wait + run) / max(run, 10 s));\n"
             "              then its 95th percentile\n"
             "  FAIR        Jain's index of the users' mean bounded slowdowns; 1: all alike\n"
             "  BACKFILLED  jobs that started while one before them in the queue did not\n"
             "and with --malleable:\n"
             "  UTIL        CPU time held: more CPUs are used less well\n"
             "  TURNAROUND  mean time from arrival to end\n"
             "  BSLD        max(1, (wait + run) / max(run on the CPUs asked for, 10 s))\n"
             "  RESIZES     of all jobs; and for each malleable one\n",
    .options = options,
};

static uint64_t seed_of(const struct opts *o)
{
    return o->seed < 0 ? 1 : (uint64_t)o->seed;
}

static int check_lublin(const struct opts *o, struct err *e)
{
    if (strcmp(o->generate, "lublin") != 0)
        return err_set(e, ERR_USAGE, "--generate %s: no such model (lublin)", o->generate);
    if (!o->jobs || !o->cpus)
        return err_set(e, ERR_USAGE, "--generate lublin needs --jobs N and --cpus N");
    return o->cpus >= 2 ? 0 : err_set(e, ERR_USAGE, "--generate lublin needs 2 CPUs or more");
}

static int check_source(const struct opts *o, size_t ntraces, struct err *e)
{
    if (o->seed >= 0 && !o->generate && !o->malleable)
        return err_set(e, ERR_USAGE, "--seed goes with --generate or --malleable");
    if (o->since > 0 && !o->from_history)
        return err_set(e, ERR_USAGE, "--since goes with --from-history");
    if (o->generate && o->from_history)
        return err_set(e, ERR_USAGE, "--generate and --from-history are both a trace: give one");
    if (ntraces > 0 && (o->generate || o->from_history))
        return err_set(e, ERR_USAGE, "%s: none can be given beside it",
                       o->generate ? "--generate makes a trace" : "--from-history is a trace");
    if (ntraces == 0 && !o->generate && !o->from_history)
        return err_set(e, ERR_USAGE,
                       "no trace given (a file in SWF, --from-history, or --generate lublin)");
    return o->generate ? check_lublin(o, e) : 0;
}

static int read_source(const struct opts *o, struct request *q, struct err *e)
{
    int64_t jobs;
    if (check_source(o, q->ntraces, e) < 0)
        return -1;
    /* Broken lines are counted before they are refused. */
    q->swf =
        (struct swf_options){.procs = o->cpus, .estimate_is_run = o->clairvoyant, .lenient = true};
    q->lenient = o->lenient;
    q->load = o->load;
    q->from_history = o->from_history;
    q->since_days = o->since;
    if (!o->generate)
        return 0;
    if (number_parse("--jobs", o->jobs, 1, JOBS_MAX, &jobs, e) < 0) {
        e->code = ERR_USAGE;
        return -1;
    }
    q->lublin = (struct lublin_options){.jobs = (size_t)jobs, .procs = o->cpus, .seed = seed_of(o)};
    return 0;
}

static int read_expr(const char *text, struct request *q, struct err *e)
{
    bool needed = runs_use_expr(&q->runs);
    if (!text && needed)
        return err_set(e, ERR_USAGE, "the order expr needs a formula: --order-expr EXPR");
    if (text && !needed)
        return err_set(e, ERR_USAGE, "--order-expr: no order is expr");
    if (!text)
        return 0;
    q->expr = expr_parse("--order-expr", text, order_variables, e);
    if (!q->expr && e->code == ERR_INVALID)
        e->code = ERR_USAGE;
    return q->expr ? 0 : -1;
}

static int check_predict(const struct opts *o, const struct request *q, struct err *e)
{
    if (o->predict && q->event_order == EVENTS_PER_EVENT)
        return err_set(e, ERR_USAGE,
                       "--predict needs --event-order batch: perevent takes a job's expected end "
                       "for its end, which a prediction is not");
    if (o->predict && o->clairvoyant)
        return err_set(e, ERR_USAGE, "--predict: with --clairvoyant all run times are known");
    return 0;
}

/* A formula is for the queue, unless it is said to be for those who may pass. */
static const char *default_order(const struct opts *o)
{
    bool backfill = o->backfill_order && strcasecmp(o->backfill_order, "expr") == 0;
    return o->order_expr && !backfill ? "expr" : "priority";
}

static int read_runs(const struct opts *o, struct request *q, struct err *e)
{
    const char *order = o->order ? o->order : default_order(o);
    struct runs_wanted w = {o->policy, order, o->backfill_order, o->malleable};
    if (runs_make(&w, &q->runs, e) < 0 || read_expr(o->order_expr, q, e) < 0)
        return -1;
    if (strcmp(o->event_order, "batch") != 0 && strcmp(o->event_order, "perevent") != 0)
        return err_set(e, ERR_USAGE, "--event-order %s: neither batch nor perevent",
                       o->event_order);
    q->reservations = o->reservations;
    q->event_order = strcmp(o->event_order, "batch") == 0 ? EVENTS_BATCH : EVENTS_PER_EVENT;
    q->predict = o->predict;
    return check_predict(o, q, e);
}

static bool speaks_of_malleable(const struct opts *o)
{
    return o->parallel >= 0 || o->malleable_min >= 0 || o->malleable_max >= 0 ||
           o->elastic_threshold || o->elastic_order || o->elastic_cooldown_us || o->elastic_step;
}

static int check_malleable(const struct opts *o, const struct request *q, struct err *e)
{
    if (!o->malleable && speaks_of_malleable(o))
        return err_set(e, ERR_USAGE,
                       "--parallel-fraction, --malleable-min, --malleable-max and --elastic-... "
                       "are about malleable jobs: say how many (--malleable PCT)");
    if (o->malleable && q->event_order == EVENTS_PER_EVENT)
        return err_set(e, ERR_USAGE,
                       "--malleable needs --event-order batch: perevent takes a job's expected end "
                       "for its end, which moves when it is resized");
    return 0;
}

static int read_malleable(const struct opts *o, struct request *q, struct err *e)
{
    int share = elastic_share_parse(o->elastic_order ? o->elastic_order : "equal");
    if (check_malleable(o, q, e) < 0)
        return -1;
    if (share < 0)
        return err_set(e, ERR_USAGE, "--elastic-order %s: neither equal nor priority",
                       o->elastic_order);
    q->malleable = (struct malleable_options){
        .seed = seed_of(o),
        .parallel = o->parallel < 0 ? PARALLEL_DEFAULT : o->parallel,
        .min = o->malleable_min < 0 ? MIN_DEFAULT : o->malleable_min,
        .max = o->malleable_max < 0 ? MAX_DEFAULT : o->malleable_max,
    };
    q->elastic = (struct elastic_config){
        .share = (enum elastic_share)share,
        .threshold_pct = o->elastic_threshold,
        .cooldown_us = o->elastic_cooldown_us,
        .step = o->elastic_step,
    };
    return 0;
}

static int read_outputs(const struct opts *o, struct request *q, struct err *e)
{
    const char *jobs = o->generate ? NULL : o->jobs;
    if (jobs && o->csv)
        return err_set(e, ERR_USAGE, "--jobs FILE and --csv FILE are the same: give one of them");
    q->csv = jobs ? jobs : o->csv;
    q->plot = o->plot;
    q->json = o->json;
    if (q->csv && strcmp(q->csv, "-") == 0 && (q->runs.count > 1 || q->ntraces > 1))
        return err_set(e, ERR_USAGE, "standard output has room for the jobs of one run only");
    return q->plot ? plot_check_name(q->plot, e) : 0;
}

int request_read(int argc, char **argv, struct request *q, struct err *e)
{
    struct opts o = {.policy = "easy",
                     .event_order = "batch",
                     .load = 1,
                     .seed = -1,
                     .parallel = -1,
                     .malleable_min = -1,
                     .malleable_max = -1};
    *q = (struct request){0};
    int rc = options_parse(&simulate_command, &o, &argc, argv, e);
    if (rc != 0)
        return rc;
    q->traces = argv;
    q->ntraces = (size_t)argc;
    if (read_source(&o, q, e) < 0 || read_runs(&o, q, e) < 0 || read_malleable(&o, q, e) < 0)
        return -1;
    return read_outputs(&o, q, e);
}

void request_free(struct request *q)
{
    expr_free(q->expr);
    q->expr = NULL;
}
