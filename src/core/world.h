/* SPDX-License-Identifier: MIT */
/* world.h - the core's picture of the world: for the files of the core and their tests only. */
#pragma once

#include "core/amount.h"
#include "core/placement.h"
#include "core/profile.h"
#include "core/queue.h"
#include "core/roster.h"
#include "core/sched.h"
#include "core/timeline.h"
#include "util/idhash.h"

/* An array, as far as it is active. */
struct array {
    int64_t id;
    int64_t limit;      /* so many may run at a time; 0: any number */
    int64_t running;    /* or are owed what they need */
    struct node *nodes; /* its head, and tasks that are jobs of their own (list) */
    UT_hash_handle hh;
};

/* A job and its places in the indexes. */
struct node {
    struct job job;
    struct amount need;  /* of a pending job: what it takes; of a running one: what it holds */
    int64_t estimate_us; /* how long it is expected to run, from its start */
    int64_t at_us;       /* its time in sched.later, running or reserved */
    int64_t turn;        /* sched.turn when it was last among the first config.reservations */
    bool reserved;       /* it stands in sched.reserved */
    bool expires;        /* it stands in sched.expiring */
    enum {
        IN_QUEUES,
        IN_LATER,
        IN_BLOCKED, /* see world_blocked() */
        IN_CLAIMS,
        IN_RUNNING,
        IN_NONE /* it can never start here */
    } where;
    struct place places[QUEUES];
    /* Of a running elastic job; need is then what it is owed, and the rest is on loan to it. */
    int64_t target_cpus; /* what it was told to have: fewer than it holds until that is seen */
    struct cpuset target_set;
    int64_t kept_mb;    /* of memory, in need, what was still in use when the CPUs went */
    int64_t share_cpus; /* what it should have: worked out in each pass */
    int64_t yielded_cpus, tried_cpus; /* by the last elastic_yield(), and in this trial */
    int64_t grown_us;                 /* when it started, or grew last */
    bool backfilled;                  /* of a claim: one before it in the queue did not start */
    bool gave_way; /* it is owed less than its initial CPUs as others have a higher priority */
    bool fresh;    /* it was started in this pass: it grows in the next one at the earliest */
    bool asked;    /* it is to be resized because somebody asked for that */
    /* What it waits for; see depends.c. */
    struct dependent *waits; /* one for each clause of job.depends */
    size_t waiting;          /* clauses that may come to hold */
    size_t never;            /* clauses that can't any more */
    int64_t depends_us;      /* it may not start before; 0: at once */
    bool doomed;             /* it stands in sched.doomed */
    struct node *prev_doomed, *next_doomed;
    struct namesakes *namesakes; /* NULL: it has no name */
    struct node *prev_namesake, *next_namesake;
    struct node *next_ended;
    struct array *array; /* NULL: of none */
    struct node *prev, *next;
    UT_hash_handle hh;
};

/* The running job was told to have fewer CPUs than it holds. */
static inline bool world_is_shrinking(const struct node *n)
{
    return n->target_cpus < n->job.alloc_cpus;
}

