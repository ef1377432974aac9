/* SPDX-License-Identifier: MIT */
/* stand_in.h - in the place of a shepherd: the control file and the FIFO of one elastic job, in a
 * directory of its own, and in the environment of this process. Each ends the test program if it
 * can't do its part. */
#pragma once

#include <stdbool.h>

struct stand_in {
    char dir[64], control[80], ack[80];
    int fifo; /* -1: nobody listens */
};

/* CPUs 1 to 8, 100 MB for each; generation 0. SIGUSR1 is ignored from now on. */
void stand_in_open(struct stand_in *s, int cpus);
/* grace_ms: until the deadline, SHRINKING; -1: RUNNING, as it settled. Signals nobody. */
void stand_in_tell(const struct stand_in *s, int cpus, long long generation, int grace_ms);
/* The control file is this. */
void stand_in_write(const struct stand_in *s, const char *text);
/* Whether the next line in the FIFO is this generation; waits for it so long at most. */
bool stand_in_is_acked(const struct stand_in *s, long long generation, int within_ms);
void stand_in_close(struct stand_in *s);

/* Waits for a millisecond: between looks at a condition. */
void tiny_sleep(void);
_Noreturn void cannot(const char *what);
