// SPDX-License-Identifier: MIT
/* test_placement_random.c - small random trees and loads: what is found is compared with the best
 * of all placements there are, by the order in placement.h; so is what a greedy choice finds, which
 * must lose often, or this test sees nothing. The seed is printed. */
#include <time.h>

#include "core/placement_state.h"
#include "trees.h"

#define NODES 11
#define TREES 2000
#define STEPS 12

static uint64_t seed;

static int rnd(int below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (int)(seed % (uint64_t)below);
}

/* --- random trees ----------------------------------------------------------------------------- */

struct text {
    char s[256];
    int nodes, node_cpus;
    bool even; /* all nodes have as many CPUs */
};

static void put(struct text *t, const char *s)
{
    strcat(t->s, s);
}

static void put_leaf(struct text *t)
{
    put(t, "(");
    for (int n = 1 + rnd(4); n > 0 && t->nodes < NODES; n--, t->nodes++)
        sprintf(t->s + strlen(t->s), "%d ", t->even ? t->node_cpus : 1 + rnd(t->node_cpus));
    put(t, ")");
}

static void put_switch(struct text *t, int levels)
{
    if (levels == 0 || rnd(5) == 0) {
        put_leaf(t);
        return;
    }
    put(t, "(");
    for (int n = 1 + rnd(4), i = 0; i < n && (i == 0 || t->nodes < NODES); i++)
        put_switch(t, levels - 1);
    put(t, ")");
}

static struct topology *random_tree(struct text *text)
{
    *text = (struct text){.node_cpus = 1 + rnd(5), .even = rnd(2)};
    put_switch(text, 1 + rnd(3));
    return tree(text->s);
}

/* --- how good a placement is ------------------------------------------------------------------ */

/* The less, the better, one after the other. */
struct score {
    int64_t key[6];
};

struct world {
    const struct topology *t;
    struct placement *p;
    struct placement_request q;
    int value[NODES]; /* what the request could use of each node */
    int whole[NODES]; /* the same, of entirely free nodes */
    int64_t need;
};

static void describe(struct world *w)
{
    const struct placement_request *q = &w->q;
    w->need = q->nodes ? q->nodes : q->cpus;
    for (int i = 0; i < w->t->nnodes; i++) {
        int size = w->t->nodes[i].cpus, free_cpus = 0;
        for (int c = 0; c < size; c++)
            free_cpus += cpuset_has(placement_free(w->p), w->t->cpus[w->t->nodes[i].first_cpu + c]);
        w->whole[i] = free_cpus == size ? size : 0;
        w->value[i] = q->nodes || q->whole ? w->whole[i] : free_cpus;
        if (q->nodes)
            w->value[i] = w->value[i] && w->value[i] >= q->node_cpus ? 1 : 0;
    }
}

static int common_height(const struct topology *t, unsigned nodes)
{
    int lowest = INT32_MAX;
    for (int i = 0; i < t->nswitches; i++) {
        const struct topology_switch *s = &t->switches[i];
        unsigned covered = ((1u << s->nodes) - 1) << s->first_node;
        if ((nodes & ~covered) == 0 && s->height < lowest)
            lowest = s->height;
    }
    return lowest;
}

/* Of the nodes on the leaf switches that these nodes are on. */
static int64_t sum_of_leaves(const struct topology *t, const int *value, unsigned nodes)
{
    int64_t sum = 0;
    for (int i = 0; i < t->nnodes; i++)
        for (int j = 0; j < t->nnodes; j++)
            if (nodes >> j & 1 && t->nodes[i].leaf == t->nodes[j].leaf) {
                sum += value[i];
                break;
            }
    return sum;
}

static int count_leaves(const struct topology *t, unsigned nodes)
{
    unsigned leaves = 0;
    for (int i = 0; i < t->nnodes; i++)
        if (nodes >> i & 1)
            leaves |= 1u << t->nodes[i].leaf;
    return __builtin_popcount(leaves);
}

/* Whether these nodes are a placement at all. */
static bool holds(const struct world *w, unsigned nodes)
{
    int64_t sum = 0;
    for (int i = 0; i < w->t->nnodes; i++)
        if (nodes >> i & 1) {
            if (!w->value[i])
                return false;
            sum += w->value[i];
        }
    return sum >= w->need && (!w->q.nodes || sum == w->need) &&
           (!w->q.max_switches || count_leaves(w->t, nodes) <= w->q.max_switches);
}

