// SPDX-License-Identifier: MIT
/* placement_resize.c - more CPUs for a job, or fewer. */
#include <string.h>

#include "core/placement_state.h"

/* --- more ------------------------------------------------------------------------------------- */

struct growth {
    struct placement *p;
    const struct topology *t;
    int64_t left; /* to be found */
};

static void mark_held(const struct growth *g, const struct cpuset *held)
{
    struct placement *p = g->p;
    memset(p->held, 0, (size_t)g->t->nnodes * sizeof *p->held);
    memset(p->chosen, 0, (size_t)g->t->nleaves * sizeof *p->chosen);
    for (int c = cpuset_next(held, 0); c >= 0; c = cpuset_next(held, c + 1)) {
        int node = topology_node_of_cpu(g->t, c);
        if (node < 0)
            continue;
        p->held[node] = true;
        p->chosen[g->t->nodes[node].leaf] = true;
    }
}

static bool has_held(const struct growth *g, const struct topology_switch *w)
{
    return g->p->before[w->first_leaf + w->leaves] > g->p->before[w->first_leaf];
}

/* From each leaf switch the levels up to a switch that it shares with one the job is on. */
static void measure_nearness(const struct growth *g)
{
    struct placement *p = g->p;
    for (int i = 0; i < g->t->nleaves; i++)
        p->before[i + 1] = p->before[i] + p->chosen[i];
    for (int i = 0; i < g->t->nleaves; i++) {
        const struct topology_switch *w = &g->t->switches[g->t->leaves[i]];
        while (w->parent >= 0 && !has_held(g, w))
            w = &g->t->switches[w->parent];
        p->near[i] = w->height;
    }
}

/* From nodes on the chosen leaf switches: those the job is on, or the others. */
static int grow_nodes(struct growth *g, bool held)
{
    struct placement *p = g->p;
    for (int i = 0; i < g->t->nleaves; i++) {
        const struct leaf *l = &p->leaves[i];
        for (int n = l->first_node; p->chosen[i] && n < l->first_node + l->nodes; n++)
            p->value[n] = p->held[n] == held ? p->node_free[n] : 0;
    }
    struct node_need need = {.measure = MEASURE_FREE, .need = g->left, .least = 1};
    int64_t got = pick_nodes(p, &need);
    if (got < 0)
        return -1;
    g->left -= got;
    return 0;
}

/* From leaf switches that are that near. */
static int grow_leaves(struct growth *g, int near)
{
    struct placement *p = g->p;
    int64_t sum = 0;
    int count = 0;
    memset(p->chosen, 0, (size_t)g->t->nleaves * sizeof *p->chosen);
    for (int i = 0; i < g->t->nleaves; i++) {
        if (p->near[i] != near)
            continue;
        p->capacity[i] = p->leaves[i].free_cpus;
        sum += p->capacity[i];
        p->sorted[count++] = i;
        p->chosen[i] = true;
    }
    sort_leaves(p, p->sorted, count);
    if (sum > g->left && pick_leaves(p, p->sorted, count, g->left, p->chosen) < 0)
        return -1;
    return grow_nodes(g, false);
}

static int grow(struct growth *g, const struct cpuset *held)
{
    mark_held(g, held);
    measure_nearness(g);
    if (grow_nodes(g, true) < 0 || (g->left && grow_nodes(g, false) < 0))
        return -1;
    for (int near = 1; g->left && near <= g->t->switches[0].height; near++)
        if (grow_leaves(g, near) < 0)
            return -1;
    return 0;
}

int placement_grow(struct placement *p, const struct cpuset *held, int64_t n, struct cpuset *out,
                   struct err *e)
{
    struct growth g = {.p = p, .t = p->topology, .left = n};
    p->npicks = 0;
    cpuset_free(out);
    if (grow(&g, held) < 0 || (!g.left && picked_cpus(p, out) < 0))
        return err_nomem(e);
    return g.left == 0;
}

/* --- fewer ------------------------------------------------------------------------------------ */

/* What stays is placed where nothing is free but what is held. */
static int find_kept(const struct topology *t, const struct cpuset *held, int64_t n,
                     struct cpuset *kept, struct err *e)
{
    struct placement *p = placement_create(t, held, e);
    if (!p)
        return -1;
    struct placement_request q = {.cpus = cpuset_count(held) - n};
    int found = placement_find(p, &q, kept, NULL, e);
    placement_destroy(p);
    return found;
}

int placement_shrink(const struct topology *t, const struct cpuset *held, int64_t n,
                     struct cpuset *out, struct err *e)
{
    struct cpuset kept _cleanup_cpuset_ = {0};
    if (find_kept(t, held, n, &kept, e) < 0)
        return -1;
    if (cpuset_copy(out, held) < 0)
        return err_nomem(e);
    for (int c = cpuset_next(&kept, 0); c >= 0; c = cpuset_next(&kept, c + 1))
        cpuset_remove(out, c);
    return 0;
}
