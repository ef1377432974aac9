// SPDX-License-Identifier: MIT
#include "pool/worker.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pool/wake.h"
#include "util/log.h"

/* It may wait for a disk. */
#define KILL_AGAIN_US 100000

/* As a shell says it: not found, and found but not to be executed. */
enum { EXIT_CANNOT = 126, EXIT_NOT_FOUND = 127 };

static void set_number(const char *name, int64_t n)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, n);
    if (setenv(name, text, 1) != 0)
        _exit(EXIT_CANNOT);
}

static void set_environment(const struct worker_command *c, size_t index, size_t count)
{
    static const char *const ours[] = {"MINI_SLURM_ELASTIC",
                                       "MINI_SLURM_CONTROL_FILE",
                                       "MINI_SLURM_ACK_FILE",
                                       "MINI_SLURM_CURRENT_CPUS",
                                       "MINI_SLURM_MIN_CPUS",
                                       "MINI_SLURM_MAX_CPUS",
                                       NULL};
    static const char *const threads[] = {"OMP_NUM_THREADS", "MKL_NUM_THREADS",
                                          "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS", NULL};
    for (size_t i = 0; ours[i]; i++)
        unsetenv(ours[i]);
    for (size_t i = 0; threads[i]; i++) {
        const char *value = getenv(threads[i]);
        if (value && strtoll(value, NULL, 10) > c->cpus)
            set_number(threads[i], c->cpus);
    }
    set_number("MINI_SLURM_WORKER", (int64_t)index);
    set_number("MINI_SLURM_WORKERS", (int64_t)count);
}

_Noreturn static void run(const struct worker_command *c, size_t index, size_t count)
{
    setpgid(0, 0);
    set_environment(c, index, count);
    wake_restore();
    execvp(c->argv[0], c->argv);
    int error = errno;
    log_warn("worker %zu: cannot execute %s: %s", index, c->argv[0], strerror(error));
    _exit(error == ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT);
}

int worker_start(struct worker *w, const struct worker_command *c, size_t index, size_t count,
                 struct err *e)
{
    pid_t pid = fork();
    if (pid < 0)
        return err_errno(e, "cannot start worker %zu", index);
    if (pid == 0)
        run(c, index, count);
    setpgid(pid, pid); /* whoever of us is first: there may be a signal for the group at once */
    *w = (struct worker){.state = WORKER_RUNS, .pid = pid};
    return 0;
}

void worker_let_go(struct worker *w, int64_t kill_us)
{
    w->state = WORKER_LEAVES;
    w->kill_us = kill_us;
    kill(-w->pid, SIGTERM);
}

void worker_hurry(struct worker *w, int64_t now_us)
{
    if (w->state != WORKER_LEAVES || now_us < w->kill_us)
        return;
    kill(-w->pid, SIGKILL);
    w->kill_us = now_us + KILL_AGAIN_US;
}

void worker_clear(const struct worker *w)
{
    kill(-w->pid, SIGKILL);
}

bool worker_is_gone(const struct worker *w)
{
    siginfo_t info;
    return waitid(P_PGID, (id_t)w->pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0 && errno == ECHILD;
}
