// SPDX-License-Identifier: MIT
#include <stdlib.h>

#include "cli/ask.h"
#include "cli/columns.h"
#include "cli/graph.h"
#include "cli/verb.h"
#include "util/cleanup.h"

struct graph_options {
    bool dot, json;
};

static const struct option_def options[] = {
    OPTION_FLAG(struct graph_options, dot, "dot", "print it for Graphviz: dot -Tsvg"),
    OPTION_FLAG(struct graph_options, json, "json", "print JSON"),
    OPTIONS_END,
};

static const char notes[] =
    "Each job stands once, below one of those it waits for; what it waits for in all is\n"
    "behind it. Jobs that have ended are there as long as somebody waits for them.\n";

static int add_page(void *ctx, const json_t *reply, struct err *e)
{
    struct graph *g = ctx;
    size_t i;
    const json_t *job;
    json_array_foreach (json_object_get(reply, "jobs"), i, job)
        if (graph_add(g, job, json_object_get(job, "dependencies"), e) < 0)
            return -1;
    return 0;
}

static int add_active(struct client *c, struct graph *g, struct err *e)
{
    struct frame request _cleanup_frame_ = {0};
    if (client_request(&request, "graph") < 0)
        return err_nomem(e);
    return ask_pages(c, &request, add_page, g, e);
}

static int add_job(struct client *c, struct graph *g, long long id, struct err *e)
{
    struct frame reply _cleanup_frame_ = {0};
    if (ask_show(c, json_integer(id), &reply, e) < 0)
        return -1;
    return graph_add(g, json_object_get(reply.head, "job"),
                     json_object_get(reply.head, "dependencies"), e);
}

static bool is_told(const struct graph *g, long long id)
{
    for (size_t i = 0; i < g->nnodes; i++)
        if (g->nodes[i].id == id)
            return g->nodes[i].told;
    return false;
}

/* Of those that have ended only their targets' words are known so far; how many more are now. */
static int add_ended(struct client *c, struct graph *g, struct err *e)
{
    size_t known = g->nnodes;
    int added = 0;
    for (size_t i = 0; i < known; i++) {
        if (g->nodes[i].told || !g->nodes[i].wanted)
            continue;
        if (add_job(c, g, g->nodes[i].id, e) < 0)
            return -1;
        added++;
    }
    return added;
}

/* The part that the job is in, with what has ended before it. */
static int add_part(struct client *c, struct graph *g, long long id, struct err *e)
{
    int added = 1;
    if (!is_told(g, id) && add_job(c, g, id, e) < 0)
        return -1;
    while (added > 0) {
        if (graph_arrange(g, id, e) < 0)
            return -1;
        added = add_ended(c, g, e);
    }
    return added;
}

/* word: NULL for all. */
static int fetch(struct graph *g, const char *word, struct err *e)
{
    struct client c;
    int64_t id;
    if (client_open(&c, e) < 0)
        return -1;
    int rc = word ? ask_job_id(&c, word, &id, e) : 0;
    if (rc == 0)
        rc = add_active(&c, g, e);
    if (rc == 0)
        rc = word ? add_part(&c, g, id, e) : graph_arrange(g, 0, e);
    client_close(&c);
    return rc;
}

static int print(const struct graph_options *o, const struct graph *g, struct err *e)
{
    if (o->dot)
        return graph_print_dot(g, stdout, e);
    if (!o->json) {
        if (!g->nedges)
            fputs("No job waits for another.\n", stderr);
        return graph_print_text(g, terminal_columns(stdout), stdout, e);
    }
    json_t *all = graph_json(g);
    int rc = all ? print_json(all, e) : err_nomem(e);
    json_decref(all);
    return rc;
}

static int run(int argc, char **argv, struct err *e)
{
    struct graph_options o = {0};
    int r = options_parse(&verb_graph.command, &o, &argc, argv, e);
    if (r)
        return r;
    if (argc > 1)
        return err_set(e, ERR_USAGE, "one job at a time");
    if (o.dot && o.json)
        return err_set(e, ERR_USAGE, "--dot and --json: only one of them can be given");
    _cleanup_(graph_free) struct graph g = {0};
    return fetch(&g, argc ? argv[0] : NULL, e) < 0 ? -1 : print(&o, &g, e);
}

const struct verb verb_graph = {
    .name = "graph",
    .command = {.name = "mini-slurm graph",
                .words = "[ID]",
                .summary = "draw who waits for whom: all active jobs, or what ID is a part of",
                .notes = notes,
                .options = options},
    .run = run,
};
