// SPDX-License-Identifier: MIT
#include "core/expr.h"

#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "util/text.h"

#define DIGITS  "0123456789"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"

#define DEPTH_MAX 32
/* Where a level of nesting begins, at most three values wait: the left of a sum, the left of a
 * product, and a base or a first argument. */
#define STACK_MAX (3 * DEPTH_MAX + 1)

enum op {
    OP_NUMBER,
    OP_VARIABLE,
    OP_NEGATE, /* from here on of the value on top of the stack */
    OP_LOG10,
    OP_LOG2,
    OP_LN,
    OP_SQRT,
    OP_ABS,
    OP_ADD, /* from here on of the two on top */
    OP_SUBTRACT,
    OP_MULTIPLY,
    OP_DIVIDE,
    OP_POWER,
    OP_MIN,
    OP_MAX,
};

struct step {
    enum op op;
    union {
        double number;
        size_t variable;
    };
};

/* The formula in postfix order. */
struct expr {
    unsigned uses; /* a bit for each variable */
    size_t count;
    struct step steps[];
};

static const struct function {
    const char *name;
    size_t arity;
    enum op op;
} functions[] = {
    {"log10", 1, OP_LOG10}, {"log2", 1, OP_LOG2}, {"ln", 1, OP_LN},   {"sqrt", 1, OP_SQRT},
    {"abs", 1, OP_ABS},     {"min", 2, OP_MIN},   {"max", 2, OP_MAX}, {"pow", 2, OP_POWER},
};
#define FUNCTIONS (sizeof functions / sizeof *functions)

struct parser {
    const char *what, *text;
    const char *at; /* of the next token */
    const char *const *names;
    unsigned depth;
    struct expr *x;
    struct err *e;
};

static size_t column(const struct parser *p, const char *at)
{
    return (size_t)(at - p->text) + 1; /* only ASCII stands before what is wrong */
}

/* A token as messages show it: a word or a number with whatever sticks to it, or one character. */
static char *token_copy(const char *at, char *to, size_t size)
{
    char token[64];
    size_t len = strspn(at, LETTERS DIGITS ".");
    if (!len)
        for (len = 1; (at[len] & 0xc0) == 0x80; len++)
            continue;
    text_copy(token, len < sizeof token ? len + 1 : sizeof token, at);
    return text_brief(token, to, size);
}

static int expected(struct parser *p, const char *wanted)
{
    char token[48];
    if (!*p->at)
        return err_set(p->e, ERR_INVALID, "%s: expected %s at %zu, where it ends", p->what, wanted,
                       column(p, p->at));
    return err_set(p->e, ERR_INVALID, "%s: expected %s at %zu, not \"%s\"", p->what, wanted,
                   column(p, p->at), token_copy(p->at, token, sizeof token));
}

static int unknown(struct parser *p, const char *kind, const char *at, const char *const known[])
{
    char word[48];
    const char *nearest = text_nearest(token_copy(at, word, sizeof word), known);
    if (nearest)
        return err_set(p->e, ERR_INVALID, "%s: unknown %s \"%s\" at %zu (did you mean %s?)",
                       p->what, kind, word, column(p, at), nearest);
    struct buf all _cleanup_buf_ = {0};
    for (; *known; known++)
        buf_printf(&all, all.len ? ", %s" : "%s", *known);
    return err_set(p->e, ERR_INVALID, "%s: unknown %s \"%s\" at %zu (use %s)", p->what, kind, word,
                   column(p, at), all.failed || !all.len ? "numbers" : all.data);
}

static int unknown_function(struct parser *p, const char *at)
{
    const char *known[FUNCTIONS + 1] = {NULL};
    for (size_t i = 0; i < FUNCTIONS; i++)
        known[i] = functions[i].name;
    return unknown(p, "function", at, known);
}

static void skip_space(struct parser *p)
{
    p->at += strspn(p->at, " \t\r\n");
}

/* Whether c is the next token; then it is passed. */
static bool accept(struct parser *p, char c)
{
    skip_space(p);
    if (*p->at != c)
        return false;
    p->at++;
    return true;
}

/* There is room: every step comes from a byte or more of its own. */
static struct step *emit(struct parser *p, enum op op)
{
    struct step *s = &p->x->steps[p->x->count++];
    s->op = op;
    return s;
}

static bool is_word(const char *word, const char *at, size_t len)
{
    return strncmp(word, at, len) == 0 && !word[len];
}

/* Bytes of the number that s begins with. */
static size_t number_length(const char *s)
{
    size_t whole = strspn(s, DIGITS), n = whole;
    if (s[n] == '.') {
        size_t fraction = strspn(s + n + 1, DIGITS);
        n += whole + fraction ? 1 + fraction : 0;
    }
    if (n && (s[n] == 'e' || s[n] == 'E')) {
        size_t sign = s[n + 1] == '+' || s[n + 1] == '-';
        size_t digits = strspn(s + n + 1 + sign, DIGITS);
        n += digits ? 1 + sign + digits : 0;
    }
    return n;
}

static int parse_number(struct parser *p)
{
    size_t len = number_length(p->at);
    double number = strtod(p->at, NULL);
    if (!len || strspn(p->at + len, LETTERS DIGITS ".") || !isfinite(number)) {
        char token[48];
        return err_set(p->e, ERR_INVALID, "%s: bad number \"%s\" at %zu (use e.g. 870, 1e3 or .5)",
                       p->what, token_copy(p->at, token, sizeof token), column(p, p->at));
    }
    emit(p, OP_NUMBER)->number = number;
    p->at += len;
    return 0;
}

