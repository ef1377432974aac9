// SPDX-License-Identifier: MIT
#include "pool/pool.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "os/clock.h"
#include "os/proctree.h"
#include "pool/wake.h"
#include "util/array.h"
#include "util/log.h"
#include "util/signals.h"

/* In case that no signal tells of a resize. */
#define LOOK_US INT64_C(1000000)
/* The deadline may be over when we hear of it: there is time to put something back. */
#define GRACE_LEAST_US INT64_C(100000)

static bool is_elastic(const struct pool *p)
{
    return p->elastic.control != NULL;
}

static bool is_there(const struct worker *w)
{
    return w->state == WORKER_RUNS || w->state == WORKER_LEAVES;
}

static bool is_any(const struct pool *p, enum worker_state state)
{
    for (size_t i = 0; i < p->count; i++)
        if (p->workers[i].state == state)
            return true;
    return false;
}

/* --- how many --------------------------------------------------------------------------------- */

static int make_room(struct pool *p, struct err *e)
{
    int64_t enough = p->elastic.cpus / p->command.cpus;
    p->wanted = enough > 1 ? (size_t)enough : 1;
    if (p->wanted <= p->count)
        return 0;
    struct worker *room =
        array_room(p->workers, &p->cap, p->count, p->wanted - p->count, sizeof *room);
    if (!room)
        return err_nomem(e);
    p->workers = room;
    while (p->count < p->wanted)
        p->workers[p->count++] = (struct worker){0};
    return 0;
}

static int64_t deadline(const struct pool *p)
{
    int64_t left_us = POOL_GRACE_US;
    if (p->elastic.shrinking && p->elastic.deadline_ms)
        left_us = (int64_t)p->elastic.deadline_ms * 1000 - clock_wall_us();
    return clock_boot_us() + (left_us > GRACE_LEAST_US ? left_us : GRACE_LEAST_US);
}

/* One is gone that may have been at something: who looked for work before may not have seen it. */
static void look_again(struct pool *p)
{
    p->handed_back++;
    p->drained = false;
}

static void let_go(struct pool *p, size_t from, int64_t kill_us)
{
    for (size_t i = from; i < p->count; i++) {
        struct worker *w = &p->workers[i];
        if (w->state == WORKER_RUNS)
            worker_let_go(w, kill_us);
        if (w->state == WORKER_DIED) {
            *w = (struct worker){0};
            look_again(p);
        }
    }
}

static int fill(struct pool *p, struct err *e)
{
    for (size_t i = 0; i < p->wanted; i++) {
        struct worker *w = &p->workers[i];
        bool is_due = w->state == WORKER_DIED || (w->state == WORKER_ABSENT && !p->drained);
        if (is_due && worker_start(w, &p->command, i, p->wanted, e) != 0)
            return -1;
        if (is_due)
            w->since = p->handed_back;
    }
    return 0;
}

static int follow(struct pool *p, struct err *e)
{
    mini_slurm_elastic_changed(&p->elastic);
    if (make_room(p, e) != 0)
        return -1;
    let_go(p, p->wanted, deadline(p));
    if (!is_any(p, WORKER_LEAVES) && mini_slurm_elastic_acknowledge(&p->elastic) != 0)
        log_warn("cannot acknowledge that workers were let go: %s", strerror(errno));
    return fill(p, e);
}

/* --- how they end ----------------------------------------------------------------------------- */

static void stop(struct pool *p, int status)
{
    p->stops = true;
    p->status = status;
    let_go(p, 0, clock_boot_us() + POOL_GRACE_US);
}

/* Whether it is too many of late. */
static bool count_death(struct pool *p)
{
    int64_t now = clock_boot_us(), *oldest = &p->died_us[p->deaths % POOL_RESTARTS];
    bool too_many = p->deaths >= POOL_RESTARTS && now - *oldest < POOL_RESTARTS_US;
    *oldest = now;
    p->deaths++;
    return too_many;
}

