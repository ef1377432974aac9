/* SPDX-License-Identifier: MIT */
/* expr.h - a formula over numbers, compiled once and worked out often: for orders of one's own
 * (pure).
 *
 *   expr  = term { ("+" | "-") term }
 *   term  = unary { ("*" | "/") unary }
 *   unary = "-" unary | power
 *   power = atom [ "^" unary ]
 *   atom  = number | name | name "(" expr { "," expr } ")" | "(" expr ")"
 *
 * So a power binds its base tighter than a sign, and its exponent first: -2^2 is -4, 2^-1 is 0.5,
 * 2^3^2 is 512. Nesting goes 32 deep.
 *
 * Functions: log10 log2 ln sqrt abs (one argument), min max pow (two). Numbers as in C: 870, 1e3,
 * .5. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "util/err.h"

struct expr;

/* Variables are named by `names`, ended by NULL; at most 16. On failure NULL, and *e names what was
 * wrong and where: `order: unknown variable "wiat" at 7 (did you mean wait?)`. `what` begins the
 * message. */
struct expr *expr_parse(const char *what, const char *text, const char *const names[],
                        struct err *e);
void expr_free(const struct expr *x); /* NULL is fine */
/* values[i] belongs to names[i]. A division by zero and the like give what IEEE 754 says; NaN
 * becomes infinity, so that sorting by the result is an order. */
double expr_value(const struct expr *x, const double values[]);
bool expr_uses(const struct expr *x, size_t variable);
