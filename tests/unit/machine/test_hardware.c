// SPDX-License-Identifier: MIT
/* Machines that hwloc is told to see in the place of this one. */
#include "machine/hardware.h"

#include <unistd.h>

#include "tree.h"

static void pretend(const char *variable, const char *value)
{
    unsetenv("HWLOC_SYNTHETIC");
    unsetenv("HWLOC_XMLFILE");
    if (variable)
        setenv(variable, value, 1);
}

static struct hardware look(const char *list)
{
    _cleanup_cpuset_ struct cpuset cpus = {0};
    struct hardware h;
    struct err e = {0};
    cpuset_parse(&cpus, list);
    if (hardware_read(&h, &cpus, &e) < 0)
        ok(false, "CPUs %s: %s", list, e.text);
    return h;
}

static void is_machine(const char *list, const char *want, const char *name)
{
    struct hardware h = look(list);
    if (h.cores)
        is_tree(h.cores, want, name);
    hardware_free(&h);
}

static void large(void)
{
    pretend("HWLOC_SYNTHETIC", "pack:2 numa:2(memory=8589934592) core:8 pu:2");
    is_machine(
        "0-63",
        "machine ()\n"
        "  package (package 0)\n"
        "    NUMA node (NUMA node 0) core0:0+1 core1:2+3 core2:4+5 core3:6+7 core4:8+9 core5:10+11"
        " core6:12+13 core7:14+15\n"
        "    NUMA node (NUMA node 1) core8:16+17 core9:18+19 core10:20+21 core11:22+23"
        " core12:24+25 core13:26+27 core14:28+29 core15:30+31\n"
        "  package (package 1)\n"
        "    NUMA node (NUMA node 2) core16:32+33 core17:34+35 core18:36+37 core19:38+39"
        " core20:40+41 core21:42+43 core22:44+45 core23:46+47\n"
        "    NUMA node (NUMA node 3) core24:48+49 core25:50+51 core26:52+53 core27:54+55"
        " core28:56+57 core29:58+59 core30:60+61 core31:62+63\n",
        "two packages of two NUMA nodes of 8 cores of two hyperthreads");
    is_machine("4-5,7,40",
               "machine ()\n"
               "  package (package 0, NUMA node 0) core2:4+5 core3:7\n"
               "  package (package 1, NUMA node 2) core20:40\n",
               "of what can be used, levels that don't divide it are one; names stay");
    is_machine("33", "machine (package 1, NUMA node 2) core16:33\n", "one CPU of it");
}

static void asymmetric(void)
{
    pretend("HWLOC_XMLFILE", MACHINES "/asymmetric.xml");
    is_machine("0-63",
               "machine (NUMA node 2)\n"
               "  package (package 0, NUMA node 0)\n"
               "    cache (L3 0) core0:0+1 core1:2+3 core2:4+5 core3:6+7\n"
               "    cache (L3 1) core4:8+9 core5:10+11 core6:12+13 core7:14+15\n"
               "  package (package 1, NUMA node 1)\n"
               "    cache (L3 2) core8:16+17\n"
               "    cache (L3 3) core9:24 core10:26 core11:28 core12:30\n",
               "packages that are not alike");
}

static void hybrid(void)
{
    pretend("HWLOC_XMLFILE", MACHINES "/hybrid.xml");
    is_machine(
        "0-63",
        "machine (package 0, NUMA node 0, L3 0) core0:0+1 core1:2+3 core2:4+5 core3:6+7 core4:8"
        " core5:10 core6:12 core7:14\n",
        "P-cores with hyperthreads beside E-cores without, all on one cache");
}

static void private_caches(void)
{
    pretend("HWLOC_SYNTHETIC", "pack:2 [numa] l3:2 core:1 pu:2");
    is_machine("0-7",
               "machine ()\n"
               "  package (package 0, NUMA node 0) core0:0+1 core1:2+3\n"
               "  package (package 1, NUMA node 1) core2:4+5 core3:6+7\n",
               "a cache that a core has for itself is left out");
    pretend("HWLOC_SYNTHETIC", "pack:2 [numa] pu:2");
    is_machine("0-3",
               "machine ()\n"
               "  package (package 0, NUMA node 0) cpu0:0 cpu1:1\n"
               "  package (package 1, NUMA node 1) cpu2:2 cpu3:3\n",
               "where there are no cores, CPUs are the nodes");
}

static void is_bound(const struct hardware *h, const char *list, int64_t mem_mb, const char *want,
                     const char *name)
{
    _cleanup_cpuset_ struct cpuset cpus = {0};
    cpuset_parse(&cpus, list);
    char *mems = hardware_mems(h, &cpus, mem_mb);
    is_str(mems, want, name);
    free(mems);
}

static void memory(void)
{
    pretend("HWLOC_SYNTHETIC", "pack:2 numa:2(memory=8589934592) core:8 pu:2");
    struct hardware h = look("0-47");
    is_int((intmax_t)h.nnuma, 4, "all four NUMA nodes are known");
    is_int(h.numa[1].mem_mb, 8192, "with their memory");
    is_int(cpuset_count(&h.numa[1].cpus), 16, "and CPUs");
    is_bound(&h, "0-15", 8192, "0", "the memory of a whole node");
    is_bound(&h, "16,17", 1024, "1", "two of its 16 CPUs: an eighth of it");
    is_bound(&h, "16,17", 1152, "1", "and an eighth more, as nodes differ a little");
    is_bound(&h, "16,17", 1153, "", "who wants more than that is not bound");
    is_bound(&h, "15-16,40", 1000, "0-2", "all that the CPUs are on");
    is_bound(&h, "0,16,32,48", 100, "", "all the machine's are no bound");
    is_bound(&h, "", 100, "", "no CPUs, no bound");
    is_bound(&h, "0,200", 100, "", "nor with a CPU that has no memory beside it");
    hardware_free(&h);
    pretend("HWLOC_SYNTHETIC", "[numa] pack:2 core:2 pu:1");
    h = look("0-3");
    is_bound(&h, "0", 10, "", "one node for all is no bound");
    hardware_free(&h);
    pretend("HWLOC_XMLFILE", MACHINES "/asymmetric.xml");
    h = look("0-63");
    is_bound(&h, "0", 10, "0,2", "memory that is beside no CPUs can be used by all");
    is_bound(&h, "0,16", 10, "", "so this is all there is");
    hardware_free(&h);
}

static void refuses(void)
{
    _cleanup_cpuset_ struct cpuset cpus = {0};
    struct hardware h;
    struct err e = {0};
    pretend("HWLOC_SYNTHETIC", "pack:2 [numa] core:2 pu:1");
    cpuset_parse(&cpus, "7");
    is_int(hardware_read(&h, &cpus, &e), -1, "CPUs that are not there");
    is_str(e.text, "this machine has none of the CPUs to be used", "are refused");
    ok(!h.cores && !h.nnuma, "and nothing is to be freed");
}

static void this_machine(void)
{
    char list[32];
    pretend(NULL, NULL);
    snprintf(list, sizeof list, "0-%ld", sysconf(_SC_NPROCESSORS_CONF) - 1);
    struct hardware h = look(list);
    ok(h.cores && h.cores->ncpus >= 1 && h.cores->nnodes <= h.cores->ncpus, "this machine is read");
    hardware_free(&h);
}

int main(void)
{
    setenv("HWLOC_LIBXML", "0", 1); /* the parser that hwloc has everywhere: it knows no comments */
    large();
    asymmetric();
    hybrid();
    private_caches();
    memory();
    refuses();
    this_machine();
    return done_testing();
}
