// SPDX-License-Identifier: MIT
/* Telling a shepherd something, also before it is there. */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attempt/control.h"
#include "attempt/status.h"
#include "tap.h"

static void test_signal(void)
{
    char message[CONTROL_MESSAGE], line[CONTROL_MESSAGE + 40];
    struct control_signal c = {.signal = 64, .first = true, .token = INT64_MAX}, got = {0};
    snprintf(line, sizeof line, "%s 9223372036854775807.2147483647",
             control_signal_format(&c, message));
    ok(control_parse(line, INT64_MAX, INT32_MAX, message) && control_signal_parse(message, &got),
       "a signal with the largest numbers is understood");
    ok(got.signal == 64 && got.first && got.token == INT64_MAX, "as it was");
    c = (struct control_signal){.signal = 10};
    is_str(control_signal_format(&c, message), "signal 10 all 0", "one for all");
    ok(control_signal_parse(message, &got) && !got.first, "is not for the first alone");
    ok(!control_signal_parse("signal", &got), "a signal has a number");
    ok(!control_signal_parse("signal 10 some 0", &got), "and says for whom it is");
    ok(!control_signal_parse("signal 10 all 0 0", &got), "and nothing more");
    ok(!control_signal_parse(CONTROL_KILL, &got), "another word is no signal");
}

static void test_limit(void)
{
    char message[CONTROL_MESSAGE];
    int64_t us = 0;
    is_str(control_limit_format(INT64_MAX, message), "limit 9223372036854775807",
           "a limit is a number");
    ok(control_limit_parse(message, &us) && us == INT64_MAX, "which is understood");
    ok(!control_limit_parse("limit -6", &us) && !control_limit_parse("limit ", &us) &&
           !control_limit_parse("limits 60", &us) && !control_limit_parse("limit 60x", &us),
       "if it is one");
}

int main(void)
{
    char dir[] = "/tmp/mini-slurm-test-XXXXXX";
    if (!mkdtemp(dir)) {
        printf("Bail out! mkdtemp\n");
        return 1;
    }
    struct err e = {0};
    char text[64] = "", message[CONTROL_MESSAGE];

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
    ok(control_parse("kill 1.1", 1, 1, message), "which is understood");
    is_str(message, CONTROL_KILL, "as that");
    ok(!control_parse("kill 1.1", 11, 1, message), "and not by another job");
    ok(!control_parse("kill 1.11", 1, 1, message), "or another attempt");
    ok(!control_parse(" 1.1", 1, 1, message), "nothing is no message");
    test_signal();
    test_limit();
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
