// SPDX-License-Identifier: MIT
/* Points in time, in a time zone whose clocks are put forward on 2026-03-29 at 2:00, and back on
 * 2026-10-25 at 3:00. */
#include <stdlib.h>
#include <time.h>

#include "tap.h"
#include "util/times.h"
#include "util/when.h"

/* 2026-11-23 16:30:15 there, a Monday. */
#define NOW   (INT64_C(1795447815) * US_PER_SEC)
#define NIGHT (INT64_C(1774738800) * US_PER_SEC) /* 2026-03-29 0:00: two hours before the gap */

static const char *at(const char *text, int64_t now_us)
{
    static char said[32];
    static struct err e;
    int64_t us;
    if (when_parse_us("--begin", text, now_us, &us, &e) < 0)
        return e.text;
    return time_format(us, said, sizeof said);
}

static const struct {
    const char *text, *is;
} points[] = {
    {"now", "2026-11-23 16:30:15"},
    {"now+1", "2026-11-23 16:30:16"},
    {"NOW + 90 seconds", "2026-11-23 16:31:45"},
    {"now+30minutes", "2026-11-23 17:00:15"},
    {"now+1h", "2026-11-23 17:30:15"},
    {"now+2day", "2026-11-25 16:30:15"},
    {"now+1week", "2026-11-30 16:30:15"},
    {"16:31", "2026-11-23 16:31:00"},
    {"16:30:15", "2026-11-23 16:30:15"},
    {"16:30:14", "2026-11-24 16:30:14"},
    {"8:00", "2026-11-24 08:00:00"},
    {"8:00 PM", "2026-11-23 20:00:00"},
    {"4:45pm", "2026-11-23 16:45:00"},
    {"12:15AM", "2026-11-24 00:15:00"},
    {"12:15 PM", "2026-11-24 12:15:00"},
    {"midnight", "2026-11-24 00:00:00"},
    {"noon", "2026-11-24 12:00:00"},
    {"Teatime", "2026-11-24 16:00:00"},
    {"fika", "2026-11-24 15:00:00"},
    {"elevenses", "2026-11-24 11:00:00"},
    {"tomorrow", "2026-11-24 00:00:00"},
    {"tomorrow noon", "2026-11-24 12:00:00"},
    {"noon tomorrow", "2026-11-24 12:00:00"},
    {"tomorrow 17:05", "2026-11-24 17:05:00"},
    {"today 17:05", "2026-11-23 17:05:00"},
    {"2026-12-01", "2026-12-01 00:00:00"},
    {"2026-12-01T08:00", "2026-12-01 08:00:00"},
    {"2026-12-01t08:00:59", "2026-12-01 08:00:59"},
    {"2026-12-01 08:00", "2026-12-01 08:00:00"},
    {"2028-02-29", "2028-02-29 00:00:00"},
    {"12/01", "2026-12-01 00:00:00"},
    {"1201", "2026-12-01 00:00:00"},
    {"11/22", "2027-11-22 00:00:00"},
    {"12/01/27", "2027-12-01 00:00:00"},
    {"12.01.2027", "2027-12-01 00:00:00"},
    {"120127", "2027-12-01 00:00:00"},
    {"12/01-08:00", "2026-12-01 08:00:00"},
};

static const char *const nonsense[] = {
    "",           "x",          "now-1h",       "now+",     "now+x",       "now+1fortnight",
    "nowish",     "25:00",      "16:60",        "16:00:60", "16",          "13:00 PM",
    "0:30 AM",    "16:",        "16:00:",       "16:00 x",  "2026-13-01",  "2026-02-29",
    "2026-12-00", "2026-12",    "2026-12-01T",  "T08:00",   "8:00 9:00",   "today tomorrow",
    "99/99",      "13/01",      "2026-12-01X8", "12345",    "tomorrowish", "99999999999:00",
    "-1",         "16:00 noon", "1.5h",         "+1h",      "unlimited",   "\xff",
};

static void test_points(void)
{
    for (size_t i = 0; i < sizeof points / sizeof *points; i++)
        is_str(at(points[i].text, NOW), points[i].is, points[i].text);
}

static void test_nonsense(void)
{
    struct err e = {0};
    int64_t us = 77;
    for (size_t i = 0; i < sizeof nonsense / sizeof *nonsense; i++)
        ok(when_parse_us("--begin", nonsense[i], NOW, &us, &e) == -1 &&
               strstr(e.text, "not a point in time"),
           "refused: \"%s\"", nonsense[i]);
    is_int(us, 77, "a refusal leaves the result alone");
    is_str(at("soon", NOW),
           "--begin soon: not a point in time (e.g. 16:00, 2026-12-01T08:00, now+1h, tomorrow, "
           "noon)",
           "and says what would be right");
}

static void test_past(void)
{
    is_str(at("2026-11-23T16:30", NOW),
           "--begin 2026-11-23T16:30: in the past (2026-11-23 16:30:00; it is 2026-11-23 16:30:15)",
           "what lies in the past is refused");
    has_str(at("today noon", NOW), "in the past", "also today");
    has_str(at("11/23/26", NOW), "in the past", "and a day that has begun");
    has_str(at("1999-12-31", NOW), "in the past", "and long ago");
}

static void test_summer(void)
{
    is_str(at("2:30", NIGHT), "2026-03-29 03:30:00", "a time that the clocks leave out is later");
    is_str(at("3:00", NIGHT), "2026-03-29 03:00:00", "what follows is as it says");
    is_str(at("now+2h", NIGHT), "2026-03-29 03:00:00", "though it is one hour less from now on");
    is_str(at("tomorrow 0:00", NIGHT), "2026-03-30 00:00:00", "tomorrow is 23 hours away");
    is_str(at("now+1day", NIGHT), "2026-03-30 01:00:00", "but one day is 24 hours");
    const int64_t autumn = INT64_C(1792879200) * US_PER_SEC; /* 2026-10-25 0:00 */
    is_str(at("tomorrow", autumn), "2026-10-26 00:00:00", "and in autumn 25");
    is_str(at("now+1day", autumn), "2026-10-25 23:00:00", "which is more than one day");
    is_str(at("noon", autumn), "2026-10-25 12:00:00", "noon is noon");
}

int main(void)
{
    setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
    tzset();
    test_points();
    test_nonsense();
    test_past();
    test_summer();
    return done_testing();
}
