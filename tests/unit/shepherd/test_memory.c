// SPDX-License-Identifier: MIT
/* Memory: a job that takes more than its part ends as a whole, and says what it took. */
#include "fixture.h"
#include "shepherd/shepherd.h"
#include "tap.h"

static void hog_new(struct attempt *a, const char *arguments)
{
    char line[4200];
    snprintf(line, sizeof line, "%s %s", program_beside("shepherd_hog"), arguments);
    attempt_new(a, line);
}

static void is_out_of_memory(const struct attempt *a, enum level level)
{
    is_int(a->status.outcome, OUTCOME_OOM, "16 processes that together exceed the limit are ended");
    is_int(a->status.signal, SIGKILL, "all of them, the first one too");
    is_int(a->status.levels.mem, level, "and the level is told");
    has_str(a->status.reason, "exceeded its memory: limit 64 MB, peak ",
            "the reason says how much");
    int64_t peak_kb = a->status.usage.mem_peak_kb;
    ok(peak_kb >= 64 * 1024 - 256, "the peak is no less than the limit (%lld kB)",
       (long long)peak_kb);
}

static void test_watched(void)
{
    struct attempt a, neighbour;
    hog_new(&neighbour, "16 40");
    neighbour.spec.mem_mb = 64;
    attempt_start(&neighbour);
    hog_new(&a, "16 200");
    a.spec.mem_mb = 64;
    attempt_run(&a);
    is_out_of_memory(&a, LEVEL_WATCHED);
    ok(is_alive(neighbour.shepherd), "watched: a neighbour of the same size goes on");
    await_line(&neighbour, "out", 16);
    kill(neighbour.shepherd, SIGTERM);
    attempt_wait(&neighbour);
    is_int(neighbour.status.outcome, OUTCOME_CANCELLED, "until it is cancelled");
    attempt_end(&neighbour);
    attempt_end(&a);
}

static void test_shared(void)
{
    struct attempt a;
    hog_new(&a, "4 40 shared");
    a.spec.mem_mb = 64;
    a.spec.limit_us = 700000;
    attempt_start(&a);
    await_line(&a, "out", 4);
    attempt_wait(&a);
    is_int(a.status.outcome, OUTCOME_TIMEOUT, "watched: pages that are shared count once");
    int64_t peak_kb = a.status.usage.mem_peak_kb;
    ok(peak_kb > 40 * 1024 && peak_kb <= 64 * 1024, "also in the peak (%lld kB)",
       (long long)peak_kb);
    attempt_end(&a);
}

static void test_enforced(void)
{
    struct attempt a, neighbour;
    hog_new(&neighbour, "16 40");
    if (!attempt_use_groups(&neighbour)) {
        attempt_end(&neighbour);
        skip("no groups to be had");
        return;
    }
    neighbour.spec.mem_mb = 64;
    attempt_start(&neighbour);
    hog_new(&a, "16 200");
    attempt_use_groups(&a);
    a.spec.mem_mb = 64;
    attempt_run(&a);
    is_out_of_memory(&a, LEVEL_ENFORCED);
    ok(a.status.usage.mem_peak_kb <= 64 * 1024, "and no more than it");
    ok(is_alive(neighbour.shepherd), "enforced: a neighbour of the same size goes on");
    await_line(&neighbour, "out", 16);
    kill(neighbour.shepherd, SIGTERM);
    attempt_wait(&neighbour);
    is_int(neighbour.status.outcome, OUTCOME_CANCELLED, "until it is cancelled");
    ok(attempt_groups_gone(&neighbour), "no group is left");
    attempt_end(&neighbour);
    attempt_end(&a);
}

static void test_enforced_at_the_end(void)
{
    struct attempt a;
    /* The leader exits as soon as it sees its child die: perhaps before the kernel's event. */
    hog_new(&a, "1 200 & p=$!; wait $p; exit 0");
    if (!attempt_use_groups(&a)) {
        attempt_end(&a);
        skip("no groups to be had");
        return;
    }
    a.spec.mem_mb = 64;
    attempt_run(&a);
    is_int(a.status.outcome, OUTCOME_OOM, "a job that ran out of memory did not end well");
    ok(attempt_groups_gone(&a), "no group is left");
    attempt_end(&a);
}

/* Whose groups they were before is nothing to it: neither what he used, nor what he was allowed. */
static void test_one_after_the_other(void)
{
    struct attempt a, b;
    attempt_new(&a, "dd if=/dev/zero of=/dev/null bs=40M count=1 2>/dev/null");
    if (!attempt_use_groups(&a)) {
        attempt_end(&a);
        skip("no groups to be had");
        return;
    }
    a.spec.mem_mb = 64;
    a.stay = true;
    attempt_start(&a);
    attempt_await_over(&a, &a);
    ok(a.status.usage.mem_peak_kb >= 40 * 1024, "one has 40 MB");
    attempt_new(&b, "cat </proc/self/cgroup");
    b.spec.base = a.spec.base;
    b.spec.levels = a.spec.levels;
    b.spec.mem_mb = 128;
    set_text(&b.spec.group, a.spec.group);
    attempt_run_by(&b, &a);
    has_str(contents(&b, "out"), a.spec.group, "the next one is in the same groups");
    is_int(b.status.levels.mem, LEVEL_ENFORCED, "that hold it as well");
    ok(b.status.usage.mem_peak_kb < 4 * 1024, "and has no more than it has (%lld kB)",
       (long long)b.status.usage.mem_peak_kb);
    close(a.channel);
    waitpid(a.shepherd, NULL, 0);
    ok(attempt_groups_gone(&a), "with the shepherd they go");
    attempt_end(&b);
    attempt_end(&a);
}

/* How soon to look again. */
static void test_interval(void)
{
    const int64_t mb = 1024;
    is_int(watch_interval(10 * mb, 10 * mb, 50000, 1000 * mb, 50000), 100000,
           "a job that does not grow is looked at more and more rarely");
    is_int(watch_interval(10 * mb, 10 * mb, 1000000, 1000 * mb, 1000000), 1000000,
           "but every second");
    is_int(watch_interval(950 * mb, 950 * mb, 1000000, 1000 * mb, 1000000), 50000,
           "near the limit, 20 times a second");
    is_int(watch_interval(500 * mb, 400 * mb, 400000, 1000 * mb, 400000), 500000,
           "growing, four times before it can get there");
    is_int(watch_interval(500 * mb, 0, 100000, 1000 * mb, 800000), 50000, "growing fast, at once");
}

int main(void)
{
    test_interval();
    test_watched();
    test_shared();
    test_enforced();
    test_enforced_at_the_end();
    test_one_after_the_other();
    return done_testing();
}
