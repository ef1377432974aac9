// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <time.h>

#include "tap.h"
#include "util/times.h"

#define MINUTE INT64_C(60)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

static const struct {
    const char *text;
    int64_t secs;
} durations[] = {
    /* Slurm's forms */
    {"30", 30 * MINUTE},
    {"5:30", 5 * MINUTE + 30},
    {"0:90", 90},
    {"2:00:00", 2 * HOUR},
    {"1:2:3", HOUR + 2 * MINUTE + 3},
    {"1-0", DAY},
    {"0-1", HOUR},
    {"1-12", DAY + 12 * HOUR},
    {"1-12:30", DAY + 12 * HOUR + 30 * MINUTE},
    {"1-2:3:4", DAY + 2 * HOUR + 3 * MINUTE + 4},
    /* with units */
    {"30s", 30},
    {"5m", 5 * MINUTE},
    {"2h", 2 * HOUR},
    {"1d12h", DAY + 12 * HOUR},
    {"1D2H3M4S", DAY + 2 * HOUR + 3 * MINUTE + 4},
    {"1d5s", DAY + 5},
    {"36525d", 36525 * DAY},
};

static const char *const nonsense[] = {
    "",      "x",   "-1",   "1-",   "1:",    ":1",        "1:2:3:4", "1-2:3:4:5", "1-2-3",
    "1:2-3", "1m2", "1s1m", "1m1m", "1.5h",  "1 h",       "+1",      " 1",        "1h ",
    "h",     "1w",  "1d-",  "1-1h", "1:30s", "unlimited", "1e3",     "\xff"};

static void parsing(void)
{
    struct err e;
    int64_t us;
    for (size_t i = 0; i < sizeof durations / sizeof *durations; i++) {
        us = -1;
        ok(duration_parse_us("--time", durations[i].text, &us, &e) == 0, "%s is a time",
           durations[i].text);
        is_int(us, durations[i].secs * US_PER_SEC, "as long as it says");
    }
    us = 77;
    for (size_t i = 0; i < sizeof nonsense / sizeof *nonsense; i++)
        ok(duration_parse_us("--time", nonsense[i], &us, &e) == -1, "refused: \"%s\"", nonsense[i]);
    is_int(us, 77, "a refusal leaves the result alone");
    duration_parse_us("--time", "5x", &us, &e);
    is_str(e.text, "--time 5x: not a time (use minutes, M:S, H:M:S, D-H:M:S, or 30s, 5m, 1d12h)",
           "and says what would be right");
    duration_parse_us("--time", "0:00", &us, &e);
    is_str(e.text, "--time 0:00: must be more than zero", "zero is refused");
    duration_parse_us("--time", "36526d", &us, &e);
    is_str(e.text, "--time 36526d: more than 100 years", "so is a time that never comes");
    duration_parse_us("--time", "99999999999999999999-1", &us, &e);
    has_str(e.text, "more than 100 years", "however long it is");

    ok(delay_parse_us("--wait", "0", &us, &e) == 0 && us == 0, "a delay may be none");
    ok(delay_parse_us("--wait", "30s", &us, &e) == 0 && us == 30 * US_PER_SEC, "or a time");
    ok(delay_parse_us("--wait", "00", &us, &e) == -1, "and is no other text");
}

static void formatting(void)
{
    char buf[64];
    is_str(duration_format(0, buf, sizeof buf), "00:00:00", "no time");
    is_str(duration_format(90 * US_PER_SEC + 999999, buf, sizeof buf), "00:01:30",
           "parts of a second are cut");
    is_str(duration_format((DAY + 2 * HOUR + 3) * US_PER_SEC, buf, sizeof buf), "1-02:00:03",
           "days stand in front");
    is_str(duration_format(-1, buf, sizeof buf), "00:00:00", "a clock set back is no time");

    setenv("TZ", "XXX-05:30", 1);
    tzset();
    int64_t t = INT64_C(1764000000) * US_PER_SEC + 123456;
    is_str(time_format(t, buf, sizeof buf), "2025-11-24 21:30:00", "local time");
    is_str(time_format(0, buf, sizeof buf), "-", "no time at all");
    is_str(time_format_iso(t, buf, sizeof buf), "2025-11-24T21:30:00.123+05:30", "ISO 8601");
    is_str(time_format_iso(-1, buf, sizeof buf), "1970-01-01T05:29:59.999+05:30",
           "a moment before 1970");
}

int main(void)
{
    parsing();
    formatting();
    return done_testing();
}
