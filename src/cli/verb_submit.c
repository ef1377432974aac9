// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>

#include "cli/ask.h"
#include "cli/job_request.h"
#include "cli/verb.h"
#include "util/cleanup.h"
#include "util/text.h"

struct submit_options {
    struct job_options job;
    const char *file;
    const char *dir; /* where the lines of the file run that say nothing else */
    bool parsable, json;
};

static const struct option_def own_options[] = {
    OPTION_TEXT(struct submit_options, file, "file", "F",
                "many jobs, one JSON object a line (- is standard input), all or none:\n"
                "these options' names are its keys, and command, env and cwd; it may\n"
                "wait for other lines by their names; other options are for all lines"),
    OPTION_FLAG(struct submit_options, parsable, "parsable", "print the job's id alone"),
    OPTION_FLAG(struct submit_options, json, "json", "print JSON"),
    OPTIONS_END,
};

static struct option_def options[JOB_OPTIONS_ROOM];

static const char notes[] =
    "One word is a shell command line:   mini-slurm submit 'EPOCHS=5 python3 t.py && echo done'\n"
    "Several are passed on as they are:  mini-slurm submit python3 -c 'print(\"a b\")'\n"
    "Leading NAME=value words of several are its environment; - reads a script from standard "
    "input.\n";

/* "cpus=2", or "[ELASTIC] cpus=2 (min=1, max=8)". */
static void print_cpus(const struct submit_options *o, const json_t *reply)
{
    const struct elastic_options *x = &o->job.elastic;
    const json_t *max = json_object_get(reply, "max_cpus");
    if (!x->elastic) {
        printf("cpus=%lld", (long long)o->job.cpus);
        return;
    }
    printf("[ELASTIC] cpus=%lld (min=%lld, max=", (long long)o->job.cpus,
           (long long)(x->min_cpus ? x->min_cpus : o->job.cpus));
    if (json_is_integer(max))
        printf("%lld)", (long long)json_integer_value(max));
    else
        printf("machine)");
}

static int print_submitted(const struct submit_options *o, const struct command_line *c,
                           long long id, const json_t *reply, struct err *e)
{
    int64_t mem_mb = o->job.mem_per_cpu_mb ? o->job.mem_per_cpu_mb * o->job.cpus : o->job.mem_mb;
    struct buf command _cleanup_buf_ = {0};
    text_printable(&command, c->typed, strlen(c->typed));
    if (command.failed)
        return err_nomem(e);
    const json_t *tasks = json_object_get(reply, "tasks");
    printf("Submitted job %lld", id);
    if (tasks)
        printf(" (%lld task%s)", (long long)json_integer_value(tasks),
               json_integer_value(tasks) == 1 ? "" : "s");
    printf("\n  ");
    print_cpus(o, reply);
    printf(", mem=");
    if (mem_mb)
        printf("%lldMB", (long long)mem_mb);
    else
        printf("default");
    printf(", priority=%lld\n  command=%s\n", (long long)o->job.priority, command.data);
    return 0;
}

static int print_reply(const struct submit_options *o, const struct command_line *c,
                       struct frame *reply, struct err *e)
{
    long long id = json_integer_value(json_object_get(reply->head, "job"));
    job_request_warn(reply);
    if (o->json)
        return ask_print_json(reply, e);
    if (!o->parsable)
        return print_submitted(o, c, id, reply->head, e);
    printf("%lld\n", id);
    return 0;
}

/* --- a file of jobs --------------------------------------------------------------------------- */

static int make_common(const void *given, struct frame *request, struct err *e)
{
    const struct submit_options *o = given;
    return job_request_common(&o->job, o->dir, request, e);
}

static int make_line(void *given, char **words, struct line *l, struct err *e)
{
    const struct submit_options *o = given;
    return job_request_line(&o->job, o->dir, words, l, e);
}

static int submit_lines(struct submit_options *o, struct err *e)
{
    _cleanup_free_ char *dir = job_request_directory(&o->job, e);
    if (!dir)
        return -1;
    o->dir = dir;
    const struct line_format format = {
        .command = &verb_submit.command,
        .options = o,
        .size = sizeof *o,
        .common = make_common,
        .line = make_line,
    };
    enum submitted_as as = o->json ? SUBMITTED_JSON : SUBMITTED_WORDS;
    return submit_file(&format, o->file, o->parsable ? SUBMITTED_IDS : as, e);
}

/* --- one of a command line -------------------------------------------------------------------- */

static int run(int argc, char **argv, struct err *e)
{
    struct submit_options o = {.job = JOB_OPTIONS_DEFAULT};
    job_options_collect(options, NULL, own_options);
    int r = options_parse(&verb_submit.command, &o, &argc, argv, e);
    if (r)
        return r;
    if (o.file && argc)
        return err_set(e, ERR_USAGE, "--file: the commands are in the file, none may follow");
    if (o.file)
        return submit_lines(&o, e);
    struct command_line c _cleanup_command_line_ = {0};
    struct frame request _cleanup_frame_ = {0}, reply _cleanup_frame_ = {0};
    if (job_request_make(&o.job, argv, &c, &request, e) < 0 || ask(&request, &reply, e) < 0)
        return -1;
    return print_reply(&o, &c, &reply, e);
}

const struct verb verb_submit = {
    .name = "submit",
    .command = {.name = "mini-slurm submit",
                .words = "COMMAND [ARG]...",
                .summary = "hand in a job",
                .notes = notes,
                .options = options,
                .first_word_ends = true},
    .run = run,
};
