// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/ask.h"
#include "cli/command_line.h"
#include "cli/depend.h"
#include "cli/elastic.h"
#include "cli/environment.h"
#include "cli/place.h"
#include "cli/submit_file.h"
#include "cli/verb.h"
#include "cli/workers.h"
#include "util/cleanup.h"
#include "util/notify.h"
#include "util/pattern.h"
#include "util/taskset.h"
#include "util/text.h"
#include "util/times.h"
#include "util/warning.h"

struct submit_options {
    int64_t cpus, mem_mb, mem_per_cpu_mb, priority, limit_us;
    struct elastic_options elastic;
    struct place_options place;
    struct workers_options workers;
    const char *name, *chdir, *output, *error, *export, *array;
    const char *signal; /* the warning of its limit */
    const char *notify, *notify_on;
    struct depend_options depend;
    const char *file;
    const char *dir; /* where the lines of the file run that say nothing else */
    bool parsable, json;
};

static const struct option_def options[] = {
    OPTION_NUMBER(struct submit_options, cpus, "cpus", "N", 1, 65536, "CPUs it gets (default: 1)"),
    OPTION_SIZE(struct submit_options, mem_mb, "mem", "SIZE",
                "memory it gets: 512, 512M, 0.5G, 1T; a bare number is MB\n"
                "(default: the machine's memory per CPU)"),
    OPTION_SIZE(struct submit_options, mem_per_cpu_mb, "mem-per-cpu", "SIZE",
                "instead: so much for each of its CPUs"),
    OPTION_NUMBER(struct submit_options, priority, "priority", "P", -1000000000, 1000000000,
                  "higher starts first (default: 0)"),
    OPTION_DURATION(struct submit_options, limit_us, "time", "T",
                    "the longest it may run: minutes, M:S, H:M:S, D-H, 30s, 1d12h\n"
                    "(default: no limit)"),
    OPTION_TEXT(struct submit_options, signal, "signal", "[B:]SIG[@S]",
                "warn it with this signal so many seconds before its limit (default: 60);\n"
                "B: tells its first process alone"),
    OPTION_NUMBER(struct submit_options, place.nodes, "nodes", "N", 1, 65536,
                  "instead: so many whole nodes, or cores (see mini-slurm topology)"),
    OPTION_TEXT(struct submit_options, place.switches, "switches", "K[@T]",
                "on at most K leaf switches; after waiting T, on any"),
    OPTION_NUMBER(struct submit_options, place.threads_per_core, "threads-per-core", "1", 1, 1,
                  "whole cores: nobody else has their other hyperthreads"),
    OPTION_FLAG(struct submit_options, place.exclusive, "exclusive",
                "it shares none of its nodes, or cores, with other jobs"),
    OPTION_CLAUSES(struct submit_options, depend.after, "after", "WHAT:ID,...",
                   "not before these jobs end well (ok:12,13), end (any:14), fail\n"
                   "(notok:15) or start (start:16); several words: all of that"),
    OPTION_TEXT(struct submit_options, depend.dependency, "dependency", "LIST",
                "the same in Slurm's words: afterok:12:13,afterany:14, afternotok:,\n"
                "after:12+MINUTES, aftercorr:, singleton; , is and, ? is or"),
    OPTION_TEXT(struct submit_options, depend.kill_on_invalid, "kill-on-invalid-dep", "yes|no",
                "what becomes of it if that can't come about any more: CANCELLED\n"
                "(yes, the default), or it waits on"),
    OPTION_TEXT(struct submit_options, array, "array", "LIST[%N]",
                "an array: a task for each number, as 0-99 or 1,3,7-19:2, with it in\n"
                "MINI_SLURM_ARRAY_TASK_ID; %N: no more than N run at a time"),
    OPTION_TEXT(struct submit_options, name, "name", "S", "a name, for people"),
    OPTION_TEXT(struct submit_options, chdir, "chdir", "DIR", "where it runs (default: here)"),
    OPTION_TEXT(struct submit_options, output, "output", "F",
                "file for its standard output, and its errors without --error\n"
                "(default: job_<id>.out and job_<id>.err among the logs); in it %j is\n"
                "the job's id, %A the array's, %a the task, %x the name, %u the user,\n"
                "%N the machine, %t 0, %% a %; %4a has four digits"),
    OPTION_TEXT(struct submit_options, error, "error", "F", "file for its standard error"),
    OPTION_TEXT(struct submit_options, export, "export", "LIST",
                "its environment: ALL of ours (default), NONE, or a comma-separated\n"
                "list of NAME and NAME=value (ALL may be in it)"),
    OPTION_FLAG(struct submit_options, elastic.elastic, "elastic",
                "while it runs it may get more CPUs, and have to give them back;\n"
                "--cpus is what it starts with; its memory stays as it is, or\n"
                "follows its CPUs with --mem-per-cpu"),
    OPTION_NUMBER(struct submit_options, elastic.min_cpus, "min-cpus", "N", 1, 65536,
                  "the fewest it can run with (default: --cpus)"),
    OPTION_NUMBER(struct submit_options, elastic.max_cpus, "max-cpus", "N", 1, 65536,
                  "the most it can use (default: all of the machine's)"),
    OPTION_TEXT(struct submit_options, elastic.grace, "resize-grace", "T",
                "how long it has to let go of CPUs (default: 2s; 0: it is not waited for)"),
    OPTION_TEXT(struct submit_options, elastic.signal, "resize-signal", "SIG",
                "what those of its processes get that handle it, to look at its\n"
                "control file: USR1 (default), USR2, HUP, WINCH, none"),
    OPTION_FLAG(struct submit_options, elastic.workers, "workers",
                "run as many copies of the command as it has CPUs, each with its number\n"
                "in MINI_SLURM_WORKER; see docs/elastic-jobs.md"),
    OPTION_NUMBER(struct submit_options, workers.cpus, "cpus-per-worker", "N", 1, 65536,
                  "CPUs for each of the --workers (default: 1)"),
    OPTION_TEXT(struct submit_options, notify, "notify", "CMD",
                "run this by a shell, outside of the job, when it ends; MINI_SLURM_EVENT,\n"
                "_JOB_ID, _JOB_STATE, _EXIT_CODE say what happened"),
    OPTION_TEXT(struct submit_options, notify_on, "notify-on", "LIST",
                "of start, end, fail (default: end,fail)"),
    OPTION_TEXT(struct submit_options, file, "file", "F",
                "many jobs, one JSON object a line (- is standard input), all or none:\n"
                "these options' names are its keys, and command, env and cwd; it may\n"
                "wait for other lines by their names; other options are for all lines"),
    OPTION_FLAG(struct submit_options, parsable, "parsable", "print the job's id alone"),
    OPTION_FLAG(struct submit_options, json, "json", "print JSON"),
    OPTIONS_END,
};

