// SPDX-License-Identifier: MIT
#include "topology/draw.h"

#include <stdlib.h>

#include "api/topology_json.h"
#include "core/topology_conf.h"
#include "tap.h"
#include "topology/holders.h"

/* Two packages of four cores with two hyperthreads: 0 and 8 are core0. */
static struct topology *machine(void)
{
    struct topology_builder *b = topology_builder_create(NULL);
    int root = topology_builder_add_switch(b, -1, NULL, TOPOLOGY_MACHINE, NULL);
    for (int p = 0; p < 2; p++) {
        char name[32];
        snprintf(name, sizeof name, "package %d", p);
        int s = topology_builder_add_switch(b, root, name, TOPOLOGY_PACKAGE, NULL);
        for (int core = 4 * p; core < 4 * p + 4; core++) {
            snprintf(name, sizeof name, "core%d", core);
            topology_builder_add_node(b, s, name, (int[]){core, core + 8}, 2, 0, NULL);
        }
    }
    struct topology *t = topology_build(b, NULL);
    topology_builder_free(b);
    return t;
}

/* A job with so many CPUs, those of the list among them. */
struct running {
    int id, cpus;
    const char *list;
};

static void use(json_t *topology, const struct running *jobs)
{
    struct holders *h = holders_create(topology, NULL);
    for (; jobs->id; jobs++) {
        json_t *job = json_pack("{s:i, s:{s:i, s:s}}", "id", jobs->id, "alloc", "cpus", jobs->cpus,
                                "cpu_list", jobs->list);
        holders_add(h, job, NULL);
        json_decref(job);
    }
    holders_write(h, topology, NULL);
    holders_free(h);
}

static void is_drawn(struct topology *t, const struct running *jobs, const char *want,
                     const char *name)
{
    char *got = NULL;
    size_t len;
    json_t *topology = topology_json(t);
    use(topology, jobs);
    FILE *to = open_memstream(&got, &len);
    is_int(draw(topology, to, NULL), 0, "it can be drawn");
    fclose(to);
    is_str(got, want, name);
    free(got);
    json_decref(topology);
    topology_free(t);
}

#define JOBS(...) ((struct running[]){__VA_ARGS__, {0}})
#define NO_JOBS   ((struct running[]){{0}})

static void cores(void)
{
    is_drawn(machine(), NO_JOBS,
             "machine            16 CPUs, 16 free\n"
             "|-- package 0      8 CPUs, 8 free\n"
             "|   `-- core[0-3]  CPUs 0-3,8-11   free\n"
             "`-- package 1      8 CPUs, 8 free\n"
             "    `-- core[4-7]  CPUs 4-7,12-15  free\n",
             "free cores are one line");
    is_drawn(machine(),
             JOBS({5, 2, "0,8"}, {6, 1, "1"}, {7, 4, "2-3,10-11"}, {8, 2, "4,5"}, {9, 1, "12"}),
             "machine            16 CPUs, 6 free\n"
             "|-- package 0      8 CPUs, 1 free\n"
             "|   |-- core0      CPUs 0,8        job 5\n"
             "|   |-- core1      CPUs 1,9        job 6 (1 CPU), 1 free\n"
             "|   `-- core[2-3]  CPUs 2-3,10-11  job 7\n"
             "`-- package 1      8 CPUs, 5 free\n"
             "    |-- core4      CPUs 4,12       job 8 (1 CPU), job 9 (1 CPU)\n"
             "    |-- core5      CPUs 5,13       job 8 (1 CPU), 1 free\n"
             "    `-- core[6-7]  CPUs 6-7,14-15  free\n",
             "the others say who has them");
    is_drawn(machine(), JOBS({5, 8, "0-7"}),
             "machine            16 CPUs, 8 free\n"
             "|-- package 0      8 CPUs, 4 free\n"
             "|   `-- core[0-3]  CPUs 0-3,8-11   job 5 (4 CPUs), 4 free\n"
             "`-- package 1      8 CPUs, 4 free\n"
             "    `-- core[4-7]  CPUs 4-7,12-15  job 5 (4 CPUs), 4 free\n",
             "cores of which the same part is used are one line as well");
    is_drawn(machine(), JOBS({5, 13, "0-3,8-10,4-7,12,13"}),
             "machine            16 CPUs, 3 free\n"
             "|-- package 0      8 CPUs, 1 free\n"
             "|   |-- core[0-2]  CPUs 0-2,8-10   job 5\n"
             "|   `-- core3      CPUs 3,11       job 5 (1 CPU), 1 free\n"
             "`-- package 1      8 CPUs, 2 free\n"
             "    |-- core[4-5]  CPUs 4-5,12-13  job 5\n"
             "    `-- core[6-7]  CPUs 6-7,14-15  job 5 (2 CPUs), 2 free\n",
             "whole cores of a job are not one with half ones of it");
    is_drawn(machine(), JOBS({5, 16, "0-15"}, {6, 2, ""}, {7, 3, "15-17"}),
             "machine            16 CPUs, 0 free\n"
             "|-- package 0      8 CPUs, 0 free\n"
             "|   `-- core[0-3]  CPUs 0-3,8-11   job 5\n"
             "`-- package 1      8 CPUs, 0 free\n"
             "    |-- core[4-6]  CPUs 4-6,12-14  job 5\n"
             "    `-- core7      CPUs 7,15       job 5 (1 CPU), job 7 (1 CPU)\n"
             "elsewhere: job 6 (2 CPUs), job 7 (2 CPUs)\n",
             "what is not here is told");
}

