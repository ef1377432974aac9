// SPDX-License-Identifier: MIT
/* The time of a job, by a clock that the test sets: when it is warned, when it ends, and what a
 * suspension does to both. */
#include "shepherd/limit.h"
#include "tap.h"

static void test_none(void)
{
    struct limit l;
    limit_begin(&l, 0, 0, 100);
    is_int(limit_next(&l), 0, "no limit: nothing to wait for");
    is_int(limit_due(&l, INT64_MAX), LIMIT_NOTHING, "ever");
    is_int(limit_ran(&l, 250), 150, "it runs from its start on");
}

static void test_end(void)
{
    struct limit l;
    limit_begin(&l, 1000, 0, 100);
    is_int(limit_next(&l), 1100, "a limit ends so long after the start");
    is_int(limit_due(&l, 1099), LIMIT_NOTHING, "not before");
    is_int(limit_due(&l, 1100), LIMIT_END, "then");
    is_int(limit_due(&l, 1101), LIMIT_NOTHING, "once");
    is_int(limit_next(&l), 0, "and then there is nothing to wait for");
}

static void test_warning(void)
{
    struct limit l;
    limit_begin(&l, 1000, 60, 100);
    is_int(limit_next(&l), 1040, "a warning comes before the end");
    is_int(limit_due(&l, 1039), LIMIT_NOTHING, "not sooner");
    is_int(limit_due(&l, 1041), LIMIT_WARN, "or a little later");
    is_int(limit_due(&l, 1041), LIMIT_NOTHING, "once");
    is_int(limit_next(&l), 1100, "then the end is next");
    is_int(limit_due(&l, 1100), LIMIT_END, "and comes");
}

/* The machine was suspended, and the boot clock went on. */
static void test_slept_over_it(void)
{
    struct limit l;
    limit_begin(&l, 1000, 60, 100);
    is_int(limit_due(&l, 5000), LIMIT_END, "whose end has passed is not warned any more");
    is_int(limit_due(&l, 5001), LIMIT_NOTHING, "nor after it");
}

static void test_suspended(void)
{
    struct limit l;
    limit_begin(&l, 1000, 60, 100);
    limit_stop(&l, 300);
    is_int(limit_next(&l), 0, "while it stands still there is nothing to wait for");
    is_int(limit_due(&l, 9000), LIMIT_NOTHING, "and nothing is due");
    is_int(limit_ran(&l, 9000), 200, "it has run until then");
    limit_stop(&l, 400);
    limit_go_on(&l, 1300);
    is_int(limit_next(&l), 2040, "the warning moves by the time it stood");
    is_int(limit_ran(&l, 1310), 210, "which does not count");
    is_int(limit_due(&l, 2040), LIMIT_WARN, "the warning comes");
    limit_stop(&l, 2050);
    limit_go_on(&l, 2150);
    limit_go_on(&l, 2200);
    is_int(limit_due(&l, 2199), LIMIT_NOTHING, "a warning that was is not repeated");
    is_int(limit_next(&l), 2200, "the end moves by both");
    is_int(limit_due(&l, 2200), LIMIT_END, "and comes");
    is_int(limit_ran(&l, 2200), 1000, "after all the time that it may run");
}

static void test_suspended_without_limit(void)
{
    struct limit l;
    limit_begin(&l, 0, 0, 100);
    limit_stop(&l, 200);
    limit_go_on(&l, 500);
    is_int(limit_next(&l), 0, "no limit comes of a suspension");
    is_int(limit_ran(&l, 600), 200, "but the time is right");
}

static void test_changed(void)
{
    struct limit l = {0};
    limit_change(&l, 1000, 60);
    is_int(limit_next(&l), 0, "before it begins nothing changes");
    limit_begin(&l, 1000, 60, 100);
    is_int(limit_due(&l, 1041), LIMIT_WARN, "it is warned");
    limit_change(&l, 1000, 60);
    is_int(limit_due(&l, 1042), LIMIT_NOTHING, "once, if it is told the same again");
    limit_change(&l, 2000, 60);
    is_int(limit_next(&l), 2040, "of another end it is warned as well");
    limit_stop(&l, 1050);
    limit_change(&l, 3000, 60);
    limit_go_on(&l, 1060);
    is_int(limit_next(&l), 3050, "a suspension counts for any");
    limit_change(&l, 0, 60);
    is_int(limit_next(&l), 0, "it can be taken away");
    limit_change(&l, 500, 0);
    is_int(limit_due(&l, 1061), LIMIT_END, "and less than it has run ends it");
}

static void test_cut(void)
{
    struct limit l;
    limit_begin(&l, 1000, 60, 100);
    limit_cut(&l, 50, 500);
    is_int(limit_next(&l), 550, "an earlier end comes without a warning");
    limit_cut(&l, 50, 520);
    is_int(limit_next(&l), 550, "a later one is none");
    is_int(limit_due(&l, 550), LIMIT_END, "it comes");
    limit_begin(&l, 0, 0, 100);
    limit_cut(&l, 50, 500);
    is_int(limit_next(&l), 550, "also to one that had none");
}

int main(void)
{
    test_none();
    test_end();
    test_warning();
    test_slept_over_it();
    test_suspended();
    test_suspended_without_limit();
    test_changed();
    test_cut();
    return done_testing();
}
