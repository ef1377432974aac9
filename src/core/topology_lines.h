/* SPDX-License-Identifier: MIT */
/* topology_lines.h - what the lines of a topology.conf said: between who reads them
 * (topology_conf.c) and who makes a tree of them (topology_make.c). */
#pragma once

#include "core/topology_conf.h"
#include "util/buf.h"

/* Names are places in topology_conf.names. */
struct origin {
    size_t file;
    int line;
};

struct switch_line {
    size_t name;
    size_t children; /* the first of their names; they follow each other */
    long count;
    bool of_nodes; /* the children are nodes, not switches */
    struct origin from;
};

struct node_line {
    size_t name;
    int64_t cpus, mem_mb; /* 0: not said */
    struct origin from;
};

struct topology_conf {
    struct switch_line *switches;
    struct node_line *nodes;
    size_t nswitches, nnodes, switches_cap, nodes_cap;
    struct buf names; /* each with its NUL */
};

static inline const char *line_name(const struct topology_conf *c, size_t at)
{
    return c->names.data + at;
}
