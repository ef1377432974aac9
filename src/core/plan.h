/* SPDX-License-Identifier: MIT */
/* plan.h - what a scheduling pass decided (pure). Commit it, then act on it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/job.h"

enum action_type {
    ACTION_START,  /* the job holds its allocation from now on */
    ACTION_TASK,   /* a task leaves its array's head, .for_job, and is a pending job of its own: a
                      new one, or, the last one, what the head was */
    ACTION_RESIZE, /* a running elastic job is to have another one */
    ACTION_END,    /* a pending job ends without having run */
};

enum resize_reason {
    RESIZE_IDLE,    /* nobody else can use these CPUs: on loan */
    RESIZE_LOAN,    /* a pending job, .for_job, starts with what was on loan */
    RESIZE_YIELD,   /* the same, below its initial CPUs, as that job has a higher priority */
    RESIZE_REGAIN,  /* back towards its initial CPUs */
    RESIZE_BALANCE, /* loans are shared anew */
    RESIZE_ASKED,   /* it asked for that, or its owner did */
    RESIZE_FEWER,   /* there are fewer CPUs than when it got them */
};

/* Why a job ends that was pending. */
enum end_reason {
    END_DEPENDENCY, /* what it waits for, .clause, can't come about any more */
    END_DEADLINE,   /* it can't end before its deadline any more */
};

struct action {
    enum action_type type;
    const struct job *job; /* the core's own; valid until the next sched_apply() */
    bool backfilled;       /* one before it in the queue did not start */
    /* Of ACTION_RESIZE. It counts as holding what it had and what it gets until EVENT_RESIZED with
     * job->generation; that is needed only if it has fewer than before. */
    enum resize_reason reason;
    int64_t for_job; /* 0: none */
    int64_t from_cpus, to_cpus, to_mem_mb;
    const struct cpuset *to_set; /* as .job */
    /* Of ACTION_END. */
    enum job_state state;
    enum end_reason end_reason;
    const struct clause *clause; /* as .job */
};

/* For people: "shrunk from 4 to 2 CPUs: job 17 can start with them". Returns buf. */
char *plan_resize_words(const struct action *a, char *buf, size_t len);
/* The same of an end: "its dependency can never be satisfied: job 12 FAILED". */
char *plan_end_words(const struct action *a, char *buf, size_t len);

struct plan {
    struct action *actions;
    size_t count, cap;
    int64_t wake_us; /* call sched_pass() again then, even if nothing happens; 0: no need */
};

/* 0, or -1 if no memory (the plan is as it was). */
int plan_add(struct plan *p, const struct action *a);
void plan_free(struct plan *p);
