// SPDX-License-Identifier: MIT
#include <math.h>
#include <stdlib.h>

#include "core/expr.h"
#include "tap.h"

static const char *const names[] = {"procs", "wait", "est", NULL};
static const double values[] = {8, 100, 3600};

static const struct {
    const char *text;
    double value;
} formulas[] = {
    {"870", 870},
    {"1e3", 1000},
    {"2.5E-1", 0.25},
    {".5", 0.5},
    {"3.", 3},
    {"wait", 100},
    {" procs\t* wait ", 800},
    {"1+2*3", 7},
    {"(1+2)*3", 9},
    {"10-4-3", 3},
    {"64/8/2", 4},
    {"2^3^2", 512},
    {"-2^2", -4},
    {"(-2)^2", 4},
    {"2^-1", 0.5},
    {"2*-3", -6},
    {"--3", 3},
    {"1--1", 2},
    {"log10(1000)", 3},
    {"log2(procs)", 3},
    {"ln(1)", 0},
    {"sqrt(est)", 60},
    {"abs(procs-wait)", 92},
    {"min(wait,procs)", 8},
    {"max(wait, procs+1)", 100},
    {"pow(procs, 2)", 64},
    {"sqrt (4)", 2},
    {"procs*((wait)/est)^3", 8 * (100.0 / 3600) * (100.0 / 3600) * (100.0 / 3600)},
    {"1/0", INFINITY},
    {"-1/0", -INFINITY},
    {"0/0", INFINITY},
    {"sqrt(-1)", INFINITY},
    {"log10(0)", -INFINITY},
};

static const struct {
    const char *text, *why;
} refused[] = {
    {"procs+wiat", "order: unknown variable \"wiat\" at 7 (did you mean wait?)"},
    {"xyzzy", "order: unknown variable \"xyzzy\" at 1 (use procs, wait, est)"},
    {"2*sqr(4)", "order: unknown function \"sqr\" at 3 (did you mean sqrt?)"},
    {"frob(4)", "order: unknown function \"frob\" at 1 (use log10, log2, ln, sqrt, abs, min, max, "
                "pow)"},
    {"1+min(2)", "order: \"min\" at 3 takes 2 arguments, not 1"},
    {"sqrt(1,2,3)", "order: \"sqrt\" at 1 takes 1 argument, not 3"},
    {"", "order: expected a number, a name or \"(\" at 1, where it ends"},
    {"wait+", "order: expected a number, a name or \"(\" at 6, where it ends"},
    {"wait+*2", "order: expected a number, a name or \"(\" at 6, not \"*\""},
    {"+1", "order: expected a number, a name or \"(\" at 1, not \"+\""},
    {"2 * \xc3\xa9t\xc3\xa9", "order: expected a number, a name or \"(\" at 5, not \"\xc3\xa9\""},
    {"\xff", "order: expected a number, a name or \"(\" at 1, not \"\\xFF\""},
    {"2*(wait", "order: expected an operator or \")\" at 8, where it ends"},
    {"(1 2)", "order: expected an operator or \")\" at 4, not \"2\""},
    {"min(1;2)", "order: expected an operator, \",\" or \")\" at 6, not \";\""},
    {"wait)", "order: expected an operator at 5, not \")\""},
    {"procs wait", "order: expected an operator at 7, not \"wait\""},
    {"1.2.3", "order: bad number \"1.2.3\" at 1 (use e.g. 870, 1e3 or .5)"},
    {"1+3procs", "order: bad number \"3procs\" at 3 (use e.g. 870, 1e3 or .5)"},
    {"1e", "order: bad number \"1e\" at 1 (use e.g. 870, 1e3 or .5)"},
    {"1e999", "order: bad number \"1e999\" at 1 (use e.g. 870, 1e3 or .5)"},
    {"0x10", "order: bad number \"0x10\" at 1 (use e.g. 870, 1e3 or .5)"},
    {".", "order: bad number \".\" at 1 (use e.g. 870, 1e3 or .5)"},
};

static void works(const char *text, double want)
{
    struct err e = {0};
    struct expr *x = expr_parse("order", text, names, &e);
    double got = x ? expr_value(x, values) : -1;
    bool near = got == want || fabs(got - want) < 1e-12 * fabs(want);
    if (!ok(x && near, "%s is %g", text, want))
        printf("#   got %.17g %s\n", got, e.text);
    expr_free(x);
}

static void refuses(const char *text, const char *why)
{
    struct err e = {0};
    struct expr *x = expr_parse("order", text, names, &e);
    ok(!x && e.code == ERR_INVALID, "refused as wrong input");
    is_str(e.text, why, "saying what is wrong, and where");
    expr_free(x);
}

/* `before` and `behind` around "1", `depth` times. */
static char *nested(const char *before, const char *behind, size_t depth)
{
    size_t a = strlen(before), b = strlen(behind);
    char *text = malloc(depth * (a + b) + 2), *at = text;
    if (!text)
        abort();
    for (size_t i = 0; i < depth; i++, at += a)
        memcpy(at, before, a);
    *at++ = '1';
    for (size_t i = 0; i < depth; i++, at += b)
        memcpy(at, behind, b);
    *at = '\0';
    return text;
}

/* The outermost level counts: 32 levels are 31 parentheses. */
static void test_depth(void)
{
    struct err e = {0};
    char *text = nested("1+1*pow(1,", ")", 31);
    struct expr *x = expr_parse("order", text, names, &e);
    ok(x && expr_value(x, values) == 2, "32 levels deep, with all that can wait waiting");
    expr_free(x);
    free(text);

    text = nested("(", ")", 32);
    refuses(text, "order: nested more than 32 deep at 33");
    free(text);
    text = nested("-", "", 100000);
    refuses(text, "order: nested more than 32 deep at 33");
    free(text);
    text = nested("1^", "", 100000);
    refuses(text, "order: nested more than 32 deep at 65");
    free(text);

    text = nested("1+", "", 100000);
    x = expr_parse("order", text, names, &e);
    ok(x && expr_value(x, values) == 100001, "length is no depth");
    expr_free(x);
    free(text);
}

static void test_uses(void)
{
    struct err e;
    struct expr *x = expr_parse("order", "est*2 + procs", names, &e);
    ok(expr_uses(x, 0) && expr_uses(x, 2), "it uses procs and est");
    ok(!expr_uses(x, 1), "it does not use wait");
    const double other[] = {1, 2, 3};
    is_int((int64_t)expr_value(x, other), 7, "values belong to names by their place");
    is_int((int64_t)expr_value(x, values), 7208, "and it is worked out as often as one likes");
    expr_free(x);
    expr_free(NULL);
}

int main(void)
{
    for (size_t i = 0; i < sizeof formulas / sizeof *formulas; i++)
        works(formulas[i].text, formulas[i].value);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        refuses(refused[i].text, refused[i].why);
    test_depth();
    test_uses();
    return done_testing();
}
