// SPDX-License-Identifier: MIT
/* All processes of a job: none outlives it, all are pinned, and what they used is added up. Each
 * once watched and once in groups. */
#include <sched.h>

#include "fixture.h"
#include "os/file.h"
#include "os/process.h"
#include "tap.h"

static const char *variant;

static void tree_new(struct attempt *a, const char *line, bool groups)
{
    variant = groups ? "groups" : "watched";
    attempt_new(a, line);
    if (groups && !attempt_use_groups(a))
        cannot("groups");
}

static void tree_end(struct attempt *a, bool groups)
{
    if (groups)
        ok(attempt_groups_gone(a), "groups: none is left");
    attempt_end(a);
}

static void test_daemon(bool groups)
{
    struct attempt a;
    tree_new(
        &a,
        "(setsid sh -c 'sh -c \"echo \\$\\$; exec sleep 100\" & ' &) ; "
        "trap '' TERM; sleep 100 & echo $!; while test $(wc -l <out) -lt 2; do :; done; exit 0",
        groups);
    attempt_run(&a);
    long one = await_line(&a, "out", 1), two = await_line(&a, "out", 2);
    is_int(a.status.outcome, OUTCOME_EXITED, "a job that leaves processes behind ended well");
    is_int(a.status.exit_code, 0, "with its own exit code");
    ok(one > 0 && two > 0 && !is_alive(one) && !is_alive(two),
       "%s: neither a daemon nor a child is left", variant);
    tree_end(&a, groups);
}

static void test_bomb(bool groups)
{
    struct attempt a;
    /* Ten chains in which every process starts another and dies: whoever kills by a list is late.
     * (They end by themselves in the end, for a shepherd that does not do its work.) */
    tree_new(&a,
             "echo 'echo $$ >>pids; test $1 -gt 2000 || sh bomb $(($1+1)) & exit' >bomb;"
             "for i in 1 2 3 4 5 6 7 8 9 10; do sh bomb 1 & done;"
             "while test $(wc -l <pids) -lt 100; do sleep 0.01; done; kill -9 $$",
             groups);
    struct err e;
    a.spec.limit_us = 20000000;
    attempt_run(&a);
    is_int(a.status.signal, SIGKILL, "a fork bomb goes off");
    struct stat pids = {0};
    stat(in_dir(&a, "pids"), &pids);
    ok(pids.st_size > 100, "%s: it has many processes (%ld bytes of pids)", variant,
       (long)pids.st_size);
    is_int(process_sweep("ATTEMPT", a.dir), 0, "and none is left");
    is_int(control_send(a.dir, a.spec.job, 1, CONTROL_KILL, &e), 1, "nor of its shepherd");
    tree_end(&a, groups);
}

static void test_usage(bool groups)
{
    struct attempt a;
    const char *burn = "sh -c 'i=0; while test $i -lt 200000; do i=$((i+1)); done; times >>t'";
    char line[512];
    /* One that is waited for, and one that leaves the family: its orphan's time counts too. */
    snprintf(line, sizeof line,
             "%s; (setsid sh -c \"%s; echo 1 >done\" &); while ! test -s done; do sleep 0.01; done",
             burn, burn);
    tree_new(&a, line, groups);
    attempt_run(&a);
    int minutes = 0;
    double seconds = 0, sum_us = 0;
    FILE *t = fopen(in_dir(&a, "t"), "r");
    /* Two processes, two lines each: its own times, and its children's. */
    for (int i = 0; t && i < 8 && fscanf(t, "%dm%lfs", &minutes, &seconds) == 2; i++)
        sum_us += (minutes * 60 + seconds) * 1e6;
    if (t)
        fclose(t);
    double got_us = (double)(a.status.usage.cpu_user_us + a.status.usage.cpu_system_us);
    ok(sum_us > 20000 && got_us >= sum_us * 0.9 && got_us < sum_us * 2 + 500000,
       "%s: CPU time is of all processes (%.3f s of %.3f s)", variant, got_us / 1e6, sum_us / 1e6);
    ok(a.status.usage.mem_peak_kb > 100, "and so is memory (%lld kB)",
       (long long)a.status.usage.mem_peak_kb);
    tree_end(&a, groups);
}

/* CPUs of a process as /proc says them. */
static bool runs_only_on(long pid, const char *cpus)
{
    char path[64], text[4096], wanted[64];
    snprintf(path, sizeof path, "/proc/%ld/status", pid);
    snprintf(wanted, sizeof wanted, "Cpus_allowed_list:\t%s\n", cpus);
    return file_read(path, text, sizeof text) > 0 && strstr(text, wanted);
}

