// SPDX-License-Identifier: MIT
#include "util/number.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "util/text.h"

#define DIGITS "0123456789"

static int refuse(const char *what, const char *text, int64_t min, int64_t max, struct err *e)
{
    char shown[64];
    return err_set(e, ERR_INVALID, "%s %s: not a whole number from %" PRId64 " to %" PRId64, what,
                   text_brief(text, shown, sizeof shown), min, max);
}

int number_parse(const char *what, const char *text, int64_t min, int64_t max, int64_t *out,
                 struct err *e)
{
    bool negative = text[0] == '-';
    const char *digits = text + negative;
    if (!*digits || digits[strspn(digits, DIGITS)])
        return refuse(what, text, min, max, e);
    int64_t n = 0;
    for (const char *d = digits; *d; d++) {
        int64_t digit = negative ? '0' - *d : *d - '0';
        if (__builtin_mul_overflow(n, 10, &n) || __builtin_add_overflow(n, digit, &n))
            return refuse(what, text, min, max, e);
    }
    if (n < min || n > max)
        return refuse(what, text, min, max, e);
    *out = n;
    return 0;
}

/* Digits with at most one point among them: what strtod() takes beside that (exponents,
 * hexadecimal, infinity) nobody means here. */
static bool is_decimal(const char *s)
{
    size_t whole = strspn(s, DIGITS);
    s += whole;
    if (*s != '.')
        return whole && !*s;
    size_t fraction = strspn(++s, DIGITS);
    return whole + fraction && !s[fraction];
}

int number_parse_decimal(const char *what, const char *text, double min, double max, double *out,
                         struct err *e)
{
    double n = is_decimal(text + (text[0] == '-')) ? strtod(text, NULL) : __builtin_nan("");
    if (!(n >= min && n <= max)) {
        char shown[64];
        return err_set(e, ERR_INVALID, "%s %s: not a number from %.15g to %.15g", what,
                       text_brief(text, shown, sizeof shown), min, max);
    }
    *out = n;
    return 0;
}
