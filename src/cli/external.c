// SPDX-License-Identifier: MIT
#include "cli/external.h"

#include <unistd.h>

#include "os/paths.h"
#include "util/cleanup.h"

int external_run(const char *program, char **argv, struct err *e)
{
    _cleanup_free_ char *path = paths_program(program, e);
    if (!path)
        return -1;
    argv[0] = path; /* what ps shows */
    execv(path, argv);
    return err_errno(e, "%s", path);
}