struct sched {
    struct sched_config config;
    struct node *nodes;          /* all active jobs by id (hash) */
    struct array *arrays;        /* by id (hash) */
    int64_t next_id;             /* of the next task that leaves its head */
    struct queue queues[QUEUES]; /* those that may start now; QUEUE_BACKFILL only where its order
                                    is another */
    struct timeline later;       /* those that are not eligible yet */
    struct timeline running;     /* by expected end */
    struct timeline expiring;    /* pending ones with a deadline: see deadline.c */
    size_t pending;              /* all that are pending */
    size_t blocked;              /* of these, those who may not start: in no queue */
    bool drained;                /* nobody may */
    bool resumed;                /* since the last pass: somebody ends later than is thought */
    struct node *ended;          /* by the last pass, which its plan still names */
    struct target *targets;      /* those that somebody waits for, by id (hash) */
    struct namesakes *namesakes; /* jobs by their user and name (hash) */
    struct node *doomed; /* pending ones whose dependency can never hold: the pass ends them */
    struct amount total;
    struct amount free; /* what nobody is owed: who starts may take it */
    struct amount idle; /* what nobody holds: less than that by what is on loan */
    /* Of config.topology; NULL without one. */
    struct placement *placement; /* what no job holds */
    struct placement *empty;     /* nobody holds anything */
    struct placement *scratch;   /* to try something */
    /* Elastic jobs. */
    struct roster elastic;     /* those that run */
    struct roster claims;      /* jobs that start once what was on loan has come back */
    const struct node *recall; /* for whose place all loans go back, in this pass; NULL: nobody's */
    bool trying; /* the pass will be taken back: nobody is resized, and loans are free */
    /* Conservative backfilling. */
    struct profile profile;   /* free beside what runs, and what is reserved */
    struct timeline reserved; /* by their reservations' begin */
    int64_t turn;             /* passes with bounded reservations */
    struct timeline arrived;  /* those that have none yet */
    int64_t vacated_until_us; /* what was given back since anybody was looked at ends before this */
    bool vacated;             /* since the last pass something was given back */
    bool overrun;             /* ... or something came that the reservations did not foresee */
    int64_t hold_until_us;    /* nothing is started before: a start failed */
    struct node **room;       /* for sorting: as many as there are active jobs */
    struct rank *ranks;       /* the same, where an order changes with time */
    size_t room_cap;
};

struct pass;

/* --- world.c ---------------------------------------------------------------------------------- */

struct node *world_find(const struct sched *s, int64_t id);
/* A copy of the job with a node of its own, which is nowhere yet. NULL with *e. */
struct node *world_add(struct sched *s, const struct job *job, int64_t now_us, struct err *e);
/* Those who wait for it are not told: see depends_ended(). */
void world_remove(struct sched *s, struct node *n, int64_t now_us);
void world_free(struct node *n);
/* Those that world_end() left. */
void world_forget_ended(struct sched *s);
/* Puts a pending job, from wherever it is, where it belongs: the queues, those who are not eligible
 * yet or blocked, or nowhere if it can never start. */
void world_enqueue(struct sched *s, struct node *n, int64_t now_us);
/* From now on the pending job asks for that, as if it had never asked for anything else. Who stands
 * in the queue stays there, even if the clock was set back. */
void world_ask(struct sched *s, struct node *n, const struct job *job, int64_t now_us);
/* The running job's priority, time limit and deadline are from now on as there: so is its expected
 * end. */
void world_relimit(struct sched *s, struct node *n, const struct job *job, int64_t now_us);
/* Takes a pending job out of these; it is nowhere then. */
void world_leave(struct sched *s, struct node *n);
/* The queue to look for jobs to backfill in. */
struct queue *world_backfill_queue(struct sched *s);

/* When a pending job may start at the earliest, as far as is known. */
int64_t world_due_us(const struct node *n);

/* A pending job that is in none of these ends; it is no node any more, but the plan may name it
 * until the next event. */
void world_end(struct sched *s, struct node *n, enum job_state state, int64_t now_us);

/* --- blocked.c -------------------------------------------------------------------------------- */

/* Why a pending job may not start, whatever is free: the first that holds of these. */
enum block {
    BLOCK_NOT,
    BLOCK_HELD,
    BLOCK_DEPENDENCY,
    BLOCK_ARRAY_LIMIT, /* as many tasks of its array run as may */
};
enum block world_blocked(const struct node *n);

/* --- depends.c: who waits for whom ------------------------------------------------------------ */

/* How all clauses together stand. */
enum clause_state depends_state(const struct node *n);
/* A new node: from now on what happens to others reaches it. 0, or -1 if no memory. */
int depends_link(struct sched *s, struct node *n);
/* It is gone, or waits for something else. */
void depends_unlink(struct sched *s, struct node *n);
/* n waits for d instead, which is its own then. 0; -1 if no memory: nothing has changed. */
int depends_replace(struct sched *s, struct node *n, const struct dependency *d);
/* n runs now (whether that brought somebody into the queues); that start did not come about; it is
 * over. Those who wait for that join the queues, or are doomed. */
