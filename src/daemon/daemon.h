/* SPDX-License-Identifier: MIT */
/* daemon.h - the scheduler's parts and what they share.
 *
 * One thread. The loop's turn is: read what has come (requests, ended attempts, a timer), then
 * batch_run() deals with all of it in one transaction: outcomes, requests, one scheduling pass, the
 * attempts it begins; one commit; then answers go out and shepherds are started. What fails on the
 * way comes back as the next batch's input. If a commit fails, the world is loaded again from the
 * store, which is the truth. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <uv.h>

#include "api/api.h"
#include "attempt/status.h"
#include "core/sched.h"
#include "machine/machine.h"
#include "machine/nodes.h"
#include "os/paths.h"
#include "store/store.h"

struct requests;
struct resizes;          /* resizes.h */
struct run;              /* runs.h */
struct shepherd_process; /* shepherds.h */
struct conn;             /* server.h */

/* As many as may be needed at one time by those who end and start in one turn. */
#define ENDED_MAX 16

/* The growing delay before the next try of something that fails; all zero when it has succeeded. */
struct backoff {
    int64_t us;
};

/* What the site runs before and after each job; NULL: nothing. */
struct site_hooks {
    const char *prolog, *epilog;
    int64_t timeout_us; /* of each */
};

struct daemon {
    uv_loop_t loop;
    uv_prepare_t turn; /* before the loop sleeps */
    uv_timer_t wake;   /* the plan's or a retry's time has come */
    uv_timer_t sync;   /* what was committed without waiting is brought to the disk */
    uv_signal_t on_term, on_int;
    uv_pipe_t listener;

    struct paths paths;
    int lifetime_fd; /* the lock that says a scheduler lives */
    struct machine machine;
    struct cpuset cpus; /* those that may be handed out; empty: they are only counted */
    struct nodes nodes; /* what jobs are placed on: places.h */
    struct sched_config config;
    struct site_hooks hooks;              /* borrowed */
    char *shepherd;                       /* its program */
    struct shepherd_process *idle, *busy; /* shepherds.h */
    struct attempt_id ended[ENDED_MAX];   /* whose files later ones get: status_hand_on() */
    size_t nended;
    int log_fd; /* where shepherds write what goes wrong; -1: nowhere */

    struct store *store;
    struct sched *sched;
    struct plan plan;
    struct api api;

    struct run *runs;          /* running attempts by job id (hash) */
    struct conn *conns;        /* open connections */
    struct requests *requests; /* of this turn */
    struct resizes *resizes;
    bool settle; /* a run is over, or could not be started */
    bool tick;   /* a pass is due whatever has come */
    struct backoff launch_backoff, commit_backoff;
    int64_t pruned_us;      /* when old requests were last forgotten */
    int64_t wall_offset_us; /* wall time when the boot clock was 0 */
};

/* The scheduler's time: wall clock at its start, then counted by the boot-time clock, so that
 * setting the machine's clock changes no order and no wait. */
int64_t daemon_now_us(const struct daemon *d);
/* How long to wait now that it has failed once more: from 0.1 s, doubled each time, to 60 s. */
int64_t backoff_next(struct backoff *b);
/* A turn at that time, at the latest. */
void daemon_wake_at(struct daemon *d, int64_t at_us);
/* Within a moment what is committed is on disk. */
void daemon_sync_soon(struct daemon *d);

struct daemon_options {
    int64_t total_cpus, total_mem_mb; /* 0: what the machine has */
    struct sched_config policy;       /* what policy_configure() sets; its formula is borrowed */
    bool watched_only;                /* use no cgroups */
    const char *topology_conf;        /* NULL: the home's, if there is one */
    bool background;                  /* write to the log file */
    struct site_hooks hooks;
};
/* Takes the lifetime lock, looks at the machine, settles what happened while no scheduler ran, and
 * listens. Also after a failure, daemon_stop() lets go of everything. */
int daemon_start(struct daemon *d, const struct daemon_options *o, struct err *e);
/* Until SIGTERM or SIGINT. Running jobs are left alone. */
void daemon_loop(struct daemon *d);
void daemon_stop(struct daemon *d);
