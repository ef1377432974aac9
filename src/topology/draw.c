// SPDX-License-Identifier: MIT
#include "topology/draw.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/cpuset.h"
#include "util/cleanup.h"
#include "util/hostlist.h"
#include "util/text.h"

/* Switches and nodes stand in depth-first order: what is below a switch follows it. */
struct drawing {
    const json_t *switches, *nodes;
    size_t nswitches, nnodes;
    size_t next_node;       /* not drawn yet */
    json_int_t *all, *free; /* CPUs, by switch */
    size_t *nodes_of;       /* by switch, those on itself */
    struct buf lines;       /* each three cells, each with its NUL */
    size_t width[2];        /* of the first two */
};

static json_int_t number(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

static const char *text(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static const json_t *node_at(const struct drawing *d, size_t i)
{
    return json_array_get(d->nodes, i);
}

static const json_t *switch_at(const struct drawing *d, size_t i)
{
    return json_array_get(d->switches, i);
}

/* The root's is -1. */
static long parent_of(const struct drawing *d, size_t s)
{
    const json_t *parent = json_object_get(switch_at(d, s), "parent");
    return json_is_integer(parent) ? (long)json_integer_value(parent) : -1;
}

/* --- who uses it ------------------------------------------------------------------------------ */

static bool used_alike(const json_t *a, const json_t *b)
{
    const json_t *x = json_object_get(a, "jobs"), *y = json_object_get(b, "jobs");
    size_t n = json_array_size(x);
    if (number(a, "cpus") != number(b, "cpus") || n != json_array_size(y))
        return false;
    for (size_t i = 0; i < n; i++) {
        const json_t *p = json_array_get(x, i), *q = json_array_get(y, i);
        if (number(p, "job") != number(q, "job") || number(p, "cpus") != number(q, "cpus"))
            return false;
    }
    return true;
}

static json_int_t free_of(const json_t *node)
{
    size_t i;
    const json_t *part;
    json_int_t left = number(node, "cpus");
    json_array_foreach (json_object_get(node, "jobs"), i, part)
        left -= number(part, "cpus");
    return left;
}

/* What so many nodes that are used alike are used for. */
static void describe_use(struct buf *out, const json_t *node, size_t nodes)
{
    size_t i;
    const json_t *part, *jobs = json_object_get(node, "jobs");
    json_int_t left = free_of(node) * (json_int_t)nodes;
    bool whole = json_array_size(jobs) == 1 && !left;
    json_array_foreach (jobs, i, part) {
        json_int_t cpus = number(part, "cpus") * (json_int_t)nodes;
        buf_printf(out, "%sjob %lld", i ? ", " : "", (long long)number(part, "job"));
        if (!whole)
            buf_printf(out, " (%lld CPU%s)", (long long)cpus, cpus == 1 ? "" : "s");
    }
    if (!json_array_size(jobs))
        buf_puts(out, "free");
    else if (left)
        buf_printf(out, ", %lld free", (long long)left);
}

/* --- lines ------------------------------------------------------------------------------------ */

static void widen(size_t *width, const char *cell)
{
    size_t w = text_width(cell);
    if (w > *width)
        *width = w;
}

static int add_line(struct drawing *d, const struct buf *label, const struct buf *what,
                    const struct buf *use)
{
    const struct buf *cells[] = {label, what, use};
    for (size_t i = 0; i < 3; i++) {
        if (cells[i]->failed)
            return -1;
        const char *cell = cells[i]->data ? cells[i]->data : "";
        if (i < 2 && (i == 0 || use->len)) /* the last cell of a line may be long */
            widen(&d->width[i], cell);
        buf_add(&d->lines, cell, strlen(cell) + 1);
    }
    return d->lines.failed ? -1 : 0;
}

static void print_lines(const struct drawing *d, FILE *to)
{
    for (const char *at = d->lines.data, *end = at + d->lines.len; at < end;) {
        const char *what = at + strlen(at) + 1, *use = what + strlen(what) + 1;
        fprintf(to, "%s%*s", at, (int)(d->width[0] - text_width(at)), "");
        fprintf(to, "  %s", what);
        if (*use)
            fprintf(to, "%*s  %s", (int)(d->width[1] - text_width(what)), "", use);
        putc('\n', to);
        at = use + strlen(use) + 1;
    }
}

/* --- runs of nodes ---------------------------------------------------------------------------- */

static int add_names(struct buf *out, const json_t *list, size_t first, size_t end)
{
    struct buf names _cleanup_buf_ = {0};
    for (size_t i = first; i < end; i++) {
        const char *name = text(json_array_get(list, i), "name");
        buf_add(&names, name ? name : "", strlen(name ? name : "") + 1);
    }
    char *all _cleanup_free_ =
        names.failed ? NULL : hostlist_compress(&(struct strz){names.data, names.len});
    if (all)
        buf_puts(out, all);
    return all ? 0 : -1;
}

static int add_cpus(const struct drawing *d, struct buf *out, size_t first, size_t end)
{
    struct cpuset all _cleanup_cpuset_ = {0};
    json_int_t mem_mb = 0;
    for (size_t i = first; i < end; i++) {
        struct cpuset cpus _cleanup_cpuset_ = {0};
        const char *list = text(node_at(d, i), "cpu_list");
        if (cpuset_parse(&cpus, list ? list : "") < 0)
            return -1;
        for (int cpu = cpuset_next(&cpus, 0); cpu >= 0; cpu = cpuset_next(&cpus, cpu + 1))
            if (cpuset_add(&all, cpu) < 0)
                return -1;
        mem_mb += number(node_at(d, i), "mem_mb");
    }
    char *list _cleanup_free_ = cpuset_format(&all);
    if (!list)
        return -1;
    buf_printf(out, "CPU%s %s", cpuset_count(&all) == 1 ? "" : "s", list);
    if (mem_mb)
        buf_printf(out, ", %lld MB", (long long)mem_mb);
    return 0;
}

/* One line for these nodes, behind what stands in *label. */
static int draw_nodes(struct drawing *d, struct buf *label, size_t first, size_t end)
{
    struct buf what _cleanup_buf_ = {0}, use _cleanup_buf_ = {0};
    if (add_names(label, d->nodes, first, end) < 0 || add_cpus(d, &what, first, end) < 0)
        return -1;
    describe_use(&use, node_at(d, first), end - first);
    d->next_node = end;
    return add_line(d, label, &what, &use);
}

/* The first of the nodes from `from` to `end` that is not used as `first` is; `end` if all are. */
static size_t run_of(const struct drawing *d, size_t first, size_t from, size_t end)
{
    while (from < end && used_alike(node_at(d, first), node_at(d, from)))
        from++;
    return from;
}

static int draw_leaf(struct drawing *d, size_t s, const char *indent)
{
    size_t end = d->next_node + d->nodes_of[s];
    while (d->next_node < end) {
        struct buf label _cleanup_buf_ = {0};
        size_t to = run_of(d, d->next_node, d->next_node, end);
        buf_printf(&label, "%s%s", indent, to < end ? "|-- " : "`-- ");
        if (draw_nodes(d, &label, d->next_node, to) < 0)
            return -1;
    }
    return 0;
}

/* --- switches --------------------------------------------------------------------------------- */

/* Behind the last one below s. */
static size_t end_of(const struct drawing *d, size_t s)
{
    size_t i = s + 1;
    while (i < d->nswitches && parent_of(d, i) >= (long)s)
        i++;
    return i;
}

static bool is_virtual_leaf(const struct drawing *d, size_t s)
{
    const char *kind = text(switch_at(d, s), "kind");
    return d->nodes_of[s] > 0 && text(switch_at(d, s), "name") && strcmp(kind, "switch") == 0;
}

/* The end of the run of leaf switches from s, below `end`, on which all nodes are used alike;
 * *nodes is the end of their nodes. s + 1 if s stands alone. */
static size_t run_of_leaves(const struct drawing *d, size_t s, size_t end, size_t *nodes)
{
    size_t i = s, first = d->next_node;
    *nodes = first;
    while (i < end && is_virtual_leaf(d, i) && parent_of(d, i) == parent_of(d, s) &&
           run_of(d, first, *nodes, *nodes + d->nodes_of[i]) == *nodes + d->nodes_of[i])
        *nodes += d->nodes_of[i++];
    return i > s + 1 ? i : s + 1;
}

static int draw_leaves(struct drawing *d, size_t first, size_t end, size_t nodes,
                       const char *indent, bool last)
{
    struct buf label _cleanup_buf_ = {0};
    buf_printf(&label, "%s%s", indent, last ? "`-- " : "|-- ");
    if (add_names(&label, d->switches, first, end) < 0)
        return -1;
    buf_puts(&label, ": ");
    return draw_nodes(d, &label, d->next_node, nodes);
}

static int draw_switch(struct drawing *d, size_t s, const char *indent, const char *branch,
                       const char *below);

static int draw_children(struct drawing *d, size_t s, const char *indent)
{
    size_t end = end_of(d, s), nodes;
    for (size_t c = s + 1, next; c < end; c = next) {
        next = run_of_leaves(d, c, end, &nodes);
        int rc;
        if (next > c + 1) {
            rc = draw_leaves(d, c, next, nodes, indent, next == end);
        } else {
            next = end_of(d, c);
            rc = draw_switch(d, c, indent, next == end ? "`-- " : "|-- ",
                             next == end ? "    " : "|   ");
        }
        if (rc < 0)
            return -1;
    }
    return 0;
}

/* As deep as switches stand above each other. */
static int draw_switch(struct drawing *d, size_t s, const char *indent, const char *branch,
                       const char *below)
{
    struct buf label _cleanup_buf_ = {0}, what _cleanup_buf_ = {0}, deeper _cleanup_buf_ = {0};
    const char *name = text(switch_at(d, s), "name");
    buf_printf(&label, "%s%s%s", indent, branch, name ? name : text(switch_at(d, s), "kind"));
    buf_printf(&what, "%lld CPU%s, %lld free", (long long)d->all[s], d->all[s] == 1 ? "" : "s",
               (long long)d->free[s]);
    buf_printf(&deeper, "%s%s", indent, below);
    if (deeper.failed || add_line(d, &label, &what, &(struct buf){0}) < 0)
        return -1;
    return d->nodes_of[s] ? draw_leaf(d, s, deeper.data) : draw_children(d, s, deeper.data);
}

/* --- all of it -------------------------------------------------------------------------------- */

static void count(struct drawing *d)
{
    for (size_t i = 0; i < d->nnodes; i++) {
        size_t s = (size_t)number(node_at(d, i), "switch");
        d->nodes_of[s]++;
        d->all[s] += number(node_at(d, i), "cpus");
        d->free[s] += free_of(node_at(d, i));
    }
    for (size_t s = d->nswitches; s-- > 1;) {
        d->all[parent_of(d, s)] += d->all[s];
        d->free[parent_of(d, s)] += d->free[s];
    }
}

static void print_elsewhere(const json_t *topology, FILE *to)
{
    size_t i;
    const json_t *there, *all = json_object_get(topology, "elsewhere");
    json_array_foreach (all, i, there)
        fprintf(to, "%sjob %lld (%lld CPU%s)",
                i ? ", " : "elsewhere: ", (long long)number(there, "job"),
                (long long)number(there, "cpus"), number(there, "cpus") == 1 ? "" : "s");
    if (json_array_size(all))
        putc('\n', to);
}

int draw(const json_t *topology, FILE *to, struct err *e)
{
    struct drawing d = {.switches = json_object_get(topology, "switches"),
                        .nodes = json_object_get(topology, "nodes")};
    d.nswitches = json_array_size(d.switches);
    d.nnodes = json_array_size(d.nodes);
    d.all = calloc(d.nswitches + 1, sizeof *d.all);
    d.free = calloc(d.nswitches + 1, sizeof *d.free);
    d.nodes_of = calloc(d.nswitches + 1, sizeof *d.nodes_of);
    int rc = d.all && d.free && d.nodes_of ? 0 : -1;
    if (rc == 0) {
        count(&d);
        rc = draw_switch(&d, 0, "", "", "");
    }
    if (rc == 0) {
        print_lines(&d, to);
        print_elsewhere(topology, to);
    }
    free(d.all);
    free(d.free);
    free(d.nodes_of);
    buf_free(&d.lines);
    return rc < 0 ? err_nomem(e) : 0;
}
