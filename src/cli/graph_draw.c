// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>

#include "cli/graph.h"
#include "util/buf.h"
#include "util/cleanup.h"
#include "util/text.h"

/* Deeper jobs stand no further to the right. */
#define DEPTH_MAX 12

/* --- as text: each job once, below one of those it waits for ------------------------------------
 */

struct drawing {
    const struct graph *graph;
    size_t *children;         /* by their parents */
    size_t *first;            /* of each job in children; one more: behind the last */
    size_t *stack;            /* still to be drawn, the next one last */
    bool last[DEPTH_MAX + 1]; /* of the way to the job that is drawn: the last of its parent */
};

static bool is_child(const struct graph *g, size_t i)
{
    return g->nodes[i].wanted && g->nodes[i].parent != i;
}

static void sort_children(struct drawing *d)
{
    const struct graph *g = d->graph;
    for (size_t i = 0; i < g->nnodes; i++)
        if (is_child(g, i))
            d->first[g->nodes[i].parent + 1]++;
    for (size_t i = 0; i < g->nnodes; i++)
        d->first[i + 1] += d->first[i];
    /* From behind, so that first[] comes to be where each one's begin. */
    for (size_t i = g->nnodes; i-- > 0;)
        if (is_child(g, i))
            d->children[--d->first[g->nodes[i].parent + 1]] = i;
    memmove(d->first, d->first + 1, g->nnodes * sizeof *d->first);
}

/* Where the children of i end. */
static size_t end_of(const struct drawing *d, size_t i, size_t nchildren)
{
    return i + 1 < d->graph->nnodes ? d->first[i + 1] : nchildren;
}

static void put_indent(struct buf *out, const struct drawing *d, size_t layer)
{
    size_t shown = layer < DEPTH_MAX ? layer : DEPTH_MAX;
    for (size_t i = 1; i < shown; i++)
        buf_puts(out, d->last[i] ? "    " : "|   ");
    if (layer)
        buf_puts(out, d->last[shown] ? "`-- " : "|-- ");
    if (layer > shown)
        buf_printf(out, "(layer %zu) ", layer + 1);
}

static int print_node(const struct drawing *d, size_t i, size_t columns, FILE *to)
{
    const struct graph_node *n = &d->graph->nodes[i];
    _cleanup_buf_ struct buf line = {0};
    put_indent(&line, d, n->layer);
    buf_printf(&line, "%lld %s%s%s", n->id, n->name ? n->name : "", n->name ? " " : "", n->state);
    if (n->dependency)
        buf_printf(&line, "  %s", n->dependency);
    if (line.failed)
        return -1;
    size_t len = columns ? text_cut(line.data, columns) : line.len;
    fprintf(to, "%.*s\n", (int)len, line.data);
    return 0;
}

static bool is_last_child(const struct drawing *d, size_t i, size_t nchildren)
{
    size_t parent = d->graph->nodes[i].parent;
    return parent != i && d->children[end_of(d, parent, nchildren) - 1] == i;
}

/* The job, and all below it. */
static int print_tree(struct drawing *d, size_t root, size_t nchildren, size_t columns, FILE *to)
{
    size_t depth = 0;
    d->stack[depth++] = root;
    while (depth) {
        size_t i = d->stack[--depth], layer = d->graph->nodes[i].layer;
        if (layer <= DEPTH_MAX)
            d->last[layer] = is_last_child(d, i, nchildren);
        if (print_node(d, i, columns, to) < 0)
            return -1;
        for (size_t c = end_of(d, i, nchildren); c-- > d->first[i];)
            d->stack[depth++] = d->children[c];
    }
    return 0;
}

static int print_trees(struct drawing *d, size_t columns, FILE *to)
{
    const struct graph *g = d->graph;
    size_t nchildren = 0;
    for (size_t i = 0; i < g->nnodes; i++)
        nchildren += is_child(g, i);
    sort_children(d);
    for (size_t i = 0; i < g->nnodes; i++)
        if (g->nodes[i].wanted && g->nodes[i].parent == i &&
            print_tree(d, i, nchildren, columns, to) < 0)
            return -1;
    return 0;
}

int graph_print_text(const struct graph *g, size_t columns, FILE *to, struct err *e)
{
    _cleanup_free_ size_t *children = calloc(g->nnodes + 1, sizeof *children);
    _cleanup_free_ size_t *first = calloc(g->nnodes + 2, sizeof *first);
    _cleanup_free_ size_t *stack = calloc(g->nnodes + 1, sizeof *stack);
    struct drawing d = {.graph = g, .children = children, .first = first, .stack = stack};
    if (!children || !first || !stack || print_trees(&d, columns, to) < 0)
        return err_nomem(e);
    return 0;
}

/* --- for Graphviz -------------------------------------------------------------------------------
 */

static void put_quoted(struct buf *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            buf_puts(out, "\\");
        buf_add(out, text, 1);
    }
}

static void put_node(struct buf *out, const struct graph_node *n)
{
    buf_printf(out, "    %lld [label=\"%lld", n->id, n->id);
    if (n->name) {
        buf_puts(out, " ");
        put_quoted(out, n->name);
    }
    buf_printf(out, "\\n%s\"];\n", n->state);
}

static void put_edge(struct buf *out, const struct graph_edge *edge)
{
    bool waits = strcmp(edge->state, "waits") == 0, never = strcmp(edge->state, "never") == 0;
    buf_printf(out, "    %lld -> %lld [label=\"%s\"%s];\n", edge->from_id, edge->to_id, edge->type,
               never   ? ", color=red"
               : waits ? ""
                       : ", style=dashed");
}

int graph_print_dot(const struct graph *g, FILE *to, struct err *e)
{
    _cleanup_buf_ struct buf out = {0};
    buf_puts(&out, "digraph jobs {\n    node [shape=box];\n");
    for (size_t i = 0; i < g->nnodes; i++)
        if (g->nodes[i].wanted)
            put_node(&out, &g->nodes[i]);
    for (size_t i = 0; i < g->nedges; i++)
        if (g->nodes[g->edges[i].from].wanted)
            put_edge(&out, &g->edges[i]);
    buf_puts(&out, "}\n");
    if (out.failed)
        return err_nomem(e);
    fputs(out.data, to);
    return 0;
}

/* --- as JSON ------------------------------------------------------------------------------------
 */

static int add_job(json_t *jobs, const struct graph_node *n)
{
    return json_array_append_new(jobs,
                                 json_pack("{s:I, s:s?, s:s, s:s?, s:I}", "id", (json_int_t)n->id,
                                           "name", n->name, "state", n->state, "dependency",
                                           n->dependency, "layer", (json_int_t)n->layer + 1));
}

static int add_edge(json_t *edges, const struct graph_edge *edge)
{
    return json_array_append_new(
        edges, json_pack("{s:I, s:I, s:s, s:s}", "from", (json_int_t)edge->from_id, "to",
                         (json_int_t)edge->to_id, "type", edge->type, "state", edge->state));
}

json_t *graph_json(const struct graph *g)
{
    json_t *jobs = json_array(), *edges = json_array();
    int failed = 0;
    for (size_t i = 0; i < g->nnodes; i++)
        if (g->nodes[i].wanted)
            failed |= add_job(jobs, &g->nodes[i]);
    for (size_t i = 0; i < g->nedges; i++)
        if (g->nodes[g->edges[i].from].wanted)
            failed |= add_edge(edges, &g->edges[i]);
    json_t *all = json_pack("{s:o, s:o}", "jobs", jobs, "edges", edges);
    if (!failed)
        return all;
    json_decref(all);
    return NULL;
}
