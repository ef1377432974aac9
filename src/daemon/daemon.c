// SPDX-License-Identifier: MIT
#include "daemon/daemon.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "attempt/status.h"
#include "daemon/background.h"
#include "daemon/batch.h"
#include "daemon/places.h"
#include "daemon/requests.h"
#include "daemon/resizes.h"
#include "daemon/runs.h"
#include "daemon/server.h"
#include "daemon/shepherds.h"
#include "daemon/world.h"
#include "os/clock.h"
#include "os/lock.h"
#include "util/cleanup.h"
#include "util/log.h"
#include "util/times.h"

#define BACKOFF_MIN_US (US_PER_SEC / 10)
#define BACKOFF_MAX_US (60 * US_PER_SEC)
#define SYNC_MS        20
#define SYNC_AGAIN_MS  1000

int64_t daemon_now_us(const struct daemon *d)
{
    return d->wall_offset_us + clock_boot_us();
}

int64_t backoff_next(struct backoff *b)
{
    b->us = b->us ? b->us * 2 : BACKOFF_MIN_US;
    if (b->us > BACKOFF_MAX_US)
        b->us = BACKOFF_MAX_US;
    return b->us;
}

static void on_wake(uv_timer_t *timer)
{
    struct daemon *d = timer->data;
    d->tick = true;
}

void daemon_wake_at(struct daemon *d, int64_t at_us)
{
    int64_t in_us = at_us - daemon_now_us(d);
    uint64_t in_ms = in_us > 0 ? (uint64_t)(in_us + 999) / 1000 : 0;
    if (uv_is_active((uv_handle_t *)&d->wake) && uv_timer_get_due_in(&d->wake) <= in_ms)
        return;
    uv_timer_start(&d->wake, on_wake, in_ms, 0);
}

static void on_sync(uv_timer_t *timer)
{
    struct daemon *d = timer->data;
    struct err e = {0};
    if (store_sync(d->store, &e) == 0)
        return;
    log_warn("%s", e.text);
    uv_timer_start(&d->sync, on_sync, SYNC_AGAIN_MS, 0);
}

void daemon_sync_soon(struct daemon *d)
{
    if (!uv_is_active((uv_handle_t *)&d->sync))
        uv_timer_start(&d->sync, on_sync, SYNC_MS, 0);
}

static void format_clock(int64_t us, char *buf, size_t len)
{
    time_t t = (time_t)(us / US_PER_SEC), now = time(NULL);
    struct tm tm, today;
    localtime_r(&t, &tm);
    localtime_r(&now, &today);
    bool same_day = tm.tm_yday == today.tm_yday && tm.tm_year == today.tm_year;
    strftime(buf, len, same_day ? "%H:%M:%S" : "%Y-%m-%d %H:%M:%S", &tm);
}

/* --- start ------------------------------------------------------------------------------------ */

/* What jobs may be given: the machine, or what the options say. Fewer CPUs than there are: the
 * lowest numbers; more: an experiment, in which CPUs are counted and nobody is pinned. */
static int configure(struct daemon *d, const struct daemon_options *o, struct err *e)
{
    int have = cpuset_count(&d->machine.cpus);
    d->config = o->policy;
    d->hooks = o->hooks;
    d->config.cpus = o->total_cpus ? o->total_cpus : have;
    d->config.mem_mb = o->total_mem_mb ? o->total_mem_mb : d->machine.mem_mb;
    d->config.format_time = format_clock;
    if (o->watched_only)
        machine_forgo_groups(&d->machine);
    if (d->config.cpus > have) {
        d->machine.levels.cpu = LEVEL_ADVISORY;
        log_warn("%jd CPUs are more than this machine's %d: jobs are not pinned",
                 (intmax_t)d->config.cpus, have);
        return 0;
    }
    if (d->config.mem_mb > d->machine.mem_mb)
        log_warn("%jd MB are more than this machine's %jd MB", (intmax_t)d->config.mem_mb,
                 (intmax_t)d->machine.mem_mb);
    if (cpuset_copy(&d->cpus, &d->machine.cpus) < 0)
        return err_nomem(e);
    int cpu = cpuset_next(&d->cpus, 0);
    for (int64_t n = 0; cpu >= 0; n++, cpu = cpuset_next(&d->cpus, cpu + 1))
        if (n >= d->config.cpus)
            cpuset_remove(&d->cpus, cpu);
    return 0;
}

static int take_lifetime_lock(struct daemon *d, struct err *e)
{
    d->lifetime_fd = lock_take(d->paths.lifetime, false, e);
    if (d->lifetime_fd >= 0)
        return lock_sign(d->lifetime_fd, e);
    if (e->code != ERR_BUSY)
        return -1;
    pid_t holder = lock_holder(d->paths.lifetime, NULL);
    return err_set(e, ERR_BUSY, "a scheduler is already running for %s (pid %d)", d->paths.home,
                   (int)holder);
}

