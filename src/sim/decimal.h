/* SPDX-License-Identifier: MIT */
/* decimal.h - decimal numbers as logs have them, fast, exact, and the same in every locale.
 *
 * The value is in millionths: of seconds that is microseconds, and what is meant to be whole loses
 * nothing. */
#pragma once

#include <stdint.h>

#define DECIMAL_ONE    INT64_C(1000000)
#define DECIMAL_DIGITS 12 /* before the point, at most */

enum decimal {
    DECIMAL_OK,
    DECIMAL_NONE,  /* no number */
    DECIMAL_RANGE, /* one of more than DECIMAL_DIGITS digits */
};

/* Reads what stands at *text: digits, perhaps with a sign, a point and an exponent; what is below a
 * millionth is rounded, half away from zero. The text must go on with something that can't belong
 * to a number (a newline will do). If it is DECIMAL_OK, *text is moved behind the number. */
enum decimal decimal_parse(const char **text, int64_t *millionths);
