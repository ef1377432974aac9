/* SPDX-License-Identifier: MIT */
/* plan.h - what a scheduling pass decided (pure). Commit it, then act on it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/job.h"

enum action_type {
    ACTION_START, /* the job holds its allocation from now on */
};

struct action {
    enum action_type type;
    const struct job *job; /* the core's own; valid until the next sched_apply() */
    bool backfilled;       /* one before it in the queue did not start */
};

struct plan {
    struct action *actions;
    size_t count, cap;
    int64_t wake_us; /* call sched_pass() again then, even if nothing happens; 0: no need */
};

/* 0, or -1 if no memory (the plan is as it was). */
int plan_add(struct plan *p, const struct action *a);
void plan_free(struct plan *p);
