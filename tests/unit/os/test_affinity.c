// SPDX-License-Identifier: MIT
/* Moving threads to another set of CPUs: those that had the whole of the old one, and whoever is
 * outside. */
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <unistd.h>

#include "os/affinity.h"
#include "tap.h"

enum { THREADS = 4 };
static pid_t threads[THREADS];
static sem_t ready, done;

static void *body(void *arg)
{
    pid_t *id = arg;
    *id = gettid();
    sem_post(&ready);
    sem_wait(&done);
    return NULL;
}

static void pin(pid_t thread, const char *list)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    for (const char *c = list; *c; c++)
        CPU_SET((size_t)(*c - '0'), &set);
    sched_setaffinity(thread, sizeof set, &set);
}

/* How many of the threads run on CPUs 0 and 1, as "0", "1", "01". */
static int count(const char *list)
{
    int n = 0;
    for (int i = 0; i < THREADS; i++) {
        cpu_set_t set, wanted;
        CPU_ZERO(&wanted);
        for (const char *c = list; *c; c++)
            CPU_SET((size_t)(*c - '0'), &wanted);
        n += sched_getaffinity(threads[i], sizeof set, &set) == 0 && CPU_EQUAL(&set, &wanted);
    }
    return n;
}

static void parse(struct affinity *a, const char *list)
{
    struct err e = {0};
    if (affinity_parse(a, list, &e) != 0)
        printf("Bail out! %s\n", e.text);
}

static void test_covers(void)
{
    struct affinity both, one, other, none = {0};
    parse(&both, "0-1");
    parse(&one, "0");
    parse(&other, "1-2");
    ok(affinity_covers(&both, &one), "two CPUs cover one of them");
    ok(affinity_covers(&both, &both), "and themselves");
    ok(!affinity_covers(&one, &both), "one does not cover two");
    ok(!affinity_covers(&both, &other), "nor do two others");
    ok(!affinity_covers(&both, &none) && !affinity_covers(&none, &one), "no set, no answer");
    affinity_free(&both);
    affinity_free(&one);
    affinity_free(&other);
}

static void test_move(void)
{
    struct affinity both, zero, one;
    parse(&both, "0-1");
    parse(&zero, "0");
    parse(&one, "1");
    for (int i = 0; i < THREADS; i++)
        pin(threads[i], i == 0 ? "1" : "0");
    is_int(affinity_move(&zero, &both, getpid()), THREADS - 1 + 1,
           "widened are those with the whole old set (and our first thread)");
    is_int(count("01"), THREADS - 1, "to the new one");
    is_int(count("1"), 1, "who had chosen another is let be");
    is_int(affinity_move(&zero, &both, getpid()), 0, "once");

    pin(threads[1], "0");
    is_int(affinity_strays(&zero, getpid()), THREADS, "some can run outside of one CPU");
    is_int(affinity_move(&both, &zero, getpid()), THREADS, "who is narrowed to it");
    is_int(affinity_strays(&zero, getpid()), 0, "then nobody can");
    is_int(count("0"), THREADS, "all are there");

    is_int(affinity_move(&zero, &one, getpid()), THREADS + 1, "they can change places too");
    is_int(count("1"), THREADS, "all of them");
    is_int(affinity_strays(&one, 1 << 22), 0, "who is not there is nowhere");
    affinity_free(&both);
    affinity_free(&zero);
    affinity_free(&one);
}

int main(void)
{
    cpu_set_t ours;
    pthread_t ids[THREADS];
    test_covers();
    if (sched_getaffinity(0, sizeof ours, &ours) != 0 || !CPU_ISSET(0, &ours) ||
        !CPU_ISSET(1, &ours)) {
        skip("needs CPUs 0 and 1");
        return done_testing();
    }
    sem_init(&ready, 0, 0);
    sem_init(&done, 0, 0);
    for (int i = 0; i < THREADS; i++)
        if (pthread_create(&ids[i], NULL, body, &threads[i]) != 0)
            return 1;
    for (int i = 0; i < THREADS; i++)
        sem_wait(&ready);
    pin(getpid(), "0");
    test_move();
    for (int i = 0; i < THREADS; i++)
        sem_post(&done);
    for (int i = 0; i < THREADS; i++)
        pthread_join(ids[i], NULL);
    return done_testing();
}