static struct score score_of(const struct world *w, unsigned nodes)
{
    const struct topology *t = w->t;
    int64_t cpus = 0, count = __builtin_popcount(nodes), leaves = count_leaves(t, nodes);
    int64_t left = sum_of_leaves(t, w->value, nodes);
    for (int i = 0; i < t->nnodes; i++)
        if (nodes >> i & 1)
            cpus += w->q.nodes ? t->nodes[i].cpus : w->value[i];
    if (leaves == 1)
        return (struct score){{common_height(t, nodes), leaves, count, left, cpus}};
    int64_t whole = sum_of_leaves(t, w->whole, nodes);
    bool shared = w->q.nodes || whole < w->need;
    return (struct score){
        {common_height(t, nodes), leaves, shared, shared ? left : whole, count, cpus}};
}

static int compare(const struct score *a, const struct score *b)
{
    for (int i = 0; i < 6; i++)
        if (a->key[i] != b->key[i])
            return a->key[i] < b->key[i] ? -1 : 1;
    return 0;
}

/* Looks at all sets of these nodes. 0 if there is none. */
static unsigned best_of_all(const struct world *w, unsigned within, struct score *best)
{
    unsigned chosen = 0;
    for (unsigned nodes = 1; nodes < 1u << w->t->nnodes; nodes++) {
        if (nodes & ~within || !holds(w, nodes))
            continue;
        struct score s = score_of(w, nodes);
        if (!chosen || compare(&s, best) < 0) {
            *best = s;
            chosen = nodes;
        }
    }
    return chosen;
}

static unsigned same_leaves(const struct topology *t, unsigned nodes)
{
    unsigned all = 0;
    for (int i = 0; i < t->nnodes; i++)
        for (int j = 0; j < t->nnodes; j++)
            if (nodes >> j & 1 && t->nodes[i].leaf == t->nodes[j].leaf)
                all |= 1u << i;
    return all;
}

/* Several leaf switches are chosen first, and then the nodes on them. */
static bool is_best(const struct world *w, unsigned nodes)
{
    struct score best = {0}, within = {0}, mine = score_of(w, nodes);
    best_of_all(w, ~0u, &best);
    if (mine.key[1] == 1)
        return compare(&mine, &best) == 0;
    best_of_all(w, same_leaves(w->t, nodes), &within);
    return memcmp(mine.key, best.key, 4 * sizeof *best.key) == 0 && compare(&mine, &within) == 0;
}

/* The first lowest switch that has enough, and there the largest leaf switches and nodes first. */
static unsigned greedy(const struct world *w)
{
    for (int h = 0; h <= w->t->switches[0].height; h++)
        for (int i = 0; i < w->t->nswitches; i++) {
            const struct topology_switch *s = &w->t->switches[i];
            unsigned nodes = 0;
            for (int64_t need = w->need; s->height == h && need > 0;) {
                int best = -1;
                int64_t most = 0;
                for (int n = s->first_node; n < s->first_node + s->nodes; n++) {
                    int64_t rank = 1000 * sum_of_leaves(w->t, w->value, 1u << n) + w->value[n];
                    if (!(nodes >> n & 1) && w->value[n] && rank > most) {
                        most = rank;
                        best = n;
                    }
                }
                if (best < 0) {
                    nodes = 0;
                    break;
                }
                nodes |= 1u << best;
                need -= w->value[best];
            }
            if (nodes && holds(w, nodes))
                return nodes;
        }
    return 0;
}

/* --- one request ------------------------------------------------------------------------------ */

static unsigned nodes_of(const struct topology *t, const struct cpuset *cpus)
{
    unsigned nodes = 0;
    for (int c = cpuset_next(cpus, 0); c >= 0; c = cpuset_next(cpus, c + 1))
        nodes |= 1u << topology_node_of_cpu(t, c);
    return nodes;
}