static const char notes[] =
    "One word is a shell command line:   mini-slurm submit 'EPOCHS=5 python3 t.py && echo done'\n"
    "Several are passed on as they are:  mini-slurm submit python3 -c 'print(\"a b\")'\n"
    "Leading NAME=value words of several are its environment; - reads a script from standard "
    "input.\n";

static int check_directory(const char *dir)
{
    struct stat st;
    if (stat(dir, &st) < 0)
        return -1;
    if (!S_ISDIR(st.st_mode)) {
        errno = ENOTDIR;
        return -1;
    }
    return access(dir, X_OK);
}

/* The absolute path of the directory to run in, to free(); NULL with *e. */
static char *find_directory(const char *chdir, struct err *e)
{
    char shown[128];
    char *dir = chdir ? realpath(chdir, NULL) : getcwd(NULL, 0);
    if (dir && (!chdir || check_directory(dir) == 0))
        return dir;
    if (chdir)
        err_errno(e, "--chdir %s", text_brief(chdir, shown, sizeof shown));
    else
        err_errno(e, "the current directory");
    free(dir);
    return NULL;
}

static int add_path(struct frame *request, const char *blob, const char *option, const char *path,
                    const char *dir, struct err *e)
{
    struct buf full _cleanup_buf_ = {0};
    if (!path)
        return 0;
    if (!*path)
        return err_set(e, ERR_USAGE, "%s '': not a file", option);
    if (*path != '/') {
        pattern_quote(strcmp(dir, "/") == 0 ? "" : dir, &full);
        buf_puts(&full, "/");
    }
    buf_puts(&full, path);
    if (full.failed || frame_add_blob(request, blob, full.data, full.len) < 0)
        return err_nomem(e);
    return 0;
}

static int add_blob(struct frame *request, const char *name, const char *text, struct err *e)
{
    return text && *text && frame_add_blob(request, name, text, strlen(text)) < 0 ? err_nomem(e)
                                                                                  : 0;
}

static int add_numbers(const struct submit_options *o, bool shell, struct frame *request,
                       struct err *e)
{
    mode_t mask = umask(0);
    umask(mask);
    if (ask_set(request, "shell", json_boolean(shell), e) < 0 ||
        ask_set(request, "umask", json_integer(mask), e) < 0)
        return -1;
    if (o->cpus != 1 && ask_set(request, "cpus", json_integer(o->cpus), e) < 0)
        return -1;
    if (o->priority && ask_set(request, "priority", json_integer(o->priority), e) < 0)
        return -1;
    if (o->mem_mb && ask_set(request, "mem_mb", json_integer(o->mem_mb), e) < 0)
        return -1;
    if (o->mem_per_cpu_mb &&
        ask_set(request, "mem_per_cpu_mb", json_integer(o->mem_per_cpu_mb), e) < 0)
        return -1;
    if (o->limit_us &&
        ask_set(request, "time_limit", json_integer(o->limit_us / US_PER_SEC), e) < 0)
        return -1;
    if (o->signal && ask_set(request, "signal", json_string(o->signal), e) < 0)
        return -1;
    return o->notify_on ? ask_set(request, "notify_on", json_string(o->notify_on), e) : 0;
}

