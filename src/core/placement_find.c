// SPDX-License-Identifier: MIT
/* placement_find.c - where a job goes. */
#include <string.h>

#include "core/placement_state.h"

struct search {
    struct placement *p;
    const struct topology *t;
    struct node_need want;
    int64_t max_switches;
};

/* --- capacities ------------------------------------------------------------------------------- */

/* Entirely free nodes with enough CPUs. */
static int64_t whole_nodes(const struct leaf *l, int64_t least)
{
    int64_t n = 0;
    for (int64_t v = least; v <= l->size_max; v++)
        n += l->whole_size[v];
    return n;
}

static int64_t capacity_of(const struct leaf *l, const struct node_need *want)
{
    switch (want->measure) {
    case MEASURE_FREE:
        return l->free_cpus;
    case MEASURE_WHOLE:
        return l->whole_cpus;
    default:
        return whole_nodes(l, want->least);
    }
}

static void measure_leaves(struct search *s)
{
    struct placement *p = s->p;
    for (int i = 0; i < s->t->nleaves; i++) {
        p->capacity[i] = capacity_of(&p->leaves[i], &s->want);
        p->before[i + 1] = p->before[i] + p->capacity[i];
        p->sorted[i] = i;
    }
}

static bool can_hold(const struct search *s, const struct topology_switch *w)
{
    return s->p->before[w->first_leaf + w->leaves] - s->p->before[w->first_leaf] >= s->want.need;
}

/* --- one leaf switch -------------------------------------------------------------------------- */

/* How well a leaf switch fits: the less, the better, one after the other. */
struct leaf_fit {
    int64_t nodes;
    int64_t capacity;
    int64_t cpus;     /* of the nodes it takes */
    const int *sizes; /* of what the leaf switch has; there are */
    int size_max;
};

static const int *sizes_of(const struct search *s, const struct leaf *l)
{
    return s->want.measure == MEASURE_FREE ? l->by_free : l->whole_size;
}

static int64_t nodes_needed(const struct search *s, const struct leaf *l)
{
    int64_t need = s->want.need, nodes = 0;
    const int *sizes = sizes_of(s, l);
    if (s->want.measure == MEASURE_NODES)
        return need;
    for (int v = l->size_max; need > 0; v--) {
        if (!sizes[v])
            continue;
        int64_t here = (need + v - 1) / v;
        here = here < sizes[v] ? here : sizes[v];
        nodes += here;
        need -= here * v;
    }
    return nodes;
}

/* Nothing is left over, or as much as there: an idle machine has many that are the same. */
static bool can_be_no_better(const struct search *s, const struct leaf_fit *f,
                             const struct leaf_fit *best)
{
    return best->cpus == s->want.need ||
           (f->size_max == best->size_max &&
            memcmp(f->sizes, best->sizes, ((size_t)f->size_max + 1) * sizeof *f->sizes) == 0);
}

/* 1: the leaf switch is better than *best, which becomes it; 0: not; -1: no memory. */
static int try_leaf(struct search *s, int leaf, struct leaf_fit *best)
{
    const struct leaf *l = &s->p->leaves[leaf];
    struct leaf_fit f = {.nodes = nodes_needed(s, l),
                         .capacity = s->p->capacity[leaf],
                         .sizes = sizes_of(s, l),
                         .size_max = l->size_max};
    if (f.nodes > best->nodes || (f.nodes == best->nodes && f.capacity > best->capacity))
        return 0;
    bool equal = f.nodes == best->nodes && f.capacity == best->capacity;
    if (equal && can_be_no_better(s, &f, best))
        return 0;
    f.cpus = pick_sizes(s->p, &s->want, f.sizes, f.size_max);
    if (f.cpus < 0)
        return -1;
    if (equal && f.cpus >= best->cpus)
        return 0;
    *best = f;
    return 1;
}

/* 1: a leaf switch that holds all is chosen; 0: none does; -1: no memory. */
static int find_leaf(struct search *s)
{
    struct leaf_fit best = {.nodes = INT64_MAX};
    int chosen = -1;
    for (int i = 0; i < s->t->nleaves; i++) {
        int better = s->p->capacity[i] >= s->want.need ? try_leaf(s, i, &best) : 0;
        if (better < 0)
            return -1;
        chosen = better ? i : chosen;
    }
    for (int i = 0; i < s->t->nleaves; i++)
        s->p->chosen[i] = i == chosen;
    return chosen >= 0;
}

/* --- several leaf switches -------------------------------------------------------------------- */

