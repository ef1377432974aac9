// SPDX-License-Identifier: MIT
/* Sending a signal to those processes of the job that handle it, and only to those: nobody may die
 * of it, not even who is just executing another program.
 *
 * execve(2) puts handled signals back to their default, and a signal that comes between our look at
 * SigCgt and its delivery would then end the process. (An elastic job starts with the signal
 * ignored, so that this is about processes that had a handler once.) Where the job can be frozen it
 * is, for this moment: a frozen task stands where signals are delivered, outside of any execve, and
 * the first thing it does when it is thawed is to take the signal, with the handler it has been
 * seen to have. That fails if it does not take it then, as it blocks it: perhaps only while it
 * starts a child, which will have it at its default.
 *
 * Who blocks it, and everybody where nothing can be frozen, is signalled if he is not quite new
 * (children between fork and exec are) and has had the handler in the same program for a while.
 * Where the job could be frozen, and was too busy for that in time, nobody is signalled: it is
 * tried again, and the control file is there all the same. What is left: without a freezer, a
 * process that has run its program with a handler for a while and executes another between our last
 * look and the signal; with one, a thread that executes a program, right after it is thawed, before
 * the thread that the kernel chose for the signal has run at all. SIGWINCH can't harm even those:
 * its default is to be ignored.
 *
 * Who is younger than our walk could be a later process of the same pid: he waits as well. Frozen
 * are only jobs in which somebody handles the signal: being frozen ends a few system calls with
 * EINTR, as SIGSTOP and SIGCONT do. */
#include <stdlib.h>

#include "os/clock.h"
#include "shepherd/shepherd.h"

#define FREEZE_US 50000
#define LOOK_US   50000
#define KNOWN_MAX 1024
#define LOOKS     12
#define STEADY_US 300000
/* How exactly the kernel tells when a process began. */
#define TICK_US 20000

static void stop(struct shepherd *s)
{
    s->elastic.look_at_us = 0;
}

void notify_forget(struct shepherd *s)
{
    struct elastic *el = &s->elastic;
    stop(s);
    free(el->listeners);
    el->listeners = NULL;
    el->count = el->cap = 0;
}

static struct listener *find(struct elastic *el, const struct handler *h)
{
    for (struct listener *l = el->listeners; l && l < el->listeners + el->count; l++)
        if (handler_same(&l->who, h))
            return l;
    return NULL;
}

/* Without memory he is as one never seen. */
static void remember(struct elastic *el, const struct handler *h, bool told)
{
    if (el->count == el->cap) {
        size_t cap = el->cap ? 2 * el->cap : 16;
        struct listener *grown = realloc(el->listeners, cap * sizeof *grown);
        if (!grown)
            return;
        el->listeners = grown;
        el->cap = cap;
    }
    el->listeners[el->count++] =
        (struct listener){.who = *h, .seen_us = clock_boot_us(), .told = told};
}

/* Somebody handles it who has not been told: else there is no need to freeze anybody. */
static bool is_anybody_left(struct shepherd *s)
{
    struct handler h;
    if (proctree_walk(&s->tree, s->leader) != 0)
        return true;
    for (size_t i = 0; i < s->tree.count; i++) {
        if (handler_look(&h, s->tree.pids[i], s->spec.resize_signal) != 0 || !h.catches)
            continue;
        const struct listener *known = find(&s->elastic, &h);
        if (!known || !known->told)
            return true;
    }
    return false;
}

/* He is no child before its exec, and has run this program with a handler for a while. */
static bool is_steady(const struct listener *known, const struct handler *h)
{
    return known && h->image && h->age_us > STEADY_US &&
           clock_boot_us() - known->seen_us >= STEADY_US;
}

static bool can_freeze(const struct shepherd *s)
{
    return s->status.levels.procs == LEVEL_ENFORCED;
}

static bool is_safe(const struct shepherd *s, const struct listener *known, const struct handler *h,
                    bool frozen)
{
    if (frozen && !h->blocks)
        return true;
    return frozen == can_freeze(s) && is_steady(known, h);
}

/* Whether he must be looked at again. */
static bool consider(struct shepherd *s, pid_t pid, bool frozen, int64_t walk_us)
{
    struct handler h;
    if (handler_look(&h, pid, s->spec.resize_signal) != 0 || !h.catches)
        return false;
    if (clock_boot_us() - h.age_us + TICK_US > walk_us)
        return true;
    struct listener *known = find(&s->elastic, &h);
    if (known && known->told)
        return false;
    bool told = is_safe(s, known, &h, frozen) && handler_signal(&h, s->spec.resize_signal) == 0;
    if (known)
        known->told = told;
    else
        remember(&s->elastic, &h, told);
    return !told;
}

static bool look_at_all(struct shepherd *s, bool frozen)
{
    int64_t walk_us = clock_boot_us();
    bool again = false;
    if (proctree_walk(&s->tree, s->leader) != 0)
        return true;
    for (size_t i = 0; i < s->tree.count; i++)
        again |= consider(s, s->tree.pids[i], frozen, walk_us);
    return again;
}

void notify_look(struct shepherd *s)
{
    s->elastic.look_at_us = 0;
    s->elastic.missed = suspend_is_on(s);
    if (s->elastic.missed)
        return;
    if (s->ending != ENDING_NOT || !is_anybody_left(s)) {
        stop(s);
        return;
    }
    bool frozen = can_freeze(s) && cgroup_freeze(&s->group, FREEZE_US);
    bool again = look_at_all(s, frozen);
    if (can_freeze(s))
        cgroup_thaw(&s->group);
    if (again && ++s->elastic.looks < LOOKS)
        s->elastic.look_at_us = clock_boot_us() + LOOK_US;
    else
        stop(s);
}

void notify_begin(struct shepherd *s)
{
    /* Who was known the last time still is, and need not be looked at for a while again; in the end
     * most would be gone. */
    if (s->elastic.count > KNOWN_MAX)
        s->elastic.count = 0;
    for (size_t i = 0; i < s->elastic.count; i++)
        s->elastic.listeners[i].told = false;
    s->elastic.looks = 0;
    if (s->spec.resize_signal)
        notify_look(s);
}

void notify_catch_up(struct shepherd *s)
{
    if (s->elastic.missed)
        notify_begin(s);
}
