/* SPDX-License-Identifier: MIT */
/* paths.h - where the files of this user's mini-slurm are.
 *
 * Everything is below the home: MINI_SLURM_HOME, or the user's home directory (of the password
 * database, so that it is found with a scrubbed environment as well; $HOME is asked first).
 * The socket stands there too, or, where that path is too long for one (107 bytes), in a directory
 * of the user's in /tmp under a name made from the home: not in the user's runtime directory, which
 * goes away at logout while the scheduler lives on. */
#pragma once

#include "util/err.h"

struct paths {
    char *home;
    char *db;       /* <home>/.mini_slurm.db */
    char *logs;     /* <home>/.mini_slurm_logs */
    char *topology; /* <home>/.mini_slurm_topology.conf: need not be there */
    char *site;     /* <home>/mini-slurm.conf: need not be there */
    char *run;      /* <home>/.mini_slurm_run: attempts' files, locks */
    char *lifetime; /* <run>/scheduler.lock: held as long as a scheduler lives */
    char *store;    /* <run>/store.lock: held for a moment by whoever opens the store without one */
    char *socket;   /* <run>/scheduler.sock, or /tmp/mini-slurm-<uid>/<instance>.sock */
    char *instance; /* names this home on this machine: for cgroups */
};

/* Makes the directories (0700) that are missing. Refuses a home that is no directory, not writable,
 * or on a network file system (WAL and locks do not hold there), saying what to do. */
int paths_find(struct paths *p, struct err *e);
void paths_free(struct paths *p);

/* The absolute path of one of our programs: <dir of this executable>/../libexec/mini-slurm/NAME, or
 * beside this executable (a build directory). A string to free(); NULL with *e. */
char *paths_program(const char *name, struct err *e);
