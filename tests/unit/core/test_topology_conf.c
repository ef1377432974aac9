// SPDX-License-Identifier: MIT
/* test_topology_conf.c - what a topology.conf makes of a machine with 8 cores of 2 CPUs and 1600
 * MB: CPUs 0 and 8 are the first core's, 1 and 9 the second's ... */
#include "core/topology_conf.h"

#include "trees.h"

static struct topology *machine(void)
{
    struct topology_builder *b = topology_builder_create(NULL);
    for (int i = 0; i < 8; i++) {
        char name[16];
        int cpus[] = {i, i + 8};
        snprintf(name, sizeof name, "core%d", i);
        topology_builder_add_node(b, -1, name, cpus, 2, 0, NULL);
    }
    struct topology *t = topology_build(b, NULL);
    topology_builder_free(b);
    return t;
}

/* Switches with their nodes: "core1{s1{n1(0,8)100 ...}}": CPUs, or how many, and memory. */
static void describe(const struct topology *t, char *out)
{
    int depth = 0;
    *out = '\0';
    for (int i = 0; i < t->nswitches; i++) {
        const struct topology_switch *s = &t->switches[i];
        for (; depth > s->depth; depth--)
            strcat(out, "}");
        sprintf(out + strlen(out), "%s{", s->name);
        depth++;
        for (int n = 0; s->height == 0 && n < s->nodes; n++) {
            const struct topology_node *node = &t->nodes[s->first_node + n];
            sprintf(out + strlen(out), "%s%s(", n ? " " : "", node->name);
            for (int c = 0; !t->counted && c < node->cpus; c++)
                sprintf(out + strlen(out), "%s%d", c ? "," : "", t->cpus[node->first_cpu + c]);
            if (t->counted)
                sprintf(out + strlen(out), "#%d", node->cpus);
            sprintf(out + strlen(out), ")%" PRId64, node->mem_mb);
        }
    }
    for (; depth > 0; depth--)
        strcat(out, "}");
}

static void try_text(const char *text, char *out, size_t len)
{
    struct err e = {0};
    struct topology *cores = machine(), *t = NULL;
    struct topology_conf *c = topology_conf_create(&e);
    if (topology_conf_read(c, "t.conf", text, &e) == 0)
        t = topology_conf_make(c, cores, 1600, &e);
    if (t)
        describe(t, out);
    else
        snprintf(out, len, "%s", e.text);
    topology_free(t);
    topology_free(cores);
    topology_conf_free(c);
}

static void makes(const char *what, const char *text, const char *want)
{
    char got[2048];
    try_text(text, got, sizeof got);
    is_str(got, want, what);
}

static void refuses(const char *text, const char *want)
{
    makes(want, text, want);
}

static void trees(void)
{
    makes("two leaf switches under one, and the machine divided equally",
          "# Slurm's\nTopologyPlugin=topology/tree\n"
          "SwitchName=s1 Nodes=n[1-2]\nSwitchName=s2 Nodes=n[3-4] # more\n"
          "SwitchName=core1 Switches=s[1-2] LinkSpeed=100\n",
          "core1{s1{n1(0,8,1,9)400 n2(2,10,3,11)400}s2{n3(4,12,5,13)400 n4(6,14,7,15)400}}");
    makes("any depth, any order, any case; several roots are joined",
          "switchname=top SWITCHES=mid\nSwitchName=mid Switches=b,a\n"
          "SwitchName=a Nodes=x\nSwitchName=b Nodes=y\nSwitchName=other Nodes=z\n",
          "{top{mid{b{y(0,8,1,9,2,10)534}a{x(3,11,4,12,5)533}}}other{z(13,6,14,7,15)533}}");
    makes("a backslash continues a line", "SwitchName=s1 \\\n  Nodes=n1,\\\nn2\n",
          "t.conf:1: unknown key n2 (use SwitchName, Nodes, Switches, LinkSpeed)");
    makes("a backslash continues a line", "SwitchName=s1 \\  \n  Nodes=n[1-2] \\\n",
          "s1{n1(0,8,1,9,2,10,3,11)800 n2(4,12,5,13,6,14,7,15)800}");
    makes("NodeName lines say what nodes have; the rest is divided",
          "SwitchName=s Nodes=n[1-4]\nNodeName=n2 CPUs=2 RealMemory=1000\n"
          "NodeName=n3 CoresPerSocket=2 ThreadsPerCore=2\n",
          "s{n1(0,8,1,9,2)200 n2(10,3)1000 n3(11,4,12,5)200 n4(13,6,14,7,15)200}");
    makes("more than the machine has is counted",
          "SwitchName=s Nodes=n[1-2]\nNodeName=n[1-2] CPUs=16\n", "s{n1(#16)800 n2(#16)800}");
    makes("more nodes than CPUs have one each", "SwitchName=s[1] Nodes=n[1-17]\n",
          "s1{n1(#1)95 n2(#1)95 n3(#1)94 n4(#1)94 n5(#1)94 n6(#1)94 n7(#1)94 n8(#1)94 n9(#1)94 "
          "n10(#1)94 n11(#1)94 n12(#1)94 n13(#1)94 n14(#1)94 n15(#1)94 n16(#1)94 n17(#1)94}");
    makes("without switches four nodes to each", "NodeName=a[1-5] CPUs=1 RealMemory=10\n",
          "{s1{a1(0)10 a2(8)10 a3(1)10 a4(9)10}s2{a5(2)10}}");
    makes("without anything a node is a core", "# nothing\n",
          "{s1{node1(0,8)200 node2(1,9)200 node3(2,10)200 node4(3,11)200}"
          "s2{node5(4,12)200 node6(5,13)200 node7(6,14)200 node8(7,15)200}}");
}

