// SPDX-License-Identifier: MIT
/* Telling a shepherd something, also before it is there. */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attempt/control.h"
#include "attempt/status.h"
#include "tap.h"

int main(void)
{
    char dir[] = "/tmp/mini-slurm-test-XXXXXX";
    if (!mkdtemp(dir)) {
        printf("Bail out! mkdtemp\n");
        return 1;
    }
    struct err e = {0};
    char text[64] = "";

    ok(!control_note(dir, 1, 1), "nothing was noted at first");
    is_int(control_send(dir, 1, 1, CONTROL_CANCEL, &e), 1, "nobody is there to be told");
    int fd = control_open(dir, 1, 1, &e);
    ok(fd >= 0, "a shepherd opens its end");
    char *note = control_note(dir, 1, 1);
    is_str(note, "cancel 1.1\n", "and finds what was to be told");
    free(note);

    is_int(control_send(dir, 1, 1, CONTROL_KILL, &e), 0, "now it can be told");
    is_int(read(fd, text, sizeof text - 1), 9, "at once");
    is_str(text, "kill 1.1\n", "what was said, and to whom");
    ok(control_is("kill 1.1", CONTROL_KILL, 1, 1), "which is understood");
    ok(!control_is("kill 1.1", CONTROL_CANCEL, 1, 1), "as that and no other word");
    ok(!control_is("kill 1.1", CONTROL_KILL, 11, 1), "and not by another job");
    ok(!control_is("kill 1.11", CONTROL_KILL, 1, 1), "or another attempt");
    is_int(read(fd, text, sizeof text - 1), -1, "a FIFO without writers does not end");

    int second = control_open(dir, 1, 1, &e);
    ok(second >= 0 && second != fd, "a FIFO left over is no obstacle");
    close(fd);
    close(second);
    is_int(control_send(dir, 1, 1, CONTROL_KILL, &e), 1, "nobody is there any more");
    status_remove(dir, 1, 1);
    is_int(rmdir(dir), 0, "all of it is removed with the attempt");
    is_int(control_send(dir, 1, 1, CONTROL_KILL, &e), -1, "no directory is an error");
    return done_testing();
}
