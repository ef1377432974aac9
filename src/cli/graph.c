// SPDX-License-Identifier: MIT
#include "cli/graph.h"

#include <stdlib.h>
#include <string.h>

#include "util/cleanup.h"

static void node_free(struct graph_node *n)
{
    free(n->name);
    free(n->state);
    free(n->dependency);
}

void graph_free(struct graph *g)
{
    for (size_t i = 0; i < g->nnodes; i++)
        node_free(&g->nodes[i]);
    free(g->nodes);
    free(g->edges);
    *g = (struct graph){0};
}

/* --- adding ----------------------------------------------------------------------------------- */

static int make_room(void *list, size_t count, size_t *cap, size_t size)
{
    if (count < *cap)
        return 0;
    size_t more = *cap ? 2 * *cap : 64;
    void *grown = reallocarray(*(void **)list, more, size);
    if (!grown)
        return -1;
    *(void **)list = grown;
    *cap = more;
    return 0;
}

/* NULL for what is no text; *failed if no memory. */
static char *text_of(const json_t *object, const char *key, bool *failed)
{
    const char *text = json_string_value(json_object_get(object, key));
    char *copy = text ? strdup(text) : NULL;
    *failed |= text && !copy;
    return copy;
}

static int add_node(struct graph *g, long long id, const json_t *told, const char *state)
{
    bool failed = false;
    struct graph_node n = {.id = id, .told = told != NULL};
    if (make_room(&g->nodes, g->nnodes, &g->nodes_cap, sizeof *g->nodes) < 0)
        return -1;
    n.name = told ? text_of(told, "name", &failed) : NULL;
    n.dependency = told ? text_of(told, "dependency", &failed) : NULL;
    n.state = strdup(state ? state : "?");
    if (failed || !n.state) {
        node_free(&n);
        return -1;
    }
    g->nodes[g->nnodes++] = n;
    return 0;
}

/* The one of the words that it is. */
static const char *word_of(const char *const *words, const json_t *value)
{
    const char *text = json_string_value(value);
    while (*words && (!text || strcmp(*words, text) != 0))
        words++;
    return *words ? *words : "?";
}

/* A target that has ended may be known by this alone. */
static int add_edge(struct graph *g, long long to, const json_t *clause)
{
    static const char *const types[] = {"afterok", "afterany",  "afternotok",
                                        "after",   "aftercorr", NULL};
    static const char *const states[] = {"waits", "holds", "never", NULL};
    const char *outcome = json_string_value(json_object_get(clause, "outcome"));
    struct graph_edge edge = {
        .from_id = json_integer_value(json_object_get(clause, "job")),
        .to_id = to,
        .type = word_of(types, json_object_get(clause, "type")),
        .state = word_of(states, json_object_get(clause, "state")),
    };
    if (!edge.from_id)
        return 0; /* a singleton */
    if (make_room(&g->edges, g->nedges, &g->edges_cap, sizeof *g->edges) < 0)
        return -1;
    g->edges[g->nedges++] = edge;
    return outcome ? add_node(g, edge.from_id, NULL, outcome) : 0;
}

int graph_add(struct graph *g, const json_t *job, const json_t *dependencies, struct err *e)
{
    size_t i;
    const json_t *clause;
    long long id = json_integer_value(json_object_get(job, "id"));
    if (add_node(g, id, job, json_string_value(json_object_get(job, "state"))) < 0)
        return err_nomem(e);
    json_array_foreach (dependencies, i, clause)
        if (add_edge(g, id, clause) < 0)
            return err_nomem(e);
    return 0;
}

/* --- in order --------------------------------------------------------------------------------- */

/* Of several that are the same job, the one that was told comes first. */
static int by_id(const void *a, const void *b)
{
    const struct graph_node *x = a, *y = b;
    if (x->id != y->id)
        return x->id < y->id ? -1 : 1;
    return y->told - x->told;
}

static int by_ends(const void *a, const void *b)
{
    const struct graph_edge *x = a, *y = b;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return x->to < y->to ? -1 : x->to > y->to;
}

/* g->nnodes: it is not there. */
static size_t place_of(const struct graph *g, long long id)
{
    size_t low = 0, high = g->nnodes;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (g->nodes[mid].id < id)
            low = mid + 1;
        else
            high = mid;
    }
    return low < g->nnodes && g->nodes[low].id == id ? low : g->nnodes;
}

