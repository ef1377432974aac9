// SPDX-License-Identifier: MIT
/* test_taskset.c - sets of task numbers: what is read and refused, and random sets beside a naive
 * one. The seed is printed. */
#include "dice.h"
#include "tap.h"
#include "util/taskset.h"

#define WORLDS  2000
#define NUMBERS 60

static void text_is(const struct taskset *t, const char *want, const char *name)
{
    struct buf out = {0};
    taskset_format(t, &out);
    is_str(out.data ? out.data : "", want, name);
    buf_free(&out);
}

/* What is read, and written again. */
static void reads(const char *text, const char *want, int64_t count, int64_t want_limit)
{
    struct taskset t = {0};
    struct err e = {0};
    int64_t limit = -1;
    ok(taskset_parse("--array", text, &t, &limit, &e) == 0, "\"%s\" is read", text);
    text_is(&t, want, "and written");
    is_int(t.count, count, "and counted");
    is_int(limit, want_limit, "and so many may run at a time");
    taskset_free(&t);
}

static void refuses(const char *text, const char *want)
{
    struct taskset t = {0};
    struct err e = {0};
    int64_t limit;
    ok(taskset_parse("--array", text, &t, &limit, &e) < 0, "\"%s\" is refused", text);
    has_str(e.text, want, "and the message says why");
    is_int(e.code, ERR_INVALID, "as wrong input");
    ok(!t.ranges && !t.count, "and the set is empty");
}

static void reading(void)
{
    reads("7", "7", 1, 0);
    reads("0-99%4", "0-99", 100, 4);
    reads("1,3,7-20:2", "1,3,7-19:2", 9, 0);
    reads("1-5:9", "1", 1, 0);
    reads("1-2,5-6", "1-2,5-6", 4, 0);
    reads("5-6,1-2", "1-2,5-6", 4, 0);
    reads("1,2,3,2-4,4", "1-4", 4, 0);
    reads("1-100:2,2-100:2", "1-100", 100, 0);
    reads("1,3", "1,3", 2, 0);
    reads("1-3:2", "1,3", 2, 0);
    reads("1,3,5", "1-5:2", 3, 0);
    reads("0-2147483647:2147483647", "0,2147483647", 2, 0);
    reads("1-1000000", "1-1000000", 1000000, 0);
    reads("1-1000000:1%1000000", "1-1000000", 1000000, 1000000);
    reads("007", "7", 1, 0);
}

static void errors(void)
{
    refuses("", "--array '': there is no task");
    refuses("%4", "there is no task");
    refuses("5-1", "--array 5-1: the range runs backwards");
    refuses("1-1000001", "an array has 1000000 tasks at most");
    refuses("1-600000,1-600000", "an array has 1000000 tasks at most");
    refuses("2147483648", "numbers from 0 to 2147483647");
    refuses("99999999999999999999", "numbers from 0 to 2147483647");
    refuses("1-99999999999999999999", "the range has no end from 0 to 2147483647");
    refuses("x", "numbers from 0 to 2147483647");
    refuses("-1", "numbers from 0 to 2147483647");
    refuses("1,", "numbers from 0 to 2147483647");
    refuses(",1", "numbers from 0 to 2147483647");
    refuses("1-", "the range has no end");
    refuses("1-5:", "a step is a whole number from 1 on");
    refuses("1-5:0", "a step is a whole number from 1 on");
    refuses("1-5:-1", "a step is a whole number from 1 on");
    refuses("1-5%0", "how many may run at once, from 1 on");
    refuses("1-5%", "how many may run at once, from 1 on");
    refuses("1-5%x", "how many may run at once, from 1 on");
    refuses("1-5%2,7", "not a list of ranges");
    refuses("1 2", "not a list of ranges");
    refuses("1:2", "not a list of ranges");
}

static void no_limit(void)
{
    struct taskset t = {0};
    struct err e = {0};
    ok(taskset_parse("tasks", "1-5%2", &t, NULL, &e) < 0, "a limit is refused where none may be");
    taskset_free(&t);
}

static void steps(void)
{
    static const struct {
        const char *text;
        int64_t step;
    } cases[] = {{"2-6:2", 2}, {"5", 1}, {"1-9", 1}, {"1,4", 3}, {"1,3,7", 1}, {"1,4,7", 3}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct taskset t = {0};
        taskset_parse("t", cases[i].text, &t, NULL, NULL);
        is_int(taskset_step(&t), cases[i].step, cases[i].text);
        taskset_free(&t);
    }
}

