// SPDX-License-Identifier: MIT
/* test_fit.c - the best fit against all selections there are. The seed is printed. */
#include <stdlib.h>
#include <time.h>

#include "core/fit.h"
#include "tap.h"

#define GROUPS 8

static uint64_t seed;

static uint64_t rnd(uint64_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed % below;
}

/* --- examples --------------------------------------------------------------------------------- */

/* "size*count ..." and the need, then what is taken: "size*count ... +excess". */
static void fits(const char *items, int64_t need, const char *want)
{
    struct fit f = {0};
    struct fit_group g[GROUPS] = {0};
    size_t n = 0;
    char got[128] = "";
    for (const char *at = items; *at; n++) {
        char *end;
        g[n].size = strtoll(at, &end, 10);
        g[n].count = *end == '*' ? strtoll(end + 1, &end, 10) : 1;
        at = end + (*end == ' ');
    }
    int64_t excess = fit_choose(&f, g, n, need);
    for (size_t i = 0; i < n; i++)
        if (g[i].take)
            sprintf(got + strlen(got), "%" PRId64 "*%" PRId64 " ", g[i].size, g[i].take);
    sprintf(got + strlen(got), "+%" PRId64, excess);
    is_str(got, want, items);
    fit_free(&f);
}

static void examples(void)
{
    fits("8", 8, "8*1 +0");
    fits("8", 3, "8*1 +5");
    fits("8 5 3", 3, "3*1 +0");
    fits("8 5 3", 4, "5*1 +1");
    fits("8 5 3", 11, "8*1 3*1 +0");
    fits("8 7 4 3", 12, "8*1 4*1 +0");  /* a greedy choice takes 8 and 7 */
    fits("10 9 6 5", 14, "9*1 5*1 +0"); /* ... or 10 and 5, the best for its largest */
    fits("16*3 9*2 7*2", 25, "16*1 9*1 +0");
    fits("16*3 9*2 7*2", 39, "16*2 7*1 +0");
    fits("16*4 8*3", 33, "16*2 8*1 +7");
    fits("1000 999 2", 1001, "999*1 2*1 +0");
}

/* --- all selections --------------------------------------------------------------------------- */

struct best {
    int64_t items, excess;
};

static void try_all(const struct fit_group *g, size_t n, int64_t items, int64_t left,
                    struct best *b)
{
    if (left <= 0 && (items < b->items || (items == b->items && -left < b->excess)))
        *b = (struct best){items, -left};
    if (!n || left <= 0)
        return;
    for (int64_t take = 0; take <= g->count; take++)
        try_all(g + 1, n - 1, items + take, left - take * g->size, b);
}

static int by_falling_size(const void *a, const void *b)
{
    const struct fit_group *x = a, *y = b;
    return (x->size < y->size) - (x->size > y->size);
}

static size_t random_groups(struct fit_group *g, int64_t *total)
{
    static const uint64_t sizes[] = {5, 12, 40, 200, 3000};
    uint64_t largest = sizes[rnd(5)], step = 1 + rnd(3);
    size_t n = 1 + rnd(GROUPS), kept = 0;
    for (size_t i = 0; i < n; i++)
        g[i] = (struct fit_group){.size = (int64_t)(step * (1 + rnd(largest))),
                                  .count = 1 + (int64_t)rnd(4)};
    qsort(g, n, sizeof *g, by_falling_size);
    *total = 0;
    for (size_t i = 0; i < n; i++)
        if (!kept || g[i].size != g[kept - 1].size) {
            g[kept++] = g[i];
            *total += g[i].size * g[i].count;
        }
    return kept;
}

static bool is_best(struct fit *f)
{
    struct fit_group g[GROUPS];
    int64_t total, items = 0, sum = 0;
    size_t n = random_groups(g, &total);
    int64_t need = 1 + (int64_t)rnd((uint64_t)total);
    struct best b = {.items = INT64_MAX};
    try_all(g, n, 0, need, &b);
    int64_t excess = fit_choose(f, g, n, need);
    for (size_t i = 0; i < n; i++) {
        if (g[i].take < 0 || g[i].take > g[i].count)
            return false;
        items += g[i].take;
        sum += g[i].take * g[i].size;
    }
    return items == b.items && excess == b.excess && sum - need == excess;
}

int main(void)
{
    examples();
    const char *given = getenv("SEED");
    seed = given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
    printf("# SEED=%" PRIu64 "\n", seed);
    seed = seed * UINT64_C(0x9E3779B97F4A7C15) | 1;
    struct fit f = {0};
    int wrong = 0;
    for (int i = 0; i < 20000; i++)
        wrong += !is_best(&f);
    is_int(wrong, 0, "20000 random needs are met as well as all selections can");
    fit_free(&f);
    return done_testing();
}
