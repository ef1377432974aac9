// SPDX-License-Identifier: MIT
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "os/clock.h"
#include "shepherd/shepherd.h"

#define SWEEP_FIRST_US   1000
#define SWEEP_SLOWEST_US 1000000
/* A fork bomb's orphans may come in faster than they are taken in: limits and cancels must have
 * their turn. */
#define REAP_AT_ONCE 64

/* To everybody, who then has the grace. */
static void send_all(struct shepherd *s, int sig)
{
    s->kill_at_us = clock_boot_us() + s->spec.grace_us;
    /* Without memory for the list the grace passes, and the sweep tries again. */
    if (proctree_walk(&s->tree, s->leader) == 0) {
        proctree_signal(&s->tree, sig);
        proctree_signal(&s->tree, SIGCONT); /* a stopped process takes it only when it goes on */
    }
    suspend_end(s); /* after it, so that they do nothing else before */
}

void end_ask(struct shepherd *s, enum attempt_outcome cause)
{
    if (s->ending > ENDING_HUP)
        return;
    if (s->ending == ENDING_NOT)
        s->cause = cause;
    s->ending = ENDING_TERM;
    send_all(s, SIGTERM);
}

void end_hang_up(struct shepherd *s)
{
    if (s->ending != ENDING_NOT)
        return;
    s->ending = ENDING_HUP;
    s->cause = OUTCOME_CANCELLED;
    send_all(s, SIGHUP);
}

void end_grace_over(struct shepherd *s)
{
    if (s->ending == ENDING_HUP)
        end_ask(s, s->cause);
    else
        end_sweep(s);
}

void end_now(struct shepherd *s, enum attempt_outcome cause)
{
    if (s->ending == ENDING_KILL)
        return;
    if (s->ending == ENDING_NOT)
        s->cause = cause;
    end_sweep(s);
}

/* Not every process can be ended at once: one in an uninterruptible sleep, or a set-uid one of
 * another user. Then this comes again, ever more rarely. */
void end_sweep(struct shepherd *s)
{
    s->ending = ENDING_KILL;
    s->kill_at_us = 0;
    if (cgroup_has_procs(&s->group))
        cgroup_kill(&s->group);
    else
        suspend_stop_all(s); /* before anybody is killed, so that none can fork meanwhile */
    if (proctree_walk(&s->tree, s->leader) == 0)
        proctree_signal(&s->tree, SIGKILL);
    suspend_end(s);
    s->sweep_every_us = s->sweep_every_us ? 2 * s->sweep_every_us : SWEEP_FIRST_US;
    if (s->sweep_every_us > SWEEP_SLOWEST_US)
        s->sweep_every_us = SWEEP_SLOWEST_US;
    s->sweep_at_us = clock_boot_us() + s->sweep_every_us;
}

static int64_t microseconds(struct timeval t)
{
    return (int64_t)t.tv_sec * 1000000 + t.tv_usec;
}

/* Includes those it waited for itself. Orphans come here one by one, so that the sum is the whole
 * tree's. */
static void add_usage(struct shepherd *s, const struct rusage *u)
{
#ifdef __APPLE__
    int64_t peak_kb = u->ru_maxrss / 1024;
#else
    int64_t peak_kb = u->ru_maxrss;
#endif
    s->status.usage.cpu_user_us += microseconds(u->ru_utime);
    s->status.usage.cpu_system_us += microseconds(u->ru_stime);
    if (peak_kb > s->peak_kb)
        s->peak_kb = peak_kb;
}

/* No child is left; where orphans go elsewhere, look for them. */
static bool is_nobody_left(struct shepherd *s)
{
    return s->keeps_orphans || (proctree_walk(&s->tree, s->leader) == 0 && s->tree.count == 0);
}

bool end_reap(struct shepherd *s)
{
    s->more_to_reap = true;
    for (int n = 0; n < REAP_AT_ONCE; n++) {
        int status;
        struct rusage usage;
        pid_t pid = wait4(-1, &status, WNOHANG, &usage);
        if (pid <= 0) {
            s->more_to_reap = false;
            return pid < 0 && is_nobody_left(s);
        }
        add_usage(s, &usage);
        if (pid == s->leader && !(s->restoring && images_restored(s, status))) {
            s->leader_ended = true;
            s->leader_status = status;
        }
    }
    return false;
}
