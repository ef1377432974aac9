// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "os/file.h"
#include "shepherd/shepherd.h"
#include "util/crash.h"
#include "util/log.h"

static int read_spec(struct attempt_spec *spec, struct err *e)
{
    _cleanup_buf_ struct buf bytes = {0};
    lseek(SPEC_FD, 0, SEEK_SET); /* whoever wrote it left the offset at its end */
    if (file_read_all(SPEC_FD, &bytes) != 0)
        return err_errno(e, "cannot read the job's spec from descriptor %d", SPEC_FD);
    close(SPEC_FD);
    return spec_decode(bytes.data, bytes.len, spec, e);
}

/* ps shows what we run: the argument is ours to write on. */
static void show_title(char *title, const struct attempt_spec *spec)
{
    snprintf(title, strlen(title) + 1, "%" PRId64 ".%d", spec->job, spec->attempt);
}

int main(int argc, char **argv)
{
    static struct shepherd s;
    struct err e = {0};
    log_timestamps(true);
    file_cloexec_from(SPEC_FD);
    if (shepherd_init(&s, &e) == 0) {
        if (!shepherd_told(GO_SPEC))
            return 0;
        crash_point("shepherd-start");
        if (read_spec(&s.spec, &e) == 0) {
            if (argc > 1)
                show_title(argv[1], &s.spec);
            if (shepherd_run(&s, &e) == 0)
                return 0;
        }
    }
    log_warn("shepherd: %s", e.text);
    return 1;
}
