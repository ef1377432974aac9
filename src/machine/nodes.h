/* SPDX-License-Identifier: MIT */
/* nodes.h - what jobs are placed on: the machine's cores, or the virtual nodes that a topology.conf
 * or the NodeName lines of mini-slurm.conf make of them. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "machine/hardware.h"
#include "os/paths.h"

struct nodes_request {
    const char *topology_conf; /* the file's path; NULL: none */
    bool required;             /* and it must be there */
    const char *site_conf;     /* mini-slurm.conf, which need not be there; NULL: none */
    const struct cpuset *cpus; /* that jobs may be given; NULL: they are only counted */
    int64_t count;             /* ... so many */
    int64_t mem_mb;            /* that jobs may be given */
};

/* Of the files of a home; of `topology_conf` instead of the home's, unless NULL: then it must be
 * there. What jobs may be given is for the caller to fill in. */
struct nodes_request nodes_of_home(const struct paths *home, const char *topology_conf);

struct nodes {
    const struct topology *topology; /* what jobs are placed on: one of the following */
    struct hardware hardware;        /* empty where CPUs are only counted */
    struct topology *configured;     /* NULL: nothing was, and CPUs are not counted */
};

/* Counted CPUs of which no file speaks are one a node, four nodes to a switch. 0, or -1 with *e: of
 * a file, "FILE:LINE: what is wrong". */
int nodes_load(struct nodes *n, const struct nodes_request *q, struct err *e);
void nodes_free(struct nodes *n); /* also empties it */

/* hardware_mems(), where the CPUs are the machine's; else empty. */
char *nodes_mems(const struct nodes *n, const struct cpuset *cpus, int64_t mem_mb);