bool depends_started(struct sched *s, const struct node *n, int64_t now_us);
void depends_unstarted(struct sched *s, const struct node *n, int64_t now_us);
void depends_ended(struct sched *s, const struct node *n, enum job_state outcome, int64_t now_us);
/* The singleton clauses of n hold from now on, or wait again. */
void depends_on_namesakes(struct sched *s, struct node *n, bool hold, int64_t now_us);
/* The pass: ends the doomed, and whom that dooms; and who waits for those it has started may start
 * in the next one. The first: 0, or -1 if no memory. */
int depends_end_doomed(struct pass *p);
void depends_follow_starts(struct pass *p);
void depends_free(struct sched *s);
/* In words what a blocked job waits for; and of one that waits for a time because of it. */
void depends_words(const struct sched *s, const struct node *n, char *buf, size_t len);

/* --- namesakes.c: jobs of the same user and name, in the order of their ids ------------------- */

/* 0, or -1 if no memory. */
int namesakes_join(struct sched *s, struct node *n, int64_t now_us);
void namesakes_leave(struct sched *s, struct node *n, int64_t now_us);
/* NULL: n is the first, or has no name. */
const struct node *namesakes_before(const struct node *n);
void namesakes_free(struct sched *s);

/* --- array.c ---------------------------------------------------------------------------------- */

struct array *array_find(const struct sched *s, int64_t id);
/* The job that is, or has, this task; NULL if there is none any more. */
const struct node *array_task(const struct array *a, int64_t task);
/* The one that started last, if all have started that are there beside `but`; else NULL. */
const struct node *array_last_start(const struct array *a, const struct node *but);
bool array_is_last(const struct node *n); /* nothing else of its array is there */

/* n is a node from now on, or no more. 0, or -1 if no memory. */
int array_join(struct sched *s, struct node *n);
void array_part(struct sched *s, struct node *n);
/* n's limit may be another now. */
void array_set_limit(struct sched *s, struct node *n, int64_t now_us);
/* n is owed what it needs from now on, or no more. */
void array_started(struct sched *s, struct node *n, int64_t now_us);
void array_stopped(struct sched *s, struct node *n, int64_t now_us);
/* Whether any array has a limit. */
bool array_limits(const struct sched *s);
bool array_is_head(const struct node *n);
/* How many jobs the pending job stands for, of those that could start one after the other. */
int64_t array_places(const struct node *n);
/* The first task leaves its head, with its place in the profile: it is a pending job that is
 * nowhere yet. The last one stays where it is: it is the head. NULL if no memory. */
struct node *array_split(struct sched *s, struct node *head);
/* Takes the last array_split() that was not taken back yet back, of a task that is pending. */
void array_unsplit(struct sched *s, struct node *head, struct node *task);
/* Some of the head's tasks, `part`'s, and not all, are a pending job of their own from now on, with
 * part's id: a head, or a task. 0; -1 with *e: nothing has changed. */
int array_divide(struct sched *s, struct node *head, const struct job *part, int64_t now_us,
                 struct err *e);
/* --- deadline.c ------------------------------------------------------------------------------- */

/* n waits from now on, or does not wait any more; without effect if it has no deadline. */
void deadline_watch(struct sched *s, struct node *n);
void deadline_forget(struct sched *s, struct node *n);
/* Who can't end in time any more ends. 0, or -1 if no memory. */
int deadline_pass(struct pass *p);
/* There is to be a pass when that is so of the next one. */
void deadline_wake(struct pass *p);

/* --- allocation.c ----------------------------------------------------------------------------- */

