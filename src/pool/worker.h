/* SPDX-License-Identifier: MIT */
/* worker.h - one copy of the pool's command: a process, and the process group it leads. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "util/err.h"

enum worker_state {
    WORKER_ABSENT, /* not started yet, has found no more work, or was let go */
    WORKER_RUNS,
    WORKER_LEAVES, /* it has got SIGTERM */
    WORKER_DIED,   /* to be started again */
};

struct worker {
    enum worker_state state;
    pid_t pid;       /* while it runs or leaves; its process group's id, too */
    int64_t kill_us; /* while it leaves: clock_boot_us() at which it gets SIGKILL */
    int64_t since;   /* the pool's `handed_back` when it started */
};

/* What all have in common. Borrowed. */
struct worker_command {
    char **argv;
    int64_t cpus; /* for each worker */
};

/* Starts it, as worker `index` of `count`. It gets MINI_SLURM_WORKER and MINI_SLURM_WORKERS, no
 * more threads by OMP_NUM_THREADS and its like than CPUs, and no control file: that is the pool's.
 * 0, or -1 with *e. */
int worker_start(struct worker *w, const struct worker_command *c, size_t index, size_t count,
                 struct err *e);
/* SIGTERM to all its processes; SIGKILL at that time. */
void worker_let_go(struct worker *w, int64_t kill_us);
/* SIGKILL, if it leaves and its time is over. */
void worker_hurry(struct worker *w, int64_t now_us);
/* Its first process has ended, and waits to be reaped: ends all others. */
void worker_clear(const struct worker *w);
/* Whether none of its processes is left, if the caller is the parent of all orphans among them. */
bool worker_is_gone(const struct worker *w);