static void wrong_lines(void)
{
    refuses("\n\nNodeNam=a CPUs=1\n", "t.conf:3: unknown key NodeNam (did you mean NodeName?)");
    refuses("SwitchName=s Node=a\n", "t.conf:1: unknown key Node (did you mean Nodes?)");
    refuses("NodeName=a Cores=4\n", "t.conf:1: unknown key Cores (did you mean CoresPerSocket?)");
    refuses("NodeName=a Colour=red\n",
            "t.conf:1: unknown key Colour (use NodeName, CPUs, RealMemory, Sockets, "
            "CoresPerSocket, ThreadsPerCore, NodeAddr, NodeHostname, State, Weight, Feature, Gres, "
            "TmpDisk, Port)");
    refuses("SwitchName=s\n",
            "t.conf:1: switch s has neither nodes nor switches (use Nodes= or Switches=)");
    refuses("SwitchName=s Nodes=a Switches=b\n",
            "t.conf:1: switch s has both nodes and switches (use Nodes= or Switches=)");
    refuses("SwitchName=s Nodes=\n", "t.conf:1: Nodes=: a value is missing (write Nodes=...)");
    refuses("SwitchName=s Nodes=a Nodes=b\n", "t.conf:1: Nodes= stands twice in a line");
    refuses("# a\\\nb\nSwitchName=s Nodes=n[4-1]\n",
            "t.conf:3: Nodes: 4-1]: the range runs backwards (write for example n[01-16,20])");
    refuses("NodeName=a CPUs=0\n",
            "t.conf:1: node a: CPUs 0: not a whole number from 1 to 1048576");
    refuses("NodeName=a Sockets=4096 CoresPerSocket=4096\n",
            "t.conf:1: node a: more than 1048576 CPUs");
    refuses("TopologyPlugin=topology/3d_torus\n",
            "t.conf:1: TopologyPlugin=topology/3d_torus: only topology/tree is known");
}

static void wrong_trees(void)
{
    refuses("SwitchName=a Switches=b\n", "t.conf:1: switch a: there is no switch b below it");
    refuses("SwitchName=a Switches=b\nSwitchName=b Switches=c\nSwitchName=c Switches=b\n",
            "t.conf:3: switch b is under two switches: a and c");
    refuses("SwitchName=x Nodes=n\nSwitchName=a Switches=b\nSwitchName=b Switches=a\n",
            "t.conf:3: switch b is below itself: it is under switch a");
    refuses("SwitchName=a Switches=a\n",
            "t.conf:1: switch a is below itself: it is under switch a");
    refuses("SwitchName=a Nodes=n[1-3]\nSwitchName=b Nodes=n[3-4]\n",
            "t.conf:2: node n3 is on two switches: a and b");
    refuses("SwitchName=s[1-2] Nodes=n[1-4]\n", "t.conf:1: node n1 is on two switches: s1 and s2");
    refuses("SwitchName=a Nodes=n1,n1\n", "t.conf:1: switch a has node n1 twice");
    refuses("SwitchName=a Nodes=n1\nSwitchName=b Switches=a,a\n",
            "t.conf:2: switch b has switch a twice");
    refuses("SwitchName=a Nodes=n1\nSwitchName=b Nodes=n2\nSwitchName=a Nodes=n3\n",
            "t.conf:3: switch a is defined twice (before at t.conf:1)");
    refuses("NodeName=a CPUs=1\n\nNodeName=a CPUs=2\n",
            "t.conf:3: node a is defined twice (before at t.conf:1)");
    refuses("SwitchName=s Nodes=a\nNodeName=b CPUs=1\n", "t.conf:2: node b is on no switch");
}

static void two_files(void)
{
    struct err e = {0};
    struct topology *cores = machine();
    struct topology_conf *c = topology_conf_create(&e);
    topology_conf_read(c, "t.conf", "SwitchName=s Nodes=a,b\n", &e);
    topology_conf_read_line(c, "mini-slurm.conf", 17, "NodeName=a CPUs=3", &e);
    struct topology *t = topology_conf_make(c, cores, 1600, &e);
    is_int(t->nodes[0].cpus, 3, "a NodeName line may stand in another file");
    topology_free(t);
    ok(topology_conf_read_line(c, "mini-slurm.conf", 18, "NodeName=b CPUs=x", &e) < 0,
       "and be wrong there");
    has_str(e.text, "mini-slurm.conf:18: node b: CPUs x", "which is said");
    topology_conf_free(c);
    t = topology_conf_make(NULL, cores, 1600, &e);
    is_int(t->nnodes, 8, "without a configuration a node is a core");
    topology_free(t);
    topology_free(cores);
}

int main(void)
{
    trees();
    wrong_lines();
    wrong_trees();
    two_files();
    return done_testing();
}