/* Of the leaf switches below w, sorted. */
static int fewest_below(const struct search *s, const struct topology_switch *w)
{
    int64_t need = s->want.need;
    int n = 0;
    for (; need > 0; n++)
        need -= s->p->capacity[s->p->sorted[w->first_leaf + n]];
    return n;
}

/* Under any switch of that height; 0: none can hold it on as few as it may be. */
static int fewest_at(struct search *s, int height)
{
    int fewest = 0;
    for (int i = 0; i < s->t->nswitches; i++) {
        const struct topology_switch *w = &s->t->switches[i];
        if (w->height != height || !can_hold(s, w))
            continue;
        sort_leaves(s->p, s->p->sorted + w->first_leaf, w->leaves);
        int n = fewest_below(s, w);
        if (!fewest || n < fewest)
            fewest = n;
    }
    return s->max_switches && fewest > s->max_switches ? 0 : fewest;
}

/* Chooses, among all switches of that height, so many leaf switches. 1, or -1 if no memory. */
static int choose_at(struct search *s, int height, int fewest)
{
    struct placement *p = s->p;
    int64_t best = INT64_MAX;
    for (int i = 0; i < s->t->nswitches && best > 0; i++) {
        const struct topology_switch *w = &s->t->switches[i];
        if (w->height != height || !can_hold(s, w) || fewest_below(s, w) != fewest)
            continue;
        int64_t over = pick_leaves(p, p->sorted + w->first_leaf, w->leaves, s->want.need, p->tried);
        if (over < 0)
            return -1;
        if (over < best) {
            best = over;
            memcpy(p->chosen, p->tried, (size_t)s->t->nleaves * sizeof *p->chosen);
        }
    }
    return 1;
}

/* The same with only entirely free nodes counting, if they suffice on as few leaf switches; 0: they
 * don't. */
static int choose_whole(struct search *s, int height, int fewest)
{
    s->want.measure = MEASURE_WHOLE;
    measure_leaves(s);
    int done = fewest_at(s, height) == fewest ? choose_at(s, height, fewest) : 0;
    s->want.measure = MEASURE_FREE;
    return done;
}

static int find_leaves_at(struct search *s, int height)
{
    int fewest = fewest_at(s, height);
    if (!fewest)
        return 0;
    if (s->want.measure == MEASURE_FREE) {
        int done = choose_whole(s, height, fewest);
        if (done)
            return done;
        measure_leaves(s);
        fewest_at(s, height);
    }
    return choose_at(s, height, fewest);
}

static int find_leaves(struct search *s)
{
    measure_leaves(s);
    if (s->p->before[s->t->nleaves] < s->want.need)
        return 0;
    int found = find_leaf(s);
    for (int height = 1; !found && height <= s->t->switches[0].height; height++)
        found = find_leaves_at(s, height);
    return found;
}

/* --- the nodes on them ------------------------------------------------------------------------ */

static void value_nodes(const struct search *s)
{
    struct placement *p = s->p;
    for (int i = 0; i < s->t->nleaves; i++) {
        const struct leaf *l = &p->leaves[i];
        for (int n = l->first_node; p->chosen[i] && n < l->first_node + l->nodes; n++)
            p->value[n] =
                s->want.measure == MEASURE_FREE || node_is_whole(p, n) ? p->node_free[n] : 0;
    }
}

static struct topology_extent extent_of(const struct placement *p)
{
    const struct topology *t = p->topology;
    struct topology_extent x = {.nodes = p->npicks};
    for (int i = 0; i < t->nleaves; i++)
        x.switches += p->chosen[i];
    x.distance = topology_distance(t, p->picks[0].node, p->picks[p->npicks - 1].node);
    return x;
}

static int find(struct search *s, struct cpuset *out)
{
    int found = find_leaves(s);
    if (found <= 0)
        return found;
    value_nodes(s);
    s->p->npicks = 0;
    if (pick_nodes(s->p, &s->want) < 0 || picked_cpus(s->p, out) < 0)
        return -1;
    return 1;
}

int placement_find(struct placement *p, const struct placement_request *q, struct cpuset *out,
                   struct topology_extent *x, struct err *e)
{
    struct search s = {.p = p, .t = p->topology, .max_switches = q->max_switches};
    s.want.measure = q->nodes ? MEASURE_NODES : q->whole ? MEASURE_WHOLE : MEASURE_FREE;
    s.want.need = q->nodes ? q->nodes : q->cpus;
    s.want.least = q->nodes && q->node_cpus > 1 ? q->node_cpus : 1;
    cpuset_free(out);
    int found = find(&s, out);
    if (found < 0)
        return err_nomem(e);
    if (found && x)
        *x = extent_of(p);
    return found;
}
