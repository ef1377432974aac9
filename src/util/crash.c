// SPDX-License-Identifier: MIT
#include "util/crash.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#ifdef MINI_SLURM_CRASH_POINTS
void crash_point(const char *name)
{
    static int passed;
    const char *at = getenv("MINI_SLURM_CRASH_AT");
    if (!at)
        return;
    size_t len = strcspn(at, ":");
    if (strlen(name) != len || strncmp(at, name, len) != 0)
        return;
    int nth = at[len] == ':' ? atoi(at + len + 1) : 1;
    if (++passed == nth)
        raise(SIGKILL);
}
#endif
