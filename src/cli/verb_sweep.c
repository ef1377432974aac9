// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/ask.h"
#include "cli/job_request.h"
#include "cli/metric.h"
#include "cli/sweep.h"
#include "os/clock.h"
#include "util/cleanup.h"
#include "util/sweep.h"
#include "util/taskset.h"
#include "util/text.h"

struct sweep_options {
    struct job_options job;
    int64_t random, rng, limit; /* rng -1: whichever */
    bool zip, env, parsable, json;
    const char *metric;
};

static const char *const not_taken[] = {"array", NULL};

static const struct option_def own_options[] = {
    OPTION_FLAG(struct sweep_options, zip, "zip",
                "not all combinations: the first value of each, the second of each, ..."),
    OPTION_NUMBER(struct sweep_options, random, "random", "N", 1, TASKSET_MAX,
                  "N tasks, for which values are drawn; lin:0.0..1 and log:1e-5..1e-1 are\n"
                  "all numbers between then, whole ones if both ends are"),
    OPTION_NUMBER(struct sweep_options, rng, "rng", "SEED", 0, 9007199254740992.0,
                  "the same values again as with this seed before"),
    OPTION_NUMBER(struct sweep_options, limit, "limit", "N", 1, TASKSET_MAX,
                  "no more than N run at a time"),
    OPTION_FLAG(struct sweep_options, env, "env",
                "the command reads MINI_SLURM_PARAM_<name>: it need not name them all"),
    OPTION_TEXT(struct sweep_options, metric, "metric", "REGEX",
                "what sweep show looks for in the output: 'loss=([0-9.eE+-]+)'"),
    OPTION_FLAG(struct sweep_options, parsable, "parsable", "print the job's id alone"),
    OPTION_FLAG(struct sweep_options, json, "json", "print JSON"),
    OPTIONS_END,
};
static struct option_def options[JOB_OPTIONS_ROOM];

/* What is to be handed in. */
struct handed {
    struct sweep_options options;
    struct sweep sweep;
    struct buf text;
    char array[48];
};

static void handed_free(struct handed *h)
{
    sweep_free(&h->sweep);
    buf_free(&h->text);
}

static int set_mode(const struct sweep_options *o, struct sweep *s, struct err *e)
{
    if (o->zip && o->random)
        return err_set(e, ERR_USAGE, "--zip and --random: only one of them can be given");
    if (o->rng >= 0 && !o->random)
        return err_set(e, ERR_USAGE, "--rng: only with --random");
    s->mode = o->zip ? SWEEP_ZIP : o->random ? SWEEP_RANDOM : SWEEP_GRID;
    s->count = o->random;
    s->seed = o->rng >= 0 ? o->rng : clock_wall_us() % 1000000007;
    s->by_env = o->env;
    return 0;
}

static int set_metric(const char *regex, struct sweep *s, struct err *e)
{
    struct metric m;
    if (!regex)
        return 0;
    if (metric_open(&m, regex, e) < 0)
        return -1;
    metric_close(&m);
    return sweep_set_metric(s, regex, e) < 0 ? err_usage(e) : 0;
}

static int read_sweep(struct handed *h, char **params, struct err *e)
{
    struct sweep_options *o = &h->options;
    struct sweep *s = &h->sweep;
    if (set_mode(o, s, e) < 0 || set_metric(o->metric, s, e) < 0)
        return -1;
    for (; *params; params++)
        if (sweep_add(s, *params, e) < 0)
            return err_usage(e);
    if (sweep_settle(s, e) < 0)
        return err_usage(e);
    sweep_format(s, &h->text);
    if (h->text.failed)
        return err_nomem(e);
    if (h->text.len > SWEEP_TEXT_MAX)
        return err_set(e, ERR_USAGE, "the parameters take %zu bytes: more than %d", h->text.len,
                       SWEEP_TEXT_MAX);
    int len = snprintf(h->array, sizeof h->array, "0-%" PRId64, s->count - 1);
    if (o->limit)
        snprintf(h->array + len, sizeof h->array - (size_t)len, "%%%" PRId64, o->limit);
    o->job.array = h->array;
    o->job.sweep = h->text.data;
    return 0;
}

/* They go into an environment that all tasks have in common. */
static int check_assignments(struct sweep *s, char **words, size_t nassign, struct err *e)
{
    char shown[64];
    for (size_t i = 0; i < nassign; i++) {
        if (sweep_use(s, "the command", words[i], e) < 0)
            return err_usage(e);
        for (size_t k = 0; k < s->nparams; k++)
            if (s->params[k].used)
                return err_set(e, ERR_USAGE,
                               "%s: all tasks have the same environment; put env before it, or "
                               "read MINI_SLURM_PARAM_%.64s",
                               text_brief(words[i], shown, sizeof shown), s->params[k].name);
    }
    return 0;
}

