/* SPDX-License-Identifier: MIT */
/* world.h - the core's picture of the world: for the files of the core and their tests only. */
#pragma once

#include "core/amount.h"
#include "core/profile.h"
#include "core/queue.h"
#include "core/sched.h"
#include "core/timeline.h"
#include "util/idhash.h"

/* A job and its places in the indexes. */
struct node {
    struct job job;
    struct amount need;  /* of a pending job: what it takes; of a running one: what it holds */
    int64_t estimate_us; /* how long it is expected to run, from its start */
    int64_t at_us;       /* its time in sched.later, running or reserved */
    int64_t turn;        /* sched.turn when it was last among the first config.reservations */
    bool reserved;       /* it stands in sched.reserved */
    enum { IN_QUEUES, IN_LATER, IN_RUNNING, IN_NONE /* it can never start here */ } where;
    struct place places[QUEUES];
    UT_hash_handle hh;
};

struct sched {
    struct sched_config config;
    struct node *nodes;          /* all active jobs by id (hash) */
    struct queue queues[QUEUES]; /* those that may start now; QUEUE_BACKFILL only where its order
                                    is another */
    struct timeline later;       /* those that are not eligible yet */
    struct timeline running;     /* by expected end */
    size_t pending;              /* all that are pending */
    struct amount total, free;
    struct cpuset free_set; /* the members of config.cpu_set that no job holds */
    /* Conservative backfilling. */
    struct profile profile;   /* free beside what runs, and what is reserved */
    struct timeline reserved; /* by their reservations' begin */
    int64_t turn;             /* passes with bounded reservations */
    struct timeline arrived;  /* those that have none yet */
    bool vacated;             /* since the last pass something was given back */
    int64_t vacated_until_us; /* what was given back since anybody was looked at ends before this */
    bool overrun;             /* ... or something came that the reservations did not foresee */
    int64_t hold_until_us;    /* nothing is started before: a start failed */
    struct node **room;       /* for sorting: as many as there are active jobs */
    struct rank *ranks;       /* the same, where an order changes with time */
    size_t room_cap;
};

/* --- sched.c ---------------------------------------------------------------------------------- */

struct node *world_find(const struct sched *s, int64_t id);
/* Puts a pending job, from wherever it is, where it belongs: the queues, those who are not eligible
 * yet, or nowhere if it can never start. */
void world_enqueue(struct sched *s, struct node *n, int64_t now_us);
/* From now on the pending job asks for that, as if it had never asked for anything else. Who stands
 * in the queue stays there, even if the clock was set back. */
void world_ask(struct sched *s, struct node *n, const struct job *job, int64_t now_us);
/* Takes a pending job out of these; it is nowhere then. */
void world_leave(struct sched *s, struct node *n);
/* The queue to look for jobs to backfill in. */
struct queue *world_backfill_queue(struct sched *s);

/* --- allocation.c ----------------------------------------------------------------------------- */

/* What the job takes if it starts. */
struct amount world_need(const struct sched *s, const struct job *j);
/* Whether the running job is expected to run for as long as it may. */
bool world_ends_at_limit(const struct node *n);
/* Takes the resources of a pending job that fits; it is RUNNING then. 0, or -1 if no memory
 * (nothing changed). */
int world_hold(struct sched *s, struct node *n, int64_t now_us);
/* Gives them back; the job is nowhere then. */
void world_release(struct sched *s, struct node *n, int64_t now_us);
/* The same, as if it had not been started. */
void world_unstart(struct sched *s, struct node *n, int64_t now_us);

/* --- one pass --------------------------------------------------------------------------------- */

struct pass {
    struct sched *sched;
    struct plan *plan;
    int64_t now_us;
    struct amount free; /* what may be handed out now */
};

/* pass.c: starts a pending job that fits into p->free. 0, or -1 if no memory (nothing changed). */
int pass_start(struct pass *p, struct node *n);
/* Jobs whose time has come join the queues. */
void pass_admit(struct sched *s, int64_t now_us);
/* Takes back what was planned: nobody was started. */
void pass_undo(struct sched *s, struct plan *plan, int64_t now_us);
/* Whether there may be anybody who fits into p->free. */
bool pass_may_start(const struct pass *p);

/* One file a policy. 0, or -1 if no memory: the caller undoes what has been planned. */
int fifo_pass(struct pass *p);
int greedy_pass(struct pass *p);
int easy_pass(struct pass *p);

int conservative_pass(struct pass *p);
int rebuild_pass(struct pass *p);

/* conservative.c: what happens between passes. Without effect under other policies. */
void reservations_started(struct sched *s, struct node *n, int64_t start_us,
                          int64_t end_us); /* n, who may have a reservation, runs from now on */
void reservations_ended(struct sched *s, const struct node *n,
                        int64_t now_us);                 /* n's run is over */
void reservations_came(struct sched *s, struct node *n); /* n waits now */
void reservations_left(struct sched *s, struct node *n); /* n does not wait any more */
void reservations_overrun(struct sched *s);              /* somebody runs longer than expected */
bool reservations_kept(const struct sched *s);           /* the policy makes any */

/* reservation.c: places in the profile, which has what runs and who is in sched.reserved. */
struct hole reservation_hole(const struct node *n); /* what n wants */
void reservation_make(struct sched *s, struct node *n, int64_t at_us);
void reservation_give_back(struct sched *s, struct node *n);
void reservation_move(struct sched *s, struct node *n, int64_t to_us); /* to an earlier time */
void reservation_redeem(struct sched *s, struct node *n); /* what it had reserved it now takes */
/* Nobody has one any more; the profile stays as it is, to be drawn anew. */
void reservations_drop(struct sched *s);
/* The profile has only what runs. */
void reservations_draw_running(struct sched *s, int64_t now_us);

/* easy.c: when a job that does not fit now can start at the latest, if those that run end when they
 * are expected to, and what is left then. */
struct shadow {
    int64_t at_us;
    struct amount spare;
};
struct shadow shadow_of(const struct sched *s, const struct node *n, const struct amount *free_now,
                        int64_t now_us);

/* foresee.c: when n can start at from_us or later, if all who stand before it in the queue and have
 * no reservation get the earliest hole first; later than FAR_US if that can't be told. They have
 * these as reservations then. */
#define FAR_US (INT64_MAX / 4)
int64_t foresee(struct sched *s, const struct node *n, int64_t from_us);
