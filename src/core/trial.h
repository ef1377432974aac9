/* SPDX-License-Identifier: MIT */
/* trial.h - what the next pass would do, tried in a copy of the world: as it is, or with one job
 * asking for something else (pure; for the files of the core only). */
#pragma once

#include "core/sched.h"

struct trial {
    const struct sched *from; /* borrowed; never changed */
    struct sched *world;      /* the copy: as the last pass left it, to be looked at and changed */
    struct plan plan;         /* of that pass */
    int64_t id;               /* the job that may ask for something else; it is pending */
    int64_t now_us;
};

/* 0, or -1 with ERR_FULL. */
int trial_open(struct trial *t, const struct sched *from, int64_t id, int64_t now_us,
               struct err *e);
void trial_close(struct trial *t);
/* Whatever was tried before is undone first. NULL: nothing is changed. 1: the job starts, 0: it
 * does not; -1 with ERR_FULL: the trial can only be closed. */
int trial_pass(struct trial *t, const struct job *changed, struct err *e);
