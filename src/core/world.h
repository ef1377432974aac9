/* SPDX-License-Identifier: MIT */
/* world.h - the core's picture of the world: for the files of the core and their tests only. */
#pragma once

#include "core/queue.h"
#include "core/sched.h"

struct node; /* a job and its place in the indexes */

struct sched {
    struct sched_config config;
    struct node *nodes;   /* all active jobs by id (hash) */
    struct queue pending; /* in the order of the queue */
    struct queue running; /* in the same order; only a list */
    int64_t free_cpus, free_mem_mb;
    struct cpuset free_set; /* the members of config.cpu_set that no job holds */
    int64_t hold_until_us;  /* nothing is started before: a start failed */
};

/* Whether the job could run on the empty machine, and whether it could now. */
bool world_can_ever_fit(const struct sched *s, const struct job *j);
bool world_fits(const struct sched *s, const struct job *j);
/* Takes the resources of a pending job that fits and makes it RUNNING; it stays in s->pending, from
 * where the caller takes it. 0, or -1 if no memory (nothing changed). */
int world_start(struct sched *s, struct job *j, int64_t now_us);
/* Gives its resources back. The job leaves s->running. */
void world_release(struct sched *s, struct job *j);

/* One file a policy. */
int greedy_pass(struct sched *s, int64_t now_us, struct plan *plan);