/* What the job takes if it starts. */
struct amount world_need(const struct sched *s, const struct job *j);
/* Whether the running job is expected to run for as long as it may. */
bool world_ends_at_limit(const struct node *n);
/* Takes the resources of a pending job that fits; it is RUNNING then. 0; 1 if there is no such
 * place for it now, or -1 if no memory: nothing changed. */
int world_hold(struct sched *s, struct node *n, int64_t now_us);
/* A job that runs already, with what it holds, `set` among it; of its CPUs it is owed so many. 0,
 * or -1 if no memory (nothing changed). */
int world_adopt(struct sched *s, struct node *n, const struct cpuset *set, int64_t owed_cpus,
                int64_t now_us);
/* A pending job that fits into s->free, but not into s->idle, is owed its resources; it stands in
 * s->claims, and waits for what is on loan. */
void world_claim(struct sched *s, struct node *n, int64_t now_us);
/* What it waited for is idle now: it runs. 0, or -1 if no memory. */
int world_redeem(struct sched *s, struct node *n, int64_t now_us);
/* It is owed nothing, and is nowhere then. */
void world_unclaim(struct sched *s, struct node *n, int64_t now_us);
/* Gives them back; the job is nowhere then. */
void world_release(struct sched *s, struct node *n, int64_t now_us);
/* n CPUs of an elastic job, and the memory that goes with them. */
struct amount world_cpus_of(const struct node *n, int64_t cpus);
/* A running elastic job is owed so many CPUs more than before, or fewer. */
void world_owe(struct sched *s, struct node *n, int64_t cpus, int64_t now_us);
/* It gets so many more, which are idle. 0, or -1 if no memory. */
int world_grow(struct sched *s, struct node *n, int64_t cpus);
/* It is to have so many fewer: it holds them until world_shrunk(). The same. */
int world_shrink(const struct sched *s, struct node *n, int64_t cpus);
/* The memory it is to have with the CPUs it was told to have. */
int64_t world_due_mem_mb(const struct node *n);
/* mem_mb: its memory limit now, which may be more than it was told to have. */
void world_shrunk(struct sched *s, struct node *n, int64_t mem_mb, int64_t now_us);
/* The same as world_release(), as if it had not been started. */
void world_unstart(struct sched *s, struct node *n, int64_t now_us);

/* --- one pass --------------------------------------------------------------------------------- */

struct pass {
    struct sched *sched;
    struct plan *plan;
    int64_t now_us;
    struct amount free;      /* what may be handed out now */
    size_t started;          /* who was started, or claims something */
    const struct node *last; /* of them, or the head that it left */
};

/* pass.c: starts a pending job that fits into p->free, or lets it claim what of that is on loan; of
 * a head its next task. 0; 1 if it has no place now; -1 if no memory. */
int pass_start(struct pass *p, struct node *n);
/* After pass_start(p, after): the first within the limits behind it, or the same again if it is a
 * head that still stands there. `after` may be NULL: the first of all. */
struct node *pass_find(struct pass *p, const struct queue *q, struct node *after,
                       const struct limits *l);
/* A pending job ends without having run; `end` says how and why. Not in a trial. 0, or -1 if no
 * memory. */
int pass_end(struct pass *p, struct node *n, struct action end);
/* There is to be a pass then, at the latest. */
void pass_wake_at(struct pass *p, int64_t at_us);
/* Jobs whose time has come join the queues. */
void pass_admit(struct sched *s, int64_t now_us);
/* Takes back what was planned: nobody was started. */
void pass_undo(struct sched *s, struct plan *plan, int64_t now_us);
/* Whether there may be anybody who fits into p->free. */
bool pass_may_start(const struct pass *p);

/* place.c: 0, or -1 with *e. */
int place_create(struct sched *s, struct err *e);
void place_destroy(struct sched *s);
/* It does not take any CPUs: it wants whole nodes, or few switches. */
bool place_is_particular(const struct sched *s, const struct job *j);
/* When any number of switches will do for it; 0: never. */
int64_t place_relaxes_us(const struct job *j);
/* How many CPUs it takes: more than it asks for, if it wants whole nodes. */
int64_t place_cpus(const struct sched *s, const struct job *j);
/* Where it would be placed: as placement_find(). */
int place_find(const struct sched *s, struct placement *in, const struct job *j, int64_t now_us,
               struct cpuset *out);