/* The CPUs are free, as many as they should be, and what is left over is in one node. */
static bool cpus_are_right(const struct world *w, const struct cpuset *out)
{
    int parts = 0;
    int64_t nodes = __builtin_popcount(nodes_of(w->t, out)), all = 0;
    for (int i = 0; i < w->t->nnodes; i++) {
        int mine = 0, size = w->t->nodes[i].cpus;
        for (int c = 0; c < size; c++) {
            int cpu = w->t->cpus[w->t->nodes[i].first_cpu + c];
            mine += cpuset_has(out, cpu);
            if (cpuset_has(out, cpu) && !cpuset_has(placement_free(w->p), cpu))
                return false;
        }
        all += mine;
        parts += mine && mine < (w->q.nodes || w->q.whole ? size : w->value[i]);
    }
    if (w->q.nodes)
        return nodes == w->q.nodes && parts == 0;
    return w->q.whole ? all >= w->q.cpus && parts == 0 : all == w->q.cpus && parts <= 1;
}

static int lost_by_greedy, compared;

static const char *wrong_with_find(struct world *w)
{
    struct cpuset out _cleanup_cpuset_ = {0};
    struct score best = {0}, its;
    struct topology_extent x, seen;
    describe(w);
    unsigned chosen = best_of_all(w, ~0u, &best);
    int found = placement_find(w->p, &w->q, &out, &x, NULL);
    if (found != (chosen != 0))
        return found ? "something is found where nothing fits" : "what fits is not found";
    if (!found)
        return NULL;
    if (!cpus_are_right(w, &out))
        return "the CPUs are wrong";
    if (!is_best(w, nodes_of(w->t, &out)))
        return "it is not the best";
    seen = topology_extent(w->t, &out);
    if (memcmp(&seen, &x, sizeof x) != 0 || x.distance != 2 * best.key[0])
        return "the extent is wrong";
    unsigned other = greedy(w);
    its = score_of(w, other);
    compared++;
    lost_by_greedy += !other || memcmp(its.key, best.key, 4 * sizeof *its.key) != 0;
    return NULL;
}

/* --- growing and shrinking -------------------------------------------------------------------- */

/* How far a node is from those in the set: -1 if it is one of them. */
static int nearness(const struct topology *t, int node, unsigned set)
{
    int nearest = INT32_MAX;
    for (int i = 0; i < t->nnodes; i++)
        if (set >> i & 1 && topology_distance(t, node, i) < nearest)
            nearest = topology_distance(t, node, i);
    return set >> node & 1 ? -1 : nearest;
}

/* At each distance so many CPUs: [0] on the same nodes, then by hops. */
static void count_by_distance(const struct topology *t, const struct cpuset *cpus, unsigned held,
                              int counts[2 * TOPOLOGY_DEPTH_MAX])
{
    for (int c = cpuset_next(cpus, 0); c >= 0; c = cpuset_next(cpus, c + 1))
        counts[nearness(t, topology_node_of_cpu(t, c), held) + 1]++;
}

/* Nothing farther is taken while something nearer is left. */
static bool is_nearest(const struct world *w, const struct cpuset *held, const struct cpuset *out)
{
    int there[2 * TOPOLOGY_DEPTH_MAX] = {0}, taken[2 * TOPOLOGY_DEPTH_MAX] = {0};
    unsigned nodes = nodes_of(w->t, held);
    bool left = false;
    count_by_distance(w->t, placement_free(w->p), nodes, there);
    count_by_distance(w->t, out, nodes, taken);
    for (int i = 0; i < 2 * TOPOLOGY_DEPTH_MAX; i++) {
        if (left && taken[i])
            return false;
        left |= taken[i] < there[i];
    }
    return true;
}

static const char *wrong_with_grow(struct world *w, const struct cpuset *held)
{
    struct cpuset out _cleanup_cpuset_ = {0};
    int free_cpus = cpuset_count(placement_free(w->p)), n = 1 + rnd(free_cpus + 1);
    int found = placement_grow(w->p, held, n, &out, NULL);
    if (found != (n <= free_cpus))
        return "growing fails where it can be, or the other way round";
    if (cpuset_count(&out) != (found ? n : 0) || cpuset_overlaps(&out, held))
        return "it grows by the wrong CPUs";
    return is_nearest(w, held, &out) ? NULL : "it grows by CPUs that are not the nearest";
}

static const char *wrong_with_shrink(struct world *w, const struct cpuset *held)
{
    struct cpuset out _cleanup_cpuset_ = {0}, kept _cleanup_cpuset_ = {0};
    int count = cpuset_count(held);
    if (count < 2)
        return NULL;
    int n = 1 + rnd(count - 1);
    placement_shrink(w->t, held, n, &out, NULL);
    cpuset_copy(&kept, held);
    for (int c = cpuset_next(&out, 0); c >= 0; c = cpuset_next(&out, c + 1))
        cpuset_remove(&kept, c);
    if (cpuset_count(&out) != n || cpuset_count(&kept) != count - n)
        return "it gives up another number than it was asked for";
    struct world only = {.t = w->t, .q = {.cpus = count - n}};
    only.p = placement_create(w->t, held, NULL);
    describe(&only);
    bool best = is_best(&only, nodes_of(w->t, &kept));
    placement_destroy(only.p);
    return best ? NULL : "what stays is not the closest together";
}

