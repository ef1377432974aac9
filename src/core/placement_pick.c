// SPDX-License-Identifier: MIT
/* placement_pick.c - which leaf switches, which nodes on them, which CPUs of these. */
#include <string.h>

#include "core/placement_state.h"

/* --- leaf switches ---------------------------------------------------------------------------- */

#define DIGIT_BITS 8
#define DIGITS     (1 << DIGIT_BITS)

static int digit_of(int64_t capacity, int shift)
{
    return DIGITS - 1 - (int)(capacity >> shift & (DIGITS - 1)); /* falling */
}

/* One pass of a radix sort. */
static void sort_by_digit(const struct placement *p, const int *from, int *to, int count, int shift)
{
    int place[DIGITS + 1] = {0};
    for (int i = 0; i < count; i++)
        place[digit_of(p->capacity[from[i]], shift) + 1]++;
    for (int i = 1; i < DIGITS; i++)
        place[i] += place[i - 1];
    for (int i = 0; i < count; i++)
        to[place[digit_of(p->capacity[from[i]], shift)]++] = from[i];
}

void sort_leaves(struct placement *p, int *leaves, int count)
{
    int64_t most = 0;
    for (int i = 0; i < count; i++)
        most = p->capacity[leaves[i]] > most ? p->capacity[leaves[i]] : most;
    for (int shift = 0; most >> shift; shift += DIGIT_BITS) {
        sort_by_digit(p, leaves, p->sort_room, count, shift);
        memcpy(leaves, p->sort_room, (size_t)count * sizeof *leaves);
    }
}

/* Those of equal capacity make a group; those without any don't count. */
static size_t group_leaves(struct placement *p, const int *sorted, int count)
{
    size_t groups = 0;
    for (int i = 0; i < count && p->capacity[sorted[i]] > 0; i++) {
        int64_t size = p->capacity[sorted[i]];
        if (!groups || p->groups[groups - 1].size != size)
            p->groups[groups++] = (struct fit_group){.size = size};
        p->groups[groups - 1].count++;
    }
    return groups;
}

int64_t pick_leaves(struct placement *p, const int *sorted, int count, int64_t need, bool *chosen)
{
    size_t groups = group_leaves(p, sorted, count);
    int64_t left_over = fit_choose(&p->fit, p->groups, groups, need);
    if (left_over < 0)
        return -1;
    memset(chosen, 0, (size_t)p->topology->nleaves * sizeof *chosen);
    for (size_t i = 0; i < groups; sorted += p->groups[i++].count)
        for (int64_t n = 0; n < p->groups[i].take; n++)
            chosen[sorted[n]] = true;
    return left_over;
}

/* --- nodes ------------------------------------------------------------------------------------ */

/* The smallest that will do. */
static int64_t smallest_nodes(struct placement *p, const struct node_need *n, const int *sizes,
                              int size_max)
{
    int64_t sum = 0, need = n->need;
    for (int64_t v = n->least; v <= size_max && need > 0; v++) {
        p->take[v] = sizes[v] < need ? sizes[v] : need;
        need -= p->take[v];
        sum += p->take[v] * v;
    }
    return sum;
}

static int64_t fewest_nodes(struct placement *p, const struct node_need *n, const int *sizes,
                            int size_max)
{
    size_t groups = 0;
    for (int v = size_max; v > 0; v--)
        if (sizes[v])
            p->groups[groups++] = (struct fit_group){.size = v, .count = sizes[v]};
    int64_t left_over = fit_choose(&p->fit, p->groups, groups, n->need);
    if (left_over < 0)
        return -1;
    for (size_t i = 0; i < groups; i++)
        p->take[p->groups[i].size] = p->groups[i].take;
    return n->need + left_over;
}

int64_t pick_sizes(struct placement *p, const struct node_need *n, const int *sizes, int size_max)
{
    memset(p->take, 0, ((size_t)p->topology->node_cpus_max + 1) * sizeof *p->take);
    return n->measure == MEASURE_NODES ? smallest_nodes(p, n, sizes, size_max)
                                       : fewest_nodes(p, n, sizes, size_max);
}

/* Counts the nodes by value. Returns what they have in all. */
static int64_t count_values(struct placement *p)
{
    int64_t sum = 0;
    memset(p->sizes, 0, ((size_t)p->topology->node_cpus_max + 1) * sizeof *p->sizes);
    for (int i = 0; i < p->topology->nleaves; i++)
        for (int n = 0; p->chosen[i] && n < p->leaves[i].nodes; n++) {
            int value = p->value[p->leaves[i].first_node + n];
            p->sizes[value]++;
            sum += value;
        }
    return sum;
}

static void take_all(struct placement *p)
{
    for (int v = 1; v <= p->topology->node_cpus_max; v++)
        p->take[v] = p->sizes[v];
}

/* The nodes to take, in order; the last gives only what is still needed. */
static int64_t add_picks(struct placement *p, int64_t need)
{
    int64_t sum = 0;
    for (int i = 0; i < p->topology->nleaves; i++)
        for (int n = 0; p->chosen[i] && n < p->leaves[i].nodes; n++) {
            int node = p->leaves[i].first_node + n, value = p->value[node];
            if (!value || !p->take[value])
                continue;
            p->take[value]--;
            int64_t cpus = value < need - sum ? value : need - sum;
            p->picks[p->npicks++] = (struct pick){.node = node, .cpus = cpus};
            sum += cpus;
        }
    return sum;
}

int64_t pick_nodes(struct placement *p, const struct node_need *n)
{
    int64_t sum = count_values(p);
    if (n->measure == MEASURE_FREE && sum <= n->need)
        take_all(p);
    else if (pick_sizes(p, n, p->sizes, p->topology->node_cpus_max) < 0)
        return -1;
    return add_picks(p, n->measure == MEASURE_FREE ? n->need : INT64_MAX);
}

/* --- CPUs ------------------------------------------------------------------------------------- */

/* There is room in *out. */
static void add_cpus(const struct placement *p, const struct pick *pick, struct cpuset *out)
{
    const struct topology_node *node = &p->topology->nodes[pick->node];
    const int *cpu = p->topology->cpus + node->first_cpu;
    if (pick->cpus == p->node_free[pick->node] && node->cpu_end - node->cpu_low == node->cpus) {
        cpuset_add_range(out, &p->free, node->cpu_low, node->cpu_end);
        return;
    }
    for (int64_t left = pick->cpus; left > 0; cpu++)
        if (cpuset_has(&p->free, *cpu)) {
            cpuset_add(out, *cpu);
            left--;
        }
}

int picked_cpus(const struct placement *p, struct cpuset *out)
{
    int end = 0;
    for (int i = 0; i < p->npicks; i++) {
        const struct topology_node *node = &p->topology->nodes[p->picks[i].node];
        end = node->cpu_end > end ? node->cpu_end : end;
    }
    cpuset_free(out);
    if (cpuset_reserve(out, end) < 0)
        return -1;
    for (int i = 0; i < p->npicks; i++)
        add_cpus(p, &p->picks[i], out);
    return 0;
}
