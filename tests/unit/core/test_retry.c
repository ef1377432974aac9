// SPDX-License-Identifier: MIT
/* test_retry.c - which ends are not the last word. */
#include "core/retry.h"
#include "fixture.h"
#include "tap.h"

#define NOW (1000 * SEC)

static struct retry_policy three_times(void)
{
    return (struct retry_policy){.retries = 3, .on = RETRY_ON_DEFAULT, .delay_factor = 1};
}

static bool again(const struct retry_policy *p, enum job_state outcome, int retried)
{
    return retry_decide(p, outcome, retried, 100, NOW).again;
}

static void test_outcomes(void)
{
    const struct retry_policy never = {0};
    struct retry_policy p = three_times();
    for (int s = JOB_COMPLETED; s < JOB_STATES; s++)
        ok(!again(&never, (enum job_state)s, 0), "never: not after %s",
           job_state_name((enum job_state)s));
    ok(again(&p, JOB_FAILED, 0) && again(&p, JOB_TIMEOUT, 0) && again(&p, JOB_OUT_OF_MEMORY, 0) &&
           again(&p, JOB_NODE_FAIL, 0),
       "with retries: whatever went wrong");
    p.on = ~0u;
    ok(!again(&p, JOB_COMPLETED, 0) && !again(&p, JOB_CANCELLED, 0) && !again(&p, JOB_DEADLINE, 0),
       "but not if it went well, was cancelled, or its deadline has come, whatever is said");
    p.on = retry_on_parse("oom") | retry_on_parse("Timeout");
    ok(!again(&p, JOB_FAILED, 0) && again(&p, JOB_TIMEOUT, 0) && again(&p, JOB_OUT_OF_MEMORY, 0),
       "or only after what was said");
    ok(!retry_on_parse("cancel") && !retry_on_parse(""), "of which there are four");
}

static void test_checkpoint(void)
{
    ok(retry_from_checkpoint(JOB_TIMEOUT) && retry_from_checkpoint(JOB_FAILED) &&
           retry_from_checkpoint(JOB_NODE_FAIL),
       "one that saved its work goes on, however it was stopped");
    ok(!retry_from_checkpoint(JOB_COMPLETED) && !retry_from_checkpoint(JOB_CANCELLED) &&
           !retry_from_checkpoint(JOB_DEADLINE) && !retry_from_checkpoint(JOB_OUT_OF_MEMORY),
       "but not if it is done, nobody wants it any more, or it would not get further");
}

static void test_count(void)
{
    struct retry_policy p = three_times();
    ok(again(&p, JOB_FAILED, 2), "three retries: a third");
    ok(!again(&p, JOB_FAILED, 3), "and no fourth");
    ok(retry_decide(&p, JOB_NODE_FAIL, 0, 100, NOW).counts, "one after NODE_FAIL counts");
    p.requeue = true;
    struct retry r = retry_decide(&p, JOB_NODE_FAIL, 3, 100, NOW);
    ok(r.again && !r.counts && r.at_us == NOW, "but not if it is to be requeued then anyway");
    ok(!again(&p, JOB_FAILED, 3), "which is for NODE_FAIL alone");
}

static void test_delay(void)
{
    struct retry_policy p = three_times();
    is_int(retry_decide(&p, JOB_FAILED, 0, 100, NOW).at_us, NOW, "without a delay at once");
    p.delay_us = 10 * SEC;
    is_int(retry_decide(&p, JOB_FAILED, 2, 100, NOW).at_us, NOW + 10 * SEC, "or later");
    p.delay_factor = 2;
    is_int(retry_decide(&p, JOB_FAILED, 0, 100, NOW).at_us, NOW + 10 * SEC, "10 s, then");
    is_int(retry_decide(&p, JOB_FAILED, 2, 100, NOW).at_us, NOW + 40 * SEC, "ever longer");
    p.retries = RETRY_MAX;
    p.delay_factor = 1000;
    int64_t at_us = retry_decide(&p, JOB_FAILED, 99999, 100, NOW).at_us;
    ok(at_us > NOW && at_us < INT64_MAX / 2, "but not for ever");
}

static void test_memory(void)
{
    struct retry_policy p = three_times();
    is_int(retry_decide(&p, JOB_OUT_OF_MEMORY, 0, 100, NOW).mem_mb, 0, "with what it asked for");
    p.mem_factor = 1.5;
    p.max_mem_mb = 200;
    is_int(retry_decide(&p, JOB_OUT_OF_MEMORY, 0, 101, NOW).mem_mb, 152, "or more, rounded up");
    is_int(retry_decide(&p, JOB_OUT_OF_MEMORY, 0, 180, NOW).mem_mb, 200, "up to the most");
    ok(!again(&p, JOB_FAILED, 3) && !retry_decide(&p, JOB_OUT_OF_MEMORY, 0, 200, NOW).again,
       "whoever had that need not try again");
    is_int(retry_decide(&p, JOB_FAILED, 0, 100, NOW).mem_mb, 0, "only if it lacked memory");
}

int main(void)
{
    test_outcomes();
    test_checkpoint();
    test_count();
    test_delay();
    test_memory();
    return done_testing();
}
