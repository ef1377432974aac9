// SPDX-License-Identifier: MIT
/* Where jobs are to be placed, and on what: submitted, refused, shown. */
#include "world.h"

static const json_t *job(struct world *w, int64_t id)
{
    char head[64];
    snprintf(head, sizeof head, "{'v': 1, 'verb': 'show', 'job': %" PRId64 "}", id);
    return json_object_get(world_ask(w, ANN, head), "job");
}

static void is_placed(struct world *w, int64_t id, const char *want, const char *name)
{
    char *got =
        json_dumps(json_object_get(job(w, id), "placement"), JSON_COMPACT | JSON_ENCODE_ANY);
    is_str(got, want, name);
    free(got);
}

static void test_submitted(void)
{
    struct world w;
    world_open(&w, 8);
    submit_with(&w, "{'nodes': 2, 'max_switches': 1, 'switches_wait': 90}");
    is_placed(&w, 1,
              "{\"nodes\":2,\"max_switches\":1,\"switches_wait\":90.0,\"threads_per_core\":null,"
              "\"exclusive\":false}",
              "nodes, switches and how long it waits for them");
    const struct job *j = sched_job(w.sched, 1);
    ok(j->nodes == 2 && j->max_switches == 1 && j->switches_wait_us == 90000000,
       "the core knows it");
    submit_with(&w, "{'threads_per_core': 1, 'exclusive': true}");
    is_placed(&w, 2,
              "{\"nodes\":null,\"max_switches\":null,\"switches_wait\":null,\"threads_per_core\":1,"
              "\"exclusive\":true}",
              "whole cores, all to itself");
    j = sched_job(w.sched, 2);
    ok(j->whole_cores && j->exclusive && !j->nodes && !j->max_switches, "the core knows that too");
    submit_with(&w, "{'cpus': 2, 'exclusive': false}");
    is_placed(&w, 3, "null", "a job that says nothing of it");
    world_close(&w);
}

static void test_refused(void)
{
    static const char *const cases[][2] = {
        {"{'nodes': 0}", "nodes 0: not a whole number from 1"},
        {"{'nodes': 2, 'elastic': true}", "nodes: an elastic job is resized by single CPUs"},
        {"{'exclusive': true, 'elastic': true}", "exclusive: an elastic job is resized by single"},
        {"{'max_switches': 1.5}", "max_switches 1.5: not a whole number"},
        {"{'switches_wait': 5}", "switches_wait: wait for what? (max_switches is missing)"},
        {"{'max_switches': 1, 'switches_wait': 0}", "switches_wait 0: not a number of seconds"},
        {"{'threads_per_core': 2}", "threads_per_core 2: not a whole number from 1 to 1"},
        {"{'exclusive': 1}", "exclusive 1: neither true nor false"},
    };
    struct world w;
    world_open(&w, 8);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        has_str(error_of(submit_with(&w, cases[i][0])), cases[i][1], cases[i][0]);
    is_str(w.told, "", "and nothing happens");
    world_close(&w);
}

/* Two switches of two nodes of two CPUs. */
static struct topology *two_switches(void)
{
    struct topology_builder *b = topology_builder_create(NULL);
    for (int n = 0; n < 4; n++) {
        char name[8];
        snprintf(name, sizeof name, "s%d", n / 2 + 1);
        if (n % 2 == 0)
            topology_builder_add_switch(b, -1, name, TOPOLOGY_SWITCH, NULL);
        snprintf(name, sizeof name, "n%d", n + 1);
        topology_builder_add_node(b, n / 2, name, (int[]){2 * n, 2 * n + 1}, 2, 500, NULL);
    }
    struct topology *t = topology_build(b, NULL);
    topology_builder_free(b);
    return t;
}

static void test_topology(void)
{
    struct world w;
    world_open(&w, 8);
    const json_t *reply = world_ask(&w, ANN, "{'v': 1, 'verb': 'topology'}");
    ok(is_null(reply, "topology"), "nothing is known of what jobs are placed on");
    struct topology *t = two_switches();
    w.api.topology = t;
    reply = world_ask(&w, ANN, "{'v': 1, 'verb': 'topology'}");
    char *got = json_dumps(json_object_get(reply, "topology"), JSON_COMPACT);
    has_str(got,
            "{\"counted\":false,\"switches\":["
            "{\"name\":null,\"kind\":\"switch\",\"parent\":null,\"height\":1},"
            "{\"name\":\"s1\",\"kind\":\"switch\",\"parent\":0,\"height\":0},",
            "its switches");
    has_str(got, "{\"name\":\"n4\",\"switch\":2,\"cpus\":2,\"cpu_list\":\"6-7\",\"mem_mb\":500}]}",
            "its nodes");
    free(got);
    w.api.topology = NULL;
    topology_free(t);
    world_close(&w);
}

/* "nodes switches", as `show` has them. */
static void is_on(struct world *w, int64_t id, const char *want, const char *name)
{
    const json_t *alloc = json_object_get(job(w, id), "alloc");
    const json_t *switches = json_object_get(alloc, "switches");
    char got[64];
    snprintf(got, sizeof got, "%s %s", str(alloc, "nodes"),
             json_is_null(switches)              ? "-"
             : json_integer_value(switches) == 1 ? "1"
                                                 : "more");
    is_str(got, want, name);
}

/* On CPU 3. */
static void test_nodes(void)
{
    struct world w;
    world_open(&w, 8);
    struct topology *t = two_switches();
    int64_t runs = world_submit(&w, ANN, 1), ended = world_submit(&w, ANN, 1);
    world_run(&w, runs, JOB_RUNNING);
    world_run(&w, ended, JOB_COMPLETED);
    is_on(&w, runs, "n2 -", "without a scheduler where a job runs is what was written down");
    w.api.topology = t;
    is_on(&w, runs, "n2 1", "with one it is known how far apart that is");
    is_on(&w, ended, "n2 -", "of one that has ended where it ran is still known");
    w.api.topology = NULL;
    topology_free(t);
    world_close(&w);
}

int main(void)
{
    test_submitted();
    test_refused();
    test_topology();
    test_nodes();
    return done_testing();
}
