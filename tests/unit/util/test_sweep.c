// SPDX-License-Identifier: MIT
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tap.h"
#include "util/sweep.h"

static struct sweep sweep(const char *text)
{
    struct sweep s = {0};
    struct err e = {0};
    if (sweep_parse(text, &s, &e) < 0)
        ok(false, "\"%s\" is a sweep: %s", text, e.text);
    return s;
}

static const char *value(const struct sweep *s, const char *name, int64_t task)
{
    static struct buf text;
    text.len = 0;
    sweep_value(s, sweep_find(s, name, strlen(name)), task, &text);
    return text.data;
}

/* All values of "x=...", as a list. */
static void values(const char *param, const char *want)
{
    struct buf text = {0}, all = {0};
    buf_printf(&text, "grid\n%s\n", param);
    struct sweep s = sweep(text.data);
    for (int64_t i = 0; i < s.count; i++)
        buf_printf(&all, i ? " %s" : "%s", value(&s, "x", i));
    is_str(all.data, want, param);
    sweep_free(&s);
    buf_free(&text);
    buf_free(&all);
}

static void refuses(const char *text, const char *want)
{
    struct sweep s = {0};
    struct err e = {0};
    ok(sweep_parse(text, &s, &e) < 0 && e.code == ERR_INVALID, "it is refused: %s", want);
    has_str(e.text, want, "and the message says why");
    sweep_free(&s);
}

static void lists_and_ranges(void)
{
    values("x=0.10,1e-3,../data,a b", "0.10 1e-3 ../data a b");
    values("x=only", "only");
    values("x=1..5", "1 2 3 4 5");
    values("x=-2..2:2", "-2 0 2");
    values("x=3..3", "3");
    values("x=1..6:2", "1 3 5");
    values("x=0..1:0.25", "0 0.25 0.5 0.75 1");
    values("x=0..1:0.1", "0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1");
    values("x=9007199254740990..9007199254740992",
           "9007199254740990 9007199254740991 9007199254740992");
    values("x=lin:0..1:3", "0 0.5 1");
    values("x=lin:1..2:2", "1 2");
    values("x=log:1e-5..1e-1:5", "1e-05 0.0001 0.001 0.01 0.1");
    values("x=log:16..256:5", "16 32 64 128 256");
    values("x=lin:0.1..0.7:3", "0.1 0.4 0.7");
}

static void bad_values(void)
{
    refuses("grid\nx=", "it has no values");
    refuses("grid\nx=1,,2", "a value is empty");
    refuses("grid\nx=1,2,1", "1 is there twice");
    refuses("grid\nx=5..1", "x=5..1: the range runs backwards");
    refuses("grid\nx=1..", "no number at its end");
    refuses("grid\nx=1..b", "no number at its end");
    refuses("grid\nx=a..e", "not a range of numbers");
    refuses("grid\nx=1..3,7", "a range stands alone");
    refuses("grid\nx=1..3:", "nothing follows the last colon");
    refuses("grid\nx=1..3:0", "a step is a number above 0");
    refuses("grid\nx=1..3:-1", "a step is a number above 0");
    refuses("grid\nx=1..3x", "not a range of numbers");
    refuses("grid\nx=0.0..1", "how far apart?");
    refuses("grid\nx=0..1e300", "how far apart?");
    refuses("grid\nx=0..1e999:1", "no number at its end");
    refuses("grid\nx=log:1..10", "how many?");
    refuses("grid\nx=log:1..10:1", "from 2 to 1000000");
    refuses("grid\nx=log:0..1:3", "only numbers above 0 have a logarithm");
    refuses("grid\nx=log:-1..1:3", "only numbers above 0 have a logarithm");
    refuses("grid\nx=lin:1..1:3", "its two ends are the same");
    refuses("random 5 1\nx=0.5..0.5", "its two ends are the same");
    refuses("grid\nx=lin:1", "not a range of numbers");
}