/* --- beside a naive one ----------------------------------------------------------------------- */

struct naive {
    bool has[NUMBERS];
};

static void add_range(struct naive *n, struct buf *text)
{
    int first = (int)rnd(NUMBERS), last = first + (int)rnd(NUMBERS - first);
    int step = 1 + (int)rnd(5);
    if (rnd(3) == 0)
        last = first;
    buf_printf(text, "%s%d", text->len ? "," : "", first);
    if (last > first)
        buf_printf(text, "-%d:%d", last, step);
    for (int i = first; i <= last; i += step)
        n->has[i] = true;
}

static struct taskset any_set(struct naive *n)
{
    struct taskset t = {0};
    struct buf text = {0};
    *n = (struct naive){0};
    for (int64_t i = 1 + rnd(4); i > 0; i--)
        add_range(n, &text);
    taskset_parse("t", text.data, &t, NULL, NULL);
    buf_free(&text);
    return t;
}

static const char *wrong_with(const struct taskset *t, const struct naive *n)
{
    int64_t count = 0, last = -1;
    for (int i = 0; i < NUMBERS; i++) {
        if (taskset_has(t, i) != n->has[i])
            return "a number is missing, or too many";
        count += n->has[i];
        last = n->has[i] ? i : last;
    }
    for (int64_t i = taskset_next(t, 0); i >= 0; i = taskset_next(t, i + 1))
        count -= n->has[i];
    if (count)
        return "going through it meets other numbers";
    return t->count && taskset_last(t) != last ? "the last one is another" : NULL;
}

/* The same text means the same set. */
static const char *wrong_with_text(const struct taskset *t, const struct naive *n)
{
    struct buf text = {0};
    struct taskset again = {0};
    const char *wrong = NULL;
    taskset_format(t, &text);
    if (t->count && taskset_parse("t", text.data, &again, NULL, NULL) < 0)
        wrong = "its own text can't be read";
    if (!wrong)
        wrong = wrong_with(&again, n);
    taskset_free(&again);
    buf_free(&text);
    return wrong;
}

static const char *pop_some(struct taskset *t, struct naive *n)
{
    int64_t taken[NUMBERS], some = rnd(NUMBERS), count = 0;
    for (; count < some && t->count; count++) {
        taken[count] = taskset_pop(t);
        if (!n->has[taken[count]])
            return "a number was taken that was not there";
        n->has[taken[count]] = false;
        if (taskset_next(t, 0) >= 0 && taskset_next(t, 0) < taken[count])
            return "not the first one was taken";
    }
    for (int64_t back = count ? rnd(count) : 0; back > 0; back--) {
        n->has[taken[--count]] = true;
        taskset_unpop(t, taken[count]);
    }
    return NULL;
}

static const char *skip_some(struct taskset *t, struct naive *n)
{
    int64_t below = rnd(NUMBERS);
    for (int i = 0; i < below; i++)
        n->has[i] = false;
    taskset_skip(t, below);
    return NULL;
}

static const char *divide(struct taskset *t, struct naive *n)
{
    struct naive by, both = {0};
    struct taskset other = any_set(&by), common = {0};
    for (int i = 0; i < NUMBERS; i++) {
        both.has[i] = n->has[i] && by.has[i];
        n->has[i] = n->has[i] && !by.has[i];
    }
    taskset_divide(t, &other, &common);
    const char *wrong = wrong_with(&common, &both);
    taskset_free(&other);
    taskset_free(&common);
    return wrong;
}

static const char *copy(struct taskset *t, struct naive *n)
{
    struct taskset other = {0};
    (void)n;
    taskset_copy(&other, t);
    taskset_free(t);
    *t = other;
    return NULL;
}

static const char *run_world(uint64_t number)
{
    static const char *(*const acts[])(struct taskset * t, struct naive * n) = {pop_some, skip_some,
                                                                                divide, copy};
    struct naive n;
    (void)number;
    struct taskset t = any_set(&n);
    const char *wrong = wrong_with(&t, &n);
    for (int i = 0; i < 8 && !wrong; i++) {
        wrong = acts[rnd(4)](&t, &n);
        if (!wrong)
            wrong = wrong_with(&t, &n);
        if (!wrong)
            wrong = wrong_with_text(&t, &n);
    }
    taskset_free(&t);
    return wrong;
}

int main(void)
{
    reading();
    errors();
    no_limit();
    steps();
    ok(!dice_try(WORLDS, run_world), "%d random sets", WORLDS);
    return done_testing();
}
