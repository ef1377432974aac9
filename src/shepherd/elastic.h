/* SPDX-License-Identifier: MIT */
/* elastic.h - what passes between the shepherd of an elastic job and the job: its control file, and
 * the FIFO for its answers.
 *
 * The control file, spec.control_path, is there before the job executes, and replaced as a whole
 * whenever something changes. Two lines:
 *
 *     CPUS MEM_MB MIN_CPUS MAX_CPUS STATUS SCALE_EVENT
 *     GENERATION CPU_LIST DEADLINE REASON
 *
 * STATUS is RUNNING, or SHRINKING: CPUS is already what the job is to have, and it still has the
 * others until it has written GENERATION, as a decimal line, into the FIFO spec.ack_path, or until
 * DEADLINE: seconds since the epoch with three decimals, 0 if there is none. SCALE_EVENT is what
 * became of CPUS the last time: none, grow or shrink. GENERATION is 0 at first, and higher with
 * each change. CPU_LIST ("0-3,7") is "-" where CPUs are not told apart; so is REASON, the rest of
 * the line, if there is none.
 *
 * Both files are of the job's user alone, and removed at the end of the attempt. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attempt/resize.h"
#include "os/handler.h"

enum resize_stage {
    RESIZE_SETTLED,   /* the newest order is carried out */
    RESIZE_TOLD,      /* the job knows that it will have less, and may answer */
    RESIZE_NARROWING, /* somebody still runs where he is no longer to */
    RESIZE_REPORTING, /* the scheduler is too busy to be told */
};

/* Somebody who handles the signal. */
struct listener {
    struct handler who;
    int64_t seen_us; /* first */
    bool told;
};

struct elastic {
    int ack; /* the FIFO, or -1 */
    char line[24];
    size_t line_len;

    struct resize_order order; /* the newest, or being carried out; generation 0: none yet */
    bool early;                /* one came before the job ran */
    bool asked;                /* the job was told before it was carried out */
    enum resize_stage stage;
    int64_t due_us; /* when the stage goes on by itself; 0: it does not */
    int64_t retry_us;
    int64_t told_cpus; /* in the control file */
    const char *event; /* SCALE_EVENT */

    struct listener *listeners; /* notify.c */
    size_t count, cap;
    int looks;
    int64_t look_at_us; /* 0: everybody was told */
    bool missed;        /* nobody could be told: it is suspended */
};

struct shepherd;

/* elastic.c: makes both files, for an elastic job. 0, or -1 with *e. */
int elastic_open(struct shepherd *s, struct err *e);
/* Removes them. */
void elastic_close(struct shepherd *s);
/* Writes the control file as of the newest order. grace_us: until the deadline; -1: RUNNING. */
void elastic_tell(struct shepherd *s, int64_t grace_us);
/* Reads the FIFO: whether it now holds the generation of the newest order. */
bool elastic_is_acked(struct shepherd *s);

/* resize.c: there may be a new order. */
void resize_hear(struct shepherd *s);
void resize_job_runs(struct shepherd *s);
/* s->elastic.ack is readable. */
void resize_answered(struct shepherd *s);
/* s->elastic.due_us has come. */
void resize_go_on(struct shepherd *s);

/* allot.c: CPUs and memory of a running job, changed to those of the newest order. */
/* Whether the job would have to give up a CPU. */
bool allot_takes_away(const struct shepherd *s);
/* From now on the job is held to these CPUs. True if it is seen to be. */
bool allot_cpus(struct shepherd *s);
/* Whether it is seen to be now; who is not is held again. */
bool allot_holds(struct shepherd *s);
void allot_more_mem(struct shepherd *s);
void allot_less_mem(struct shepherd *s); /* sets spec.mem_mb to what it is now */

/* notify.c: sends spec.resize_signal to who handles it. */
void notify_begin(struct shepherd *s);
/* s->elastic.look_at_us has come. */
void notify_look(struct shepherd *s);
/* It is not suspended any more. */
void notify_catch_up(struct shepherd *s);
/* Nobody is told any more. */
void notify_forget(struct shepherd *s);
