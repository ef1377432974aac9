// SPDX-License-Identifier: MIT
/* On a machine of 2 packages with 2 cores of 2 hyperthreads each: 0 and 1 are one core. */
#include "machine/nodes.h"

#include <unistd.h>

#include "tree.h"

static char conf[64], site[64];

static void write_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    if (!f || fputs(text, f) < 0 || fclose(f) != 0)
        ok(false, "%s can be written", path);
}

/* NULL: the file is not there. */
static void configure(const char *topology_conf, const char *site_conf)
{
    unlink(conf);
    unlink(site);
    if (topology_conf)
        write_file(conf, topology_conf);
    if (site_conf)
        write_file(site, site_conf);
}

static int load(struct nodes *n, const char *list, int64_t count, struct err *e)
{
    _cleanup_cpuset_ struct cpuset cpus = {0};
    cpuset_parse(&cpus, list ? list : "");
    struct nodes_request q = {.topology_conf = conf,
                              .site_conf = site,
                              .cpus = list ? &cpus : NULL,
                              .count = count,
                              .mem_mb = 8192};
    return nodes_load(n, &q, e);
}

/* list NULL: CPUs are counted. */
static void are(const char *list, int64_t count, const char *want, const char *name)
{
    struct nodes n;
    struct err e = {0};
    if (load(&n, list, count, &e) < 0) {
        ok(false, "%s: %s", name, e.text);
        return;
    }
    is_tree(n.topology, want, name);
    nodes_free(&n);
}

static void refused(const char *want, const char *name)
{
    struct nodes n;
    struct err e = {0};
    is_int(load(&n, "0-7", 8, &e), -1, name);
    has_str(e.text, want, "says where and what");
    ok(!n.topology && !n.configured && !n.hardware.cores, "and nothing is to be freed");
}

static void without_files(void)
{
    configure(NULL, NULL);
    are("0-7", 8,
        "machine ()\n"
        "  package (package 0, NUMA node 0) core0:0+1 core1:2+3\n"
        "  package (package 1, NUMA node 1) core2:4+5 core3:6+7\n",
        "the machine as it is");
    are(NULL, 6,
        "switch ()\n"
        "  switch (s1) node1:0 node2:1 node3:2 node4:3\n"
        "  switch (s2) node5:4 node6:5\n",
        "CPUs that are counted: four to a switch");
}

static void with_topology(void)
{
    configure("SwitchName=a Nodes=n[1-2]\nSwitchName=b Nodes=n[3-4]\n", NULL);
    are("0-7", 8,
        "switch ()\n"
        "  switch (a) n1:0+1 n2:2+3\n"
        "  switch (b) n3:4+5 n4:6+7\n",
        "the switches of a topology.conf");
    configure("SwitchName=a Nodes=n[1-9]\n", NULL);
    are("0-7", 8, "switch (a) n1:0 n2:1 n3:2 n4:3 n5:4 n6:5 n7:6 n8:7 n9:8\n",
        "more nodes than CPUs");
    configure("", "");
    are("0-7", 8, "switch (s1) node1:0+1 node2:2+3 node3:4+5 node4:6+7\n",
        "an empty file: a node a core, four to a switch");
}

static void with_site(void)
{
    configure(NULL,
              "ClusterName=big \\\n NodeName=no\n\n nodename=x[1-2] \\\n   CPUs=3\nMail=never\n");
    are("0-7", 8, "switch (s1) x1:0+1+2 x2:3+4+5\n",
        "NodeName lines among others in the site file");
    configure(NULL, "ClusterName=big\n");
    are("0-3", 4, "machine (package 0, NUMA node 0) core0:0+1 core1:2+3\n",
        "a site file without any");
    configure("SwitchName=a Nodes=x[1-2]\n", "NodeName=x1 CPUs=6\n");
    are("0-7", 8, "switch (a) x1:0+1+2+3+4+5 x2:6+7\n", "both files together");
}

static void refuses(void)
{
    char want[128];
    configure("SwitchName=a Nodes=n[1-2]\nSwitchName=b Switches=c\n", NULL);
    snprintf(want, sizeof want, "%s:2: switch b: there is no switch c below it", conf);
    refused(want, "an unknown child");
    configure(NULL, "ClusterName=big\nNodeName=n1 CPU=6\n");
    snprintf(want, sizeof want, "%s:2: unknown key CPU (did you mean CPUs?)", site);
    refused(want, "a key in the site file");
    struct nodes n;
    struct err e = {0};
    struct nodes_request q = {.topology_conf = "/no/such.conf", .required = true, .count = 1};
    is_int(nodes_load(&n, &q, &e), -1, "a file that must be there");
    is_str(e.text, "/no/such.conf: there is no such file", "and is not");
    FILE *f = fopen(conf, "w");
    fwrite("# \0", 1, 3, f);
    fclose(f);
    q.topology_conf = conf;
    is_int(nodes_load(&n, &q, &e), -1, "a file with a NUL in it");
    has_str(e.text, "topology.conf: not a text file", "is none");
    q.topology_conf = "/";
    is_int(nodes_load(&n, &q, &e), -1, "a directory");
    is_str(e.text, "cannot read /: Is a directory", "can't be read");
}

static void is_bound(const char *list, const char *want, const char *name)
{
    _cleanup_cpuset_ struct cpuset cpus = {0};
    struct nodes n;
    struct err e = {0};
    cpuset_parse(&cpus, "2-3");
    load(&n, list, 8, &e);
    char *mems = nodes_mems(&n, &cpus, 100);
    is_str(mems, want, name);
    free(mems);
    nodes_free(&n);
}

static void memory(void)
{
    configure(NULL, NULL);
    is_bound("0-7", "0", "memory is bound beside the machine's CPUs");
    is_bound(NULL, "", "not where they are counted");
    configure("SwitchName=a Nodes=n[1-2]\n", NULL);
    is_bound("0-7", "0", "also those of virtual nodes");
    configure("SwitchName=a Nodes=n[1-9]\n", NULL);
    is_bound("0-7", "", "but not those of more nodes than CPUs");
}

int main(void)
{
    char dir[] = "/tmp/nodes.XXXXXX";
    if (!mkdtemp(dir))
        return 1;
    snprintf(conf, sizeof conf, "%s/topology.conf", dir);
    snprintf(site, sizeof site, "%s/mini-slurm.conf", dir);
    setenv("HWLOC_SYNTHETIC", "pack:2 [numa(memory=4294967296)] core:2 pu:2", 1);
    without_files();
    with_topology();
    with_site();
    refuses();
    memory();
    configure(NULL, NULL);
    rmdir(dir);
    return done_testing();
}
