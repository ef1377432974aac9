/* SPDX-License-Identifier: MIT */
/* draw.h - the tree, for people:
 *
 *     machine                      16 CPUs, 9 free
 *     |-- package 0, NUMA node 0   8 CPUs, 1 free
 *     |   |-- core0                CPUs 0,8          job 5
 *     |   |-- core1                CPUs 1,9          job 5 (1 CPU), 1 free
 *     |   `-- core[2-3]            CPUs 2-3,10-11    job 6
 *     `-- package 1, NUMA node 1   8 CPUs, 8 free
 *         `-- core[4-7]            CPUs 4-7,12-15    free
 *
 * Neighbours that are used alike are one line, and so are neighbouring leaf switches of a
 * topology.conf if all on them is used alike. */
#pragma once

#include <jansson.h>
#include <stdio.h>

#include "util/err.h"

/* topology: with what holders_write() adds. 0, or -1 with ERR_FULL. */
int draw(const json_t *topology, FILE *to, struct err *e);
