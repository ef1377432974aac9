// SPDX-License-Identifier: MIT
#include "util/checkpoint.h"

#include <signal.h>
#include <string.h>

#include "tap.h"

static void parsed(const char *text, int signal, int64_t seconds)
{
    enum checkpoint c = CHECKPOINT_NONE;
    struct warning w = {0};
    struct err e = {0};
    ok(checkpoint_parse("--checkpoint", text, &c, &w, &e) == 0 && c == CHECKPOINT_SIGNAL &&
           w.signal == signal && w.before_us == seconds * 1000000 && !w.first,
       "%s: %s", text, e.text);
}

static void refused(const char *text, const char *why)
{
    enum checkpoint c = CHECKPOINT_NONE;
    struct warning w = {0};
    struct err e = {0};
    ok(checkpoint_parse("--checkpoint", text, &c, &w, &e) < 0 && c == CHECKPOINT_NONE,
       "%s is refused", text);
    has_str(e.text, why, why);
}

static void checked(int64_t limit_s, int resize_signal, const char *why)
{
    struct err e = {0};
    struct warning w = {.signal = SIGUSR1, .before_us = 60000000};
    int rc = warning_fits("--checkpoint", &w, limit_s * 1000000, resize_signal, &e);
    ok(why ? rc < 0 && strstr(e.text, why) : rc == 0, "%lld s: %s", (long long)limit_s,
       why ? why : "fits");
}

int main(void)
{
    parsed("signal:USR1@30s", SIGUSR1, 30);
    parsed("signal:sigusr2@30", SIGUSR2, 30);
    parsed("signal:TERM@2m", SIGTERM, 120);
    parsed("signal:10", 10, 60);
    refused("", "'': not of the form signal:SIGNAL[@TIME], such as signal:USR1@30s");
    refused("signal", "not of the form");
    refused("signal:", "not of the form");
    refused("signal:@30s", "not of the form");
    refused("signal:USR1@", "not of the form");
    refused("signal:USR1@0", "not of the form");
    refused("signal:USR1@2:00", "not of the form");
    refused("signal:USR1@2d", "at most 86400 s");
    refused("signal:USR9", "--checkpoint USR9: not a signal");
    refused("dmtcp", "--checkpoint dmtcp: not of the form");
    checked(61, 0, NULL);
    checked(0, 0, NULL);
    checked(60, 0, "60 s before its end is not after its start");
    checked(0, SIGUSR1, "USR1 tells this elastic job that it is resized");
    enum checkpoint c = CHECKPOINT_NONE;
    struct warning w = {0};
    ok(checkpoint_parse("--checkpoint", "criu", &c, &w, NULL) == 0 && c == CHECKPOINT_CRIU &&
           !w.signal && !w.before_us,
       "criu sends no signal");
    refused("criu@30s", "not of the form");
    is_int(checkpoint_find(checkpoint_name(CHECKPOINT_CRIU)), CHECKPOINT_CRIU, "and has a name");
    is_str(checkpoint_name(CHECKPOINT_SIGNAL), "signal", "its name");
    is_int(checkpoint_find("signal"), CHECKPOINT_SIGNAL, "by its name");
    ok(!checkpoint_name(CHECKPOINT_NONE) && checkpoint_find(NULL) == CHECKPOINT_NONE &&
           checkpoint_find("later") == CHECKPOINT_NONE,
       "none has none");
    return done_testing();
}
