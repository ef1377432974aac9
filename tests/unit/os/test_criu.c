// SPDX-License-Identifier: MIT
/* What criu says went wrong, from its logs. Whether it works is asked in tests/vm. */
#include "os/criu.h"

#include "tap.h"

static void says(const char *log, const char *wanted)
{
    char got[64];
    criu_error(log, got, sizeof got);
    is_str(got, wanted, wanted[0] ? wanted : "nothing");
}

int main(void)
{
    says("", "");
    says("Warn  (criu/net.c:3767): NSID isn't reported\n", "");
    says(
        "(00.01) Error (criu/tun.c:85): tun: none\n(00.02) Error (criu/files.c:12): Can't open x\n",
        "Can't open x");
    says("  12: Error (criu/files.c:12): Can't open x\nError (criu/cr-dump.c:1): Dumping FAILED.\n",
         "Can't open x");
    says("Error (criu/cr-dump.c:1): cut short", "cut short");
    says("Error (criu", "");
    says("Error (a.c:1): 0123456789012345678901234567890123456789012345678901234567890123456789",
         "012345678901234567890123456789012345678901234567890123456789012");
    return done_testing();
}
