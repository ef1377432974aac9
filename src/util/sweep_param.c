// SPDX-License-Identifier: MIT
#include "util/sweep_param.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/array.h"
#include "util/cleanup.h"
#include "util/number.h"
#include "util/taskset.h"
#include "util/text.h"

#define WHOLE_MAX     9007199254740992.0 /* above, not every whole number is a double */
#define POINT_DIGITS  12
#define RANDOM_DIGITS 6 /* of where it is between its bounds */

static int refuse(const struct sweep_param *p, struct err *e, const char *complaint)
{
    char shown[64];
    return err_set(e, ERR_INVALID, "%s=%s: %s", p->name, text_brief(p->text, shown, sizeof shown),
                   complaint);
}

/* --- lists ------------------------------------------------------------------------------------ */

static int text_order(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Every combination is there once. */
static int check_twice(const struct sweep_param *p, struct err *e)
{
    char shown[64], complaint[128];
    size_t n = 0;
    _cleanup_free_ char *copy = strdup(p->text);
    _cleanup_free_ char **items = malloc((size_t)p->count * sizeof *items);
    if (!copy || !items)
        return err_nomem(e);
    char *rest = copy;
    for (char *item; (item = strsep(&rest, ","));)
        items[n++] = item;
    qsort(items, n, sizeof *items, text_order);
    for (size_t i = 1; i < n; i++)
        if (strcmp(items[i - 1], items[i]) == 0) {
            snprintf(complaint, sizeof complaint, "%s is there twice",
                     text_brief(items[i], shown, sizeof shown));
            return refuse(p, e, complaint);
        }
    return 0;
}

static int read_list(struct sweep_param *p, enum sweep_mode mode, struct err *e)
{
    p->spread = SWEEP_LIST;
    p->count = 1;
    for (const char *at = p->text;; at++) {
        size_t len = strcspn(at, ",");
        if (!len)
            return refuse(p, e, *p->text ? "a value is empty" : "it has no values");
        at += len;
        if (!*at)
            break;
        p->count++;
    }
    return mode == SWEEP_GRID ? check_twice(p, e) : 0;
}

static void add_item(const struct sweep_param *p, int64_t i, struct buf *out)
{
    const char *at = p->text;
    for (; i; i--)
        at += strcspn(at, ",") + 1;
    buf_add(out, at, strcspn(at, ","));
}

/* --- ranges ----------------------------------------------------------------------------------- */

/* The length of the number that the text begins with, 0 if there is none; whether it is written as
 * a whole one. */
static size_t number_length(const char *text, bool *whole)
{
    static const char digits[] = "0123456789";
    size_t sign = *text == '-' || *text == '+', len = sign + strspn(text + sign, digits);
    size_t ndigits = len - sign;
    *whole = true;
    /* The two dots of a range are no point. */
    if (text[len] == '.' && text[len + 1] != '.') {
        size_t behind = strspn(text + len + 1, digits);
        *whole = false;
        len += 1 + behind;
        ndigits += behind;
    }
    if (!ndigits)
        return 0;
    if (text[len] == 'e' || text[len] == 'E') {
        size_t minus = text[len + 1] == '-' || text[len + 1] == '+';
        size_t exponent = strspn(text + len + 1 + minus, digits);
        if (exponent) {
            *whole = false;
            len += 1 + minus + exponent;
        }
    }
    return len;
}

static bool read_number(const char **at, double *value, bool *whole)
{
    size_t len = number_length(*at, whole);
    if (!len)
        return false;
    *value = strtod(*at, NULL);
    *at += len;
    return isfinite(*value) && (!*whole || fabs(*value) <= WHOLE_MAX);
}

static const char *skip_word(const char *text, enum sweep_spread *spread)
{
    *spread = SWEEP_STEPS;
    if (strncmp(text, "lin:", 4) == 0)
        *spread = SWEEP_LINEAR;
    else if (strncmp(text, "log:", 4) == 0)
        *spread = SWEEP_LOG;
    return *spread == SWEEP_STEPS ? text : text + 4;
}

/* Whether it is meant as one: numbers or letters, and two dots. "../data" is a text. */
static bool is_range(const struct sweep_param *p)
{
    enum sweep_spread spread;
    bool whole;
    const char *from = skip_word(p->text, &spread);
    size_t len = number_length(from, &whole);
    bool letter = ((from[0] | 32) >= 'a' && (from[0] | 32) <= 'z') && strlen(from) == 4;
    if (spread != SWEEP_STEPS)
        return true;
    return strncmp(from + (letter ? 1 : len), "..", 2) == 0 && (letter || len);
}

static int read_ends(struct sweep_param *p, const char **at, struct err *e)
{
    bool low_whole = false, high_whole = false;
    if (!read_number(at, &p->low, &low_whole) || strncmp(*at, "..", 2) != 0)
        return refuse(p, e, "not a range of numbers (write for example 1..5)");
    *at += 2;
    if (!read_number(at, &p->high, &high_whole))
        return refuse(p, e, "the range has no number at its end (write for example 1..5)");
    p->whole = low_whole && high_whole;
    if (p->high < p->low)
        return refuse(p, e, "the range runs backwards");
    if (p->high == p->low && (p->spread != SWEEP_STEPS || !p->whole))
        return refuse(p, e, "its two ends are the same");
    if (p->spread == SWEEP_LOG && p->low <= 0)
        return refuse(p, e, "only numbers above 0 have a logarithm");
    return 0;
}

static int read_step(struct sweep_param *p, const char *at, bool random, struct err *e)
{
    bool whole = true;
    p->step = 1;
    if (!*at && !p->whole)
        return random ? 0 : refuse(p, e, "how far apart? (write for example 0..1:0.25)");
    if (*at && (!read_number(&at, &p->step, &whole) || *at || p->step <= 0))
        return refuse(p, e, "a step is a number above 0 (write for example 0..1:0.25)");
    p->whole = p->whole && whole;
    /* 0..1:0.1 ends at 1, though ten tenths are a little less. */
    double steps = floor((p->high - p->low) / p->step + 1e-9);
    if (steps >= WHOLE_MAX)
        return refuse(p, e, "too many values");
    p->count = (int64_t)steps + 1;
    return 0;
}

static int read_points(struct sweep_param *p, const char *at, bool random, struct err *e)
{
    if (!*at && random)
        return 0;
    if (!*at)
        return refuse(p, e, "how many? (write for example log:1e-5..1e-1:5)");
    if (number_parse("", at, 2, TASKSET_MAX, &p->count, NULL) < 0)
        return refuse(p, e, "behind it stands how many, from 2 to 1000000");
    return 0;
}

static int read_range(struct sweep_param *p, bool random, struct err *e)
{
    const char *at = skip_word(p->text, &p->spread);
    if (read_ends(p, &at, e) < 0)
        return -1;
    if (*at == ',')
        return refuse(p, e, "a range stands alone, not in a list");
    if (*at && *at != ':')
        return refuse(p, e, "not a range of numbers (write for example 1..5)");
    if (*at == ':' && !*++at)
        return refuse(p, e, "nothing follows the last colon");
    return p->spread == SWEEP_STEPS ? read_step(p, at, random, e) : read_points(p, at, random, e);
}

int sweep_param_read(struct sweep_param *p, enum sweep_mode mode, struct err *e)
{
    return is_range(p) ? read_range(p, mode == SWEEP_RANDOM, e) : read_list(p, mode, e);
}

/* --- values ----------------------------------------------------------------------------------- */

/* Rounding must not carry it over the ends. */
static void add_number(const struct sweep_param *p, double value, int digits, struct buf *out)
{
    char text[40];
    value = fmin(fmax(value, p->low), p->high);
    do {
        snprintf(text, sizeof text, "%.*g", digits, value);
        double rounded = strtod(text, NULL);
        if (rounded >= p->low && rounded <= p->high)
            break;
    } while (digits++ < 17);
    buf_puts(out, text);
}

static void add_whole(double value, struct buf *out)
{
    buf_printf(out, "%" PRId64, (int64_t)value);
}

void sweep_param_at(const struct sweep_param *p, int64_t i, struct buf *out)
{
    double share = p->count > 1 ? (double)i / (double)(p->count - 1) : 0;
    switch (p->spread) {
    case SWEEP_LIST:
        add_item(p, i, out);
        break;
    case SWEEP_STEPS:
        if (p->whole)
            add_whole(p->low + (double)i * p->step, out);
        else
            add_number(p, p->low + (double)i * p->step, POINT_DIGITS, out);
        break;
    case SWEEP_LINEAR:
        add_number(p, p->low + share * (p->high - p->low), POINT_DIGITS, out);
        break;
    case SWEEP_LOG:
        add_number(p, p->low * pow(p->high / p->low, share), POINT_DIGITS, out);
        break;
    }
}

/* A whole number has as much room as any other: up to the next one. */
static double draw(const struct sweep_param *p, double share)
{
    double end = p->high + p->whole;
    if (p->spread == SWEEP_LOG)
        return p->low * pow(end / p->low, share);
    return p->low + share * (end - p->low);
}

/* More where the bounds have their first digits in common. */
static int random_digits(const struct sweep_param *p)
{
    double common = fmax(fabs(p->low), fabs(p->high)) / (p->high - p->low);
    return RANDOM_DIGITS + (common > 1 ? (int)fmin(log10(common), 10) : 0);
}

void sweep_param_draw(const struct sweep_param *p, uint64_t random, struct buf *out)
{
    double share = (double)(random >> 11) * 0x1p-53;
    if (p->count)
        sweep_param_at(p, (int64_t)fmin(share * (double)p->count, (double)(p->count - 1)), out);
    else if (p->whole)
        add_whole(fmin(floor(draw(p, share)), p->high), out);
    else
        add_number(p, draw(p, share), random_digits(p), out);
}
