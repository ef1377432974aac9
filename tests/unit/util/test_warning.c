// SPDX-License-Identifier: MIT
#include "util/warning.h"

#include <signal.h>

#include "tap.h"

static void parsed(const char *text, int signal, int64_t seconds, bool first)
{
    struct warning w;
    struct err e = {0};
    ok(warning_parse("--signal", text, &w, &e) == 0 && w.signal == signal &&
           w.before_us == seconds * 1000000 && w.first == first,
       "%s", text);
}

static void refused(const char *text, const char *why)
{
    struct warning w;
    struct err e = {0};
    ok(warning_parse("--signal", text, &w, &e) < 0, "%s is refused", text);
    has_str(e.text, why, why);
}

static void checked(const char *text, int64_t limit_s, int resize_signal, const char *why)
{
    struct warning w = {0};
    struct err e = {0};
    warning_parse("--signal", text, &w, NULL);
    int rc = warning_check("--signal", &w, limit_s * 1000000, resize_signal, &e);
    if (why)
        ok(rc < 0 && strstr(e.text, why), "%s: %s", text, why);
    else
        ok(rc == 0, "%s before %lld s", text, (long long)limit_s);
}

int main(void)
{
    parsed("USR1", SIGUSR1, 60, false);
    parsed("sigusr2@5", SIGUSR2, 5, false);
    parsed("B:TERM@120", SIGTERM, 120, true);
    parsed("b:10", 10, 60, true);
    parsed("2@65535", SIGINT, 65535, false);
    refused("", "'': not a signal");
    refused("USR9", "--signal USR9: not a signal");
    refused("B:", "'': not a signal");
    refused("USR1@", "--signal USR1@: not of the form [B:]SIGNAL[@SECONDS]");
    refused("USR1@0", "not of the form");
    refused("USR1@-5", "not of the form");
    refused("USR1@65536", "at most 65535");
    refused("USR1@1m", "not of the form");
    refused("R:USR1@60", "not of the form");
    refused("AVERYLONGNAMETHATISNOSIGNALATALLANYWHERE", "not of the form");
    checked("USR1@60", 61, 0, NULL);
    checked("USR1@60", 60, 0, "60 s before its end is not after its start");
    checked("USR1@60", 0, 0, "only a job with a time limit is warned of it");
    checked("USR1@60", 3600, SIGUSR1, "USR1 tells this elastic job that it is resized");
    checked("USR1@60", 3600, SIGUSR2, NULL);
    return done_testing();
}