static int open_log(struct daemon *d, bool background, struct err *e)
{
    char path[4096];
    if (snprintf(path, sizeof path, "%s/scheduler.log", d->paths.logs) >= (int)sizeof path)
        return err_set(e, ERR_INVALID, "%s: path too long", d->paths.logs);
    d->log_fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (d->log_fd < 0)
        return err_errno(e, "cannot open %s", path);
    if (!background)
        return 0;
    log_timestamps(true);
    return background_detach(d->log_fd, e);
}

/* The short lock keeps clients that serve themselves out, until they can find our socket. */
static int load_and_listen(struct daemon *d, struct err *e)
{
    _cleanup_close_ int short_lock = lock_take(d->paths.store, true, e);
    if (short_lock < 0 || store_open(d->paths.db, &d->store, e) < 0)
        return -1;
    struct err why = {0};
    if (store_warm(d->store, &why) < 0)
        log_warn("commits will be slower: %s", why.text);
    d->api = (struct api){
        .store = d->store,
        .paths = &d->paths,
        .topology = d->nodes.topology,
        .scheduler_pid = getpid(),
        .revision = daemon_now_us(d), /* so that it is none of an earlier scheduler's */
        .host = {.ctx = d, .event = requests_on_event, .control = requests_on_control},
    };
    if (world_recover(d, e) < 0 || server_listen(d, e) < 0)
        return -1;
    if (sched_drained(d->sched))
        log_info("Drained: nothing new is started until mini-slurm resume-all");
    return 0;
}

static void on_turn(uv_prepare_t *turn)
{
    batch_run(turn->data);
}

static void on_signal(uv_signal_t *signal, int number)
{
    struct daemon *d = signal->data;
    log_info("Stopping on %s; running jobs go on", number == SIGINT ? "SIGINT" : "SIGTERM");
    uv_stop(&d->loop);
}

static void start_handles(struct daemon *d)
{
    uv_prepare_init(&d->loop, &d->turn);
    uv_timer_init(&d->loop, &d->wake);
    uv_timer_init(&d->loop, &d->sync);
    uv_signal_init(&d->loop, &d->on_term);
    uv_signal_init(&d->loop, &d->on_int);
    d->turn.data = d->wake.data = d->sync.data = d->on_term.data = d->on_int.data = d;
    uv_prepare_start(&d->turn, on_turn);
    uv_signal_start(&d->on_term, on_signal, SIGTERM);
    uv_signal_start(&d->on_int, on_signal, SIGINT);
}

int daemon_start(struct daemon *d, const struct daemon_options *o, struct err *e)
{
    *d = (struct daemon){.lifetime_fd = -1, .log_fd = -1};
    d->wall_offset_us = clock_wall_us() - clock_boot_us();
    int rc = uv_loop_init(&d->loop);
    if (rc < 0)
        return err_set(e, ERR_SYSTEM, "cannot start the event loop: %s", uv_strerror(rc));
    d->loop.data = d;
    start_handles(d);
    d->requests = requests_create();
    if (!d->requests)
        return err_nomem(e);
    if (paths_find(&d->paths, e) < 0 || take_lifetime_lock(d, e) < 0 ||
        open_log(d, o->background, e) < 0 || machine_probe(&d->machine, d->paths.instance, e) < 0 ||
        configure(d, o, e) < 0 || places_load(d, o, e) < 0 || resizes_open(d, e) < 0)
        return -1;
    d->shepherd = paths_program("mini-slurm-shepherd", e);
    if (!d->shepherd)
        return -1;
    log_info("Starting scheduler with %jd CPUs, %jd MB memory", (intmax_t)d->config.cpus,
             (intmax_t)d->config.mem_mb);
    return load_and_listen(d, e);
}

void daemon_loop(struct daemon *d)
{
    uv_run(&d->loop, UV_RUN_DEFAULT);
}

/* --- stop ------------------------------------------------------------------------------------- */

static void close_handle(uv_handle_t *handle, void *arg)
{
    (void)arg;
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

void daemon_stop(struct daemon *d)
{
    struct run *r, *next;
    if (!d->loop.data)
        return;
    if (uv_is_active((uv_handle_t *)&d->listener))
        server_stop(d);
    HASH_ITER (hh, d->runs, r, next)
        runs_remove(r);
    shepherds_stop(d);
    for (; d->nended; d->nended--)
        status_remove(d->paths.run, d->ended[d->nended - 1].job, d->ended[d->nended - 1].attempt);
    uv_walk(&d->loop, close_handle, NULL);
    uv_run(&d->loop, UV_RUN_DEFAULT);
    uv_loop_close(&d->loop);
    requests_destroy(d->requests);
    resizes_close(d);
    plan_free(&d->plan);
    sched_destroy(d->sched);
    nodes_free(&d->nodes);
    store_close(d->store);
    machine_free(&d->machine);
    cpuset_free(&d->cpus);
    free(d->shepherd);
    paths_free(&d->paths);
    if (d->log_fd >= 0)
        close(d->log_fd);
    if (d->lifetime_fd >= 0)
        close(d->lifetime_fd);
}
