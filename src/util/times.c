// SPDX-License-Identifier: MIT
#include "util/times.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "util/text.h"

#define MINUTE       60
#define HOUR         (60 * MINUTE)
#define DAY          (24 * HOUR)
#define LONGEST_SECS (INT64_C(36525) * DAY) /* 100 years */

/* A run of digits; more than any duration can hold counts as LONGEST_SECS + 1. */
static bool read_field(const char **s, int64_t *n)
{
    if (!isdigit((unsigned char)**s))
        return false;
    *n = 0;
    for (; isdigit((unsigned char)**s); (*s)++)
        if (*n <= LONGEST_SECS)
            *n = *n * 10 + (**s - '0');
    if (*n > LONGEST_SECS)
        *n = LONGEST_SECS + 1;
    return true;
}

/* M, M:S, H:M:S, D-H, D-H:M, D-H:M:S in seconds; -1 if it is none of them. */
static int64_t parse_clock(const char *s)
{
    static const int after_days[] = {HOUR, MINUTE, 1};
    static const int one[] = {MINUTE}, two[] = {MINUTE, 1}, three[] = {HOUR, MINUTE, 1};
    static const int *const units[] = {one, two, three};
    int64_t field[3], secs = 0;
    bool days = false;
    int n = 0;
    while (read_field(&s, &field[n])) {
        if (*s == '-' && n == 0 && !days) {
            secs = field[0] * DAY;
            days = true;
            s++;
            continue;
        }
        n++;
        if (!*s) {
            for (int i = 0; i < n; i++)
                secs += field[i] * (days ? after_days[i] : units[n - 1][i]);
            return secs;
        }
        if (*s++ != ':' || n == 3)
            break;
    }
    return -1;
}

/* 1d12h, 30s: units each once, the largest first. */
static int64_t parse_units(const char *s)
{
    static const char letters[] = "dhms";
    static const int units[] = {DAY, HOUR, MINUTE, 1};
    int64_t n, secs = 0;
    size_t next = 0;
    while (read_field(&s, &n)) {
        const char *at = *s ? strchr(letters + next, tolower((unsigned char)*s)) : NULL;
        if (!at)
            return -1;
        size_t unit = (size_t)(at - letters);
        secs += n * units[unit];
        next = unit + 1;
        if (!*++s)
            return secs;
    }
    return -1;
}

int duration_parse_us(const char *what, const char *text, int64_t *us, struct err *e)
{
    char shown[64];
    int64_t secs = parse_clock(text);
    if (secs < 0)
        secs = parse_units(text);
    text_brief(text, shown, sizeof shown);
    if (secs < 0)
        return err_set(e, ERR_INVALID,
                       "%s %s: not a time (use minutes, M:S, H:M:S, D-H:M:S, or 30s, 5m, 1d12h)",
                       what, shown);
    if (secs == 0)
        return err_set(e, ERR_INVALID, "%s %s: must be more than zero", what, shown);
    if (secs > LONGEST_SECS)
        return err_set(e, ERR_INVALID, "%s %s: more than 100 years", what, shown);
    *us = secs * US_PER_SEC;
    return 0;
}

int delay_parse_us(const char *what, const char *text, int64_t *us, struct err *e)
{
    *us = 0;
    return strcmp(text, "0") == 0 ? 0 : duration_parse_us(what, text, us, e);
}

char *duration_format(int64_t us, char *buf, size_t len)
{
    int64_t s = us > 0 ? us / US_PER_SEC : 0;
    char days[24] = "";
    if (s >= DAY)
        snprintf(days, sizeof days, "%" PRId64 "-", s / DAY);
    snprintf(buf, len, "%s%02d:%02d:%02d", days, (int)(s % DAY / HOUR), (int)(s % HOUR / MINUTE),
             (int)(s % MINUTE));
    return buf;
}

/* The civil time of a moment before 1970 too: microseconds are cut towards the past. */
static bool to_local(int64_t wall_us, struct tm *tm)
{
    time_t secs = (time_t)(wall_us / US_PER_SEC - (wall_us % US_PER_SEC < 0));
    return localtime_r(&secs, tm) != NULL;
}

char *time_format(int64_t wall_us, char *buf, size_t len)
{
    struct tm tm;
    if (wall_us == 0 || !to_local(wall_us, &tm) ||
        strftime(buf, len, "%Y-%m-%d %H:%M:%S", &tm) == 0)
        text_copy(buf, len, "-");
    return buf;
}

char *time_format_iso(int64_t wall_us, char *buf, size_t len)
{
    struct tm tm;
    char second[32], zone[8];
    if (!to_local(wall_us, &tm) || strftime(second, sizeof second, "%Y-%m-%dT%H:%M:%S", &tm) == 0 ||
        strftime(zone, sizeof zone, "%z", &tm) != 5) {
        text_copy(buf, len, "-");
        return buf;
    }
    int ms = (int)(((wall_us % US_PER_SEC) + US_PER_SEC) % US_PER_SEC / 1000);
    snprintf(buf, len, "%s.%03d%.3s:%.2s", second, ms, zone, zone + 3);
    return buf;
}
