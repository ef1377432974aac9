// SPDX-License-Identifier: MIT
#include "util/size.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "util/text.h"

#define SIZE_MAX_MB (INT64_C(1) << 40)

/* Megabytes in one of the unit that `suffix` names; 0 if it names none. */
static double unit_mb(const char *suffix)
{
    if (!*suffix)
        return 1;
    if (suffix[1] && (toupper((unsigned char)suffix[1]) != 'B' || suffix[2]))
        return 0;
    switch (toupper((unsigned char)*suffix)) {
    case 'K':
        return 1.0 / 1024;
    case 'M':
        return 1;
    case 'G':
        return 1024;
    case 'T':
        return 1024.0 * 1024;
    default:
        return 0;
    }
}

/* Digits with at most one point; -1 if there are none. Stops growing where any unit is too much. */
static double read_decimal(const char **s)
{
    double n = 0, place = 1;
    bool any = false;
    const char *p = *s;
    for (; isdigit((unsigned char)*p); p++, any = true)
        if (n < 1e18)
            n = n * 10 + (*p - '0');
    if (*p == '.')
        for (p++; isdigit((unsigned char)*p); p++, any = true)
            n += (*p - '0') * (place /= 10);
    *s = p;
    return any ? n : -1;
}

int size_parse_mb(const char *what, const char *text, int64_t *mb, struct err *e)
{
    char shown[64];
    text_brief(text, shown, sizeof shown);
    const char *suffix = text;
    double n = read_decimal(&suffix), unit = unit_mb(suffix);
    if (n < 0 || unit == 0)
        return err_set(e, ERR_INVALID, "%s %s: not a size (use K, M, G or T, e.g. 8G)", what,
                       shown);
    if (n == 0)
        return err_set(e, ERR_INVALID, "%s %s: must be more than zero", what, shown);
    n *= unit;
    if (n > (double)SIZE_MAX_MB)
        return err_set(e, ERR_INVALID, "%s %s: more than %lldT", what, shown,
                       (long long)(SIZE_MAX_MB >> 20));
    int64_t whole = (int64_t)n;
    *mb = whole + ((double)whole < n);
    return 0;
}

char *size_format_mb(int64_t mb, char *buf, size_t len)
{
    static const char *const units[] = {"MB", "GB", "TB"};
    double n = (double)mb;
    size_t unit = 0;
    while (n >= 1024 && unit < sizeof units / sizeof *units - 1) {
        n /= 1024;
        unit++;
    }
    char digits[32];
    snprintf(digits, sizeof digits, "%.1f", n);
    char *point = strchr(digits, '.');
    if (strcmp(point, ".0") == 0)
        *point = '\0';
    snprintf(buf, len, "%s %s", digits, units[unit]);
    return buf;
}