static void bad_sweeps(void)
{
    refuses("grid\n", "there is no parameter");
    refuses("grid\n1x=1", "1x=1: not a parameter");
    refuses("grid\nx", "x: not a parameter");
    refuses("grid\nx=1\nx=2", "there is a parameter x already");
    refuses("grid\na=1..1000\nb=1..1001", "too many combinations");
    refuses("grid\na=1..1000001", "too many combinations");
    refuses("zip\na=1..1000001", "too many combinations");
    refuses("zip\na=1,2\nb=1,2,3", "zip: a has 2 values, and b 3");
    refuses("random 0 1\na=1,2", "sweep 0: not a whole number from 1");
    refuses("random x 1\na=1,2", "sweep x: not a whole number");
    refuses("random 5\na=1,2", "by which seed?");
    refuses("all\na=1", "by which seed?");
    refuses("grid\nmetric \nx=1", "metric: not a regular expression");
}

/* Mixed radix: as loops in one another. */
static void grid(void)
{
    struct sweep s = sweep("grid\na=p,q\nb=1..3\nc=0..1:0.25\n");
    int64_t task = 0;
    bool right = true;
    ok(s.count == 30, "2 times 3 times 5 tasks");
    for (const char *a = "pq"; *a; a++)
        for (int b = 1; b <= 3; b++)
            for (int c = 0; c <= 4; c++, task++) {
                right &= *value(&s, "a", task) == *a && atoi(value(&s, "b", task)) == b;
                right &= strtod(value(&s, "c", task), NULL) == c / 4.0;
            }
    ok(right && task == s.count, "each combination once, the last parameter fastest");
    sweep_free(&s);
    s = sweep("grid\na=1..1000\nb=1..1000\n");
    ok(s.count == 1000000, "a million combinations are a sweep");
    is_str(value(&s, "b", 999999), "1000", "the last of which is known at once");
    sweep_free(&s);
}

static void zip(void)
{
    struct sweep s = sweep("zip\na=x,x,y\nb=1..3\n");
    ok(s.count == 3, "as many tasks as values");
    is_str(value(&s, "a", 1), "x", "values may be there twice");
    is_str(value(&s, "b", 1), "2", "the second goes with the second");
    sweep_free(&s);
}

/* How many of x's values are below the limit; all must be within [low, high]. */
static int64_t below(const struct sweep *s, double limit, double low, double high, bool whole)
{
    int64_t n = 0;
    bool within = true;
    for (int64_t i = 0; i < s->count; i++) {
        double x = strtod(value(s, "x", i), NULL);
        n += x < limit;
        within &= x >= low && x <= high && (!whole || x == floor(x));
    }
    ok(within, "all values are between %g and %g", low, high);
    return n;
}

static void about_half(const char *text, double limit, double low, double high, bool whole)
{
    struct sweep s = sweep(text);
    int64_t n = below(&s, limit, low, high, whole);
    ok(llabs(2 * n - s.count) < s.count / 10, "about half of %s is below %g (%lld)",
       strchr(text, '\n') + 1, limit, (long long)n);
    sweep_free(&s);
}

static void drawn(void)
{
    about_half("random 10000 1\nx=0.0..1", 0.5, 0, 1, false);
    about_half("random 10000 2\nx=lin:0.5..2.5", 1.5, 0.5, 2.5, false);
    about_half("random 10000 3\nx=log:1e-5..1e-1", 1e-3, 1e-5, 1e-1, false);
    about_half("random 10000 4\nx=1..1000000", 500000, 1, 1000000, true);
    about_half("random 10000 5\nx=lin:0..9", 5, 0, 9, true);
    about_half("random 10000 6\nx=log:1..1000000", 1000, 1, 1000000, true);
    about_half("random 10000 7\nx=1,2", 2, 1, 2, true);
    about_half("random 10000 8\nx=0..0.75:0.25", 0.5, 0, 0.75, false);
    about_half("random 10000 9\nx=0.1..0.1000001", 0.10000005, 0.1, 0.1000001, false);
}

