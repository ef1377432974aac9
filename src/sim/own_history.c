// SPDX-License-Identifier: MIT
#include "sim/own_history.h"

#include <unistd.h>

#include "os/clock.h"
#include "os/lock.h"
#include "os/paths.h"
#include "os/system.h"
#include "util/cleanup.h"
#include "util/times.h"

#define DAY_US ((double)(24 * 3600 * US_PER_SEC))

static void close_store(struct store **s)
{
    store_close(*s);
}

/* Opening may make the database anew: nobody else may at that moment. Reading is in nobody's way.
 */
static int open_own(struct store **s, struct err *e)
{
    struct paths p _cleanup_(paths_free) = {0};
    if (paths_find(&p, e) < 0)
        return -1;
    _cleanup_close_ int lock = lock_take(p.store, true, e);
    return lock < 0 ? -1 : store_open(p.db, s, e);
}

int own_history(double days, int64_t cpus, bool estimate_is_run, struct history *h, struct err *e)
{
    struct store *s _cleanup_(close_store) = NULL;
    struct system_load load = {0};
    long own_cpus = sysconf(_SC_NPROCESSORS_ONLN);
    struct history_options o = {
        .cpus = cpus,
        .own_cpus = own_cpus > 0 ? own_cpus : 1,
        .own_mem_mb = system_load(&load) == 0 ? load.mem_total_mb : 0,
        .since_us = days > 0 ? clock_wall_us() - (int64_t)(days * DAY_US) : 0,
        .estimate_is_run = estimate_is_run,
    };
    *h = (struct history){0};
    return open_own(&s, e) < 0 ? -1 : history_read(s, &o, h, e);
}
