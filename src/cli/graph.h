/* SPDX-License-Identifier: MIT */
/* graph.h - who waits for whom, as a graph: jobs, and edges from each to those who wait for it. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "util/err.h"

struct graph_node {
    long long id;
    char *name;       /* NULL: none, or not known */
    char *state;      /* "PENDING" */
    char *dependency; /* as Slurm writes it; NULL: nothing, or not known */
    bool told;        /* an entry of its own was added; else it is known as a target only */
    bool wanted;
    size_t layer;  /* so many jobs come before it, one after the other, at most */
    size_t parent; /* of those just before it the first; itself if there is none */
};

struct graph_edge {
    long long from_id, to_id;
    size_t from, to;          /* their places */
    const char *type, *state; /* "afterok", "waits"; static */
};

struct graph {
    struct graph_node *nodes; /* in the order of their ids */
    size_t nnodes, nodes_cap;
    struct graph_edge *edges; /* in the order of from and to */
    size_t nedges, edges_cap;
};

void graph_free(struct graph *g);
/* Takes an entry in: a job with its "dependencies", as of the replies to "graph" and "show". 0, or
 * -1 with *e. */
int graph_add(struct graph *g, const json_t *job, const json_t *dependencies, struct err *e);
/* After entries were added: puts all in order, and wants the part that the job is in (0: all that
 * wait or are waited for). The same; ERR_NOT_FOUND if that job is not there. */
int graph_arrange(struct graph *g, long long id, struct err *e);

/* graph_draw.c: those that are wanted. columns: at most so many; 0: any number. */
int graph_print_text(const struct graph *g, size_t columns, FILE *to, struct err *e);
int graph_print_dot(const struct graph *g, FILE *to, struct err *e);
json_t *graph_json(const struct graph *g); /* NULL if no memory */
