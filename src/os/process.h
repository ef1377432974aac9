/* SPDX-License-Identifier: MIT */
/* process.h - starting, watching and ending processes. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "util/err.h"

/* When the process started: an opaque number that, with the boot id, tells it from any later
 * process of the same pid. -1 if there is no such process. Linux: starttime in /proc/PID/stat. */
int64_t process_start(pid_t pid);

/* Starts argv[0] (an absolute path) in a session of its own, with fds[i] as descriptor i (-1: as
 * /dev/null) and every other descriptor closed, all signals at their default and unblocked.
 * Environment: env. Returns the pid; -1 with *e, ERR_FULL if a later try may succeed. */
pid_t process_spawn(char *const argv[], char *const env[], const int fds[], int nfds,
                    struct err *e);

/* A descriptor that becomes readable when the process ends: pidfd_open(2); on macOS a kqueue.
 * start: process_start() of the process meant (0: it is our own child, not reaped yet, so the pid
 * can't have been used again). ERR_NOT_FOUND if that process is gone. */
int process_watch(pid_t pid, int64_t start, struct err *e);

/* Whether it has not ended; start as above, not 0. */
bool process_lives(pid_t pid, int64_t start);

/* Ends every process that carries NAME=value in its environment, with SIGKILL, until none is left
 * (a last resort: who scrubs his environment escapes). Returns how many were found. */
int process_sweep(const char *name, const char *value);

/* From now on, when it wakes up, this process takes no CPU from another that is at work: for who
 * prepares things while others wait for something else. Its children inherit that until they take
 * it back. Linux: SCHED_BATCH, see sched(7). Without effect where there is no such thing. */
void process_give_way(bool on);

/* The absolute path of the program this process runs: a string to free(), NULL with errno. */
char *process_executable(void);