static void sort_nodes(struct graph *g)
{
    size_t kept = 0;
    if (g->nnodes)
        qsort(g->nodes, g->nnodes, sizeof *g->nodes, by_id);
    for (size_t i = 0; i < g->nnodes; i++) {
        if (kept && g->nodes[kept - 1].id == g->nodes[i].id)
            node_free(&g->nodes[i]);
        else
            g->nodes[kept++] = g->nodes[i];
    }
    g->nnodes = kept;
}

/* Those whose ends are not both there go. */
static void sort_edges(struct graph *g)
{
    size_t kept = 0;
    for (size_t i = 0; i < g->nedges; i++) {
        struct graph_edge *edge = &g->edges[i];
        edge->from = place_of(g, edge->from_id);
        edge->to = place_of(g, edge->to_id);
        if (edge->from < g->nnodes && edge->to < g->nnodes)
            g->edges[kept++] = *edge;
    }
    g->nedges = kept;
    if (kept)
        qsort(g->edges, kept, sizeof *g->edges, by_ends);
}

/* --- which part ------------------------------------------------------------------------------- */

/* Sets of those that hang together: each job points to another of its set, the root to itself. */
static size_t root_of(size_t *sets, size_t i)
{
    while (sets[i] != i)
        i = sets[i] = sets[sets[i]];
    return i;
}

static int want_part(struct graph *g, size_t place, struct err *e)
{
    _cleanup_free_ size_t *sets = calloc(g->nnodes + 1, sizeof *sets);
    if (!sets)
        return err_nomem(e);
    for (size_t i = 0; i < g->nnodes; i++)
        sets[i] = i;
    for (size_t i = 0; i < g->nedges; i++)
        sets[root_of(sets, g->edges[i].from)] = root_of(sets, g->edges[i].to);
    for (size_t i = 0; i < g->nnodes; i++)
        g->nodes[i].wanted = root_of(sets, i) == root_of(sets, place);
    return 0;
}

static void want_all(struct graph *g)
{
    for (size_t i = 0; i < g->nnodes; i++)
        g->nodes[i].wanted = false;
    for (size_t i = 0; i < g->nedges; i++)
        g->nodes[g->edges[i].from].wanted = g->nodes[g->edges[i].to].wanted = true;
}

/* --- layers ----------------------------------------------------------------------------------- */

struct layering {
    struct graph *graph;
    size_t *edges;   /* where each job's begin in graph->edges; one more: where the last's end */
    size_t *missing; /* of each job: targets that have no layer yet */
    size_t *ready;   /* jobs whose targets all have one */
    size_t count;    /* of these */
};

/* from has its layer: those who wait for it come after it. */
static void follow_edges(struct layering *l, size_t from)
{
    struct graph_node *nodes = l->graph->nodes;
    for (size_t i = l->edges[from]; i < l->edges[from + 1]; i++) {
        size_t to = l->graph->edges[i].to;
        if (nodes[from].layer + 1 > nodes[to].layer) {
            nodes[to].layer = nodes[from].layer + 1;
            nodes[to].parent = from;
        }
        if (--l->missing[to] == 0)
            l->ready[l->count++] = to;
    }
}

static void find_layers(struct layering *l)
{
    struct graph *g = l->graph;
    for (size_t i = 0; i < g->nedges; i++) {
        l->edges[g->edges[i].from + 1] = i + 1;
        l->missing[g->edges[i].to]++;
    }
    for (size_t i = 0; i < g->nnodes; i++) {
        if (!l->edges[i + 1])
            l->edges[i + 1] = l->edges[i];
        g->nodes[i].layer = 0;
        g->nodes[i].parent = i;
        if (!l->missing[i])
            l->ready[l->count++] = i;
    }
    for (size_t done = 0; done < l->count; done++)
        follow_edges(l, l->ready[done]);
}

static int set_layers(struct graph *g, struct err *e)
{
    struct layering l = {
        .graph = g,
        .edges = calloc(g->nnodes + 1, sizeof *l.edges),
        .missing = calloc(g->nnodes + 1, sizeof *l.missing),
        .ready = calloc(g->nnodes + 1, sizeof *l.ready),
    };
    bool good = l.edges && l.missing && l.ready;
    if (good)
        find_layers(&l);
    free(l.edges);
    free(l.missing);
    free(l.ready);
    return good ? 0 : err_nomem(e);
}

int graph_arrange(struct graph *g, long long id, struct err *e)
{
    sort_nodes(g);
    sort_edges(g);
    size_t place = place_of(g, id);
    if (id && place == g->nnodes)
        return err_set(e, ERR_NOT_FOUND, "no such job: %lld", id);
    if (!id)
        want_all(g);
    else if (want_part(g, place, e) < 0)
        return -1;
    return set_layers(g, e);
}
