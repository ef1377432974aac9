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
    static struct buf bytes; /* for all: making room each time is dear */
    bytes.len = 0;
    /* Whoever wrote it left the offset at its end, and finds the file empty the next time. */
    lseek(SPEC_FD, 0, SEEK_SET);
    if (file_read_all(SPEC_FD, &bytes) != 0 || ftruncate(SPEC_FD, 0) != 0)
        return err_errno(e, "cannot read the job's spec from descriptor %d", SPEC_FD);
    lseek(SPEC_FD, 0, SEEK_SET);
    return spec_decode(bytes.data, bytes.len, spec, e);
}

/* ps shows what we run: the argument is ours to write on. */
static void show_title(char *title, const struct attempt_spec *spec)
{
    if (spec)
        snprintf(title, sizeof SPEC_TITLE_ROOM, "%" PRId64 ".%d", spec->job, spec->attempt);
    else
        memcpy(title, SPEC_TITLE_ROOM, sizeof SPEC_TITLE_ROOM);
}

/* As shepherd_run(). */
static int run_next(struct shepherd *s, char *title, struct err *e)
{
    if (!shepherd_told(s, SAY_SPEC))
        return 0;
    crash_point("shepherd-start");
    if (read_spec(&s->spec, e) != 0)
        return -1;
    show_title(title, &s->spec);
    int r = shepherd_run(s, e);
    shepherd_reset(s);
    show_title(title, NULL);
    return r;
}

int main(int argc, char **argv)
{
    static struct shepherd s;
    static char no_title[sizeof SPEC_TITLE_ROOM];
    struct err e = {0};
    bool titled = argc == 2 && strcmp(argv[1], SPEC_TITLE_ROOM) == 0;
    log_timestamps(true);
    file_cloexec_from(SPEC_FD);
    int r = shepherd_init(&s, &e);
    if (r == 0)
        while ((r = run_next(&s, titled ? argv[1] : no_title, &e)) > 0)
            ;
    if (r == 0)
        hold_release(&s, false);
    if (r < 0)
        log_warn("shepherd: %s", e.text);
    return r < 0;
}
