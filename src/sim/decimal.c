// SPDX-License-Identifier: MIT
#include "sim/decimal.h"

#include <stdbool.h>
#include <stddef.h>

#define RANGE         (UINT64_C(1000000000000) * DECIMAL_ONE) /* DECIMAL_DIGITS, in millionths */
#define EXPONENT_FAR  1000
#define MORE_THAN_ALL 20 /* digits that 64 bits may hold */

/* digits times ten to the power of exponent */
struct scientific {
    uint64_t digits;
    int64_t exponent;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Digits that no longer fit only move the point. */
static const char *read_digits(const char *s, bool fraction, struct scientific *n)
{
    for (; is_digit(*s); s++) {
        bool fits = n->digits < RANGE;
        if (fits)
            n->digits = n->digits * 10 + (uint64_t)(*s - '0');
        n->exponent += !fraction - fits;
    }
    return s;
}

/* NULL if there is none behind the "e". */
static const char *read_exponent(const char *s, struct scientific *n)
{
    bool negative = *s == '-';
    s += negative || *s == '+';
    if (!is_digit(*s))
        return NULL;
    int64_t exponent = 0;
    for (; is_digit(*s); s++)
        if (exponent < EXPONENT_FAR)
            exponent = exponent * 10 + (*s - '0');
    n->exponent += negative ? -exponent : exponent;
    return s;
}

/* Behind the number; NULL if it is none. */
static const char *read_scientific(const char *s, struct scientific *n)
{
    const char *start = s;
    s = read_digits(s, false, n);
    bool any = s != start;
    if (*s == '.') {
        start = ++s;
        s = read_digits(s, true, n);
        any |= s != start;
    }
    if (!any)
        return NULL;
    return *s == 'e' || *s == 'E' ? read_exponent(s + 1, n) : s;
}

/* To millionths; RANGE if it is that or more. */
static uint64_t scale(struct scientific n)
{
    int64_t power = n.exponent + 6;
    if (n.digits == 0 || power < -MORE_THAN_ALL)
        return 0;
    for (; power > 0 && n.digits < RANGE; power--)
        n.digits *= 10;
    for (; power < -1; power++)
        n.digits /= 10;
    if (power == -1)
        n.digits = (n.digits + 5) / 10;
    return n.digits < RANGE ? n.digits : RANGE;
}

static enum decimal parse_any(const char **text, const char *s, bool negative, int64_t *millionths)
{
    struct scientific n = {0};
    const char *end = read_scientific(s, &n);
    if (!end)
        return DECIMAL_NONE;
    uint64_t value = scale(n);
    if (value >= RANGE)
        return DECIMAL_RANGE;
    *millionths = negative ? -(int64_t)value : (int64_t)value;
    *text = end;
    return DECIMAL_OK;
}

/* Nearly all numbers are short and whole: these are dealt with here, and the others from their
 * beginning again. */
enum decimal decimal_parse(const char **text, int64_t *millionths)
{
    const char *s = *text;
    bool negative = *s == '-';
    s += negative || *s == '+';
    const char *first = s;
    uint64_t n = 0;
    for (; is_digit(*s); s++)
        n = n * 10 + (uint64_t)(*s - '0');
    if (s == first || s - first > DECIMAL_DIGITS || *s == '.' || *s == 'e' || *s == 'E')
        return parse_any(text, first, negative, millionths);
    *millionths = (negative ? -(int64_t)n : (int64_t)n) * DECIMAL_ONE;
    *text = s;
    return DECIMAL_OK;
}
