// SPDX-License-Identifier: MIT
#include <unistd.h>

#include "os/file.h"
#include "shepherd/shepherd.h"
#include "util/crash.h"
#include "util/log.h"

static int read_spec(struct attempt_spec *spec, struct err *e)
{
    _cleanup_buf_ struct buf bytes = {0};
    lseek(SPEC_FD, 0, SEEK_SET); /* whoever wrote it may have left the offset at its end */
    if (file_read_all(SPEC_FD, &bytes) != 0)
        return err_errno(e, "cannot read the job's spec from descriptor %d", SPEC_FD);
    close(SPEC_FD);
    return spec_decode(bytes.data, bytes.len, spec, e);
}

int main(void)
{
    static struct shepherd s;
    struct err e = {0};
    crash_point("shepherd-start");
    file_cloexec_from(SPEC_FD);
    if (read_spec(&s.spec, &e) == 0 && shepherd_run(&s, &e) == 0)
        return 0;
    log_warn("shepherd: %s", e.text);
    return 1;
}
