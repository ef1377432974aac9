// SPDX-License-Identifier: MIT
#include "shepherd/hook.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/clock.h"
#include "os/file.h"
#include "os/process.h"
#include "shepherd/child.h"
#include "util/cleanup.h"

/* In the guard. Both are above 4 in the shepherd. */
enum { RESULT_FD = 3, GATE_FD = 4 };

/* --- the command ------------------------------------------------------------------------------ */

static int go_to_user(const struct attempt_spec *spec)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0 || dup2(null, 2) < 0)
        return -1;
    if (child_become_user(spec, NULL) != 0)
        return -1;
    umask((mode_t)spec->umask);
    return chdir(spec->cwd) == 0 ? 0 : chdir("/");
}

_Noreturn static void run_command(const struct shepherd *s, const struct hook *h)
{
    static char sh[] = "sh", c[] = "-c";
    char *argv[] = {sh, c, (char *)(uintptr_t)h->command, NULL};
    char **env = strz_vector(h->env);
    child_unblock_signals();
    setsid();
    if (env && (h->as_user ? go_to_user(&s->spec) : chdir("/")) == 0) {
        file_close_from(RESULT_FD);
        execve("/bin/sh", argv, env);
    }
    _exit(127);
}

/* --- the guard -------------------------------------------------------------------------------- */

static bool may_begin(const struct hook *h)
{
    char byte;
    return h->gate < 0 || read(GATE_FD, &byte, 1) == 1;
}

static void kill_all(struct shepherd *mine)
{
    suspend_stop_all(mine);
    if (proctree_walk(&mine->tree, mine->leader) == 0)
        proctree_signal(&mine->tree, SIGKILL);
}

/* Until the command has ended, or was killed. */
static int await_end(struct shepherd *mine, int64_t end_us, struct hook_end *end)
{
    struct pollfd nothing = {.fd = -1};
    uint64_t signals;
    pid_t got;
    while ((got = waitpid(mine->leader, &end->status, WNOHANG)) == 0) {
        if (clock_boot_us() < end_us) {
            if (waiter_wait(&mine->waiter, &nothing, 1, end_us, &signals, NULL) != 0)
                return -1;
            continue;
        }
        end->timed_out = true;
        kill_all(mine);
        end_us = clock_boot_us() + 1000000;
    }
    return got > 0 ? 0 : -1;
}

_Noreturn static void guard(const struct shepherd *s, const struct hook *h)
{
    static const int signals[] = {SIGCHLD, 0};
    struct shepherd mine = {.waiter = {.fds = {-1, -1}}};
    struct hook_end end = {0};
    if (s->oom_score[0])
        file_write("/proc/self/oom_score_adj", s->oom_score);
    process_give_way(false);
    proctree_keep_orphans(true);
    if (waiter_open(&mine.waiter, signals, NULL) != 0 || !may_begin(h))
        _exit(1);
    mine.leader = fork();
    if (mine.leader == 0)
        run_command(s, h);
    if (mine.leader > 0 && await_end(&mine, clock_boot_us() + h->timeout_us, &end) == 0)
        file_write_all(RESULT_FD, &end, sizeof end);
    _exit(0);
}

/* Of the shepherd it keeps nothing: neither the scheduler nor the job's child may take it for that.
 */
_Noreturn static void become_guard(const struct shepherd *s, const struct hook *h, int result)
{
    setsid();
    if (dup2(result, RESULT_FD) < 0 || (h->gate >= 0 && dup2(h->gate, GATE_FD) < 0))
        _exit(1);
    file_close_from(h->gate < 0 ? RESULT_FD + 1 : GATE_FD + 1);
    if (fork() == 0)
        guard(s, h);
    _exit(0);
}

/* --- the shepherd ----------------------------------------------------------------------------- */

int hook_start(const struct shepherd *s, const struct hook *h, struct err *e)
{
    int ends[2];
    if (file_pipe(ends) != 0)
        return err_errno(e, "cannot make a pipe");
    /* The guard's parent ends at once; as an orphan it is not to come back here. (Nothing of the
     * job runs now that could escape meanwhile.) */
    if (s->keeps_orphans)
        proctree_keep_orphans(false);
    pid_t middle = fork();
    if (middle == 0)
        become_guard(s, h, ends[1]);
    if (middle > 0)
        waitpid(middle, NULL, 0);
    if (s->keeps_orphans)
        proctree_keep_orphans(true);
    close(ends[1]);
    if (middle > 0)
        return ends[0];
    close(ends[0]);
    return err_errno(e, "cannot start a process");
}

/* Cancels are heard meanwhile: they count once it is over. */
static int await(struct shepherd *s, int result, struct hook_end *end, struct err *e)
{
    const uint64_t child = UINT64_C(1) << SIGCHLD;
    struct pollfd fds[] = {{.fd = result, .events = POLLIN}, {.fd = s->control, .events = POLLIN}};
    while (!fds[0].revents) {
        uint64_t signals;
        if (waiter_wait(&s->waiter, fds, 2, 0, &signals, e) != 0)
            return -1;
        if (signals & ~child)
            end_ask(s, OUTCOME_CANCELLED);
        if (fds[1].revents)
            loop_control(s);
    }
    if (read(result, end, sizeof *end) == sizeof *end)
        return 0;
    return err_set(e, ERR_SYSTEM, "how it ended is not known");
}

int hook_run(struct shepherd *s, const struct hook *h, struct hook_end *end, struct err *e)
{
    _cleanup_close_ int result = hook_start(s, h, e);
    return result < 0 ? -1 : await(s, result, end, e);
}