static int add_environment(const struct submit_options *o, char **words, size_t nassign,
                           struct frame *request, struct err *e)
{
    struct strz env = {0};
    if (environment_build(o->export, words, nassign, &env, e) < 0)
        return -1;
    _cleanup_free_ char *data = env.data;
    return frame_add_blob(request, "env", data, env.len) < 0 ? err_nomem(e) : 0;
}

/* All but its environment, name and directory, and what it waits for. */
static int add_rest(const struct submit_options *o, const struct command_line *c, const char *dir,
                    struct frame *request, struct err *e)
{
    const char *error = o->error ? o->error : o->output;
    if (add_numbers(o, c->shell, request, e) < 0 || elastic_add(&o->elastic, request, e) < 0 ||
        place_add(&o->place, o->elastic.elastic, request, e) < 0 ||
        frame_add_blob(request, "argv", c->argv.data, c->argv.len) < 0 ||
        add_blob(request, "command", c->typed, e) < 0 ||
        add_blob(request, "notify", o->notify, e) < 0 ||
        add_blob(request, "array", o->array, e) < 0 ||
        add_path(request, "stdout", "--output", o->output, dir, e) < 0 ||
        add_path(request, "stderr", o->error ? "--error" : "--output", error, dir, e) < 0)
        return -1;
    return 0;
}

static int add_dependency(const struct depend_options *o, struct frame *request, struct err *e)
{
    struct buf text _cleanup_buf_ = {0};
    if (depend_text(o, &text, e) < 0 || depend_add(o, request, e) < 0)
        return -1;
    return *text.data ? ask_set(request, "dependency", json_string(text.data), e) : 0;
}

static int make_request(const struct submit_options *o, char **words, const struct command_line *c,
                        struct frame *request, struct err *e)
{
    _cleanup_free_ char *dir = find_directory(o->chdir, e);
    if (!dir)
        return -1;
    /* A shell sets PWD itself; any other program would read ours. */
    if (o->chdir && getenv("PWD") && setenv("PWD", dir, 1) < 0)
        return err_nomem(e);
    if (client_request(request, "submit") < 0)
        return err_nomem(e);
    if (add_rest(o, c, dir, request, e) < 0 || add_dependency(&o->depend, request, e) < 0 ||
        add_environment(o, words, c->nassign, request, e) < 0 ||
        add_blob(request, "cwd", dir, e) < 0 || add_blob(request, "name", o->name, e) < 0)
        return -1;
    return 0;
}

/* "cpus=2", or "[ELASTIC] cpus=2 (min=1, max=8)". */
static void print_cpus(const struct submit_options *o, const json_t *reply)
{
    const struct elastic_options *x = &o->elastic;
    const json_t *max = json_object_get(reply, "max_cpus");
    if (!x->elastic) {
        printf("cpus=%lld", (long long)o->cpus);
        return;
    }
    printf("[ELASTIC] cpus=%lld (min=%lld, max=", (long long)o->cpus,
           (long long)(x->min_cpus ? x->min_cpus : o->cpus));
    if (json_is_integer(max))
        printf("%lld)", (long long)json_integer_value(max));
    else
        printf("machine)");
}

static int print_submitted(const struct submit_options *o, const struct command_line *c,
                           long long id, const json_t *reply, struct err *e)
{
    int64_t mem_mb = o->mem_per_cpu_mb ? o->mem_per_cpu_mb * o->cpus : o->mem_mb;
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
    printf(", priority=%lld\n  command=%s\n", (long long)o->priority, command.data);
    return 0;
}

static int print_reply(const struct submit_options *o, const struct command_line *c,
                       struct frame *reply, struct err *e)
{
    long long id = json_integer_value(json_object_get(reply->head, "job"));
    if (!json_is_true(json_object_get(reply->head, "scheduler")))
        fprintf(stderr,
                "mini-slurm: no scheduler is running: job %lld waits until one is; start it with: "
                "mini-slurm scheduler --background\n",
                id);
    if (o->json)
        return ask_print_json(reply, e);
    if (!o->parsable)
        return print_submitted(o, c, id, reply->head, e);
    printf("%lld\n", id);
    return 0;
}