static void say(size_t worker, int status, const char *what)
{
    if (WIFSIGNALED(status)) {
        const char *name = signal_name(WTERMSIG(status));
        log_warn("worker %zu was ended by signal %d (%s): %s", worker, WTERMSIG(status),
                 name ? name : "real-time", what);
    } else {
        log_warn("worker %zu ended with exit status %d: %s", worker, WEXITSTATUS(status), what);
    }
}

static void bury(struct pool *p, size_t i, int status)
{
    int code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    bool can_start = WIFSIGNALED(status) || (code != 126 && code != 127);
    if (can_start && !count_death(p)) {
        say(i, status, "it is started again");
        p->workers[i].state = WORKER_DIED;
        return;
    }
    say(i, status,
        can_start ? "too many died within a minute: the pool ends"
                  : "it can't be executed: the pool ends");
    stop(p, code);
}

static void ended(struct pool *p, size_t i, int status)
{
    struct worker was = p->workers[i];
    p->workers[i] = (struct worker){0};
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        bury(p, i, status);
    else if (was.since == p->handed_back)
        p->drained = true;
}

static size_t find(const struct pool *p, pid_t pid)
{
    size_t i = 0;
    while (i < p->count && !(is_there(&p->workers[i]) && p->workers[i].pid == pid))
        i++;
    return i;
}

/* Who ends by himself takes along what he has started; that of one who is let go has its time, as a
 * shell dies of the SIGTERM at once, and its program has to put something back. */
static void reap_one(struct pool *p, pid_t pid)
{
    int status;
    size_t i = find(p, pid);
    bool runs = i < p->count && p->workers[i].state == WORKER_RUNS;
    if (runs || (i < p->count && !p->keeps_orphans))
        worker_clear(&p->workers[i]);
    if (waitpid(pid, &status, 0) == pid && runs)
        ended(p, i, status);
}

static void reap(struct pool *p)
{
    siginfo_t info = {0};
    while (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid > 0) {
        reap_one(p, info.si_pid);
        info.si_pid = 0;
    }
    for (size_t i = 0; i < p->count; i++) {
        if (p->workers[i].state != WORKER_LEAVES || !worker_is_gone(&p->workers[i]))
            continue;
        p->workers[i] = (struct worker){0};
        look_again(p);
    }
}

/* ---------------------------------------------------------------------------------------------- */

static bool is_over(const struct pool *p)
{
    for (size_t i = 0; i < p->count; i++)
        if (p->workers[i].state != WORKER_ABSENT)
            return false;
    return p->stops || p->drained;
}

static int64_t next_us(const struct pool *p)
{
    int64_t next = is_elastic(p) && !p->stops ? clock_boot_us() + LOOK_US : 0;
    for (size_t i = 0; i < p->count; i++) {
        const struct worker *w = &p->workers[i];
        if (w->state == WORKER_LEAVES && (!next || w->kill_us < next))
            next = w->kill_us;
    }
    return next;
}

static int turn(struct pool *p, struct err *e)
{
    /* First: who has ended as well was let go. */
    if (wake_ending() && !p->stops)
        stop(p, 128 + wake_ending());
    reap(p);
    if (!p->stops && follow(p, e) != 0)
        return -1;
    for (size_t i = 0; i < p->count; i++)
        worker_hurry(&p->workers[i], clock_boot_us());
    return 0;
}

static void end_by(int signal_number)
{
    sigset_t none;
    sigemptyset(&none);
    signal(signal_number, SIG_DFL);
    raise(signal_number);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

int pool_run(struct pool *p)
{
    struct err e = {0};
    wake_open();
    p->keeps_orphans = proctree_keep_orphans(true);
    if (mini_slurm_elastic_open(&p->elastic) != 0)
        log_warn("%s: %s: the number of workers does not change", getenv("MINI_SLURM_CONTROL_FILE"),
                 strerror(errno));
    for (;;) {
        if (turn(p, &e) != 0) {
            log_warn("%s: the pool ends", e.text);
            stop(p, 1);
        }
        if (is_over(p))
            break;
        wake_sleep(next_us(p));
    }
    free(p->workers);
    if (wake_ending())
        end_by(wake_ending());
    return p->status;
}
