// SPDX-License-Identifier: MIT
#include <stdlib.h>

#include "attempt/output.h"
#include "tap.h"

static void writes_to(const char *path, int restart, const char *file)
{
    char *got = output_path(path, restart);
    is_str(got, file, path);
    free(got);
}

int main(void)
{
    writes_to("/logs/job_15.out", 0, "/logs/job_15.out");
    writes_to("/logs/job_15.out", 1, "/logs/job_15.r1.out");
    writes_to("/logs/job_15.out", 12, "/logs/job_15.r12.out");
    writes_to("/res/log", 1, "/res/log.r1");
    writes_to("/res.d/log", 1, "/res.d/log.r1");
    writes_to("/res/.log", 1, "/res/.log.r1");
    writes_to("/res/a.tar.gz", 1, "/res/a.tar.r1.gz");
    writes_to("/res/a.", 1, "/res/a.r1.");
    writes_to("/dev/null", 1, "/dev/null");
    writes_to("", 1, "");
    ok(!output_path(NULL, 1), "no path stays none");
    return done_testing();
}
