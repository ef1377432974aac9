// SPDX-License-Identifier: MIT
/* The signal of a resize reaches who handles it, and harms nobody. Once watched and once in groups,
 * where the job can be frozen. */
#include "variants.h"

/* Line n of "out" is the pid of one, in whatever order they came. */
static int alive(const struct attempt *a, int count)
{
    int n = 0;
    for (int i = 1; i <= count; i++)
        n += is_alive(await_line(a, "out", i));
    return n;
}

static int lines(const struct attempt *a, const char *name)
{
    struct stat st;
    return stat(in_dir(a, name), &st) == 0 ? (int)(st.st_size / 2) : 0;
}

/* (A second signal that comes before the first is handled is one with it.) */
static bool is_heard(const struct attempt *a, int count)
{
    for (int i = 0; i < 20000 && lines(a, "caught") < count; i++)
        tiny_sleep();
    return lines(a, "caught") == count;
}

/* Grows and shrinks it in turns; false if one was not carried out, or heard. */
static bool resize_often(struct attempt *a, int64_t times, bool heard)
{
    for (int64_t i = 1; i <= times; i++) {
        order(a, i, i % 2 ? "0-1" : "0", 0);
        if (!await_report(i) || (heard && !is_heard(a, (int)i)))
            return false;
    }
    return true;
}

static void end(struct attempt *a)
{
    kill(a->shepherd, SIGTERM);
    attempt_wait(a);
    elastic_end(a, groups);
}

static void test_heard(void)
{
    struct attempt a;
    elastic_new(&a, workers("catch", "threads", "default", NULL), "0", groups);
    attempt_start(&a);
    await_line(&a, "out", 3);
    order(&a, 1, "0-1", 0);
    ok(await_line(&a, "caught", 1) == 1, "%s: who handles the signal hears of more", variant);
    order(&a, 2, "0", 60000000);
    ok(await_line(&a, "caught", 2) == 1, "and of less");
    await_control(&a, "1 128 1 2 SHRINKING shrink\n2 0 * job 17 waits\n");
    acknowledge(&a, "2\n");
    ok(await_report(2), "in time to answer");
    is_int(alive(&a, 3), 3, "the others live on");
    is_int(lines(&a, "caught"), 2, "each is told once");
    end(&a);
}

static void test_harmless(void)
{
    struct attempt a;
    elastic_new(&a, workers("default", "threads", "catch", NULL), "0", groups);
    attempt_start(&a);
    await_line(&a, "out", 3);
    ok(resize_often(&a, 1000, groups), "%s: a job is resized a thousand times%s", variant,
       groups ? ", and hears of each" : "");
    is_int(alive(&a, 3), 3, "all of it lives");
    int threads = 0;
    bool all = true;
    for (int i = 1; i <= 3; i++)
        all &= runs_on(await_line(&a, "out", i), "0", &threads);
    ok(all, "on the CPU it has in the end");
    ok(await_line(&a, "caught", 1) == 1, "it heard of the last at least");
    end(&a);
}

static void test_exec(void)
{
    struct attempt a;
    elastic_new(&a, workers("exec", "exec", "catch", NULL), "0", groups);
    attempt_start(&a);
    await_line(&a, "out", 3);
    ok(resize_often(&a, 500, false), "%s: a job that executes programs all the time is resized",
       variant);
    is_int(alive(&a, 3), 3, "and nobody dies of it");
    end(&a);
}

static void test_none(void)
{
    struct attempt a;
    elastic_new(&a, workers("catch", NULL), "0", groups);
    a.spec.resize_signal = 0;
    attempt_start(&a);
    await_line(&a, "out", 1);
    ok(resize_often(&a, 10, false), "%s: a job without a signal is resized", variant);
    is_int(lines(&a, "caught"), 0, "and gets none");
    end(&a);
}

static void test_all(void)
{
    test_heard();
    test_harmless();
    test_exec();
    test_none();
}

int main(void)
{
    return test_variants(test_all);
}
