// SPDX-License-Identifier: MIT
/* An elastic job: its CPUs and memory, how it hears of them, and its answer. Each once watched and
 * once in groups. */
#include "os/clock.h"
#include "variants.h"

/* The job's shell, and its worker with three threads. */
static bool both_run_on(struct attempt *a, const char *list)
{
    int one, three;
    return runs_on(await_line(a, "out", 1), list, &one) &&
           runs_on(await_line(a, "out", 2), list, &three) && one == 1 && three == 3;
}

static void start(struct attempt *a, const char *cpus)
{
    char line[8192];
    snprintf(line, sizeof line, "echo $$; cat job.control >first; %s", workers("threads", NULL));
    elastic_new(a, line, cpus, groups);
    attempt_start(a);
    await_line(a, "out", 2);
}

static void end(struct attempt *a)
{
    kill(a->shepherd, SIGTERM);
    attempt_wait(a);
    ok(!contents(a, "job.control") && access(in_dir(a, "job.ack"), F_OK) != 0,
       "%s: the job's files go with it", variant);
    is_int(a->status.outcome, OUTCOME_CANCELLED, "which lived until it was ended");
    elastic_end(a, groups);
}

static void test_grow_and_shrink(void)
{
    struct attempt a;
    start(&a, "0");
    is_str(contents(&a, "first"), "1 128 1 2 RUNNING none\n0 0 0 -\n",
           "a job knows what it has from its start");
    ok(both_run_on(&a, "0"), "%s: it runs on its CPU", variant);

    order(&a, 1, "0-1", 60000000);
    ok(await_report(1), "an order for more is carried out at once");
    ok(both_run_on(&a, "0-1"), "%s: every thread of every process has both", variant);
    ok(await_control(&a, "2 128 1 2 RUNNING grow\n1 0-1 0 job 17 waits\n"), "then it is told");

    order(&a, 2, "0", 60000000);
    ok(await_control(&a, "1 128 1 2 SHRINKING shrink\n2 0 * job 17 waits\n"),
       "of an order for less it is told first");
    ok(both_run_on(&a, "0-1"), "and still has both");
    acknowledge(&a, "1\nrubbish\n\n22\n");
    struct report r;
    ok(!next_report(&r, 50), "what is no answer changes nothing");
    acknowledge(&a, "2\n");
    ok(await_report(2), "until it answers");
    ok(both_run_on(&a, "0"), "%s: then no thread runs elsewhere", variant);
    ok(await_control(&a, "1 128 1 2 RUNNING shrink\n2 0 0 job 17 waits\n"), "which it can read");
    end(&a);
}

static double deadline(const struct attempt *a)
{
    double at = 0;
    const char *line = strchr(contents(a, "job.control"), '\n');
    return line && sscanf(line, " %*d %*s %lf", &at) == 1 ? at : 0;
}

static void test_deaf(void)
{
    struct attempt a;
    start(&a, "0-1");
    int64_t begin_us = clock_boot_us(), wall_us = clock_wall_us();
    order(&a, 1, "1", 300000);
    await_control(&a, "1 128 1 2 SHRINKING shrink\n1 1 * job 17 waits\n");
    double in = deadline(&a) - (double)wall_us / 1e6;
    ok(in > 0.298 && in < 5, "the deadline is when the grace ends (%.3f s)", in);
    ok(await_report(1), "a deaf job is narrowed all the same");
    ok(clock_boot_us() - begin_us >= 300000, "after its grace");
    ok(both_run_on(&a, "1"), "%s: and runs where it was told", variant);
    end(&a);
}

static void test_newer(void)
{
    struct attempt a;
    struct report r;
    start(&a, "0-1");
    order(&a, 1, "0", 60000000);
    await_control(&a, "1 128 1 2 SHRINKING shrink\n1 0 * job 17 waits\n");
    order(&a, 2, "0-1", 60000000);
    ok(next_report(&r, 20000) && r.generation == 2, "a newer order takes the place of one waiting");
    ok(both_run_on(&a, "0-1"), "%s: nothing was taken away", variant);
    ok(await_control(&a, "2 128 1 2 RUNNING grow\n2 0-1 0 job 17 waits\n"), "as it can read");
    order(&a, 3, "0", 60000000);
    await_control(&a, "1 128 1 2 SHRINKING shrink\n3 0 * job 17 waits\n");
    order(&a, 4, "1", 60000000);
    await_control(&a, "1 128 1 2 SHRINKING shrink\n4 1 * job 17 waits\n");
    acknowledge(&a, "3\n");
    ok(!next_report(&r, 50), "an answer to an older one is none");
    acknowledge(&a, "4\n");
    ok(next_report(&r, 20000) && r.generation == 4, "only to the newest");
    ok(both_run_on(&a, "1"), "%s: which counts", variant);
    order(&a, 3, "0-1", 0);
    ok(!next_report(&r, 50) && both_run_on(&a, "1"), "an older order does nothing");
    order(&a, 4, "1", 0);
    ok(next_report(&r, 20000) && r.generation == 4, "the same one is reported once more");
    end(&a);
}

/* From one CPU to another: that is not more. */
static void test_moved(void)
{
    struct attempt a;
    start(&a, "0");
    order(&a, 1, "1", 100000);
    ok(await_control(&a, "1 128 1 2 SHRINKING none\n1 1 * job 17 waits\n"),
       "a job that has to move is told before");
    ok(await_report(1), "and moved");
    ok(both_run_on(&a, "1"), "%s: as a whole", variant);
    order(&a, 2, "0-1", 0);
    ok(await_report(2) && both_run_on(&a, "0-1"), "%s: and where it was counts no more", variant);
    end(&a);
}