static int print_submitted(const struct handed *h, const struct command_line *c, int64_t id,
                           struct err *e)
{
    const struct sweep *s = &h->sweep;
    struct buf line _cleanup_buf_ = {0};
    buf_printf(&line, "Submitted sweep %" PRId64 " (%" PRId64 " task%s)\n ", id, s->count,
               s->count == 1 ? "" : "s");
    for (size_t i = 0; i < s->nparams; i++) {
        buf_printf(&line, " %s=", s->params[i].name);
        text_printable(&line, s->params[i].text, strlen(s->params[i].text));
    }
    if (s->mode == SWEEP_RANDOM)
        buf_printf(&line, " (random, --rng %" PRId64 ")", s->seed);
    buf_puts(&line, "\n  command=");
    text_printable(&line, c->typed, strlen(c->typed));
    if (line.failed)
        return err_nomem(e);
    puts(line.data);
    return 0;
}

static int submit(struct handed *h, char **words, struct err *e)
{
    struct command_line c _cleanup_command_line_ = {0};
    struct frame request _cleanup_frame_ = {0}, reply _cleanup_frame_ = {0};
    if (job_request_make(&h->options.job, words, &c, &request, e) < 0 ||
        check_assignments(&h->sweep, words, c.nassign, e) < 0 || ask(&request, &reply, e) < 0)
        return -1;
    int64_t id = json_integer_value(json_object_get(reply.head, "job"));
    job_request_warn(&reply);
    if (h->options.json)
        return ask_print_json(&reply, e);
    if (!h->options.parsable)
        return print_submitted(h, &c, id, e);
    printf("%" PRId64 "\n", id);
    return 0;
}

/* Where the command begins; argc, if nothing says so. */
static int find_command(int argc, char **argv)
{
    int i = 1;
    while (i < argc && strcmp(argv[i], "--") != 0)
        i++;
    return i;
}

static int hand_in(int argc, char **argv, struct err *e)
{
    _cleanup_(handed_free) struct handed h = {
        .options = {.job = JOB_OPTIONS_DEFAULT, .rng = -1},
    };
    int nwords = find_command(argc, argv);
    char **command = argv + nwords + (nwords < argc);
    bool given = nwords < argc;
    job_options_collect(options, not_taken, own_options);
    int r = options_parse(&verb_sweep.command, &h.options, &nwords, argv, e);
    if (r)
        return r;
    if (!given)
        return err_set(e, ERR_USAGE, "no command given: it stands behind --");
    return read_sweep(&h, argv, e) < 0 ? -1 : submit(&h, command, e);
}

static int run(int argc, char **argv, struct err *e)
{
    static const struct sweep_verb *const verbs[] = {&sweep_show, &sweep_rerun};
    for (size_t i = 0; argc > 1 && i < sizeof verbs / sizeof *verbs; i++) {
        const struct sweep_verb *v = verbs[i];
        if (strcmp(argv[1], v->name) != 0)
            continue;
        int r = v->run(argc - 1, argv + 1, e);
        if (r == OPTIONS_HELP)
            options_help(v->command, stdout);
        return r == OPTIONS_HELP ? VERB_DONE
               : r < 0           ? VERB_EXIT + options_refuse(v->command, e)
                                 : r;
    }
    return hand_in(argc, argv, e);
}

static const char notes[] =
    "NAME=0.1,0.01 is a list, NAME=1..5 or 0..1:0.25 a range, NAME=log:1e-5..1e-1:5 five numbers\n"
    "from the one to the other by a constant factor, lin: evenly spread. In the command, --name,\n"
    "--output and --error {NAME} is the task's value; {{NAME}} is {NAME} itself. In a command of\n"
    "one word, a line for the shell, values are quoted: {NAME} stands outside of quotes there.\n"
    "\n"
    "  mini-slurm sweep lr=0.1,0.01 seed=1..5 -- python train.py --lr {lr} --seed {seed}\n"
    "  mini-slurm sweep show ID    its tasks, and what came out (sweep show --help)\n"
    "  mini-slurm sweep rerun ID   run tasks again (sweep rerun --help)\n";

const struct verb verb_sweep = {
    .name = "sweep",
    .command = {.name = "mini-slurm sweep",
                .words = "NAME=VALUES... -- COMMAND [ARG]...",
                .summary = "run a command with all combinations of parameters, as an array",
                .notes = notes,
                .options = options},
    .run = run,
};
