/* SPDX-License-Identifier: MIT */
/* sched.h - the scheduler: events in, a plan out (pure: no clock, no file, no process).
 *
 * apply() changes the picture of the world, pass() decides. Apply all events of one instant, then
 * pass once. A pass takes what it plans as done: what fails on the way comes back as
 * EVENT_START_FAILED. If a plan can't even be committed, throw the sched away and build a new one
 * from the store: the store is the truth. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/event.h"
#include "core/order.h"
#include "core/plan.h"
#include "core/topology.h"
#include "util/err.h"

enum sched_policy {
    POLICY_FIFO,   /* the first in the queue holds up all others */
    POLICY_GREEDY, /* whatever fits starts; who does not may wait for ever */
    POLICY_EASY,   /* the first that does not fit gets a reservation, and others may not delay it */
    POLICY_CONSERVATIVE,         /* everybody has a reservation, and keeps it */
    POLICY_CONSERVATIVE_REBUILD, /* reservations are made anew in each pass */
};
const char *sched_policy_name(enum sched_policy p);
int sched_policy_parse(const char *name); /* -1 if unknown */

enum elastic_share {
    SHARE_EQUAL,    /* those with the fewest CPUs grow first */
    SHARE_PRIORITY, /* those with the highest priority grow first, as far as they may */
};

/* How elastic jobs are resized; see elastic.c. */
struct elastic_config {
    bool disabled; /* never */
    enum elastic_share share;
    int64_t threshold_pct; /* they grow only while the machine's utilisation, the mean of CPUs and
                              memory, is below this; 0: as 100 */
    int64_t cooldown_us;   /* after its start or growth a job does not grow for so long */
    int64_t step;          /* nor by fewer CPUs; 0: as 1 */
};
const char *elastic_share_name(enum elastic_share s);
int elastic_share_parse(const char *name); /* -1 if unknown */

struct sched_config {
    int64_t cpus; /* what may be allocated in all */
    int64_t mem_mb;
    int64_t gpus;
    /* What is handed out: has so many CPUs. Borrowed. NULL: CPUs are counted, not told apart. */
    const struct topology *topology;
    enum sched_policy policy;
    enum order order;              /* of the queue */
    enum order backfill_order;     /* of those who may pass */
    const struct expr *order_expr; /* for ORDER_EXPR; borrowed */
    int64_t reservations; /* conservative: for so many, the first in the queue; 0: for all */
    struct elastic_config elastic;
    int64_t estimate_us;    /* of a job of which nothing is known; 0: an hour */
    bool trust_predictions; /* a job's estimate counts also where it has a limit, if it is less */
    bool expected_is_end;   /* a running job whose expected end has come counts as ended before
                               its FINISH has come (as pyss has it; for simulations) */
    int64_t next_id;        /* of the next job there will be; more if one comes with that or a
                               higher one */
    /* Writes a point in time for people ("14:32"), into a reason. The core has no calendar. */
    void (*format_time)(int64_t us, char *buf, size_t len);
};

struct sched_usage {
    int64_t cpus_total, cpus_used;
    int64_t mem_total_mb, mem_used_mb;
    int64_t gpus_total, gpus_used;
    size_t pending, running;
};

struct sched;
struct sched *sched_create(const struct sched_config *c, struct err *e); /* copies *c */
void sched_destroy(struct sched *s);                                     /* NULL is fine */

/* Returns 0; -1 with *e: ERR_INVALID for an event that can't happen to that job (nothing changed),
 * ERR_FULL if there is no memory (nothing changed). */
int sched_apply(struct sched *s, const struct event *ev, struct err *e);
/* Decides; fills *plan (reuse it from pass to pass). Returns 0, or -1 with ERR_FULL: no plan can be
 * made, and the sched is to be thrown away, as after a plan that can't be committed. */
int sched_pass(struct sched *s, int64_t now_us, struct plan *plan, struct err *e);

const struct job *sched_job(const struct sched *s, int64_t id); /* active ones only; NULL if none */
/* The active job that the task is, or is pending in with others; NULL if none. */
const struct job *sched_task(const struct sched *s, int64_t array, int64_t task);
/* How many tasks of an array wait and run; false if it has no active ones. */
bool sched_array(const struct sched *s, int64_t id, int64_t *pending, int64_t *running);
bool sched_resizes(const struct sched *s); /* elastic jobs, at all */
bool sched_drained(const struct sched *s); /* nothing new is started */
enum sched_policy sched_policy(const struct sched *s);
void sched_usage(const struct sched *s, struct sched_usage *u);
/* Why the pending job does not run, in words: "needs 8 CPUs, 3 are free; job 17 frees 5 at 14:32"
 * Writes a NUL-terminated text; empty if the job is not pending. */
void sched_reason(const struct sched *s, int64_t id, int64_t now_us, char *buf, size_t len);
/* How many jobs stand before the pending one in the queue, of which SCHED_BEFORE_MAX are counted;
 * -1 if it stands in none. */
int sched_before(const struct sched *s, int64_t id);
#define SCHED_BEFORE_MAX 1000
/* The memory a job holds if it starts: what it asked for, or its CPUs' share of the machine's. */
int64_t sched_mem_mb(const struct sched *s, const struct job *j);