static void same_again(void)
{
    struct sweep s = sweep("random 1000 42\nx=0.0..1\ny=0.0..1");
    struct sweep other = sweep("random 1000 43\nx=0.0..1\ny=0.0..1");
    char text[32];
    int same = 0, equal = 0;
    for (int64_t i = 0; i < 1000; i++) {
        snprintf(text, sizeof text, "%s", value(&s, "x", i));
        equal += strcmp(text, value(&s, "y", i)) == 0;
        same += strcmp(text, value(&other, "x", i)) == 0;
    }
    ok(equal < 5 && same < 5, "parameters, and seeds, have nothing to do with each other");
    is_str(value(&s, "x", 0), "0.386974", "a seed means the same values for ever");
    is_str(value(&s, "y", 999), "0.203366", "of each task alone");
    sweep_free(&s);
    sweep_free(&other);
}

static void as_text(const char *text)
{
    struct sweep s = sweep(text);
    struct buf again = {0};
    sweep_format(&s, &again);
    is_str(again.data, text, "it is the same text again");
    sweep_free(&s);
    buf_free(&again);
}

static void fills(const char *text, enum sweep_place place, const char *want)
{
    struct sweep s = sweep("grid\nlr=0.10\nname=it's a/b\n");
    struct buf out = {0};
    sweep_fill(&s, 0, place, text, &out);
    is_str(out.data, want, text);
    sweep_free(&s);
    buf_free(&out);
}

static void means_itself(const char *text)
{
    struct buf quoted = {0};
    buf_puts(&quoted, "");
    sweep_quote(text, &quoted);
    fills(quoted.data, SWEEP_TEXT, text);
    buf_free(&quoted);
}

static void templates(void)
{
    fills("", SWEEP_TEXT, "");
    fills("--lr={lr} {name}", SWEEP_TEXT, "--lr=0.10 it's a/b");
    fills("--lr={lr} {name}", SWEEP_SHELL, "--lr=0.10 'it'\\''s a/b'");
    fills("run-{lr}/{name}.out", SWEEP_FILE, "run-0.10/it's a_b.out");
    fills("awk '{print $1}' {", SWEEP_TEXT, "awk '{print $1}' {");
    fills("{{lr}} {{print}} {}{{}}", SWEEP_TEXT, "{lr} {print} {}{{}}");
    fills("{{{lr}}}", SWEEP_TEXT, "{{lr}}");
    fills("{ {lr} }", SWEEP_TEXT, "{ 0.10 }");
    fills("${lr} $${lr} ${HOME} $lr $", SWEEP_TEXT, "${lr} $${lr} ${HOME} $lr $");
    fills("{\"a\":{\"b\":{lr}}}", SWEEP_TEXT, "{\"a\":{\"b\":0.10}}");
    means_itself("/a/{lr}/{{lr}}/{{{lr}}}/${lr}/${{lr}}/{x/}");
}

static void uses(const char *text, const char *want)
{
    struct sweep s = sweep("grid\nlr=1,2\nbs=3\n");
    struct err e = {0};
    int r = sweep_use(&s, "the command", text, &e);
    if (r == 0)
        r = sweep_all_used(&s, &e);
    ok((r < 0) == (want != NULL), "\"%s\" is %s", text, want ? "refused" : "a command");
    if (want)
        has_str(e.text, want, "and the message says why");
    sweep_free(&s);
}

static void names(void)
{
    uses("{lr} {bs} {bs} ${HOME} {{print}}", NULL);
    uses("{lr}", "parameter bs: the command has no {bs}");
    uses("{lr} {bs} {ls}", "the command: {ls} is no parameter (did you mean {");
    uses("{lr} {bs} {print}", "{print} is no parameter ({{print}} is that text itself)");
    struct sweep s = sweep("grid\nenv\nlr=1,2\n");
    ok(sweep_all_used(&s, NULL) == 0, "a command that reads its environment need not name them");
    sweep_free(&s);
}

int main(void)
{
    lists_and_ranges();
    bad_values();
    bad_sweeps();
    grid();
    zip();
    drawn();
    same_again();
    as_text("grid\nlr=0.1,0.01\nbs=32..64:32\n");
    as_text("zip\nenv\nlr=0.1,0.01\n");
    as_text("random 20 7\nmetric loss=([0-9.]+)\nlr=log:1e-5..1e-1\n");
    templates();
    names();
    return done_testing();
}