/* Whether it finds a place there of so many CPUs at most. */
bool place_fits(const struct sched *s, const struct node *n, struct placement *in, int64_t cpus,
                int64_t at_us);
/* Takes its CPUs. 1; 0 if there is no such place, or -1 if no memory: nothing changed. */
int place_start(struct sched *s, struct node *n, int64_t now_us);
/* So many CPUs more, near those it has, or fewer: what it keeps. 0, or -1 if no memory. */
int place_more(struct sched *s, struct node *n, int64_t cpus);
int place_fewer(const struct sched *s, const struct cpuset *held, int64_t cpus,
                struct cpuset *kept);
/* They are free again: all of the set, which is empty then, or all but what is kept. */
void place_end(struct sched *s, struct cpuset *set);
void place_keep(struct sched *s, struct cpuset *set, const struct cpuset *kept);
/* Which CPUs it holds is known. */
bool place_is_known(const struct sched *s, const struct job *j);

/* elastic.c: whether jobs are resized in this pass. */
bool elastic_is_on(const struct sched *s);
/* n, which is elastic or not, runs now. */
void elastic_started(struct sched *s, struct node *n, int64_t now_us);
/* What elastic jobs are owed, before anything starts; and the start of those whose claims came
 * back. 0, or -1 if no memory. */
int elastic_begin(struct pass *p);
/* n is owed so many CPUs more of p->free, or fewer. */
void elastic_owe(struct pass *p, struct node *n, int64_t cpus);
/* Whether what fits into s->free is not to be had at once, but on loan. */
bool elastic_lent(const struct sched *s, const struct amount *need);
/* Loans: calls back what is claimed, and lends what is left. 0, or -1 if no memory. */
int elastic_end(struct pass *p);

/* yield.c: the first in the queue does not fit. Takes what it needs from elastic jobs of lower
 * priority, down to their minimum. Whether it fits into p->free then; else nothing has changed. */
bool elastic_yield(struct pass *p, const struct node *head);
/* Takes the last one that succeeded back. */
void elastic_unyield(struct pass *p);
/* Takes those of a trial back. */
void elastic_untry(struct sched *s, int64_t now_us);

/* recall.c: n, which is particular, would find its place if all loans were called back: then they
 * are. 0, or -1 if no memory. */
int recall_for(struct pass *p, const struct node *n);
/* s->scratch becomes what would be free then. 0, or -1 if no memory. */
int recall_scratch(const struct sched *s);

/* shares.c: sets share_cpus of all running elastic jobs. */
void shares_divide(struct sched *s);
/* No more than that, whatever is free. */
int64_t shares_most(const struct sched *s, const struct job *j);

/* One file a policy. 0, or -1 if no memory. */
int fifo_pass(struct pass *p);
int greedy_pass(struct pass *p);
int easy_pass(struct pass *p);

int conservative_pass(struct pass *p);
int rebuild_pass(struct pass *p);

/* conservative.c: what happens between passes. Without effect under other policies. */
void reservations_started(struct sched *s, struct node *n, int64_t start_us,
                          int64_t end_us); /* n, who may have a reservation, runs from now on */
void reservations_ended(struct sched *s, const struct node *n,
                        int64_t now_us); /* n's run is over */
/* n's expected end was at was_us, and is another now. */
void reservations_end_moved(struct sched *s, const struct node *n, int64_t was_us, int64_t now_us);
/* What n, which runs, is owed has grown by that, or shrunk if that is negative. */
void reservations_owed(struct sched *s, const struct node *n, const struct amount *more,
                       int64_t now_us);
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
/* `to`, who needs the same, has it instead. */
void reservation_hand_on(struct sched *s, struct node *from, struct node *to);
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
