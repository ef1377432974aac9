// SPDX-License-Identifier: MIT
#include "api/submit_graph.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "util/buf.h"
#include "util/cleanup.h"
#include "util/text.h"

void submit_graph_free(struct submit_graph *g)
{
    for (size_t i = 0; g->jobs && i < g->count; i++)
        dependency_free(&g->jobs[i]);
    free(g->jobs);
    free(g->names);
    free(g->by_name);
    *g = (struct submit_graph){0};
}

/* --- names ------------------------------------------------------------------------------------ */

static int by_name(const void *a, const void *b, void *names)
{
    const size_t x = *(const size_t *)a, y = *(const size_t *)b;
    const char *const *all = names;
    int order = strcmp(all[x], all[y]);
    if (order)
        return order;
    return x < y ? -1 : x > y;
}

static int sort_names(struct submit_graph *g, struct err *e)
{
    if (g->by_name)
        return 0;
    g->by_name = calloc(g->count, sizeof *g->by_name);
    if (!g->by_name)
        return err_nomem(e);
    for (size_t i = 0; i < g->count; i++)
        g->by_name[i] = i;
    qsort_r(g->by_name, g->count, sizeof *g->by_name, by_name, g->names);
    return 0;
}

/* Where the first of that name or later ones stands in by_name. */
static size_t lower_bound(const struct submit_graph *g, const char *name)
{
    size_t low = 0, high = g->count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (strcmp(g->names[g->by_name[mid]], name) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static bool has_name(const struct submit_graph *g, size_t place, const char *name)
{
    return place < g->count && strcmp(g->names[g->by_name[place]], name) == 0;
}

/* For dependency_parse(), which hands over a string. Ids that come of names are below zero until
 * all are there, so that nobody can guess one. */
static int find(void *ctx, const char *word, size_t len, int64_t *id, struct err *e)
{
    struct submit_graph *g = ctx;
    char shown[64];
    (void)len;
    if (sort_names(g, e) < 0)
        return -1;
    size_t place = lower_bound(g, word);
    text_brief(word, shown, sizeof shown);
    if (!has_name(g, place, word))
        return err_set(e, ERR_INVALID, "dependency: no line has the name %s", shown);
    if (has_name(g, place + 1, word))
        return err_set(e, ERR_INVALID, "dependency: lines %zu and %zu have the name %s",
                       g->by_name[place] + 1, g->by_name[place + 1] + 1, shown);
    *id = -1 - (int64_t)g->by_name[place];
    return 0;
}

/* --- cycles ----------------------------------------------------------------------------------- */

/* Depth first: which clause of each job is followed next, and the way to where we are. */
struct walk {
    struct submit_graph *graph;
    enum { UNSEEN, ON_THE_WAY, DONE } * seen;
    size_t *next, *way;
    size_t depth;
};

/* The place of the next job that the last one on the way waits for; count: there is none. */
static size_t next_target(struct walk *w)
{
    const struct submit_graph *g = w->graph;
    size_t at = w->way[w->depth - 1];
    const struct dependency *d = &g->jobs[at];
    while (w->next[at] < d->count) {
        int64_t place = d->clauses[w->next[at]++].job - g->first;
        if (place >= 0 && (size_t)place < g->count)
            return (size_t)place;
    }
    return g->count;
}

static void say_job(struct buf *out, const struct submit_graph *g, size_t at)
{
    char shown[32];
    if (*g->names[at])
        buf_puts(out, text_brief(g->names[at], shown, sizeof shown));
    else
        buf_printf(out, "line %zu", at + 1);
}

/* The way leads back to `to`. */
static int refuse_cycle(const struct walk *w, size_t to, struct err *e)
{
    const size_t shown = 10;
    _cleanup_buf_ struct buf out = {0};
    size_t from = w->depth;
    while (w->way[from - 1] != to)
        from--;
    for (size_t i = from - 1; i < w->depth; i++) {
        if (i - from + 1 == shown)
            buf_printf(&out, "%zu more -> ", w->depth - i);
        if (i - from + 1 >= shown)
            continue;
        say_job(&out, w->graph, w->way[i]);
        buf_puts(&out, " -> ");
    }
    say_job(&out, w->graph, to);
    if (out.failed)
        return err_nomem(e);
    return err_set(e, ERR_INVALID, "line %zu: dependency: a cycle: %s", to + 1, out.data);
}

static void enter(struct walk *w, size_t at)
{
    w->seen[at] = ON_THE_WAY;
    w->way[w->depth++] = at;
}

static int walk_from(struct walk *w, size_t start, struct err *e)
{
    if (w->seen[start] == DONE)
        return 0;
    enter(w, start);
    while (w->depth) {
        size_t to = next_target(w);
        if (to == w->graph->count)
            w->seen[w->way[--w->depth]] = DONE;
        else if (w->seen[to] == ON_THE_WAY)
            return refuse_cycle(w, to, e);
        else if (w->seen[to] == UNSEEN)
            enter(w, to);
    }
    return 0;
}

static int walk_all(struct walk *w, struct err *e)
{
    for (size_t i = 0; i < w->graph->count; i++)
        if (walk_from(w, i, e) < 0)
            return -1;
    return 0;
}

static int check_cycles(struct submit_graph *g, struct err *e)
{
    struct walk w = {
        .graph = g,
        .seen = calloc(g->count, sizeof *w.seen),
        .next = calloc(g->count, sizeof *w.next),
        .way = calloc(g->count, sizeof *w.way),
    };
    int rc = w.seen && w.next && w.way ? walk_all(&w, e) : err_nomem(e);
    free(w.seen);
    free(w.next);
    free(w.way);
    return rc;
}

/* ---------------------------------------------------------------------------------------------- */

static int give_ids(const struct submit_graph *g, struct dependency *d, struct err *e)
{
    for (size_t i = 0; i < d->count; i++) {
        struct clause *c = &d->clauses[i];
        if (c->job >= g->first)
            return err_set(e, ERR_NOT_FOUND, "dependency: there is no job %jd", (intmax_t)c->job);
        if (c->job < 0)
            c->job = g->first - 1 - c->job;
    }
    return 0;
}

static int read_text(struct submit_graph *g, size_t i, const char *text, struct err *e)
{
    const struct dependency_names names = {.find = find, .ctx = g};
    if (!*text)
        return 0;
    if (dependency_parse(text, &names, &g->jobs[i], e) < 0 || give_ids(g, &g->jobs[i], e) < 0)
        return err_wrap(e, "line %zu", i + 1);
    return 0;
}

static int read_texts(struct submit_graph *g, const struct strz *texts, struct err *e)
{
    size_t i = 0;
    strz_each (text, texts)
        if (read_text(g, i++, text, e) < 0)
            return -1;
    return 0;
}

int submit_graph_read(struct submit_graph *g, const struct strz *names, const struct strz *texts,
                      int64_t first, struct err *e)
{
    *g = (struct submit_graph){.count = strz_count(names), .first = first};
    if (!g->count || strz_count(texts) != g->count)
        return err_set(e, ERR_INVALID, "%zu names and %zu dependencies: one of each for every job",
                       g->count, strz_count(texts));
    g->names = calloc(g->count, sizeof *g->names);
    g->jobs = calloc(g->count, sizeof *g->jobs);
    if (!g->names || !g->jobs)
        return err_nomem(e);
    size_t i = 0;
    strz_each (name, names)
        g->names[i++] = name;
    return read_texts(g, texts, e) < 0 ? -1 : check_cycles(g, e);
}
