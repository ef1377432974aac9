// SPDX-License-Identifier: MIT
/* placement.c - how long it takes to place one job: placement [NODE-CPUS...]
 *
 * 10,000 nodes on 500 leaf switches, 25 of which are under one of 20 switches. The load is either
 * jobs, which were placed and some of which have ended, or CPUs at random, so that all nodes are in
 * pieces. Between two placements, each timed, it changes a little. Median and 99th percentile of
 * 500; and how long taking and giving back takes, by CPU. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/placement.h"

#define SPINES 20
#define LEAVES 25
#define NODES  20
#define TIMES  500
#define JOBS   20000

static uint64_t seed = 88172645463325252;

static int rnd(int below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (int)(seed % (uint64_t)below);
}

static int64_t clock_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000 + t.tv_nsec;
}

static struct topology *make_tree(int node_cpus)
{
    struct topology_builder *b = topology_builder_create(NULL);
    for (int i = 0; b && i < SPINES * LEAVES * NODES; i++) {
        static int spine, leaf;
        char name[16];
        if (i % (LEAVES * NODES) == 0)
            spine = topology_builder_add_switch(b, -1, NULL, TOPOLOGY_SWITCH, NULL);
        if (i % NODES == 0)
            leaf = topology_builder_add_switch(b, spine, NULL, TOPOLOGY_SWITCH, NULL);
        snprintf(name, sizeof name, "n%d", i);
        if (topology_builder_add_node(b, leaf, name, NULL, node_cpus, 0, NULL) < 0)
            exit(1);
    }
    struct topology *t = b ? topology_build(b, NULL) : NULL;
    topology_builder_free(b);
    if (!t)
        exit(1);
    return t;
}

/* --- load ------------------------------------------------------------------------------------- */

struct world {
    const struct topology *t;
    struct placement *p;
    struct cpuset jobs[JOBS];
    int njobs;
};

static bool start(struct world *w, const struct placement_request *q)
{
    struct cpuset *job = &w->jobs[w->njobs];
    int found = w->njobs < JOBS ? placement_find(w->p, q, job, NULL, NULL) : 0;
    if (found < 0)
        exit(1);
    if (found) {
        placement_take(w->p, job);
        w->njobs++;
    }
    return found;
}

static void end(struct world *w)
{
    int i = rnd(w->njobs);
    placement_give(w->p, &w->jobs[i]);
    cpuset_free(&w->jobs[i]);
    w->jobs[i] = w->jobs[--w->njobs];
    w->jobs[w->njobs] = (struct cpuset){0};
}

/* Mostly a few CPUs, sometimes several nodes. */
static void start_some(struct world *w)
{
    int node_cpus = w->t->node_cpus_max;
    struct placement_request q = {.cpus = 1 + rnd(rnd(4) ? 2 * node_cpus : 40 * node_cpus)};
    start(w, &q);
}

static void take_random(struct world *w, int cpus)
{
    struct cpuset *job = &w->jobs[w->njobs];
    for (int i = 0; i < cpus; i++)
        if (cpuset_add(job, rnd(w->t->ncpus)) < 0)
            exit(1);
    for (int c = cpuset_next(job, 0); c >= 0; c = cpuset_next(job, c + 1))
        if (!cpuset_has(placement_free(w->p), c))
            cpuset_remove(job, c);
    placement_take(w->p, job);
    w->njobs++;
}

static void fill(struct world *w, int percent, bool random)
{
    int64_t wanted = (int64_t)w->t->ncpus * (100 - percent) / 100;
    while (cpuset_count(placement_free(w->p)) > wanted && w->njobs < JOBS - TIMES)
        random ? take_random(w, w->t->ncpus / 1000) : start_some(w);
    for (int i = 0; !random && i < w->njobs; i++) {
        end(w);
        start_some(w);
    }
}

/* --- measuring -------------------------------------------------------------------------------- */

static int by_value(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void measure(struct world *w, const char *load, const char *shape,
                    const struct placement_request *q, bool random)
{
    static int64_t took[TIMES];
    int found = 0;
    struct cpuset out = {0};
    for (int i = 0; i < TIMES; i++) {
        if (w->njobs) {
            end(w);
            random ? take_random(w, w->t->ncpus / 1000) : start_some(w);
        }
        int64_t began = clock_ns();
        found += placement_find(w->p, q, &out, NULL, NULL);
        took[i] = clock_ns() - began;
    }
    cpuset_free(&out);
    qsort(took, TIMES, sizeof *took, by_value);
    printf("%5d %-12s %-22s %5d%% %9.1f %9.1f\n", w->t->node_cpus_max, load, shape,
           found * 100 / TIMES, (double)took[TIMES / 2] / 1e3,
           (double)took[TIMES * 99 / 100] / 1e3);
    fflush(stdout);
}

static void measure_shapes(struct world *w, const char *load, bool random)
{
    int64_t node = w->t->node_cpus_max;
    const struct {
        const char *name;
        struct placement_request q;
    } shapes[] = {
        {"1 CPU", {.cpus = 1}},
        {"1.5 nodes' CPUs", {.cpus = node + node / 2}},
        {"12 nodes' CPUs", {.cpus = 12 * node - 1}},
        {"50 nodes' CPUs", {.cpus = 50 * node - 1}},
        {"250 nodes' CPUs", {.cpus = 250 * node - 1}},
        {"1000 nodes' CPUs", {.cpus = 1000 * node - 1}},
        {"50 nodes, whole", {.nodes = 50}},
        {"1000 nodes, whole", {.nodes = 1000}},
        {"30 nodes, 3 switches", {.nodes = 30, .max_switches = 3}},
    };
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        measure(w, load, shapes[i].name, &shapes[i].q, random);
}

static void measure_changes(struct world *w)
{
    struct cpuset all = {0};
    if (cpuset_copy(&all, placement_free(w->p)) < 0)
        exit(1);
    int64_t began = clock_ns();
    placement_take(w->p, &all);
    placement_give(w->p, &all);
    printf("%5d taking and giving back: %.1f ns a CPU\n", w->t->node_cpus_max,
           (double)(clock_ns() - began) / 2 / cpuset_count(&all));
    cpuset_free(&all);
}

static void measure_load(const struct topology *t, int percent, bool random)
{
    struct world *w = calloc(1, sizeof *w);
    char load[32];
    if (!w || !(w->p = placement_create(t, NULL, NULL)))
        exit(1);
    w->t = t;
    snprintf(load, sizeof load, "%d%% %s", percent, random ? "random" : "jobs");
    fill(w, percent, random);
    if (!percent)
        measure_changes(w);
    measure_shapes(w, load, random);
    for (int i = 0; i < w->njobs; i++)
        cpuset_free(&w->jobs[i]);
    placement_destroy(w->p);
    free(w);
}

static void measure_all(int node_cpus)
{
    struct topology *t = make_tree(node_cpus);
    measure_load(t, 0, false);
    measure_load(t, 50, false);
    measure_load(t, 90, false);
    measure_load(t, 50, true);
    measure_load(t, 90, true);
    topology_free(t);
}

int main(int argc, char **argv)
{
    printf("%5s %-12s %-22s %6s %9s %9s\n", "cpus", "load", "job", "fits", "median us", "p99 us");
    for (int i = 1; i < argc; i++)
        measure_all(atoi(argv[i]));
    if (argc == 1)
        measure_all(16);
    return 0;
}
