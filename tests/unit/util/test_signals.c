// SPDX-License-Identifier: MIT
#include "util/signals.h"

#include <signal.h>
#include <stdio.h>

#include "tap.h"

static int parsed(const char *text)
{
    int s = -1;
    return signal_parse_notice("--resize-signal", text, &s, NULL) < 0 ? -1 : s;
}

static void refused(const char *text, const char *why)
{
    struct err e = {0};
    int s = 42;
    ok(signal_parse_notice("--resize-signal", text, &s, &e) < 0 && s == 42, "%s is refused", text);
    has_str(e.text, why, why);
    has_str(e.text, "use USR1, USR2, HUP, WINCH", "  and it says what is right");
}

int main(void)
{
    char number[16];
    is_int(parsed("USR1"), SIGUSR1, "a name");
    is_int(parsed("sigusr2"), SIGUSR2, "with SIG, in any case");
    is_int(parsed("HUP"), SIGHUP, "HUP");
    is_int(parsed("WINCH"), SIGWINCH, "WINCH");
    is_int(parsed("none"), 0, "none");
    snprintf(number, sizeof number, "%d", SIGUSR1);
    is_int(parsed(number), SIGUSR1, "a number");
    snprintf(number, sizeof number, "%d", SIGRTMIN + 1);
    is_int(parsed(number), SIGRTMIN + 1, "that of a real-time signal");
    refused("KILL", "--resize-signal KILL: it means something else");
    refused("9", "--resize-signal 9: it means something else");
    refused("SIGTERM", "--resize-signal SIGTERM: it means something else");
    refused("STOP", "STOP: it means");
    refused("CHLD", "CHLD: it means");
    refused("CONT", "CONT: it means");
    refused("SEGV", "SEGV: it means");
    refused("0", "--resize-signal 0: not a signal");
    refused("-10", "--resize-signal -10: not a signal");
    refused("1000", "1000: not a signal");
    refused("SIG", "SIG: not a signal");
    refused("USR3", "USR3: not a signal");
    refused("", "'': not a signal");
    return done_testing();
}
