/* SPDX-License-Identifier: MIT */
/* job.h - what the core knows of a job, and the states it can be in (pure; plain data).
 *
 * Times are microseconds of wall-clock time (_us), 0 where there is none yet. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/cpuset.h"
#include "util/taskset.h"

enum job_state {
    JOB_PENDING,
    JOB_RUNNING,
    JOB_SUSPENDED, /* for the core it is RUNNING, and suspended_us says since when it is not */
    JOB_COMPLETED,
    JOB_FAILED,
    JOB_CANCELLED,
    JOB_TIMEOUT,
    JOB_OUT_OF_MEMORY,
    JOB_NODE_FAIL,
    JOB_DEADLINE,
    JOB_STATES, /* how many there are */
};

/* "PENDING", "PD". */
const char *job_state_name(enum job_state s);
const char *job_state_code(enum job_state s);
/* From either form, any case; -1 if unknown. */
int job_state_parse(const char *text);
bool job_state_ended(enum job_state s);
/* Sets of states have the bit 1u << enum job_state for each. */
#define JOB_STATES_RUN    (1u << JOB_RUNNING | 1u << JOB_SUSPENDED)
#define JOB_STATES_ACTIVE (1u << JOB_PENDING | JOB_STATES_RUN)
#define JOB_STATES_ENDED  (((1u << JOB_STATES) - 1) & ~JOB_STATES_ACTIVE)
/* It has an attempt that is not over: RUNNING or SUSPENDED. */
bool job_state_runs(enum job_state s);

/* What a job waits for beside its turn, and how that stands; see dependency.h. */
enum clause_type {
    CLAUSE_OK,        /* the target ends COMPLETED */
    CLAUSE_ANY,       /* it ends */
    CLAUSE_NOTOK,     /* it ends otherwise */
    CLAUSE_START,     /* it starts, or ends without */
    CLAUSE_CORR,      /* as OK; of an array each task for the same task of the target */
    CLAUSE_SINGLETON, /* all that came before of this user and name end */
    CLAUSE_TYPES,     /* how many there are */
};

enum clause_state {
    CLAUSE_WAITS,
    CLAUSE_HOLDS, /* from .from_us on */
    CLAUSE_NEVER, /* it can't come about any more */
};

struct clause {
    enum clause_type type;
    enum clause_state state;
    bool ended; /* the target has, as .outcome says */
    enum job_state outcome;
    int64_t job;      /* the target; 0 of CLAUSE_SINGLETON */
    int64_t task;     /* of an array; -1: all of it */
    int64_t delay_us; /* of CLAUSE_START: so long after that */
    int64_t from_us;  /* 0: at once */
};

struct dependency {
    struct clause *clauses;
    size_t count;
    bool any;  /* one of them suffices; else all must hold */
    bool kept; /* the job waits on even if they can never hold; else it ends then */
};

/* Why a held job waits, for people. */
#define JOB_HELD_WORDS "held: release it to let it start"

struct job;

/* How long the running attempt may run, from its start, suspensions left out: its time limit, or
 * until its deadline if that is earlier; 0: for ever. */
int64_t job_may_run_us(const struct job *j);
bool job_ends_at_deadline(const struct job *j); /* that is earlier */

/* What a job asks for and where it stands in the queue. */
struct job {
    int64_t id;
    enum job_state state;
    int priority;
    int64_t submit_us;   /* arrival: the second key of the queue */
    int64_t eligible_us; /* not before this */
    int64_t deadline_us; /* it is to end by then; 0: none */
    int64_t start_us;    /* of the running attempt */
    int64_t limit_us;    /* walltime asked for, and kept; 0: none */
    int64_t estimate_us; /* how long it is expected to run, where there is no limit or predictions
                            are trusted; 0: not known */
    int64_t cpus;        /* requested */
    int64_t gpus;        /* requested */
    int64_t mem_mb;      /* requested; 0: the machine's memory per CPU, settled at the start */
    /* An elastic (malleable) job starts with `cpus`, and has between these while it runs. */
    bool elastic;
    int64_t min_cpus, max_cpus; /* max_cpus 0: all there are */
    int64_t mem_per_cpu_mb;     /* its memory follows its CPUs; 0: it stays as it is */
    int64_t wanted_cpus; /* no more than it, or its owner, asked for while it runs; 0: never did */
    /* What it wants of the topology; see place.c. */
    int64_t nodes;            /* so many whole nodes; 0: as many as its CPUs need */
    int64_t max_switches;     /* on so many leaf switches at most; 0: any ... */
    int64_t switches_wait_us; /* ... after it has waited for so long; 0: never */
    bool whole_cores;         /* one CPU of each core, and the others nobody's */
    bool exclusive;           /* only nodes that nobody else is on */
    bool held;                /* not before it is released: JOB_HELD_WORDS */
    /* Of an array. All that is pending of it is one job, its head, which has the array's own id;
     * a task becomes a job of its own when it starts, and the last one is the head itself. */
    int64_t array_id;     /* 0: it is of none */
    int64_t array_limit;  /* so many of its tasks may run at a time; 0: any number */
    int64_t task;         /* its number; of a head -1 */
    struct taskset tasks; /* of a head: those that are left; else empty */
    struct dependency depends;
    uint64_t name_key; /* of its user and name: equal for those whom CLAUSE_SINGLETON means; 0: it
                          has no name */
    uint32_t uid;
    int attempt; /* the number of the running or last attempt, from 1; a failed start uses one up */
    int restarts;      /* how often it was put back after it had run */
    bool may_rerun;    /* the end of its attempt may not be its own: see retry.h */
    int failed_starts; /* in a row; with each it waits longer for the next */
    /* What the running attempt holds. */
    int64_t alloc_cpus;
    int64_t alloc_mem_mb;
    struct cpuset alloc_set; /* empty where CPUs are not told apart */
    int64_t generation;      /* how often it was resized in this attempt */
    int64_t suspended_us;    /* since when it is suspended; 0: it is not */
    int64_t stood_us;        /* for how long it was, before, in this attempt */
};

/* For how long the running attempt has run, suspensions left out. */
int64_t job_ran_us(const struct job *j, int64_t now_us);
/* A copy without what the attempt holds (alloc_set), to be freed with job_free(). 0, or -1 if no
 * memory: *to holds nothing. */
int job_copy(struct job *to, const struct job *from);
void job_free(struct job *j); /* what it holds */

/* What people call it: "15", "15_3", "15_[3-7]" (cut if it is long). Returns buf. */
#define JOB_LABEL 64
char *job_label(const struct job *j, char buf[JOB_LABEL]);
