/* SPDX-License-Identifier: MIT */
/* proctree.h - all the processes that came of one.
 *
 * A walk is a snapshot that processes may escape by forking meanwhile: whoever ends a tree walks
 * again until nobody is found. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Zero-initialise; the vector is reused from walk to walk. */
struct proctree {
    pid_t *pids; /* parents before their children */
    size_t count, cap;
};

/* From now on the calling process is the parent of every orphan among its descendants, or is not.
 * False where the system has no such thing: then an orphan is found by its session only. */
bool proctree_keep_orphans(bool on);
/* Fills *t with the descendants of the calling process, and where orphans can't be kept with the
 * members of that session. 0, or -1 with errno. */
int proctree_walk(struct proctree *t, pid_t session);
void proctree_free(struct proctree *t);
/* Sends sig to each. */
void proctree_signal(const struct proctree *t, int sig);

/* 0 if it is gone. */
pid_t proctree_parent(pid_t pid);
/* It has stopped (SIGSTOP), or is dead. */
bool proctree_is_stopped(pid_t pid);

/* Memory of one process in kB; 0 if it is gone. Resident counts shared pages in full, proportional
 * divides them among those who share (resident where the system does not tell). */
int64_t proctree_resident_kb(pid_t pid);
int64_t proctree_proportional_kb(pid_t pid);
