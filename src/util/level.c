// SPDX-License-Identifier: MIT
#include "util/level.h"

#include <stddef.h>
#include <string.h>

static const char *const names[] = {
    [LEVEL_NONE] = "none",
    [LEVEL_ADVISORY] = "advisory",
    [LEVEL_WATCHED] = "watched",
    [LEVEL_ENFORCED] = "enforced",
};

const char *level_name(enum level l)
{
    return names[l];
}

int level_parse(const char *name)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0)
            return (int)i;
    return -1;
}