static struct topology *switches(const char *text)
{
    struct topology *cores = machine();
    struct topology_conf *c = topology_conf_create(NULL);
    struct err e = {0};
    if (topology_conf_read(c, "conf", text, &e) < 0)
        ok(false, "%s", e.text);
    struct topology *t = topology_conf_make(c, cores, 16000, &e);
    topology_conf_free(c);
    topology_free(cores);
    return t;
}

static void virtual_nodes(void)
{
    const char conf[] = "SwitchName=s1 Nodes=n[1-2]\nSwitchName=s2 Nodes=n[3-4]\n"
                        "SwitchName=s3 Nodes=n[5-6]\nSwitchName=s4 Nodes=n[7-8]\n"
                        "SwitchName=a Switches=s[1-3]\nSwitchName=b Switches=s4\n";
    is_drawn(switches(conf), NO_JOBS,
             "switch                  16 CPUs, 16 free\n"
             "|-- a                   12 CPUs, 12 free\n"
             "|   `-- s[1-3]: n[1-6]  CPUs 0-5,8-13, 12000 MB  free\n"
             "`-- b                   4 CPUs, 4 free\n"
             "    `-- s4              4 CPUs, 4 free\n"
             "        `-- n[7-8]      CPUs 6-7,14-15, 4000 MB  free\n",
             "leaf switches that are free are one line");
    is_drawn(switches(conf), JOBS({3, 1, "8"}),
             "switch                  16 CPUs, 15 free\n"
             "|-- a                   12 CPUs, 11 free\n"
             "|   |-- s1              4 CPUs, 3 free\n"
             "|   |   |-- n1          CPUs 0,8, 2000 MB        job 3 (1 CPU), 1 free\n"
             "|   |   `-- n2          CPUs 1,9, 2000 MB        free\n"
             "|   `-- s[2-3]: n[3-6]  CPUs 2-5,10-13, 8000 MB  free\n"
             "`-- b                   4 CPUs, 4 free\n"
             "    `-- s4              4 CPUs, 4 free\n"
             "        `-- n[7-8]      CPUs 6-7,14-15, 4000 MB  free\n",
             "those that are used are not");
    is_drawn(switches("SwitchName=s Nodes=n[1-4]\nNodeName=n[3-4] CPUs=6\n"), NO_JOBS,
             "s           16 CPUs, 16 free\n"
             "|-- n[1-2]  CPUs 0-1,8-9, 8000 MB    free\n"
             "`-- n[3-4]  CPUs 2-7,10-15, 8000 MB  free\n",
             "nodes of another size are another line");
}

int main(void)
{
    cores();
    virtual_nodes();
    return done_testing();
}
