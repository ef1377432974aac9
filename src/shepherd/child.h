/* SPDX-License-Identifier: MIT */
/* child.h - what the forked child does until it is the job, and how it tells what goes wrong. */
#pragma once

#include "shepherd/shepherd.h"

/* Through the socket, from the child: at most one of each. */
struct child_report {
    enum { CHILD_NOT_HELD, CHILD_FAILED } what;
    int kinds;         /* NOT_HELD: enum cgroup_kind it could not join */
    bool affinity;     /* NOT_HELD: it could not be pinned */
    struct err reason; /* FAILED: the job can't be executed */
};

/* For who is forked beside the job as well. */
void child_unblock_signals(void);
int child_become_user(const struct attempt_spec *spec, struct err *e);

/* argv, env: NULL-terminated. inside: as of cgroup_fork(). */
_Noreturn void child_run(const struct shepherd *s, int socket, char *const argv[],
                         char *const env[], bool inside);