static int parse_variable(struct parser *p, size_t len)
{
    for (size_t i = 0; p->names[i]; i++)
        if (is_word(p->names[i], p->at, len)) {
            emit(p, OP_VARIABLE)->variable = i;
            p->x->uses |= 1u << i;
            p->at += len;
            return 0;
        }
    return unknown(p, "variable", p->at, p->names);
}

static int parse_expr(struct parser *p);

static int parse_arguments(struct parser *p, size_t *count)
{
    *count = 0;
    do {
        if (parse_expr(p) < 0)
            return -1;
        ++*count;
    } while (accept(p, ','));
    return accept(p, ')') ? 0 : expected(p, "an operator, \",\" or \")\"");
}

/* `at` is the function's name; its "(" was passed. */
static int parse_call(struct parser *p, const char *at, size_t len)
{
    const struct function *f = functions;
    while (f < functions + FUNCTIONS && !is_word(f->name, at, len))
        f++;
    if (f == functions + FUNCTIONS)
        return unknown_function(p, at);
    size_t count;
    if (parse_arguments(p, &count) < 0)
        return -1;
    if (count != f->arity)
        return err_set(p->e, ERR_INVALID, "%s: \"%s\" at %zu takes %zu argument%s, not %zu",
                       p->what, f->name, column(p, at), f->arity, f->arity == 1 ? "" : "s", count);
    emit(p, f->op);
    return 0;
}

static int parse_name(struct parser *p)
{
    const char *at = p->at;
    size_t len = strspn(at, LETTERS DIGITS);
    p->at += len;
    if (accept(p, '('))
        return parse_call(p, at, len);
    p->at = at;
    return parse_variable(p, len);
}

static int parse_atom(struct parser *p)
{
    if (accept(p, '(')) {
        if (parse_expr(p) < 0)
            return -1;
        return accept(p, ')') ? 0 : expected(p, "an operator or \")\"");
    }
    if (strspn(p->at, DIGITS "."))
        return parse_number(p);
    if (strspn(p->at, LETTERS))
        return parse_name(p);
    return expected(p, "a number, a name or \"(\"");
}

static int parse_unary(struct parser *p);

static int parse_power(struct parser *p)
{
    if (parse_atom(p) < 0)
        return -1;
    if (!accept(p, '^'))
        return 0;
    if (parse_unary(p) < 0)
        return -1;
    emit(p, OP_POWER);
    return 0;
}

/* Whatever nests comes through here. */
static int parse_unary(struct parser *p)
{
    if (p->depth == DEPTH_MAX)
        return err_set(p->e, ERR_INVALID, "%s: nested more than %d deep at %zu", p->what, DEPTH_MAX,
                       column(p, p->at));
    p->depth++;
    bool negative = accept(p, '-');
    if ((negative ? parse_unary : parse_power)(p) < 0)
        return -1;
    if (negative)
        emit(p, OP_NEGATE);
    p->depth--;
    return 0;
}

static int parse_term(struct parser *p)
{
    if (parse_unary(p) < 0)
        return -1;
    for (;;) {
        enum op op = accept(p, '*') ? OP_MULTIPLY : accept(p, '/') ? OP_DIVIDE : OP_NUMBER;
        if (op == OP_NUMBER)
            return 0;
        if (parse_unary(p) < 0)
            return -1;
        emit(p, op);
    }
}

static int parse_expr(struct parser *p)
{
    if (parse_term(p) < 0)
        return -1;
    for (;;) {
        enum op op = accept(p, '+') ? OP_ADD : accept(p, '-') ? OP_SUBTRACT : OP_NUMBER;
        if (op == OP_NUMBER)
            return 0;
        if (parse_term(p) < 0)
            return -1;
        emit(p, op);
    }
}

struct expr *expr_parse(const char *what, const char *text, const char *const names[],
                        struct err *e)
{
    struct expr *x = calloc(1, sizeof *x + strlen(text) * sizeof *x->steps);
    if (!x) {
        err_nomem(e);
        return NULL;
    }
    struct parser p = {.what = what, .text = text, .at = text, .names = names, .x = x, .e = e};
    if (parse_expr(&p) == 0 && (!*p.at || expected(&p, "an operator") == 0))
        return x;
    expr_free(x);
    return NULL;
}

void expr_free(const struct expr *x)
{
    free((void *)(uintptr_t)x);
}

bool expr_uses(const struct expr *x, size_t variable)
{
    return x->uses >> variable & 1;
}

static double of_one(enum op op, double a)
{
    switch (op) {
    case OP_LOG10:
        return log10(a);
    case OP_LOG2:
        return log2(a);
    case OP_LN:
        return log(a);
    case OP_SQRT:
        return sqrt(a);
    case OP_ABS:
        return fabs(a);
    default: /* OP_NEGATE */
        return -a;
    }
}

static double of_two(enum op op, double a, double b)
{
    switch (op) {
    case OP_ADD:
        return a + b;
    case OP_SUBTRACT:
        return a - b;
    case OP_MULTIPLY:
        return a * b;
    case OP_DIVIDE:
        return a / b;
    case OP_MIN:
        return fmin(a, b);
    case OP_MAX:
        return fmax(a, b);
    default: /* OP_POWER */
        return pow(a, b);
    }
}

double expr_value(const struct expr *x, const double values[])
{
    double stack[STACK_MAX], top = 0;
    size_t n = 0;
    for (const struct step *s = x->steps; s < x->steps + x->count; s++)
        if (s->op <= OP_VARIABLE) {
            stack[n++] = top;
            top = s->op == OP_NUMBER ? s->number : values[s->variable];
        } else if (s->op < OP_ADD)
            top = of_one(s->op, top);
        else {
            assert(n > 0); /* the parser emits operands first */
            top = of_two(s->op, stack[--n], top);
        }
    return isnan(top) ? INFINITY : top;
}
