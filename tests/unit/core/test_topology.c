// SPDX-License-Identifier: MIT
#include "core/topology.h"

#include "trees.h"

/* The tree, a line a switch: its name or kind, height, nodes and CPUs. */
static void shape(const struct topology *t, char *out)
{
    *out = '\0';
    for (int i = 0; i < t->nswitches; i++) {
        const struct topology_switch *s = &t->switches[i];
        const struct topology_node *last = &t->nodes[s->first_node + s->nodes - 1];
        sprintf(out + strlen(out), "%*s%s height %d, %s to %s, %d leaf, %d cpus\n", 2 * s->depth,
                "", *s->name ? s->name : topology_kind_name(s->kind), s->height,
                t->nodes[s->first_node].name, last->name, s->leaves, s->cpus);
    }
}

static void is_shaped(struct topology *t, const char *want, const char *name)
{
    char got[2048];
    shape(t, got);
    is_str(got, want, name);
    topology_free(t);
}

static void shapes(void)
{
    is_shaped(tree("(2 2 2)"), "w1 height 0, n1 to n3, 1 leaf, 6 cpus\n", "one switch is the root");
    is_shaped(tree("(2 2)(2)"),
              "switch height 1, n1 to n3, 2 leaf, 6 cpus\n"
              "  w1 height 0, n1 to n2, 1 leaf, 4 cpus\n"
              "  w2 height 0, n3 to n3, 1 leaf, 2 cpus\n",
              "several are joined");
    is_shaped(tree("((1)(1 1))(1)"),
              "switch height 2, n1 to n4, 3 leaf, 4 cpus\n"
              "  w1 height 1, n1 to n3, 2 leaf, 3 cpus\n"
              "    w2 height 0, n1 to n1, 1 leaf, 1 cpus\n"
              "    w3 height 0, n2 to n3, 1 leaf, 2 cpus\n"
              "  w4 height 0, n4 to n4, 1 leaf, 1 cpus\n",
              "not all are equally deep");
    is_shaped(tree("((2 2) 1 1)"),
              "w1 height 1, n1 to n4, 2 leaf, 6 cpus\n"
              "  w2 height 0, n1 to n2, 1 leaf, 4 cpus\n"
              "  switch height 0, n3 to n4, 1 leaf, 2 cpus\n",
              "cores beside a cache get a leaf switch of their own");
    is_shaped(tree("2 2"), "switch height 0, n1 to n2, 1 leaf, 4 cpus\n",
              "nodes without any switch have one");
}

static void look_ups(void)
{
    struct topology *t = tree("((2 2)(2 2))(2 2)");
    is_int(topology_node_named(t, "n4"), 3, "a node by its name");
    is_int(topology_node_named(t, "n7"), -1, "or none");
    is_int(topology_node_of_cpu(t, 5), 2, "the node of a CPU");
    is_int(topology_node_of_cpu(t, 12), -1, "or none");
    is_int(topology_distance(t, 1, 1), 0, "a node is at itself");
    is_int(topology_distance(t, 0, 1), 0, "on a leaf switch there are no hops");
    is_int(topology_distance(t, 0, 2), 2, "under one switch above, two");
    is_int(topology_distance(t, 5, 0), 4, "beyond, four");
    struct cpuset cpus = {0};
    cpuset_parse(&cpus, "1,3,10,99");
    struct topology_extent x = topology_extent(t, &cpus);
    is_int(x.nodes, 3, "these CPUs are on three nodes");
    is_int(x.switches, 2, "on two leaf switches");
    is_int(x.distance, 4, "four hops apart");
    char *names = topology_node_names(t, &cpus);
    is_str(names, "n[1-2,6]", "and so the nodes are called");
    free(names);
    cpuset_free(&cpus);
    x = topology_extent(t, &cpus);
    ok(!x.nodes && !x.switches && !x.distance, "no CPUs are nowhere");
    topology_free(t);
}

static void refused(struct topology_builder *b, const char *want)
{
    struct err e = {0};
    ok(!topology_build(b, &e), "it can't be built");
    is_str(e.text, want, "and says why");
    topology_builder_free(b);
}

static void errors(void)
{
    struct err e = {0};
    struct topology_builder *b = topology_builder_create(&e);
    int cpus[] = {0, 1, 1, CPUSET_MAX};
    refused(topology_builder_create(&e), "there are no nodes");
    int s = topology_builder_add_switch(b, -1, "s1", TOPOLOGY_SWITCH, &e);
    topology_builder_add_switch(b, -1, "s2", TOPOLOGY_SWITCH, &e);
    topology_builder_add_node(b, s, "a", cpus, 2, 0, &e);
    refused(b, "switch s2 has neither nodes nor switches");
    b = topology_builder_create(&e);
    topology_builder_add_node(b, -1, "a", cpus, 2, 0, &e);
    topology_builder_add_node(b, -1, "b", cpus + 2, 1, 0, &e);
    ok(topology_builder_add_node(b, -1, "c", NULL, 1, 0, &e) < 0, "all have numbers or none");
    ok(topology_builder_add_node(b, -1, "c", cpus + 3, 1, 0, &e) < 0, "a number is too large");
    is_str(e.text, "node c: CPU 65536 is not from 0 to 65535", "and named");
    ok(topology_builder_add_node(b, -1, "c", cpus, 0, 0, &e) < 0, "a node has CPUs");
    refused(b, "CPU 1 is on two nodes: a and b");
    b = topology_builder_create(&e);
    topology_builder_add_node(b, -1, "a", NULL, 2, 0, &e);
    topology_builder_add_node(b, -1, "a", NULL, 2, 0, &e);
    refused(b, "two nodes are named a");
    b = topology_builder_create(&e);
    for (s = -1; (s = topology_builder_add_switch(b, s, "deep", TOPOLOGY_SWITCH, &e)) >= 0;)
        continue;
    is_str(e.text, "switch deep: more than 64 switches above each other", "depth has a bound");
    topology_builder_free(b);
}

static void counted(void)
{
    struct topology_builder *b = topology_builder_create(NULL);
    topology_builder_add_node(b, -1, "a", NULL, 3, 0, NULL);
    topology_builder_add_node(b, -1, "b", NULL, 70000, 0, NULL);
    struct topology *t = topology_build(b, NULL);
    ok(t->counted && t->ncpus == 70003, "CPUs that are counted may be more than any machine has");
    is_int(topology_node_of_cpu(t, 3), 1, "and have numbers in the order of the nodes");
    topology_builder_free(b);
    topology_free(t);
}

int main(void)
{
    shapes();
    look_ups();
    errors();
    counted();
    return done_testing();
}