static void test_early(void)
{
    struct attempt a;
    elastic_new(&a, workers("threads", NULL), "0", groups);
    order(&a, 1, "0-1", 0);
    attempt_start(&a);
    int threads;
    ok(await_report(1), "an order that came before the job");
    ok(runs_on(await_line(&a, "out", 1), "0-1", &threads), "%s: finds it when it runs", variant);
    end(&a);
}

static void test_ending(void)
{
    struct attempt a;
    struct err e;
    struct report r;
    elastic_new(&a, "trap 'echo 1 >asked' TERM; echo $$; while :; do sleep 0.01; done", "0",
                groups);
    attempt_start(&a);
    await_line(&a, "out", 1);
    control_send(a.dir, a.spec.job, 1, CONTROL_CANCEL, &e);
    await_line(&a, "asked", 1);
    order(&a, 1, "0-1", 0);
    ok(!next_report(&r, 100), "%s: a job that ends is not resized", variant);
    control_send(a.dir, a.spec.job, 1, CONTROL_KILL, &e);
    attempt_wait(&a);
    elastic_end(&a, groups);
}

static void test_reports_later(void)
{
    struct attempt a;
    struct err e;
    struct report r = {.job = 1, .attempt = 1, .generation = 99};
    start(&a, "0");
    while (report_send(a.dir, &r, &e) == 0)
        ;
    order(&a, 1, "0-1", 0);
    await_control(&a, "2 128 1 2 RUNNING grow\n1 0-1 0 job 17 waits\n");
    ok(await_report(1), "a scheduler that is too busy is told later");
    end(&a);
}

static void test_memory(void)
{
    struct attempt a;
    struct report r;
    char line[4200];
    snprintf(line, sizeof line, "%s 1 48", program_beside("shepherd_hog"));
    elastic_new(&a, line, "0-1", groups);
    attempt_start(&a);
    await_line(&a, "out", 1);
    order_mem(&a, 1, "0", 0, 16);
    ok(next_report(&r, 20000), "an order for less memory than the job uses");
    ok(r.mem_mb >= 48 && r.mem_mb < 70, "%s: leaves it what it uses (%lld MB)", variant,
       (long long)r.mem_mb);
    order_mem(&a, 2, "0-1", 0, 256);
    ok(next_report(&r, 20000) && r.mem_mb == 256, "one for more is carried out");
    order_mem(&a, 3, "0", 0, 100);
    ok(next_report(&r, 20000) && r.mem_mb == 100, "and for less, if that is enough");
    end(&a);
}

/* 128 MB, of which it takes 192 when it has more. */
static void test_more_memory(void)
{
    struct attempt a;
    char line[4200];
    snprintf(line, sizeof line,
             "echo $$; while ! grep -q grow job.control; do sleep 0.01; done; "
             "timeout 2 %s 1 192; exit 7",
             program_beside("shepherd_hog"));
    elastic_new(&a, line, "0", groups);
    attempt_start(&a);
    await_line(&a, "out", 1);
    order_mem(&a, 1, "0-1", 0, 256);
    await_line(&a, "out", 2);
    attempt_wait(&a);
    is_int(a.status.exit_code, 7, "a job can use what it got");
    elastic_end(&a, groups);
}

/* Nobody who resizes: as ever. */
static void test_rigid(void)
{
    struct attempt a;
    elastic_new(&a, "echo $$; while test ! -e stop; do sleep 0.01; done; exit 3", "0", groups);
    a.spec.elastic = false;
    attempt_start(&a);
    long pid = await_line(&a, "out", 1);
    struct report r;
    int threads;
    order(&a, 1, "0-1", 0);
    ok(!next_report(&r, 100) && runs_on(pid, "0", &threads), "%s: a rigid job is not resized",
       variant);
    ok(!contents(&a, "job.control") && access(in_dir(&a, "job.ack"), F_OK) != 0,
       "and has no files for it");
    close(open(in_dir(&a, "stop"), O_WRONLY | O_CREAT | O_CLOEXEC, 0666));
    attempt_wait(&a);
    is_int(a.status.exit_code, 3, "it ends as ever");
    elastic_end(&a, groups);
}

static void test_other_user(void)
{
    struct attempt a;
    if (geteuid() != 0) {
        skip("only root can run a job for another user");
        return;
    }
    elastic_new(&a,
                "stat -c '%a %u %F' job.control job.ack; while ! grep -q SHRINKING job.control; do "
                "sleep 0.01; done; echo 1 >job.ack; while :; do sleep 1; done",
                "0-1", groups);
    a.spec.uid = a.spec.gid = 65534;
    chmod(a.dir, 0777);
    attempt_start(&a);
    await_line(&a, "out", 2);
    is_str(contents(&a, "out"), "600 65534 regular file\n600 65534 fifo\n",
           "the files are the job's user's alone");
    order(&a, 1, "0", 60000000);
    ok(await_report(1), "%s: who can answer by himself", variant);
    end(&a);
}

static void test_all(void)
{
    test_grow_and_shrink();
    test_deaf();
    test_newer();
    test_moved();
    test_early();
    test_ending();
    test_reports_later();
    test_memory();
    test_more_memory();
    test_rigid();
    test_other_user();
}

int main(void)
{
    return test_variants(test_all);
}
