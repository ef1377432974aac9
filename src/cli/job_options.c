// SPDX-License-Identifier: MIT
#include "cli/job_options.h"

#include <assert.h>
#include <string.h>

#include "util/checkpoint.h"
#include "util/notify.h"
#include "util/taskset.h"
#include "util/warning.h"

static const struct option_def options[] = {
    OPTION_NUMBER(struct job_options, cpus, "cpus", "N", 1, 65536, "CPUs it gets (default: 1)"),
    OPTION_SIZE(struct job_options, mem_mb, "mem", "SIZE",
                "memory it gets: 512, 512M, 0.5G, 1T; a bare number is MB\n"
                "(default: the machine's memory per CPU)"),
    OPTION_SIZE(struct job_options, mem_per_cpu_mb, "mem-per-cpu", "SIZE",
                "instead: so much for each of its CPUs"),
    OPTION_NUMBER(struct job_options, priority, "priority", "P", -1000000000, 1000000000,
                  "higher starts first (default: 0)"),
    OPTION_DURATION(struct job_options, limit_us, "time", "T",
                    "the longest it may run: minutes, M:S, H:M:S, D-H, 30s, 1d12h\n"
                    "(default: no limit)"),
    OPTION_TEXT(struct job_options, signal, "signal", "[B:]SIG[@S]",
                "warn it with this signal so many seconds before its limit (default: 60);\n"
                "B: tells its first process alone"),
    OPTION_NUMBER(struct job_options, place.nodes, "nodes", "N", 1, 65536,
                  "instead: so many whole nodes, or cores (see mini-slurm topology)"),
    OPTION_TEXT(struct job_options, place.switches, "switches", "K[@T]",
                "on at most K leaf switches; after waiting T, on any"),
    OPTION_NUMBER(struct job_options, place.threads_per_core, "threads-per-core", "1", 1, 1,
                  "whole cores: nobody else has their other hyperthreads"),
    OPTION_FLAG(struct job_options, place.exclusive, "exclusive",
                "it shares none of its nodes, or cores, with other jobs"),
    OPTION_CLAUSES(struct job_options, depend.after, "after", "WHAT:ID,...",
                   "not before these jobs end well (ok:12,13), end (any:14), fail\n"
                   "(notok:15) or start (start:16); several words: all of that"),
    OPTION_TEXT(struct job_options, depend.dependency, "dependency", "LIST",
                "the same in Slurm's words: afterok:12:13,afterany:14, afternotok:,\n"
                "after:12+MINUTES, aftercorr:, singleton; , is and, ? is or"),
    OPTION_TEXT(struct job_options, depend.kill_on_invalid, "kill-on-invalid-dep", "yes|no",
                "what becomes of it if that can't come about any more: CANCELLED\n"
                "(yes, the default), or it waits on"),
    OPTION_TEXT(struct job_options, array, "array", "LIST[%N]",
                "an array: a task for each number, as 0-99 or 1,3,7-19:2, with it in\n"
                "MINI_SLURM_ARRAY_TASK_ID; %N: no more than N run at a time"),
    OPTION_TEXT(struct job_options, name, "name", "S", "a name, for people"),
    OPTION_TEXT(struct job_options, chdir, "chdir", "DIR", "where it runs (default: here)"),
    OPTION_TEXT(struct job_options, output, "output", "F",
                "file for its standard output, and its errors without --error\n"
                "(default: job_<id>.out and job_<id>.err among the logs); in it %j is\n"
                "the job's id, %A the array's, %a the task, %x the name, %u the user,\n"
                "%N the machine, %t 0, %% a %; %4a has four digits"),
    OPTION_TEXT(struct job_options, error, "error", "F", "file for its standard error"),
    OPTION_TEXT(struct job_options, export, "export", "LIST",
                "its environment: ALL of ours (default), NONE, or a comma-separated\n"
                "list of NAME and NAME=value (ALL may be in it)"),
    OPTION_FLAG(struct job_options, elastic.elastic, "elastic",
                "while it runs it may get more CPUs, and have to give them back;\n"
                "--cpus is what it starts with; its memory stays as it is, or\n"
                "follows its CPUs with --mem-per-cpu"),
    OPTION_NUMBER(struct job_options, elastic.min_cpus, "min-cpus", "N", 1, 65536,
                  "the fewest it can run with (default: --cpus)"),
    OPTION_NUMBER(struct job_options, elastic.max_cpus, "max-cpus", "N", 1, 65536,
                  "the most it can use (default: all of the machine's)"),
    OPTION_TEXT(struct job_options, elastic.grace, "resize-grace", "T",
                "how long it has to let go of CPUs (default: 2s; 0: it is not waited for)"),
    OPTION_TEXT(struct job_options, elastic.signal, "resize-signal", "SIG",
                "what those of its processes get that handle it, to look at its\n"
                "control file: USR1 (default), USR2, HUP, WINCH, none"),
    OPTION_FLAG(struct job_options, elastic.workers, "workers",
                "run as many copies of the command as it has CPUs, each with its number\n"
                "in MINI_SLURM_WORKER; see docs/elastic-jobs.md"),
    OPTION_NUMBER(struct job_options, workers.cpus, "cpus-per-worker", "N", 1, 65536,
                  "CPUs for each of the --workers (default: 1)"),
    OPTION_FLAG(struct job_options, control.hold, "hold", "it waits until it is released"),
    OPTION_TEXT(struct job_options, control.begin, "begin", "WHEN",
                "not before: 16:00, 2026-12-01T08:00, now+1h, tomorrow, noon"),
    OPTION_TEXT(struct job_options, control.deadline, "deadline", "WHEN",
                "it is to have ended by then: it does not start if it is too late for\n"
                "that (see --time), and is ended then"),
    OPTION_NUMBER(struct job_options, control.retries, "retries", "N", 1, 1000000,
                  "run it again if it fails, so many times at most"),
    OPTION_TEXT(struct job_options, control.retry_on, "retry-on", "LIST",
                "only after these: fail,timeout,oom,node (default: all of them)"),
    OPTION_TEXT(struct job_options, control.retry_delay, "retry-delay", "T[*F]",
                "wait so long before; F times as long before each further one\n"
                "(default: not at all)"),
    OPTION_TEXT(struct job_options, control.retry_mem, "retry-mem", "xF",
                "after it ran out of memory it gets F times as much (x1.5) ..."),
    OPTION_SIZE(struct job_options, control.max_mem_mb, "max-mem", "SIZE",
                "... and no more than this"),
    OPTION_FLAG(struct job_options, control.requeue, "requeue",
                "run it again if the machine, or its shepherd, dies; not a retry"),
    OPTION_FLAG(struct job_options, control.no_requeue, "no-requeue", "do not (the default)"),
    OPTION_FLAG(struct job_options, pty, "pty",
                "it gets a terminal, to which mini-slurm attach connects yours; what it\n"
                "writes there goes to its output file as well"),
    OPTION_TEXT(struct job_options, notify, "notify", "CMD",
                "run this by a shell, outside of the job, when it ends; MINI_SLURM_EVENT,\n"
                "_JOB_ID, _JOB_STATE, _EXIT_CODE say what happened"),
    OPTION_TEXT(struct job_options, notify_on, "notify-on", "LIST",
                "of start, end, fail (default: end,fail)"),
    OPTION_TEXT(struct job_options, checkpoint, "checkpoint", "signal:SIG[@T]|criu",
                "it saves its work when it gets this signal, T (default: 60s) before its\n"
                "limit, or when it is requeued; then it is put back, and goes on; criu:\n"
                "that program saves its processes, and restores them"),
    OPTIONS_END,
};

