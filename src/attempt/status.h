/* SPDX-License-Identifier: MIT */
/* status.h - the small file that tells how an attempt stands: the truth about it until the store
 * has its outcome.
 *
 *   <run_dir>/<job>.<attempt>.status    the record; its existence is the claim
 *   <run_dir>/<job>.<attempt>.control   a FIFO, see control.h
 *   <run_dir>/<job>.<attempt>.note      what was to be told before the FIFO was there
 *   <run_dir>/<job>.<attempt>.script    a spooled script, if any
 *   <run_dir>/<job>.<attempt>.resize    of an elastic job: see resize.h
 *   <run_dir>/<job>.<attempt>.console   a socket, of one with a terminal: see console.h
 *
 * The file holds two records of STATUS_SIZE bytes: the claim, and room for the outcome.
 *
 * Claim: link(2) of a complete file to the final name. It fails with EEXIST for all but the first,
 * so the shepherd (phase CLAIMED) and a recovering scheduler (phase VOID) can't both win: the
 * attempt either runs, or is known never to run. A VOID record must therefore stay until its
 * shepherd, if there was one, is known to be dead (a boot later at the latest): without it a late
 * one could still claim.
 *
 * Outcome: one pwrite(2) over the room that was written with the claim, so that a full disk can't
 * lose it. A record that is not whole is none, so a reader sees the claim alone or the outcome, as
 * if the file had been replaced. (Replacing it by rename(2) would cost an inode more for every
 * job.)
 *
 * No fsync: these files must survive a killed process, not a power cut, which ends the job itself.
 * Records are text, "key value" lines padded with newlines. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "util/err.h"
#include "util/level.h"

#define STATUS_SIZE 4096

enum attempt_phase {
    PHASE_CLAIMED, /* the shepherd has it: the job is about to run, or runs */
    PHASE_VOID,    /* recovery has it: it never ran and never will */
    PHASE_ENDED,   /* over; the outcome fields are valid; no process of it is left */
};

enum attempt_outcome {
    OUTCOME_EXITED,    /* by itself: exit_code or signal */
    OUTCOME_CANCELLED, /* it was told to end, and something of it was still there to end */
    OUTCOME_TIMEOUT,
    OUTCOME_OOM,
    OUTCOME_NOT_STARTED, /* could not be executed; `reason` says why */
};

struct attempt_usage {
    int64_t cpu_user_us, cpu_system_us; /* of the whole process tree */
    int64_t mem_peak_kb;                /* of the whole tree at one time, where it can be known */
};

struct attempt_status {
    int64_t job;
    int attempt;
    enum attempt_phase phase;
    char boot_id[40];
    pid_t shepherd;         /* its pid, and when it started (os/process.h), which tells it from a */
    int64_t shepherd_start; /* later process of the same pid */
    char group[128];        /* name of the cgroup, empty if none */
    int64_t started_us;     /* wall clock: the job's exec; 0 if not yet */
    struct levels levels;   /* what holds the job in fact */
    int checkpointed;       /* 1: it was told to save its work */
    /* phase ENDED */
    enum attempt_outcome outcome;
    int64_t ended_us;   /* wall clock */
    int64_t runtime_us; /* by the boot-time clock */
    int exit_code;      /* 0-255; 0 if a signal ended it */
    int signal;         /* 0 if none */
    struct attempt_usage usage;
    char reason[512];
};

/* "<run_dir>/<job>.<attempt>.<what>", a string to free(), NULL if no memory. */
char *attempt_path(const char *run_dir, int64_t job, int attempt, const char *what);

/* 0: the attempt is now ours, in the phase given by *s; *fd (unless NULL) is the record, to
 * close(). 1: somebody was first. -1 with *e. One process at a time may claim in the same phase:
 * the attempt's shepherd, and whoever holds the scheduler's locks. */
int status_claim(const char *run_dir, const struct attempt_status *s, int *fd, struct err *e);
/* How it stands: the outcome if there is one, else the claim. 0, or -1: ERR_NOT_FOUND if there is
 * no claim, ERR_CORRUPT if it is damaged. */
int status_read(const char *run_dir, int64_t job, int attempt, struct attempt_status *s,
                struct err *e);
/* Writes started_us into the claim where it stands. Only for people to see: if it fails, nothing
 * is lost. */
void status_mark_started(int fd, const struct attempt_status *s);
/* Writes into the claim that the job is told to save its work, before it is: so that whoever finds
 * its shepherd dead knows. If it fails, that is lost with the shepherd. */
void status_mark_checkpointed(int fd);
/* Writes the outcome into the record of a claim. */
int status_end(int fd, const struct attempt_status *s, struct err *e);
/* Makes one of the attempt's files, for us alone, instead of what may be there under its name: a
 * descriptor, or -1 with *e. *path is set to its path, to free(). */
int attempt_create(const char *run_dir, int64_t job, int attempt, const char *what, mode_t mode,
                   char **path, struct err *e);
/* Removes all files of the attempt: once the store has the outcome. Absent ones are fine. */
void status_remove(const char *run_dir, int64_t job, int attempt);

struct attempt_id {
    int64_t job;
    int attempt;
};

/* Instead of removing what is left of an attempt that ended well and that the store has (its record
 * and FIFO; the rest its shepherd has removed), gives it to a later one, before it prepares. A file
 * system may find it dear to make and delete files all the time (ext4 without a journal looks
 * through all inodes freed in the last five seconds for each new one). */
void status_hand_on(const char *run_dir, const struct attempt_id *from,
                    const struct attempt_id *to);