/* --- one tree --------------------------------------------------------------------------------- */

static bool sums_are_right(const struct placement *p)
{
    struct placement *anew = placement_create(p->topology, placement_free(p), NULL);
    const struct topology *t = p->topology;
    bool same =
        memcmp(anew->node_free, p->node_free, (size_t)t->nnodes * sizeof *p->node_free) == 0 &&
        memcmp(anew->counts, p->counts, p->ncounts * sizeof *p->counts) == 0;
    for (int i = 0; i < t->nleaves; i++)
        same = same && anew->leaves[i].free_cpus == p->leaves[i].free_cpus &&
               anew->leaves[i].whole_cpus == p->leaves[i].whole_cpus;
    placement_destroy(anew);
    return same;
}

/* Some nodes entirely, and some CPUs of others. */
static void random_load(struct placement *p, struct cpuset *held)
{
    const struct topology *t = p->topology;
    int nodes = rnd(101), cpus = rnd(101);
    cpuset_free(held);
    for (int i = 0; i < t->nnodes; i++) {
        bool all = rnd(100) < nodes;
        for (int c = 0; c < t->nodes[i].cpus; c++)
            if (all || rnd(100) < cpus / 2)
                cpuset_add(held, t->cpus[t->nodes[i].first_cpu + c]);
    }
    placement_take(p, held);
}

static struct placement_request random_request(const struct topology *t)
{
    struct placement_request q = {.cpus = 1 + rnd(t->ncpus), .whole = rnd(4) == 0};
    if (rnd(4) == 0)
        q = (struct placement_request){.nodes = 1 + rnd(t->nnodes), .node_cpus = rnd(4)};
    if (rnd(3) == 0)
        q.max_switches = 1 + rnd(3);
    return q;
}

static const char *run_step(struct world *w)
{
    struct cpuset held _cleanup_cpuset_ = {0};
    random_load(w->p, &held);
    w->q = random_request(w->t);
    const char *wrong = sums_are_right(w->p) ? wrong_with_find(w) : "the sums are wrong";
    if (!wrong && cpuset_count(&held)) {
        wrong = wrong_with_grow(w, &held);
        if (!wrong)
            wrong = wrong_with_shrink(w, &held);
    }
    placement_give(w->p, &held);
    if (!wrong && cpuset_count(placement_free(w->p)) != w->t->ncpus)
        wrong = "a CPU is lost";
    return wrong;
}

static const char *run_tree(void)
{
    struct text text;
    struct world w = {.t = random_tree(&text)};
    struct topology *t = (struct topology *)w.t;
    const char *wrong = NULL;
    w.p = placement_create(w.t, NULL, NULL);
    for (int i = 0; i < STEPS && !wrong; i++)
        wrong = run_step(&w);
    if (wrong)
        printf("# %s cpus=%" PRId64 " whole=%d nodes=%" PRId64 " of %" PRId64 " switches=%" PRId64
               "\n",
               text.s, w.q.cpus, w.q.whole, w.q.nodes, w.q.node_cpus, w.q.max_switches);
    placement_destroy(w.p);
    topology_free(t);
    return wrong;
}

int main(void)
{
    const char *given = getenv("SEED");
    uint64_t first = given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL), i;
    printf("# SEED=%" PRIu64 "\n", first);
    const char *wrong = NULL;
    for (i = 0; i < TREES && !wrong; i++) {
        seed = (first + i) * UINT64_C(0x9E3779B97F4A7C15) | 1;
        wrong = run_tree();
    }
    ok(!wrong, "%d placements in %d trees are the best of all%s%s", compared, TREES,
       wrong ? ": " : "", wrong ? wrong : "");
    if (wrong)
        printf("# with SEED=%" PRIu64 "\n", first + i - 1);
    ok(lost_by_greedy > compared / 50, "a greedy choice is worse %d times", lost_by_greedy);
    return done_testing();
}