static bool is_among(const char *const *names, const char *name)
{
    while (*names && strcmp(*names, name) != 0)
        names++;
    return *names != NULL;
}

void job_options_collect(struct option_def table[JOB_OPTIONS_ROOM], const char *const *but,
                         const struct option_def *own)
{
    size_t n = 0;
    for (const struct option_def *o = options; o->name; o++)
        if (!but || !is_among(but, o->name))
            table[n++] = *o;
    for (const struct option_def *o = own; o->name; o++) {
        assert(n < JOB_OPTIONS_ROOM - 1);
        table[n++] = *o;
    }
    table[n] = (struct option_def)OPTIONS_END;
}

static int check_notify(const struct job_options *o, struct err *e)
{
    int on;
    if (o->notify && !*o->notify)
        return err_set(e, ERR_USAGE, "--notify '': not a command");
    if (o->notify_on && !o->notify)
        return err_set(e, ERR_USAGE, "--notify-on: only with --notify");
    if (!o->notify_on || notify_parse("--notify-on", o->notify_on, &on, e) == 0)
        return 0;
    return err_usage(e);
}

static int check_warning(const struct job_options *o, struct err *e)
{
    struct warning w = {0};
    if (!o->signal || (warning_parse("--signal", o->signal, &w, e) == 0 &&
                       warning_check("--signal", &w, o->limit_us, 0, e) == 0))
        return 0;
    return err_usage(e);
}

static int read_checkpoint(const struct job_options *o, struct err *e)
{
    enum checkpoint c;
    struct warning w = {0};
    if (checkpoint_parse("--checkpoint", o->checkpoint, &c, &w, e) < 0)
        return -1;
    if (c == CHECKPOINT_SIGNAL && o->signal)
        return err_set(
            e, ERR_USAGE,
            "--signal: the signal of --checkpoint is the warning, only one can be given");
    return warning_fits("--checkpoint", &w, o->limit_us, 0, e);
}

static int check_checkpoint(const struct job_options *o, struct err *e)
{
    if (!o->checkpoint || read_checkpoint(o, e) == 0)
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
    return r < 0 ? err_usage(e) : 0;
}

int job_options_check(const struct job_options *o, struct err *e)
{
    if (o->mem_mb && o->mem_per_cpu_mb)
        return err_set(e, ERR_USAGE, "--mem and --mem-per-cpu: only one of them can be given");
    if (o->pty && o->error)
        return err_set(e, ERR_USAGE, "--error: with --pty there is one output: --output");
    if (check_array(o->array, e) < 0 || workers_check(&o->workers, o->elastic.workers, e) < 0)
        return -1;
    if (check_warning(o, e) < 0 || check_checkpoint(o, e) < 0 || check_notify(o, e) < 0)
        return -1;
    return elastic_check(&o->elastic, o->cpus, e);
}
