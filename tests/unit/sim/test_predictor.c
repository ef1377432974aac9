// SPDX-License-Identifier: MIT
#include "sim/predictor.h"

#include <stdlib.h>

#include "tap.h"

#define S INT64_C(1000000)

enum { ANN = 1, BOB };

static struct trace_job job(int64_t user, int64_t executable, int64_t run_us)
{
    return (struct trace_job){.user = user, .executable = executable, .run_us = run_us};
}

static void learn(struct predictor *p, int64_t user, int64_t executable, int64_t run_us)
{
    struct trace_job j = job(user, executable, run_us);
    if (predictor_learn(p, &j) < 0)
        abort();
}

static int64_t guess(const struct predictor *p, int64_t user, int64_t executable)
{
    struct trace_job j = job(user, executable, 0);
    return predictor_guess(p, &j);
}

static void the_last_two(void)
{
    struct predictor p = {0};
    is_int(guess(&p, ANN, 1), 0, "of what never ran nothing is known");
    learn(&p, ANN, 1, 10 * S);
    is_int(guess(&p, ANN, 1), 10 * S, "after one run it is that one's time");
    learn(&p, ANN, 1, 20 * S);
    is_int(guess(&p, ANN, 1), 15 * S, "after two the mean of both");
    learn(&p, ANN, 1, 41 * S);
    is_int(guess(&p, ANN, 1), 30500000, "after three that of the last two");
    learn(&p, ANN, 1, INT64_MAX);
    learn(&p, ANN, 1, INT64_MAX - 2);
    is_int(guess(&p, ANN, 1), INT64_MAX - 1, "however long they ran");
    predictor_free(&p);
}

static void users_and_executables(void)
{
    struct predictor p = {0};
    learn(&p, ANN, 1, 10 * S);
    learn(&p, ANN, 2, 30 * S);
    is_int(guess(&p, ANN, 1), 10 * S, "each executable has its own run times");
    is_int(guess(&p, ANN, 2), 30 * S, "whatever else the user ran");
    is_int(guess(&p, ANN, 3), 20 * S, "for a new one the last two of its user count");
    is_int(guess(&p, ANN, -1), 20 * S, "also where the executable is not known");
    is_int(guess(&p, BOB, 1), 0, "what one user's ran is nothing to another");
    learn(&p, -1, 1, 50 * S);
    is_int(guess(&p, -1, 1), 0, "users that are not known are not one user");
    predictor_free(&p);
}

static void many(void)
{
    struct predictor p = {0};
    bool good = true;
    for (int64_t user = 1; user <= 3000; user++)
        learn(&p, user, -1, user * S);
    for (int64_t user = 1; user <= 3000; user++)
        good &= guess(&p, user, -1) == user * S;
    ok(good, "3,000 users are told apart");
    predictor_free(&p);
    is_int(guess(&p, 1, -1), 0, "a freed predictor knows nothing");
    predictor_free(&p);
}

int main(void)
{
    the_last_two();
    users_and_executables();
    many();
    return done_testing();
}
