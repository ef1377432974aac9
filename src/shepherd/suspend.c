// SPDX-License-Identifier: MIT
/* A suspended job: nobody of it runs, and its time stands still. What it holds (memory, CPUs) it
 * keeps.
 *
 * The freezer stops processes without their noticing. Without one, or where the kernel does not get
 * done with it in time, they get SIGSTOP, and whoever waits for them in the job may see that. */
#include <signal.h>
#include <string.h>
#include <time.h>

#include "os/clock.h"
#include "shepherd/shepherd.h"

#define FREEZE_US 50000
/* A job that forks all the time may be faster than we are, and one that sleeps in the kernel stops
 * later. */
#define ROUNDS 100
#define NAP_NS 500000

static bool has_freezer(const struct shepherd *s)
{
    return s->status.levels.procs == LEVEL_ENFORCED;
}

static bool is_everybody_stopped(const struct proctree *t)
{
    for (size_t i = 0; i < t->count; i++)
        if (!proctree_is_stopped(t->pids[i]))
            return false;
    return true;
}

static bool is_same(const struct proctree *a, const struct proctree *b)
{
    return a->count == b->count &&
           (!a->count || memcmp(a->pids, b->pids, a->count * sizeof *a->pids) == 0);
}

/* A fork that is under way ends before its parent stops: so until all that one walk found are seen
 * to have stopped, and the next one finds nobody else. */
void suspend_stop_all(struct shepherd *s)
{
    struct proctree before = {0};
    bool stopped = false;
    for (int round = 0; round < ROUNDS; round++) {
        if (proctree_walk(&s->tree, s->leader) != 0 || (stopped && is_same(&s->tree, &before)))
            break;
        proctree_signal(&s->tree, SIGSTOP);
        if (round)
            nanosleep(&(struct timespec){.tv_nsec = NAP_NS}, NULL);
        stopped = is_everybody_stopped(&s->tree);
        struct proctree last = before;
        before = s->tree;
        s->tree = last;
    }
    proctree_free(&before);
}

static void stop(struct shepherd *s)
{
    s->stopped_by_signal = !has_freezer(s) || !cgroup_freeze(&s->group, FREEZE_US);
    if (s->stopped_by_signal)
        suspend_stop_all(s);
}

static void go_on(struct shepherd *s)
{
    if (has_freezer(s))
        cgroup_thaw(&s->group);
    if (s->stopped_by_signal && proctree_walk(&s->tree, s->leader) == 0)
        proctree_signal(&s->tree, SIGCONT);
    s->stopped_by_signal = false;
}

bool suspend_is_on(const struct shepherd *s)
{
    return s->limit.stopped_us != 0;
}

void suspend_begin(struct shepherd *s)
{
    /* The child on its way to the job must not be stopped: it could not tell how it went. */
    s->suspend_early = s->job >= 0;
    if (s->suspend_early || suspend_is_on(s) || s->ending != ENDING_NOT || s->leader_ended ||
        s->making_room || s->saving)
        return;
    stop(s);
    limit_stop(&s->limit, clock_boot_us());
    s->sample_at_us = 0;
}

void suspend_job_runs(struct shepherd *s)
{
    if (s->suspend_early)
        suspend_begin(s);
}

void suspend_end(struct shepherd *s)
{
    s->suspend_early = false;
    if (!suspend_is_on(s))
        return;
    limit_go_on(&s->limit, clock_boot_us());
    go_on(s);
    if (s->ending != ENDING_NOT)
        return;
    watch_begin(s);
    notify_catch_up(s);
}
