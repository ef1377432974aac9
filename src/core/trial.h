/* SPDX-License-Identifier: MIT */
/* trial.h - what the next pass would do: as things are, or with one job asking for something else
 * (pure; for the files of the core only).
 *
 * It is tried in the world itself, and taken back: what a pass changes is little beside what there
 * is. Nothing that is taken back needs memory. */
#pragma once

#include "core/sched.h"
#include "core/snapshot.h"

struct node;

struct trial {
    struct sched *world; /* borrowed */
    struct node *node;   /* the job that may ask for something else; it is pending */
    struct job asked;    /* what it does ask for */
    int64_t now_us;
    /* Not taken back yet: */
    bool changed;
    struct plan plan;
    struct snapshot before;
};

/* 0, or -1 with ERR_FULL (the world is as after trial_close()). Until it is closed the world is the
 * trial's. */
int trial_open(struct trial *t, struct sched *world, struct node *n, int64_t now_us, struct err *e);
/* The world is as it was, but that those who are due by now have joined the queue, and that queues
 * whose order changes with time are in that of now: the next pass does that first. */
void trial_close(struct trial *t);

/* 1: the job starts, 0: it does not; -1 with ERR_FULL. In any case the world is as the pass left
 * it, to be looked at and changed, until trial_back(). NULL: the job asks for what it does ask for.
 */
int trial_pass(struct trial *t, const struct job *changed, struct err *e);
void trial_back(struct trial *t);