static int check_notify(const struct submit_options *o, struct err *e)
{
    int on;
    if (o->notify && !*o->notify)
        return err_set(e, ERR_USAGE, "--notify '': not a command");
    if (o->notify_on && !o->notify)
        return err_set(e, ERR_USAGE, "--notify-on: only with --notify");
    if (!o->notify_on || notify_parse("--notify-on", o->notify_on, &on, e) == 0)
        return 0;
    e->code = ERR_USAGE;
    return -1;
}

static int check_warning(const struct submit_options *o, struct err *e)
{
    struct warning w = {0};
    if (!o->signal || (warning_parse("--signal", o->signal, &w, e) == 0 &&
                       warning_check("--signal", &w, o->limit_us, 0, e) == 0))
        return 0;
    e->code = ERR_USAGE;
    return -1;
}

static int check_array(const char *array, struct err *e)
{
    struct taskset tasks = {0};
    int64_t limit;
    int r = array ? taskset_parse("--array", array, &tasks, &limit, e) : 0;
    taskset_free(&tasks);
    if (r < 0 && e->code == ERR_INVALID)
        e->code = ERR_USAGE;
    return r;
}

static int check(const struct submit_options *o, struct err *e)
{
    if (o->mem_mb && o->mem_per_cpu_mb)
        return err_set(e, ERR_USAGE, "--mem and --mem-per-cpu: only one of them can be given");
    if (check_array(o->array, e) < 0 || workers_check(&o->workers, o->elastic.workers, e) < 0)
        return -1;
    if (check_warning(o, e) < 0 || check_notify(o, e) < 0)
        return -1;
    return elastic_check(&o->elastic, o->cpus, e);
}

static int read_command(const struct submit_options *o, char **words, struct command_line *c,
                        struct err *e)
{
    if (command_line_read(words, c, e) < 0)
        return -1;
    return o->elastic.workers ? workers_wrap(&o->workers, c, e) : 0;
}

/* --- a file of jobs --------------------------------------------------------------------------- */

static int make_common(const void *given, struct frame *request, struct err *e)
{
    const struct submit_options *o = given;
    if (o->chdir && getenv("PWD") && setenv("PWD", o->dir, 1) < 0)
        return err_nomem(e);
    if (client_request(request, "submit_file") < 0)
        return err_nomem(e);
    return add_environment(o, NULL, 0, request, e) < 0 ? -1 : add_blob(request, "cwd", o->dir, e);
}

/* A directory of its own: its environment says so too. */
static int make_line_directory(const struct submit_options *o, const char *dir, struct line *l,
                               struct err *e)
{
    if (!l->has_cwd)
        return 0;
    if (getenv("PWD")) {
        buf_printf(&l->assign, "PWD=%s", dir);
        buf_add(&l->assign, "", 1);
    }
    return add_blob(&l->frame, "cwd", dir, e);
}

static int make_line(void *given, char **words, struct line *l, struct err *e)
{
    const struct submit_options *o = given;
    struct command_line c _cleanup_command_line_ = {0};
    if (check(o, e) < 0 || read_command(o, words, &c, e) < 0)
        return -1;
    for (size_t i = 0; i < c.nassign; i++)
        buf_add(&l->assign, words[i], strlen(words[i]) + 1);
    _cleanup_free_ char *own = l->has_cwd ? find_directory(o->chdir, e) : NULL;
    const char *dir = own ? own : o->dir;
    if (l->has_cwd && !own)
        return -1;
    l->frame.head = json_object();
    if (!l->frame.head)
        return err_nomem(e);
    l->name = o->name;
    if (add_rest(o, &c, dir, &l->frame, e) < 0 || depend_add(&o->depend, &l->frame, e) < 0 ||
        make_line_directory(o, dir, l, e) < 0)
        return -1;
    return depend_text(&o->depend, &l->dependency, e);
}

static int submit_lines(struct submit_options *o, struct err *e)
{
    _cleanup_free_ char *dir = find_directory(o->chdir, e);
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

/* ---------------------------------------------------------------------------------------------- */

static int run(int argc, char **argv, struct err *e)
{
    struct submit_options o = {.cpus = 1};
    int r = options_parse(&verb_submit.command, &o, &argc, argv, e);
    if (r)
        return r;
    if (o.file && argc)
        return err_set(e, ERR_USAGE, "--file: the commands are in the file, none may follow");
    if (o.file)
        return submit_lines(&o, e);
    if (argc == 0)
        return err_set(e, ERR_USAGE, "no command given");
    if (check(&o, e) < 0)
        return -1;
    struct command_line c _cleanup_command_line_ = {0};
    struct frame request _cleanup_frame_ = {0}, reply _cleanup_frame_ = {0};
    if (read_command(&o, argv, &c, e) < 0 || make_request(&o, argv, &c, &request, e) < 0 ||
        ask(&request, &reply, e) < 0)
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
