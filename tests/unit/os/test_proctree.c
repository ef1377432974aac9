// SPDX-License-Identifier: MIT
/* Descendants: children of children, orphans, and none once they have ended. */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/affinity.h"
#include "os/proctree.h"
#include "tap.h"

/* A child with a child of its own, and an orphan: they say so when they are there. */
static pid_t family(void)
{
    int ready[2];
    char bytes[3];
    if (pipe(ready) != 0)
        return -1;
    pid_t child = fork();
    if (child == 0) {
        pid_t middle = fork();
        if (middle == 0) {
            setsid();
            if (fork() > 0)
                _exit(0);
        } else {
            waitpid(middle, NULL, 0);
            fork();
        }
        if (write(ready[1], "x", 1) != 1)
            _exit(1);
        for (;;)
            pause();
    }
    close(ready[1]);
    for (int i = 0; i < 3; i++)
        if (read(ready[0], bytes, 1) != 1)
            return -1;
    close(ready[0]);
    return child;
}

static int reap_all(void)
{
    int n = 0;
    while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
        n++;
    return n;
}

static void test_walk(void)
{
    struct proctree t = {0};
    if (!proctree_keep_orphans(true)) {
        skip("orphans can't be kept on this system");
        return;
    }
    is_int(proctree_walk(&t, 0), 0, "a walk");
    is_int((intmax_t)t.count, 0, "finds nobody where nobody is");
    pid_t child = family();
    is_int(proctree_walk(&t, child), 0, "a walk");
    is_int((intmax_t)t.count, 3, "finds a child, its child, and an orphan");
    ok(t.count == 3 && (t.pids[0] == child || t.pids[1] == child), "children before theirs");
    ok(proctree_resident_kb(child) > 0, "who live have memory");
    ok(proctree_proportional_kb(child) > 0, "their own part of it");
    ok(proctree_proportional_kb(child) <= proctree_resident_kb(child), "which is no more");
    proctree_signal(&t, SIGKILL);
    is_int(reap_all(), 3, "all of them can be ended");
    proctree_walk(&t, child);
    is_int((intmax_t)t.count, 0, "and then nobody is found");
    is_int(proctree_resident_kb(child), 0, "who is gone has no memory");
    is_int(proctree_proportional_kb(child), 0, "at all");
    proctree_free(&t);
}

static void test_lists(void)
{
    static const char *const bad[] = {"", ",", "a", "1-", "-1", "3-1", "1,,2", "1 ", "99999999"};
    struct affinity a;
    struct err e = {0};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        is_int(affinity_parse(&a, bad[i], &e), -1, bad[i]);
    has_str(e.text, "99999999: not a list of CPUs", "with the offending text");
    is_int(affinity_parse(&a, "0-1,1,5", &e), 0, "a list");
    affinity_free(&a);
}

static void test_affinity(void)
{
    struct affinity a;
    struct err e = {0};
    cpu_set_t both, now;
    if (sched_getaffinity(0, sizeof both, &both) != 0 || !CPU_ISSET(0, &both) ||
        !CPU_ISSET(1, &both)) {
        skip("needs CPUs 0 and 1");
        return;
    }
    is_int(affinity_parse(&a, "0-1", &e), 0, "both CPUs");
    affinity_set(&a);
    CPU_ZERO(&now);
    CPU_SET(1, &now);
    sched_setaffinity(0, sizeof now, &now);
    is_int(affinity_hold(&a, getpid()), 0, "who keeps himself to one of two is let be");
    affinity_free(&a);

    is_int(affinity_parse(&a, "0", &e), 0, "one CPU");
    is_int(affinity_hold(&a, getpid()), 1, "who is on another is put back");
    sched_getaffinity(0, sizeof now, &now);
    ok(CPU_COUNT(&now) == 1 && CPU_ISSET(0, &now), "to it");
    is_int(affinity_hold(&a, getpid()), 0, "once");
    affinity_free(&a);
    is_int(affinity_hold(&a, getpid()), 0, "no list holds nobody");
    sched_setaffinity(0, sizeof both, &both);

    is_int(affinity_parse(&a, "60000", &e), 0, "a CPU that is not there");
    is_int(affinity_set(&a), -1, "can't be had");
    is_int(errno, EINVAL, "which the kernel says");
    affinity_free(&a);
}

int main(void)
{
    test_walk();
    test_lists();
    test_affinity();
    return done_testing();
}
