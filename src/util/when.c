// SPDX-License-Identifier: MIT
#include "util/when.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "util/text.h"
#include "util/times.h"

#define DIGITS_MAX 9

/* What was said; month 0: of no day, hour -1: of no time. */
struct when {
    int year, month, day; /* year 0: none */
    int hour, minute, second;
};

static void skip_blanks(const char **s)
{
    *s += strspn(*s, " ");
}

/* Reads digits; how many there were: 0 if none, or far too many. */
static int read_number(const char **s, int *n)
{
    int count = 0;
    for (*n = 0; isdigit((unsigned char)**s); (*s)++)
        if (++count <= DIGITS_MAX)
            *n = *n * 10 + (**s - '0');
    return count <= DIGITS_MAX ? count : 0;
}

/* --- a time of the day ------------------------------------------------------------------------ */

static bool say_time(struct when *w, int hour, int minute, int second)
{
    if (w->hour >= 0 || hour > 23 || minute > 59 || second > 59)
        return false;
    w->hour = hour;
    w->minute = minute;
    w->second = second;
    return true;
}

/* "PM": 12 more hours, but 12:00 PM is noon, and 12:00 AM midnight. */
static bool read_half(const char **s, int *hour)
{
    const char *at = *s;
    skip_blanks(&at);
    bool pm = strncasecmp(at, "PM", 2) == 0;
    if (!pm && strncasecmp(at, "AM", 2) != 0)
        return true;
    *s = at + 2;
    if (*hour < 1 || *hour > 12)
        return false;
    *hour = *hour % 12 + (pm ? 12 : 0);
    return true;
}

/* ":MM[:SS] [AM|PM]", behind the hour. */
static bool read_clock(const char **s, int hour, struct when *w)
{
    int minute, second = 0;
    ++*s;
    if (!read_number(s, &minute))
        return false;
    if (**s == ':' && (++*s, !read_number(s, &second)))
        return false;
    return read_half(s, &hour) && say_time(w, hour, minute, second);
}

/* --- a day ------------------------------------------------------------------------------------ */

