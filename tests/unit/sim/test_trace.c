// SPDX-License-Identifier: MIT
#include <stdlib.h>

#include "sim/trace.h"
#include "tap.h"

#define S INT64_C(1000000)

static void add(struct trace *t, int64_t number, int64_t submit_us)
{
    struct trace_job j = {.number = number, .submit_us = submit_us, .run_us = S, .procs = 1};
    if (trace_add(t, &j) < 0)
        abort();
}

/* A trace of jobs 1, 2, ... submitted at these times. */
static struct trace submitted_at(const int64_t *us, size_t count)
{
    struct trace t = {0};
    for (size_t i = 0; i < count; i++)
        add(&t, (int64_t)i + 1, us[i]);
    return t;
}
#define SUBMITTED_AT(...)                                                                          \
    submitted_at((const int64_t[]){__VA_ARGS__},                                                   \
                 sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t))

/* "1@0 2@1500000": job and submit time; in a static buffer. */
static const char *show(const struct trace *t)
{
    static char text[512];
    size_t len = 0;
    text[0] = '\0';
    for (size_t i = 0; i < t->count; i++)
        len += (size_t)snprintf(text + len, sizeof text - len, "%s%" PRId64 "@%" PRId64,
                                i ? " " : "", t->jobs[i].number, t->jobs[i].submit_us);
    return text;
}

static void test_grows(void)
{
    struct trace t = {0};
    for (int64_t i = 0; i < 5000; i++)
        add(&t, i, i * i);
    bool same = t.count == 5000;
    for (size_t i = 0; i < t.count; i++)
        same &= t.jobs[i].number == (int64_t)i && t.jobs[i].submit_us == (int64_t)(i * i);
    ok(same, "5,000 jobs are kept as they were added");
    trace_free(&t);
    ok(t.count == 0 && !t.jobs && !t.name, "a freed trace is an empty one");
    trace_free(&t);
}

static void sorts(struct trace t, const char *want, const char *name)
{
    is_int(trace_sort(&t), 0, "it is sorted");
    is_str(show(&t), want, name);
    add(&t, 99, 99);
    is_int(t.jobs[t.count - 1].number, 99, "and jobs can be added afterwards");
    trace_free(&t);
}

static void test_sort(void)
{
    sorts((struct trace){0}, "", "a trace without jobs is sorted");
    sorts(SUBMITTED_AT(1, 2, 3), "1@1 2@2 3@3", "what is in order stays");
    sorts(SUBMITTED_AT(3, 2, 1), "3@1 2@2 1@3", "what is not is put in order");
    sorts(SUBMITTED_AT(5, 1, 5, 1, 5, 1), "2@1 4@1 6@1 1@5 3@5 5@5",
          "of jobs submitted at one time the first in the source stays the first");
    sorts(SUBMITTED_AT(0, -1), "2@-1 1@0", "also below zero");
}

/* Many jobs at few times, against what sorting by hand comes to. */
static void test_sort_many(void)
{
    struct trace t = {0};
    for (int64_t i = 0; i < 20000; i++)
        add(&t, i, (i * 7919) % 13);
    is_int(trace_sort(&t), 0, "20,000 jobs at 13 times are sorted");
    bool sorted = true;
    for (size_t i = 1; i < t.count; i++) {
        const struct trace_job *j = &t.jobs[i - 1], *k = &t.jobs[i];
        sorted &=
            j->submit_us < k->submit_us || (j->submit_us == k->submit_us && j->number < k->number);
    }
    ok(sorted, "by time, then as they were");
    trace_free(&t);
}

static void rescales(struct trace t, double factor, const char *want, const char *name)
{
    trace_rescale(&t, factor);
    is_str(show(&t), want, name);
    trace_free(&t);
}

static void test_rescale(void)
{
    rescales((struct trace){0}, 2, "", "no jobs, no load");
    rescales(SUBMITTED_AT(100 * S, 200 * S, 300 * S), 2, "1@100000000 2@150000000 3@200000000",
             "twice the load: half the time between arrivals, from the first on");
    rescales(SUBMITTED_AT(0, 100 * S), 0.5, "1@0 2@200000000", "half the load: twice the time");
    rescales(SUBMITTED_AT(7 * S, 8 * S, 17 * S), 1.2, "1@7000000 2@7000000 3@15000000",
             "whole seconds stay whole, rounded down");
    rescales(SUBMITTED_AT(0, 1, 10 * S), 1.2, "1@0 2@0 3@8333333",
             "where one is not whole, nothing is rounded but the microseconds");
    rescales(SUBMITTED_AT(3 * S, 3 * S + 1), 1, "1@3000000 2@3000001", "a factor of 1 is none");
    rescales(SUBMITTED_AT(0, S), 1e-300, "1@0 2@2305843009213000000",
             "a load of next to nothing does not run over");
}

int main(void)
{
    test_grows();
    test_sort();
    test_sort_many();
    test_rescale();
    return done_testing();
}
