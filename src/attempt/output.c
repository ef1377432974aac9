// SPDX-License-Identifier: MIT
#include "attempt/output.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Its dot, or its end if it has none; that of a hidden file is no ending. */
static const char *ending_of(const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    return dot && dot > name ? dot : path + strlen(path);
}

char *output_path(const char *path, int restart)
{
    char *again = NULL;
    if (!path)
        return NULL;
    if (!restart || !*path || strncmp(path, "/dev/", 5) == 0)
        return strdup(path);
    const char *ending = ending_of(path);
    return asprintf(&again, "%.*s.r%d%s", (int)(ending - path), path, restart, ending) < 0 ? NULL
                                                                                           : again;
}
