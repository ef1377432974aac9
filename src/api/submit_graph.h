/* SPDX-License-Identifier: MIT */
/* submit_graph.h - what jobs that are handed in together wait for: of each other, by name, and of
 * jobs that are there already, by id. */
#pragma once

#include "core/dependency.h"
#include "util/strz.h"

struct submit_graph {
    size_t count;            /* jobs */
    int64_t first;           /* the id of the first one; they ascend one by one */
    const char **names;      /* of each job; "" if it has none; borrowed */
    struct dependency *jobs; /* what each of them waits for */
    size_t *by_name; /* their places, in the order of their names; NULL until it is needed */
};

/* names and texts (as Slurm writes it; "" for nothing) have one string for each of the jobs, whose
 * ids will ascend from `first`; they are borrowed. 0, or -1 with *e, which says on which line (the
 * place, from 1) what is wrong: a name that there is not, or twice; a cycle ("a -> b -> a"). Either
 * way it is to be freed. */
int submit_graph_read(struct submit_graph *g, const struct strz *names, const struct strz *texts,
                      int64_t first, struct err *e);
void submit_graph_free(struct submit_graph *g);
