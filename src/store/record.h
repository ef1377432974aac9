/* SPDX-License-Identifier: MIT */
/* record.h - a job as the store keeps it: the core's picture and all that is only remembered. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/job.h"
#include "core/retry.h"
#include "util/checkpoint.h"
#include "util/level.h"
#include "util/strz.h"
#include "util/sweep.h"
#include "util/warning.h"

/* One row of `jobs`. Owns its strings; NULL where the column is NULL. Times: wall clock, _us. */
struct job_record {
    struct job job; /* id, state, priority, times, request, and the last allocation */
    uint32_t gid, umask;
    char *user;
    char *name;       /* NULL: none given */
    struct strz argv; /* what is executed; one element and .shell: a line for /bin/sh */
    bool shell;
    bool pty;      /* its input and output are a terminal, which writes to stdout_path as well */
    char *client;  /* the socket at which its client waits for it (attempt/console.h), without which
                      it is not to run: then there is no stdout_path; NULL: it needs none */
    char *command; /* as the user typed it, for people; bytes, not only UTF-8 */
    struct strz env; /* filled by store_job_load() with STORE_WITH_ENV only. data NULL: none was
                        stored (jobs of the Python mini-slurm), which is not the empty one */
    char *cwd;
    char *stdout_path, *stderr_path; /* NULL until known (defaults hold the id) */
    int64_t end_us;
    int exit_code, signal; /* valid once ended and `has_result` */
    bool has_result;
    int64_t runtime_us; /* of the last attempt, by the boot-time clock */
    int64_t cpu_user_us, cpu_system_us, mem_peak_kb; /* -1: not known */
    char *reason;       /* why it ended as it did, in words; NULL: nothing to say */
    int64_t cancel_us;  /* when a cancel was asked for; 0: never */
    int64_t requeue_us; /* when it was asked to be run again, while it runs; 0: it was not */
    uint32_t cancel_uid, requeue_uid;
    bool cancel_now;      /* SIGKILL at once */
    bool requeue_hold;    /* and then to be held */
    int retried;          /* how many of its retries it has had */
    struct levels levels; /* how the last attempt was held */
    char *nodes; /* that it was on, a hostlist of names as they were then; NULL: not known */
    /* Of an elastic job; 0 or NULL of any other. */
    int64_t current_cpus; /* what it has, or had last; 0: it never ran */
    int64_t resizes;      /* how many there were, in all attempts */
    int64_t resize_grace_us;
    int resize_signal; /* 0: none */
    bool workers;      /* it is to run as a pool of workers */
    char *control_path, *ack_path;
    struct retry_policy retry;
    /* What it waits for (dependency.h); NULL: nothing. job.depends has its clauses only where
     * something filled them in: store_dependency_load(). */
    char *dependency;
    /* What its shepherd does in time. */
    struct warning warning; /* of its time limit */
    char *notify;           /* what is run when something happens; NULL: nothing */
    int notify_on;          /* util/notify.h */
    /* CHECKPOINT_SIGNAL: by the warning, which then is that. */
    enum checkpoint checkpoint;
    /* Of an array, as it was submitted; count 0: it is of none. The head's paths are patterns
     * (util/pattern.h). */
    struct {
        int64_t count, min, max, step;
    } array;
    char *sweep; /* of an array with parameters (util/sweep.h), tasks 0 to count - 1; NULL: it has
                    none. They are in name, argv, command, and the head's paths by their names */
};

#define RESIZE_GRACE_US INT64_C(2000000) /* where nobody says another */

/* One row of `attempts`: a run of a job. */
struct attempt_record {
    int64_t job;
    int attempt;
    enum job_state state; /* RUNNING, or how it ended */
    int64_t start_us, end_us, runtime_us;
    int64_t alloc_cpus, alloc_mem_mb;
    char *cpu_list; /* "0-3"; "" where CPUs are not told apart */
    char boot_id[40];
    int exit_code, signal; /* valid if has_result */
    bool has_result;       /* false: how it ended is not known, or it never was executed */
    int64_t cpu_user_us, cpu_system_us, mem_peak_kb; /* -1: not known */
    struct levels levels;
    char *reason;       /* NULL: nothing to say */
    int64_t generation; /* of the last order to resize it; 0: there was none */
    int64_t resizes;
    int restart;       /* how often the job had been put back before it */
    bool checkpointed; /* it was told to save its work, or that was done; not kept */
};

/* A job that is put back into the queue. */
struct requeue_record {
    int64_t job;
    int64_t time_us;
    int64_t eligible_us; /* not before */
    int64_t mem_mb;      /* asked for from now on; 0: none */
    int retried;
    bool held;
    char *reason; /* why it waits again, for people */
};

/* An order to a running elastic job: what it is to have instead. */
struct resize_record {
    int attempt;
    int64_t generation; /* ascending from 1 in each attempt */
    int64_t time_us;
    int64_t from_cpus, to_cpus;
    int64_t mem_mb; /* to have with them */
    char *cpu_list; /* "0-3"; "" where CPUs are not told apart */
    char *nodes;    /* as job_record's; not read back */
    char *reason;   /* for people */
};

/* Which of the files that are named after restarts an attempt writes into: output_path(). What is
 * restored writes on where it was. */
int job_record_output(const struct job_record *r, int restart);
/* Whether the end of its attempt may not be its own: job.may_rerun. */
bool job_record_may_rerun(const struct job_record *r);
/* Of a task that is a job of its own: fills the empty *s; 1: it is none of a sweep. */
int job_record_sweep(const struct job_record *r, struct sweep *s, struct err *e);
void job_record_clear(struct job_record *r); /* frees what it holds; zero again */
#define _cleanup_job_record_ __attribute__((cleanup(job_record_clear)))
void attempt_record_clear(struct attempt_record *r);
void resize_record_clear(struct resize_record *r);
