// SPDX-License-Identifier: MIT
/* macOS does not let a process choose its CPUs: jobs are only told (by thread-count variables). */
#include "os/affinity.h"

#include <errno.h>

int affinity_parse(struct affinity *a, const char *list, struct err *e)
{
    *a = (struct affinity){0};
    return err_set(e, ERR_SYSTEM, "processes can't be pinned to CPUs on this system");
}

void affinity_free(struct affinity *a)
{
    *a = (struct affinity){0};
}

int affinity_set(const struct affinity *a)
{
    errno = ENOTSUP;
    return -1;
}

bool affinity_covers(const struct affinity *a, const struct affinity *b)
{
    return false;
}

int affinity_hold(const struct affinity *a, pid_t pid)
{
    return 0;
}

int affinity_move(const struct affinity *from, const struct affinity *to, pid_t pid)
{
    return 0;
}

int affinity_strays(const struct affinity *a, pid_t pid)
{
    return 0;
}
