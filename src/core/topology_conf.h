/* SPDX-License-Identifier: MIT */
/* topology_conf.h - Slurm's topology.conf and NodeName lines, and the virtual nodes they make of a
 * machine (pure: the caller reads the files).
 *
 *     TopologyPlugin=topology/tree
 *     SwitchName=s1 Nodes=node[1-4]
 *     SwitchName=s2 Nodes=node[5-8]
 *     SwitchName=core1 Switches=s[1-2]  LinkSpeed=100      # LinkSpeed is ignored
 *     NodeName=node[1-8] CPUs=16 RealMemory=64000          # or Sockets, CoresPerSocket,
 *                                                          # ThreadsPerCore; what else Slurm
 *                                                          # knows of a node is ignored
 *
 * Names are hostlists (util/hostlist.h); keys may be written in any case; "#" begins a comment, a
 * backslash at its end continues a line. Switches may be defined in any order. */
#pragma once

#include <stddef.h>

#include "core/topology.h"

struct topology_conf;
struct topology_conf *topology_conf_create(struct err *e); /* NULL: no memory */
void topology_conf_free(struct topology_conf *c);          /* NULL is fine */

/* Adds the text of a file; several may follow each other. `file` is its name for messages, which
 * read "FILE:LINE: what is wrong". 0; -1 with *e: the conf is of no use any more then. */
int topology_conf_read(struct topology_conf *c, const char *file, const char *text, struct err *e);
/* The same for one line of another file (NodeName lines may stand in mini-slurm.conf). */
int topology_conf_read_line(struct topology_conf *c, const char *file, int number, const char *text,
                            struct err *e);

/* The virtual nodes. `cores` is the machine as it is (a node is a core), or CPUs to be counted.
 *
 * Each node has what its NodeName line says. The CPUs and the memory that are left are divided
 * equally among the nodes of which no line says how many (at least one CPU each; the first nodes
 * have one more where it does not come out even). In the tree's order nodes get CPUs that are close
 * together in the machine. If that makes more CPUs than there are, or those of `cores` are counted,
 * they are counted.
 *
 * Without switches in c, nodes stand four to a switch: s1, s2 ... They are those of the NodeName
 * lines; without any, node1, node2 ..., one for each core with its CPUs. c NULL: nothing was
 * configured.
 *
 * NULL with *e: ERR_INVALID, with file and line, for a child that is no switch, a cycle, a node on
 * two switches or on none, a switch with two parents, a name that is defined twice; ERR_FULL. */
struct topology *topology_conf_make(const struct topology_conf *c, const struct topology *cores,
                                    int64_t mem_mb, struct err *e);
