// SPDX-License-Identifier: MIT
#include "cli/job_request.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/client.h"
#include "cli/ask.h"
#include "cli/environment.h"
#include "cli/path.h"
#include "util/cleanup.h"
#include "util/sweep.h"
#include "util/text.h"
#include "util/times.h"

static int read_command(const struct job_options *o, char **words, struct command_line *c,
                        struct err *e)
{
    if (!*words)
        return err_set(e, ERR_USAGE, "no command given");
    if (job_options_check(o, e) < 0 || command_line_read(words, c, e) < 0)
        return -1;
    return o->elastic.workers ? workers_wrap(&o->workers, c, e) : 0;
}

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

char *job_request_directory(const struct job_options *o, struct err *e)
{
    const char *chdir = o->chdir;
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

/* A shell sets PWD itself; any other program would read ours. */
static int set_pwd(const struct job_options *o, const char *dir)
{
    return o->chdir && getenv("PWD") ? setenv("PWD", dir, 1) : 0;
}

static int add_blob(struct frame *request, const char *name, const char *text, struct err *e)
{
    return text && *text && frame_add_blob(request, name, text, strlen(text)) < 0 ? err_nomem(e)
                                                                                  : 0;
}

static int add_numbers(const struct job_options *o, bool shell, struct frame *request,
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
    if (o->checkpoint && ask_set(request, "checkpoint", json_string(o->checkpoint), e) < 0)
        return -1;
    return o->notify_on ? ask_set(request, "notify_on", json_string(o->notify_on), e) : 0;
}

static int add_environment(const struct job_options *o, char **words, size_t nassign,
                           struct frame *request, struct err *e)
{
    struct strz env = {0};
    if (environment_build(o->export, words, nassign, &env, e) < 0)
        return -1;
    _cleanup_free_ char *data = env.data;
    return frame_add_blob(request, "env", data, env.len) < 0 ? err_nomem(e) : 0;
}

/* In the names of a sweep's files braces mean parameters: not those of a directory. */
static int add_files(const struct job_options *o, const char *dir, struct frame *request,
                     struct err *e)
{
    struct buf quoted _cleanup_buf_ = {0};
    const char *error = o->error || o->pty ? o->error : o->output;
    if (o->sweep)
        sweep_quote(dir, &quoted);
    if (quoted.failed)
        return err_nomem(e);
    if (o->sweep)
        dir = quoted.data;
    if (path_add(request, "stdout", "--output", o->output, dir, e) < 0)
        return -1;
    return path_add(request, "stderr", o->error ? "--error" : "--output", error, dir, e);
}

/* All but its environment, name and directory, and what it waits for. */
static int add_rest(const struct job_options *o, const struct command_line *c, const char *dir,
                    struct frame *request, struct err *e)
{
    if (o->pty && ask_set(request, "pty", json_true(), e) < 0)
        return -1;
    if (add_numbers(o, c->shell, request, e) < 0 || elastic_add(&o->elastic, request, e) < 0 ||
        place_add(&o->place, o->elastic.elastic, request, e) < 0 ||
        control_add(&o->control, request, e) < 0 ||
        frame_add_blob(request, "argv", c->argv.data, c->argv.len) < 0 ||
        add_blob(request, "command", c->typed, e) < 0 ||
        add_blob(request, "notify", o->notify, e) < 0 ||
        add_blob(request, "array", o->array, e) < 0 ||
        add_blob(request, "sweep", o->sweep, e) < 0 || add_files(o, dir, request, e) < 0)
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

int job_request_make(const struct job_options *o, char **words, struct command_line *c,
                     struct frame *request, struct err *e)
{
    if (read_command(o, words, c, e) < 0)
        return -1;
    _cleanup_free_ char *dir = job_request_directory(o, e);
    if (!dir)
        return -1;
    if (set_pwd(o, dir) < 0 || client_request(request, "submit") < 0)
        return err_nomem(e);
    if (add_rest(o, c, dir, request, e) < 0 || add_dependency(&o->depend, request, e) < 0 ||
        add_environment(o, words, c->nassign, request, e) < 0 ||
        add_blob(request, "cwd", dir, e) < 0 || add_blob(request, "name", o->name, e) < 0)
        return -1;
    return 0;
}

void job_request_warn(const struct frame *reply)
{
    if (json_is_true(json_object_get(reply->head, "scheduler")))
        return;
    fprintf(stderr,
            "mini-slurm: no scheduler is running: job %lld waits until one is; start it with: "
            "mini-slurm scheduler --background\n",
            (long long)json_integer_value(json_object_get(reply->head, "job")));
}

/* --- lines of a file -------------------------------------------------------------------------- */

int job_request_common(const struct job_options *o, const char *dir, struct frame *request,
                       struct err *e)
{
    if (set_pwd(o, dir) < 0 || client_request(request, "submit_file") < 0)
        return err_nomem(e);
    return add_environment(o, NULL, 0, request, e) < 0 ? -1 : add_blob(request, "cwd", dir, e);
}

/* A directory of its own: its environment says so too. */
static int add_line_directory(const char *dir, struct line *l, struct err *e)
{
    if (getenv("PWD")) {
        buf_printf(&l->assign, "PWD=%s", dir);
        buf_add(&l->assign, "", 1);
    }
    return add_blob(&l->frame, "cwd", dir, e);
}

int job_request_line(const struct job_options *o, const char *dir, char **words, struct line *l,
                     struct err *e)
{
    struct command_line c _cleanup_command_line_ = {0};
    if (read_command(o, words, &c, e) < 0)
        return -1;
    for (size_t i = 0; i < c.nassign; i++)
        buf_add(&l->assign, words[i], strlen(words[i]) + 1);
    _cleanup_free_ char *own = l->has_cwd ? job_request_directory(o, e) : NULL;
    if (l->has_cwd && !own)
        return -1;
    l->frame.head = json_object();
    if (!l->frame.head)
        return err_nomem(e);
    l->name = o->name;
    if (add_rest(o, &c, own ? own : dir, &l->frame, e) < 0 ||
        depend_add(&o->depend, &l->frame, e) < 0 || (own && add_line_directory(own, l, e) < 0))
        return -1;
    return depend_text(&o->depend, &l->dependency, e);
}