static int days_in(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

static bool say_day(struct when *w, int year, int month, int day)
{
    if (w->month || month < 1 || month > 12 || day < 1 || day > days_in(year ? year : 2000, month))
        return false;
    w->year = year;
    w->month = month;
    w->day = day;
    return true;
}

/* "-MM-DD", behind the year. */
static bool read_iso_day(const char **s, int year, struct when *w)
{
    int month, day;
    ++*s;
    if (!read_number(s, &month) || *(*s)++ != '-' || !read_number(s, &day))
        return false;
    return year >= 1970 && say_day(w, year, month, day);
}

static int full_year(int year)
{
    return year < 100 ? year + 2000 : year;
}

/* "/DD[/YY]", behind the month; or with dots. */
static bool read_american_day(const char **s, int month, struct when *w)
{
    char slash = *(*s)++;
    int day, year = 0;
    if (!read_number(s, &day))
        return false;
    if (**s == slash) {
        ++*s;
        if (!read_number(s, &year))
            return false;
        year = full_year(year);
    }
    return say_day(w, year, month, day);
}

/* --- any of it -------------------------------------------------------------------------------- */

static bool read_digits(const char **s, struct when *w)
{
    int n, count = read_number(s, &n);
    if (**s == ':' && count && count <= 2)
        return read_clock(s, n, w);
    if ((**s == '/' || **s == '.') && count && count <= 2)
        return read_american_day(s, n, w);
    if (**s == '-' && count == 4)
        return read_iso_day(s, n, w);
    if (count == 6)
        return say_day(w, full_year(n % 100), n / 10000, n / 100 % 100);
    return count == 4 && say_day(w, 0, n / 100, n % 100);
}

static bool take_word(const char **s, const char *word)
{
    size_t len = strlen(word);
    if (strncasecmp(*s, word, len) != 0 || isalnum((unsigned char)(*s)[len]))
        return false;
    *s += len;
    return true;
}

static void to_local(int64_t us, int days, struct tm *tm)
{
    time_t secs = (time_t)(us / US_PER_SEC);
    localtime_r(&secs, tm);
    tm->tm_mday += days;
    tm->tm_hour = 12; /* there is a noon on every day */
    tm->tm_isdst = -1;
    mktime(tm);
}

static bool say_day_from_now(struct when *w, int64_t now_us, int days)
{
    struct tm tm;
    to_local(now_us, days, &tm);
    return say_day(w, tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
}

static bool read_part(const char **s, int64_t now_us, struct when *w)
{
    static const struct {
        const char *word;
        int hour;
    } hours[] = {
        {"midnight", 0}, {"elevenses", 11}, {"noon", 12}, {"fika", 15}, {"teatime", 16},
    };
    if (isdigit((unsigned char)**s))
        return read_digits(s, w);
    for (size_t i = 0; i < sizeof hours / sizeof *hours; i++)
        if (take_word(s, hours[i].word))
            return say_time(w, hours[i].hour, 0, 0);
    if (take_word(s, "today"))
        return say_day_from_now(w, now_us, 0);
    return take_word(s, "tomorrow") && say_day_from_now(w, now_us, 1);
}

static bool read_parts(const char *s, int64_t now_us, struct when *w)
{
    for (;;) {
        if (!read_part(&s, now_us, w))
            return false;
        if (!*s)
            return true;
        if (*s != ' ' && *s != '-' && toupper((unsigned char)*s) != 'T')
            return false;
        s++;
        skip_blanks(&s);
    }
}

/* --- from now on ------------------------------------------------------------------------------ */

/* The unit that the text is the beginning of, in seconds; 0 if of none. */
static int64_t unit_of(const char *text)
{
    static const struct {
        const char *name;
        int64_t secs;
    } units[] = {
        {"seconds", 1}, {"minutes", 60}, {"hours", 3600}, {"days", 86400}, {"weeks", 604800},
    };
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strncasecmp(units[i].name, text, strlen(text)) == 0)
            return units[i].secs;
    return 0;
}

/* "", "+30", "+1hour", behind "now". */
static bool read_offset(const char *s, int64_t *secs)
{
    int n;
    *secs = 0;
    skip_blanks(&s);
    if (!*s)
        return true;
    if (*s++ != '+')
        return false;
    skip_blanks(&s);
    if (!read_number(&s, &n))
        return false;
    skip_blanks(&s);
    *secs = n * unit_of(s);
    return unit_of(s) > 0;
}

/* --- from what was said to a point in time ---------------------------------------------------- */

/* So many days later than was said, at that time. */
static int64_t point_us(const struct when *w, int days)
{
    struct tm tm = {
        .tm_year = w->year - 1900,
        .tm_mon = w->month - 1,
        .tm_mday = w->day + days,
        .tm_hour = w->hour < 0 ? 0 : w->hour,
        .tm_min = w->minute,
        .tm_sec = w->second,
        .tm_isdst = -1,
    };
    return (int64_t)mktime(&tm) * US_PER_SEC;
}

static void find_year(struct when *w, int64_t now_us)
{
    struct tm today;
    to_local(now_us, 0, &today);
    int month = today.tm_mon + 1;
    bool over = w->month < month || (w->month == month && w->day < today.tm_mday);
    w->year = today.tm_year + 1900 + over;
}

static int64_t resolve(struct when *w, int64_t now_us)
{
    if (!w->month) {
        say_day_from_now(w, now_us, 0);
        int64_t us = point_us(w, 0);
        return us < now_us ? point_us(w, 1) : us;
    }
    if (!w->year)
        find_year(w, now_us);
    return point_us(w, 0);
}

static bool parse(const char *text, int64_t now_us, int64_t *us)
{
    struct when w = {.hour = -1};
    int64_t secs;
    const char *s = text;
    if (take_word(&s, "now")) {
        bool good = read_offset(s, &secs);
        *us = now_us + secs * US_PER_SEC;
        return good;
    }
    if (!read_parts(text, now_us, &w))
        return false;
    *us = resolve(&w, now_us);
    return true;
}

int when_parse_us(const char *what, const char *text, int64_t now_us, int64_t *us, struct err *e)
{
    char shown[64], said[32], now[32];
    int64_t at_us;
    text_brief(text, shown, sizeof shown);
    if (!parse(text, now_us, &at_us))
        return err_set(e, ERR_INVALID,
                       "%s %s: not a point in time (e.g. 16:00, 2026-12-01T08:00, now+1h, "
                       "tomorrow, noon)",
                       what, shown);
    if (at_us < now_us)
        return err_set(e, ERR_INVALID, "%s %s: in the past (%s; it is %s)", what, shown,
                       time_format(at_us, said, sizeof said), time_format(now_us, now, sizeof now));
    *us = at_us;
    return 0;
}
