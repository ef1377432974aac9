// SPDX-License-Identifier: MIT
#include "shepherd/child.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "os/file.h"
#include "os/process.h"
#include "shepherd/exec.h"
#include "util/cleanup.h"

/* As a shell says it: not found, and found but not to be executed. */
enum { EXIT_CANNOT = 126, EXIT_NOT_FOUND = 127 };

/* In a cpuset it is for more safety, but not for a job whose cpuset may grow: a thread with a mask
 * of its own does not follow. */
static bool needs_affinity(const struct shepherd *s, int not_joined)
{
    enum level cpu = s->status.levels.cpu;
    if (cpu == LEVEL_ENFORCED && s->spec.elastic)
        return not_joined & CGROUP_CPU;
    return cpu >= LEVEL_WATCHED;
}

static void join(const struct shepherd *s, int socket, bool inside)
{
    struct child_report report = {.what = CHILD_NOT_HELD};
    if (s->oom_score[0])
        file_write("/proc/self/oom_score_adj", s->oom_score);
    report.kinds = cgroup_join(&s->group, inside);
    report.affinity = needs_affinity(s, report.kinds) && affinity_set(&s->affinity) != 0;
    if (report.kinds || report.affinity)
        file_write_all(socket, &report, sizeof report);
}

/* Until the claim is ours. If it is not, or the shepherd dies, there is nothing to do. */
static void await_go(int socket)
{
    char byte;
    ssize_t n;
    do
        n = read(socket, &byte, 1);
    while (n < 0 && errno == EINTR);
    if (n != 1)
        _exit(0);
}

/* From now on a SIGTERM ends it: also while it waits for a file to open. (None is ignored: all were
 * at their default when the shepherd was started, and it does not change that.) */
void child_unblock_signals(void)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* A process that handles it says so by itself; nobody else is to die of it. */
static void ignore_resize_signal(const struct attempt_spec *spec)
{
    if (spec->elastic && spec->resize_signal)
        signal(spec->resize_signal, SIG_IGN);
}

static int set_groups(const struct attempt_spec *spec, struct err *e)
{
    _cleanup_free_ gid_t *groups = calloc(strz_count(&spec->groups) + 1, sizeof *groups);
    if (!groups)
        return err_nomem(e);
    size_t n = 0;
    strz_each (text, &spec->groups)
        groups[n++] = (gid_t)strtoul(text, NULL, 10);
    if (n == 0)
        groups[n++] = spec->gid;
    return setgroups(n, groups) == 0 ? 0 : err_errno(e, "cannot set the job's groups");
}

int child_become_user(const struct attempt_spec *spec, struct err *e)
{
    if (spec->uid == geteuid() && spec->gid == getegid())
        return 0;
    if (set_groups(spec, e) != 0)
        return -1;
    if (setgid(spec->gid) != 0 || setuid(spec->uid) != 0)
        return err_errno(e, "cannot become user %u, group %u", spec->uid, spec->gid);
    return 0;
}

/* Changing the user takes this back: so after it. What criu makes again would have it too, and lose
 * its parent at once: criu itself. */
static void die_with_shepherd(pid_t shepherd)
{
#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
#endif
    if (getppid() != shepherd)
        _exit(0);
}

static int open_output(const char *what, const char *path, struct err *e)
{
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOCTTY | O_CLOEXEC, 0666);
    return fd >= 0 ? fd : err_errno(e, "cannot write %s %s", what, path);
}

/* The shepherd writes the log of a terminal, which is opened as the job's user all the same. */
static int take_console(const struct console *c, const struct attempt_spec *spec, struct err *e)
{
    _cleanup_close_ int log = -1;
    if (spec->stdout_path[0] && (log = open_output("standard output", spec->stdout_path, e)) < 0)
        return -1;
    return console_take(c, log, e);
}

static int redirect(const struct attempt_spec *spec, struct err *e)
{
    int in = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (in < 0)
        return err_errno(e, "cannot open /dev/null");
    int out = open_output("standard output", spec->stdout_path, e);
    if (out < 0)
        return -1;
    int error = out;
    if (strcmp(spec->stdout_path, spec->stderr_path) != 0)
        error = open_output("standard error", spec->stderr_path, e);
    if (error < 0)
        return -1;
    /* All are above 2, which the shepherd keeps open: none is in another's way. */
    if (dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(error, 2) < 0)
        return err_errno(e, "cannot redirect input and output");
    return 0;
}

static int set_up(const struct shepherd *s, struct err *e)
{
    const struct attempt_spec *spec = &s->spec;
    child_unblock_signals();
    ignore_resize_signal(spec);
    if (child_become_user(spec, e) != 0)
        return -1;
    if (spec->checkpoint != CHECKPOINT_CRIU)
        die_with_shepherd(s->status.shepherd);
    umask((mode_t)spec->umask);
    if (chdir(spec->cwd) != 0)
        return err_errno(e, "cannot enter directory %s", spec->cwd);
    return s->console ? take_console(s->console, spec, e) : redirect(spec, e);
}

static int cannot_execute(const char *program, struct err *e)
{
    bool path = strchr(program, '/');
    if (errno == ENOENT && !path)
        return err_set(e, ERR_NOT_FOUND, "%s: program not found in PATH", program);
    if (errno == ENOENT && access(program, F_OK) == 0)
        return err_set(e, ERR_NOT_FOUND, "%s: its interpreter (#! line, loader) does not exist",
                       program);
    if (errno == ENOENT)
        return err_set(e, ERR_NOT_FOUND, "%s: no such program", program);
    if (errno == E2BIG)
        return err_set(e, ERR_INVALID,
                       "%.64s: arguments and environment are longer than the kernel allows",
                       program);
    return err_errno(e, "cannot execute %s", program);
}

/* All that the job had, criu gives it again. */
static void restore(const struct shepherd *s, struct err *e)
{
    child_unblock_signals();
    images_execute(s, e);
}

static void execute(const struct shepherd *s, char *const argv[], char *const env[], struct err *e)
{
    if (set_up(s, e) != 0)
        return;
    exec_program(argv, env);
    cannot_execute(argv[0], e);
}

_Noreturn void child_run(const struct shepherd *s, int socket, char *const argv[],
                         char *const env[], bool inside)
{
    struct child_report report = {.what = CHILD_FAILED};
    close(CHANNEL_FD); /* its end tells the scheduler that the shepherd is gone */
    setsid();
    process_give_way(false);
    join(s, socket, inside);
    await_go(socket);
    if (s->restoring)
        restore(s, &report.reason);
    else
        execute(s, argv, env, &report.reason);
    file_write_all(socket, &report, sizeof report);
    _exit(report.reason.code == ERR_NOT_FOUND ? EXIT_NOT_FOUND : EXIT_CANNOT);
}