static void test_pinned(bool groups)
{
    cpu_set_t ours;
    if (sched_getaffinity(0, sizeof ours, &ours) != 0 || !CPU_ISSET(1, &ours)) {
        skip("needs CPU 1");
        return;
    }
    struct attempt a;
    tree_new(&a, "sleep 100 & echo $!; (setsid sleep 100 & echo $!); echo $$; sleep 100", groups);
    set_text(&a.spec.cpus, "1");
    attempt_start(&a);
    for (int i = 1; i <= 3; i++)
        ok(runs_only_on(await_line(&a, "out", i), "1"), "%s: process %d is pinned", variant, i);
    ok(!runs_only_on(a.shepherd, "1"), "the shepherd is not");
    kill(a.shepherd, SIGTERM);
    attempt_wait(&a);
    is_int(a.status.levels.cpu, groups ? LEVEL_ENFORCED : LEVEL_WATCHED, "and the level is told");
    tree_end(&a, groups);
}

static void test_strays(void)
{
    cpu_set_t ours;
    if (sched_getaffinity(0, sizeof ours, &ours) != 0 || !CPU_ISSET(1, &ours) ||
        !CPU_ISSET(0, &ours)) {
        skip("needs CPUs 0 and 1");
        return;
    }
    struct attempt a;
    attempt_new(&a, "sleep 100 & echo $!; wait");
    set_text(&a.spec.cpus, "1");
    attempt_start(&a);
    long pid = await_line(&a, "out", 1);
    sched_setaffinity((pid_t)pid, sizeof ours, &ours);
    bool back = false;
    for (int i = 0; i < 5000 && !back; i++, tiny_sleep())
        back = runs_only_on(pid, "1");
    ok(back, "watched: a process that leaves its CPUs is put back");
    kill(a.shepherd, SIGTERM);
    attempt_wait(&a);
    attempt_end(&a);
}

static void test_impossible_cpu(void)
{
    struct attempt a;
    attempt_new(&a, "exit 3");
    set_text(&a.spec.cpus, "60000");
    attempt_run(&a);
    is_int(a.status.exit_code, 3, "a job for CPUs that are not there runs");
    is_int(a.status.levels.cpu, LEVEL_ADVISORY, "but is not said to be pinned");
    attempt_end(&a);
}

static void test_fallback(void)
{
    struct attempt a;
    attempt_new(&a, "exit 3");
    strcpy(a.spec.base.v1_mem, "/nonexistent/memory");
    strcpy(a.spec.base.v1_cpu, "/nonexistent/cpuset");
    a.spec.levels = (struct levels){LEVEL_ENFORCED, LEVEL_ENFORCED, LEVEL_ENFORCED, LEVEL_ADVISORY};
    set_text(&a.spec.group, "job");
    set_text(&a.spec.cpus, "0");
    a.spec.mem_mb = 100;
    attempt_run(&a);
    is_int(a.status.exit_code, 3, "a job runs without the groups it should have");
    is_int(a.status.levels.cpu, LEVEL_WATCHED, "and the truth is told: CPUs are watched");
    is_int(a.status.levels.mem, LEVEL_WATCHED, "memory is watched");
    is_int(a.status.levels.procs, LEVEL_WATCHED, "processes are watched");
    is_int(a.status.levels.gpu, LEVEL_ADVISORY, "the rest is as it was");
    is_str(a.status.group, "", "it has no group");
    has_str(contents(&a, "log"), "memory: watched, not enforced", "and the log says why");
    attempt_end(&a);
}

static void test_killed_shepherd(bool groups)
{
    struct attempt a;
    /* Without groups nobody would end a child. */
    tree_new(&a, groups ? "echo $$; sleep 100" : "echo $$; exec sleep 100", groups);
    attempt_start(&a);
    long pid = await_line(&a, "out", 1);
    kill(a.shepherd, SIGKILL);
    attempt_wait(&a);
    is_int(a.status.phase, PHASE_CLAIMED, "the outcome of a killed shepherd's job is not known");
    for (int i = 0; i < 5000 && is_alive(pid); i++)
        tiny_sleep();
    ok(!is_alive(pid), "%s: the job's first process dies with it", variant);
    if (groups) {
        struct cgroup g;
        struct err e;
        cgroup_find(&g, &a.spec.base, a.spec.group);
        is_int(cgroup_clear(&g, &e), 0, "and the rest is found by its groups");
    }
    tree_end(&a, groups);
}

static void test_all(bool groups)
{
    test_daemon(groups);
    test_bomb(groups);
    test_usage(groups);
    test_pinned(groups);
    test_killed_shepherd(groups);
}

int main(void)
{
    struct attempt probe;
    test_all(false);
    test_strays();
    test_impossible_cpu();
    test_fallback();
    attempt_new(&probe, "true");
    bool groups = attempt_use_groups(&probe);
    attempt_groups_gone(&probe);
    attempt_end(&probe);
    if (groups)
        test_all(true);
    else
        skip("no groups to be had");
    return done_testing();
}
